"""Words that a speech recogniser takes for each other: those that sound alike, common ones first.

How English words sound and how often they are said comes from what pocketsphinx brings along in
its wheel: CMU's pronouncing dictionary and the unigrams of its language model. A word that is not
in there (a name, another language) is compared by its spelling.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_COMMON = 20_000
_CANDIDATES = 8
_OWN_CANDIDATES = 3
# A candidate's weight is e to the power of its similarity (0 to 1) times this, times a power of
# how often it is said: recognisers prefer what is said more often.
_SHARPNESS = 8.0
_FREQUENCY_POWER = 0.3
# Log probabilities (base e) of the most frequent words and of rare ones.
_FREQUENT, _RARE = -4.0, -14.0


class Confusions:
    """What may be heard for a word.

    Args:
        sounds: how words are pronounced, one character for each sound.
        frequency: how often words are said, as the log (base e) of their share.
    """

    def __init__(self, sounds: Mapping[str, str], frequency: Mapping[str, float]) -> None:
        self._sounds = sounds
        self._frequency = frequency
        plain = (word for word in frequency if word.isalpha())
        self._common = sorted(plain, key=lambda word: (-frequency[word], word))[:_COMMON]
        self._common_sounds = [sounds[word] for word in self._common]
        self._similar: dict[str, dict[str, float]] = {}

    def rarity(self, word: str) -> float:
        """How rare a word is: 0 for the most frequent, 1 for rare and unknown ones."""
        frequency = self._frequency.get(word, _RARE)
        return min(1.0, max(0.0, (_FREQUENT - frequency) / (_FREQUENT - _RARE)))

    def substitute(self, word: str, own: Sequence[str], chance: float) -> str:
        """What is heard for a word: never that word itself.

        Args:
            word: in small letters, without punctuation.
            own: more words that may be heard, of whatever language is spoken.
            chance: which of the candidates, from 0 up to 1; they share that range by weight.
        """
        if any(char.isdecimal() for char in word):
            return _other_number(word, chance)
        weights = self._common_words(word) | self._weighted(_spelled_like(word, own))
        weights.pop(word, None)
        if not weights:
            # Nothing is like it (one character of Chinese, say): any other word of the video.
            weights = dict.fromkeys((other for other in own if other != word), 1.0)
        return _pick(weights or {self._common[0]: 1.0}, chance)

    def _common_words(self, word: str) -> dict[str, float]:
        if word not in self._similar:
            sound = self._sounds.get(word)
            if sound is None:
                near = _spelled_like(word, self._common, _CANDIDATES)
            else:
                # One more, for the word itself is the nearest.
                found = process.extract(
                    sound, self._common_sounds, scorer=_SIMILARITY, limit=_CANDIDATES + 1
                )
                near = {self._common[index]: similarity for _, similarity, index in found}
            self._similar[word] = self._weighted(near)
        return self._similar[word]

    def _weighted(self, near: Mapping[str, float]) -> dict[str, float]:
        return {
            word: math.exp(
                _SHARPNESS * similarity + _FREQUENCY_POWER * self._frequency.get(word, _RARE)
            )
            for word, similarity in near.items()
            if similarity > 0
        }


_SIMILARITY = Levenshtein.normalized_similarity


@lru_cache(maxsize=1)
def english() -> Confusions:
    """With the dictionary and the frequencies of pocketsphinx; read once, in 0.3 s."""
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    logs = LogMath()
    no_recogniser = Config(hmm=None, lm=None, dict=None)
    model = NGramModel(no_recogniser, logs, get_model_path("en-us/en-us.lm.bin"))
    sounds = _pronunciations(Path(get_model_path("en-us/cmudict-en-us.dict")))
    zero = logs.get_zero()
    found = {word: model.prob([word]) for word in sounds}
    return Confusions(
        sounds, {word: logs.log_to_ln(log) for word, log in found.items() if log > zero}
    )


def _pronunciations(path: Path) -> dict[str, str]:
    """The first pronunciation of each word: lines such as `layer L EY ER`, `layer(2) L EH R`."""
    letters: dict[str, str] = {}
    sounds: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        word, *phones = line.split()
        if not word.endswith(")"):
            sounds[word] = "".join(
                letters.setdefault(phone, chr(ord("A") + len(letters))) for phone in phones
            )
    return sounds


def _spelled_like(
    word: str, others: Sequence[str], limit: int = _OWN_CANDIDATES
) -> dict[str, float]:
    """The words spelled most like a word, itself not among them, with similarities from 0 to 1."""
    found = process.extract(word, others, scorer=_SIMILARITY, limit=limit + 1)
    return {near: similarity for near, similarity, _ in found if near != word}


def _other_number(word: str, chance: float) -> str:
    """A number with one digit wrong."""
    places = [place for place, char in enumerate(word) if char.isdecimal()]
    choice = int(chance * len(places) * 9)
    place = places[choice // 9]
    digit = (int(word[place]) + 1 + choice % 9) % 10
    return f"{word[:place]}{digit}{word[place + 1 :]}"


def _pick(weights: Mapping[str, float], chance: float) -> str:
    """The word at `chance` (0 up to 1) of the whole weight."""
    bounds = list(accumulate(weights.values()))
    place = bisect_right(bounds, chance * bounds[-1])
    return list(weights)[min(place, len(weights) - 1)]
