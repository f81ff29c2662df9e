"""From cues to a transcript."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.captions.cue import Cue
from ingest.captions.timing import tidy_cues, words_of_cues
from ingest.sentences import sentences_of
from playhead.types import Transcript, Word


def transcript_of_cues(cues: Sequence[Cue], engine: str, language: str | None) -> Transcript:
    """The transcript that cues (in any order, scrolling or overlapping) amount to.

    A sentence may run over several cues and begin in the middle of one. After a mark without a
    name (">>") nobody is named until the next mark that has one.
    """
    tidy = tidy_cues(cues)
    by_cue, word_times = words_of_cues(tidy)
    words: list[Word] = []
    speakers: list[str | None] = []
    breaks: list[int] = []
    borders: list[int] = []
    for cue, spoken in zip(tidy, by_cue, strict=True):
        borders.append(len(words))
        breaks += [len(words) + turn.word for turn in cue.turns if not turn.speaker]
        speakers += _speakers(cue, len(spoken))
        words += spoken
    sentences = sentences_of(words, speakers=speakers, breaks=breaks, borders=borders)
    return Transcript(sentences, language, engine, word_times)


def _speakers(cue: Cue, count: int) -> list[str | None]:
    """Who speaks each of the `count` words of a cue."""
    speakers: list[str | None] = [cue.speaker] * count
    for turn in cue.turns:
        speakers[turn.word :] = [turn.speaker] * (count - turn.word)
    return speakers
