"""Transcripts corrupted as speech recognisers err, at a given word error rate.

Six of ten errors are substitutions, a quarter are deletions, the rest insertions: the mean of what
ESPnet publishes (github.com/espnet/espnet, egs2/*/asr1/README.md) for talks (TED-LIUM 2: 3.9 %
substitutions, 2.3 % deletions, 0.9 % insertions), meetings (AMI: 10.8, 3.8, 1.9), telephone calls
(Switchboard and CallHome: 6.1, 2.8, 1.5) and podcasts and videos (GigaSpeech: 6.7, 2.1, 2.0).

Recognisers err more at infrequent and at short words, and take a word for one that sounds alike and
is as likely to be said (S. Goldwater, D. Jurafsky, C. Manning: Which words are hard to recognize?,
Speech Communication 52, 2010). So here: rare words and names are heard wrong up to three times as
often as the most frequent ones; what is dropped is rather short and frequent, and what is inserted
is one of the video's most frequent words. Words are neither split nor run together.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from eval.confusions import Confusions, english
from eval.dataset import Dataset, DatasetVideo
from ingest.captions.cue import Cue
from ingest.captions.markup import is_note
from playhead.errors import DatasetError
from playhead.text import join_words, split_words

SUBSTITUTED, DELETED = 0.60, 0.25
"""Shares of the errors; what is left are insertions."""

MAX_WER = 0.8
"""Beyond this, hardly a word is left to go wrong."""

_FILLERS = 30
_SHORT = 3
_ROUNDS = 50

_Floats = NDArray[np.float64]


def corrupt(dataset: Dataset, wer: float, seed: int) -> Dataset:
    """A dataset whose transcripts have a given word error rate.

    Words go wrong until the edit distance of each video's words, over their number, is `wer` (for
    a video of few words: on average over seeds). At any rate above 0 all punctuation and all
    capitals are lost, too, which no word error rate counts; at 0 the dataset stays as it is. So a
    rate of 0.0001 shows what the lost punctuation costs alone. Times, speakers, titles and
    questions stay, and each cue keeps a word.

    What happens to a video depends on the seed, its id and its own words, on no other video. What
    goes wrong at a low rate also goes wrong, nearly always in the same way, at a higher one.

    Args:
        dataset: as it was read.
        wer: errors for each word that was said, 0 to `MAX_WER`.
        seed: another seed, other errors.

    Raises:
        DatasetError: a rate that cannot be.
    """
    if not 0 <= wer <= MAX_WER:
        raise DatasetError(
            f"a word error rate of {wer} cannot be made", f"Give one from 0 to {MAX_WER}"
        )
    if wer == 0:
        return dataset
    return replace(dataset, videos=tuple(_corrupted(v, wer, seed) for v in dataset.videos))


def _corrupted(entry: DatasetVideo, wer: float, seed: int) -> DatasetVideo:
    spoken = [[] if is_note(cue.text) else _bare_words(cue.text) for cue in entry.cues]
    heard = _Plan(spoken, english(), f"{seed}/{entry.video.id}").heard(wer)
    cues = [_reworded(cue, words) for cue, words in zip(entry.cues, heard, strict=True)]
    return replace(entry, cues=tuple(cues))


def _reworded(cue: Cue, words: Sequence[str]) -> Cue:
    """A cue with other words; word times and turns count words, so they cannot stay."""
    return replace(cue, text=join_words(words), words=(), turns=()) if words else cue


def _bare_words(text: str) -> list[str]:
    """Words in small letters, without the marks before and after them."""
    bare = (_without_marks(word).lower() for word in split_words(text))
    return [word for word in bare if word]


def _without_marks(word: str) -> str:
    inside = [place for place, char in enumerate(word) if char.isalnum()]
    return word[inside[0] : inside[-1] + 1] if inside else ""


@dataclass(frozen=True, slots=True)
class _Errors:
    """What goes wrong: positions of words that are heard wrong, not at all, or have one after."""

    substituted: frozenset[int]
    deleted: frozenset[int]
    inserted: frozenset[int]


class _Plan:
    """In which order the words of a video go wrong, and how.

    Args:
        spoken: the words of each cue.
        confusions: what may be heard for a word.
        seed: decides everything that is left to chance.
    """

    def __init__(self, spoken: Sequence[Sequence[str]], confusions: Confusions, seed: str) -> None:
        self._words = [word for words in spoken for word in words]
        self._cue_of = [number for number, words in enumerate(spoken) for _ in words]
        self._sizes = Counter(self._cue_of)
        self._cues = len(spoken)
        self._confusions = confusions
        digest = hashlib.sha256(seed.encode(errors="surrogatepass")).digest()
        self._chance = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        rarity = np.array([confusions.rarity(word) for word in self._words])
        short = np.array([len(word) <= _SHORT for word in self._words])
        self._substitutions = self._order(1 + 2 * rarity)
        self._deletions = self._order((1.1 - rarity) * (1 + short))
        self._insertions = self._order(np.ones(len(self._words)))
        self._choices = self._chance.random((2, len(self._words)))
        self._rounding = self._chance.random()
        self._substitutes: dict[int, str] = {}

    def heard(self, wer: float) -> list[list[str]]:
        """The words of each cue at an error rate."""
        target = math.floor(wer * len(self._words) + self._rounding)
        count = target
        for _ in range(_ROUNDS):
            cues = self._with(self._errors(count))
            words = [word for cue in cues for word in cue]
            # Errors side by side may amount to fewer: a word dropped and one put in is one wrong.
            missing = target - Levenshtein.distance(self._words, words)
            if missing <= 0 or count > 2 * len(self._words):
                break
            count += missing
        return cues

    def _order(self, weights: _Floats) -> list[int]:
        """Positions in random order, those of greater weight rather first.

        P. Efraimidis, P. Spirakis: Weighted random sampling with a reservoir, 2006.
        """
        keys = np.log(self._chance.random(len(weights))) / weights
        return [int(place) for place in np.argsort(-keys)]

    def _errors(self, count: int) -> _Errors:
        """The first `count` errors, in their shares."""
        wrong, wanted = round(SUBSTITUTED * count), round(DELETED * count)
        deleted = self._deleted(wanted, frozenset(self._substitutions[:wrong]))
        # Where every cue has one word, nothing can be deleted: it is heard wrong instead.
        heard = [place for place in self._substitutions if place not in deleted]
        substituted = heard[: wrong + wanted - len(deleted)]
        beside = deleted | {place - 1 for place in deleted}
        quiet = [place for place in self._insertions if place not in beside]
        inserted = quiet[: max(0, count - len(substituted) - len(deleted))]
        return _Errors(frozenset(substituted), frozenset(deleted), frozenset(inserted))

    def _deleted(self, count: int, spared: Set[int]) -> set[int]:
        """Up to so many words, each cue keeping one at least."""
        deleted: set[int] = set()
        left = self._sizes.copy()
        for place in self._deletions:
            if len(deleted) == count:
                break
            if place not in spared and left[self._cue_of[place]] > 1:
                left[self._cue_of[place]] -= 1
                deleted.add(place)
        return deleted

    def _with(self, errors: _Errors) -> list[list[str]]:
        cues: list[list[str]] = [[] for _ in range(self._cues)]
        for place, word in enumerate(self._words):
            cue = cues[self._cue_of[place]]
            if place in errors.substituted:
                cue.append(self._substitute(place))
            elif place not in errors.deleted:
                cue.append(word)
            if place in errors.inserted:
                cue.append(self._fillers[int(self._choices[1, place] * len(self._fillers))])
        return cues

    def _substitute(self, place: int) -> str:
        """What is heard for the word at a place, at whatever rate."""
        if place not in self._substitutes:
            self._substitutes[place] = self._confusions.substitute(
                self._words[place], self._own, self._choices[0, place]
            )
        return self._substitutes[place]

    @cached_property
    def _own(self) -> list[str]:
        return sorted(set(self._words))

    @cached_property
    def _fillers(self) -> list[str]:
        """The video's most frequent words, which are the function words of its language."""
        counts = Counter(self._words)
        return sorted(counts, key=lambda word: (-counts[word], word))[:_FILLERS]
