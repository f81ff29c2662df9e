"""A recording through a recogniser, chunk by chunk: the next is cut while one is heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from ingest.asr.recogniser import Chunk, Heard, Recogniser, Span, Stretch
from ingest.asr.vad import merged, speech_chunks
from ingest.audio import SAMPLE_RATE, Audio, sound_pieces
from ingest.prefetch import prefetched
from playhead.progress import OnProgress, ProgressEvent
from playhead.types import Word


@dataclass(frozen=True, slots=True)
class Recognition:
    """The words of a recording in order of time (none if nobody speaks), and their language.

    `stretches` is how sure the recogniser was of what, `speech` where somebody speaks.
    """

    words: tuple[Word, ...]
    language: str | None
    stretches: tuple[Stretch, ...] = ()
    speech: tuple[Span, ...] = ()


class Kept(Protocol):
    """What is kept of a recording while it is recognised (see `ingest.drafts`)."""

    def heard(self, chunk: Chunk) -> Heard | None:
        """What was recognised of a chunk; None if it was not yet."""
        ...

    def keep(self, chunk: Chunk, heard: Heard) -> None:
        """Keep what was recognised of a chunk."""
        ...


def recognise(
    path: Path,
    recogniser: Recogniser,
    language: str | None,
    *,
    kept: Kept,
    total: float,
    on_progress: OnProgress,
) -> Recognition:
    """What is said in a media file; times are seconds from the start of the media.

    Args:
        path: the file.
        recogniser: who listens.
        language: ISO 639-1; None lets the recogniser tell by the first chunk.
        kept: what was recognised before, and where to keep what is recognised now.
        total: the length of the media, in seconds.
        on_progress: told of each chunk.

    Raises:
        MediaError: the sound turns out to be damaged.
        RecogniserError: the recogniser failed.
        LibraryError: what was recognised cannot be kept.
    """
    words: list[Word] = []
    stretches: list[Stretch] = []
    speech: list[Span] = []
    on_progress(ProgressEvent("transcribe", 0.0, total))
    with closing(prefetched(chunks_of(sound_pieces(path), recogniser))) as chunks:
        for chunk in chunks:
            heard = kept.heard(chunk)
            if heard is None:
                heard = recogniser.hear(chunk, language)
                kept.keep(chunk, heard)
            language = language or heard.language
            words += heard.words
            stretches += heard.stretches
            speech += chunk.speech
            on_progress(ProgressEvent("transcribe", min(chunk.end, total), total))
    on_progress(ProgressEvent("transcribe", total, total))
    return Recognition(tuple(words), language, tuple(stretches), tuple(speech))


def chunks_of(pieces: Iterable[Audio], recogniser: Recogniser) -> Iterator[Chunk]:
    """Consecutive pieces of a recording as the chunks in which a recogniser hears them.

    Equal pieces give equal chunks. A piece in which nobody speaks has none.
    """
    position = 0
    for piece in pieces:
        speech = speech_chunks(piece, recogniser.window_seconds)
        windows = merged(speech, recogniser.window_seconds) if recogniser.joins_windows else speech
        waiting = iter(windows)
        while some := tuple(islice(waiting, recogniser.chunk_windows)):
            yield _chunk(piece, some, speech, position / SAMPLE_RATE)
        position += piece.size


def _chunk(piece: Audio, windows: tuple[Span, ...], speech: list[Span], zero: float) -> Chunk:
    start, end = windows[0][0], windows[-1][1]
    return Chunk(
        piece[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)],
        tuple((zero + first, zero + last) for first, last in windows),
        tuple((zero + first, zero + last) for first, last in speech if start <= first < end),
    )
