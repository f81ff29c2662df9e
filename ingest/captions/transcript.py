"""From cues to a transcript."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from ingest.captions.cue import Cue
from ingest.captions.timing import tidy_cues, words_of_cues
from ingest.segments import parts_of
from ingest.sentences import sentences_of
from playhead.types import Sentence, Transcript, Word


def transcript_of_cues(cues: Sequence[Cue], engine: str, language: str | None) -> Transcript:
    """The transcript that cues (in any order, scrolling or overlapping) amount to.

    A sentence may run over several cues and begin in the middle of one. After a mark without a
    name (">>") nobody is named until the next mark that has one. What is said while somebody else
    speaks stands between that person's sentences, by its start; they stay whole.
    """
    threads = _threads(tidy_cues(cues))
    tidy = [cue for thread in threads for cue in thread]
    firsts = set(accumulate((len(thread) for thread in threads), initial=0))
    by_cue, word_times = words_of_cues(tidy)
    words: list[Word] = []
    speakers: list[str | None] = []
    breaks: list[int] = []
    borders: list[int] = []
    for number, (cue, spoken) in enumerate(zip(tidy, by_cue, strict=True)):
        borders.append(len(words))
        breaks += [len(words)] if number in firsts else []
        breaks += [len(words) + turn.word for turn in cue.turns if not turn.speaker]
        speakers += _speakers(cue, len(spoken))
        words += spoken
    sentences = sentences_of(words, speakers=speakers, breaks=breaks, borders=borders)
    if len(threads) > 1:
        sentences = _by_start(sentences)
    return Transcript(sentences, language, engine, word_times)


def _threads(cues: Sequence[Cue]) -> list[list[Cue]]:
    """Cues as runs in which nobody is interrupted: one run, unless people talk at once.

    A cue goes on where the last voice fell silent; while somebody still speaks it begins a run.
    """
    threads: list[list[Cue]] = []
    last: list[Cue] = []
    for cue in cues:
        if last and last[-1].end <= cue.start:
            last.append(cue)
            continue
        threads.append([cue])
        if not last or cue.end > last[-1].end:
            last = threads[-1]
    return threads


def _by_start(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Sentences in order of start, cut where segments would cut them.

    Behind the first part of a long one there must be room for what others say meanwhile.
    """
    parts = [part for sentence in sentences for part in parts_of(sentence)]
    return tuple(sorted(parts, key=lambda part: part.start))


def _speakers(cue: Cue, count: int) -> list[str | None]:
    """Who speaks each of the `count` words of a cue."""
    speakers: list[str | None] = []
    speaker = cue.speaker
    for turn in cue.turns:
        speakers += [speaker] * (turn.word - len(speakers))
        speaker = turn.speaker
    return speakers + [speaker] * (count - len(speakers))
