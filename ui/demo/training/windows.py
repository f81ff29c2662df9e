"""Windows of up to 30 s cut from the tracks, as what the model hears and what it has to write."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ui.demo.training.timed_speech import Timed
from ui.demo.training.tokens import Vocabulary
from ui.demo.training.tracks import FRAMES_PER_SECOND, Mel, Track
from ui.demo.training.writing import SilentWriting, Span, Writing

LONGEST_SECONDS = 30.0
"""What Whisper hears at once."""

POSITIONS_PER_SECOND = FRAMES_PER_SECOND // 2
"""Of the encoder's, which makes one of two frames."""

_POSITIONS = round(LONGEST_SECONDS * POSITIONS_PER_SECOND)
_MOST_BEFORE, _MOST_AFTER = 0.4, 0.5
# A pause this long is one where the voice activity detector may cut.
_CUT = 0.06
# A sentence of which less than this is heard is not begun.
_HEARD = 0.3
_PAUSE = "pau"
# How many windows are without speech, have times in their text, and are as long as they may be.
_SILENT, _TIMED, _FULL = 0.03, 0.4, 0.7
# How many are told what was said before, and some words of the talk.
_CONTINUED, _HINTED = 0.15, 0.05

_Window = tuple[NDArray[np.float32], Writing, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of n windows of t tokens and p positions of the encoder, the longest's.

    `features` (n, 80, 2 p); `inputs` and `labels` (n, t); `sounds` (n, p), what sounds where;
    `heard_now` and `heard_next` (n, t, p), how the attention ought to lie: on the word of the input
    token, and on that of the token to be written (zeros: no matter).
    """

    features: Tensor
    inputs: Tensor
    labels: Tensor
    sounds: Tensor
    heard_now: Tensor
    heard_next: Tensor


class Windows:
    """Draws windows by chance."""

    def __init__(
        self,
        talks: Sequence[Track],
        more: Sequence[Track],
        vocabulary: Vocabulary,
        chance: random.Random,
    ) -> None:
        self._talks, self._more = talks, more
        self._vocabulary, self.chance = vocabulary, chance
        names = {sound.text for track in (*talks, *more) for sound in track.sounds} - {_PAUSE}
        self._sound_ids = {name: i for i, name in enumerate([_PAUSE, *sorted(names)])}

    @property
    def sound_count(self) -> int:
        """How many sounds there are, silence among them."""
        return len(self._sound_ids)

    def draw(self, count: int, seconds: float, talks: float) -> Batch:
        """So many windows of up to so many seconds, the share `talks` from the demo's talks."""
        mels, writings, sounds = zip(
            *(self._one(seconds, talks) for _ in range(count)), strict=True
        )
        frames, tokens = round(seconds * FRAMES_PER_SECOND), max(len(w.ids) for w in writings) - 1
        positions = frames // 2
        now = [_mask(w.spans[:tokens], tokens, positions) for w in writings]
        following = [_mask(w.spans[1:], tokens, positions) for w in writings]
        inputs, labels = zip(*(w.padded(tokens) for w in writings), strict=True)
        return Batch(
            features=_stacked([np.pad(m, ((0, 0), (0, frames - m.shape[1]))) for m in mels]),
            inputs=torch.tensor(inputs),
            labels=torch.tensor(labels),
            sounds=_stacked([ids[:positions] for ids in sounds]),
            heard_now=_stacked(now),
            heard_next=_stacked(following),
        )

    def _one(self, seconds: float, talks: float) -> _Window:
        chance = self.chance
        if chance.random() < _SILENT:
            return self._silence(seconds)
        track = chance.choice(self._talks if chance.random() < talks else self._more)
        cut = self._with_times if chance.random() < _TIMED else self._without_times
        writing, (start, end) = cut(track, seconds)
        first, last = round(start * FRAMES_PER_SECOND), round(end * FRAMES_PER_SECOND)
        mel = _scaled(chance.choice(track.mels)[:, first:last], chance)
        return mel, writing, self._sounds(track, start, end)

    def _without_times(self, track: Track, seconds: float) -> tuple[Writing, Span]:
        """Words from one place where the speech may be cut to another."""
        words, chance = track.words, self.chance
        cuts = [0, *(i for i in range(1, len(words)) if _gap(words, i) > _CUT), len(words)]
        first = chance.choice(cuts[:-1])
        wish = seconds if chance.random() < _FULL else chance.uniform(1.0, seconds)
        limit = words[first].start + wish - _MOST_BEFORE - 0.1
        later = [cut for cut in cuts if cut > first and words[cut - 1].end <= limit][-3:]
        last = chance.choice(later or [first + 1])
        start = self._start(words, first)
        writing = self._begun(words, first)
        writing.add(self._vocabulary.no_timestamps)
        writing.say(words[first:last], start)
        writing.close(words[last - 1].end - start)
        return writing, (start, min(self._end(track, last), start + seconds))

    def _with_times(self, track: Track, seconds: float) -> tuple[Writing, Span]:
        """Sentences, each between its times; of one that does not end in time, the start alone."""
        words = track.words
        starts = [0, *(i for i in range(1, len(words)) if words[i - 1].text[-1] in ".?!")]
        first = self.chance.choice(starts)
        start = self._start(words, first)
        end, stop = min(start + seconds, track.duration), start
        writing = self._begun(words, first)
        for begin, finish in pairwise([*starts[starts.index(first) :], len(words)]):
            if words[begin].start + _HEARD > end:
                break
            writing.tell(words[begin].start - start)
            if words[finish - 1].end > end:
                break
            writing.say(words[begin:finish], start)
            stop = words[finish - 1].end
            writing.tell(stop - start)
        writing.close(stop - start)
        return writing, (start, end)

    def _begun(self, words: Sequence[Timed], first: int) -> Writing:
        """Before the text comes, at times, what was said before it, or some words of it all."""
        kind, before = self.chance.random(), words[:0]
        if kind < _CONTINUED:
            before = words[max(0, first - self.chance.randint(1, 60)) : first]
        elif kind < _CONTINUED + _HINTED:
            before = self.chance.choices(words, k=self.chance.randint(1, 8))
        return Writing(self._vocabulary, [word.text for word in before])

    def _silence(self, seconds: float) -> _Window:
        """A hiss, or nothing at all."""
        frames = self.chance.randint(20, round(seconds * FRAMES_PER_SECOND))
        noise = np.random.default_rng(self.chance.getrandbits(32))
        mel = noise.normal(self.chance.uniform(-8, 0), 0.25, (80, frames)).astype(np.float16)
        mel = self.chance.choice((mel, mel, np.full_like(mel, -10)))
        writing = SilentWriting(self._vocabulary, self.chance)
        return _scaled(mel, self.chance), writing, np.zeros(_POSITIONS, np.int64)

    def _sounds(self, track: Track, start: float, end: float) -> NDArray[np.int64]:
        """The sound at each position of the window."""
        at = start + (np.arange(_POSITIONS) + 0.5) / POSITIONS_PER_SECOND
        starts = np.array([sound.start for sound in track.sounds])
        ends = np.array([sound.end for sound in track.sounds])
        ids = np.array([self._sound_ids[sound.text] for sound in track.sounds])
        place = np.minimum(np.searchsorted(ends, at), len(ends) - 1)
        return np.where((at < end) & (at >= starts[place]), ids[place], 0)

    def _start(self, words: Sequence[Timed], first: int) -> float:
        room = min(_MOST_BEFORE, _gap(words, first))
        return words[first].start - self.chance.uniform(min(0.02, room), room)

    def _end(self, track: Track, last: int) -> float:
        said = track.words[last - 1].end
        after = track.words[last].start if last < len(track.words) else track.duration
        room = max(0.0, min(_MOST_AFTER, after - said))
        return min(said + self.chance.uniform(min(0.05, room), room), track.duration)


def _gap(words: Sequence[Timed], index: int) -> float:
    """Seconds of silence before a word."""
    return words[index].start - (words[index - 1].end if index else 0.0)


def _scaled(mel: Mel, chance: random.Random) -> NDArray[np.float32]:
    """As `FeatureExtractor` does: the range below the loudest clipped; louder or softer at will."""
    loud = mel.astype(np.float32) + np.float32(chance.uniform(-1.0, 0.3))
    clipped = np.maximum(loud, max(loud.max() - 8, -10))
    scaled: NDArray[np.float32] = (clipped + np.float32(4)) / np.float32(4)
    return scaled


def _mask(spans: Sequence[Span | None], tokens: int, positions: int) -> NDArray[np.float32]:
    mask = np.zeros((tokens, positions), np.float32)
    for row, span in enumerate(spans):
        if span:
            first = min(max(0, int(span[0] * POSITIONS_PER_SECOND)), positions - 1)
            last = min(max(first + 1, round(span[1] * POSITIONS_PER_SECOND)), positions)
            mask[row, first:last] = 1 / (last - first)
    return mask


def _stacked(arrays: Sequence[NDArray[np.float32] | NDArray[np.int64]]) -> Tensor:
    return torch.from_numpy(np.stack(arrays))
