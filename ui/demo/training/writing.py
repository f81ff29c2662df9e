"""What the model has to write: tokens, each with the seconds at which it is spoken."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ui.demo.training.timed_speech import Timed
from ui.demo.training.tokens import Vocabulary

IGNORED = -100
"""The label of what need not be learned."""

Span = tuple[float, float]

_LONGEST_PROMPT = 100
_MOMENT = 0.1


class Writing:
    """The tokens for one window, in Whisper's order: what came before, the start, the text."""

    def __init__(self, vocabulary: Vocabulary, before: Sequence[str] = ()) -> None:
        self.ids: list[int] = []
        self.spans: list[Span | None] = []
        self._vocabulary = vocabulary
        if before:
            ids = [number for word in before for number in vocabulary.word(word)]
            self.add(vocabulary.previous, *ids[-_LONGEST_PROMPT:])
        self._prompt = len(self.ids)
        self.add(vocabulary.start)

    def add(self, *ids: int, span: Span | None = None) -> None:
        """Add tokens that are spoken at one time, or at none."""
        self.ids.extend(ids)
        self.spans.extend([span] * len(ids))

    def say(self, words: Sequence[Timed], start: float) -> None:
        """Add words of a window that begins at `start`; punctuation has the silence after it."""
        silences = [after.start for after in words[1:]] + [words[-1].end + _MOMENT]
        for word, silence in zip(words, silences, strict=True):
            ids = self._vocabulary.word(word.text)
            sizes = [self._vocabulary.spoken_size(number) for number in ids]
            at, pace = word.start - start, (word.end - word.start) / (sum(sizes) or 1)
            for number, size in zip(ids, sizes, strict=True):
                self.add(number, span=(at, at + size * pace))
                at += size * pace
            if not sizes[-1]:
                self.spans[-1] = (at, silence - start)

    def tell(self, seconds: float) -> None:
        """Add a time of the window."""
        self.add(self._vocabulary.time(seconds), span=(seconds, seconds + _MOMENT))

    def close(self, seconds: float) -> None:
        """End the text where its last word ends."""
        self.add(self._vocabulary.end, span=(seconds, seconds + _MOMENT))

    def padded(self, length: int) -> tuple[list[int], list[int]]:
        """So many input tokens, and for each the one that has to follow."""
        rest = length - len(self.ids) + 1
        labels = [IGNORED] * self._prompt + self.ids[self._prompt + 1 :] + [IGNORED] * rest
        return self.ids[:-1] + [self._vocabulary.end] * rest, labels


class SilentWriting(Writing):
    """An empty text, or a full stop where an empty one is forbidden."""

    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        super().__init__(vocabulary)
        self.add(vocabulary.no_timestamps, *chance.choice(([], [vocabulary.full_stop])))
        self.add(vocabulary.end)
        self._no_speech = vocabulary.no_speech

    def padded(self, length: int) -> tuple[list[int], list[int]]:
        """As for others, but the start alone tells that nobody speaks."""
        inputs, labels = super().padded(length)
        return inputs, [self._no_speech, *labels[1:]]
