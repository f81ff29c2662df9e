"""A recognition that is broken off goes on after its last finished chunk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.asr.recogniser import Chunk, Heard
from ingest.asr.whisper import WhisperRecogniser
from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from playhead.errors import DiskFullError, RecogniserError
from playhead.progress import ProgressEvent


@pytest.fixture
def library(home: Path) -> VideoLibrary:
    return VideoLibrary(home)


@pytest.fixture
def options(demo_model: Path) -> IngestOptions:
    return IngestOptions("whisper", model=str(demo_model), device="cpu")


@pytest.fixture
def talk(demo_talks: Path) -> Path:
    return demo_talks / "lightning.mp4"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Where the chunks begin that are really recognised."""
    starts: list[float] = []
    hear = WhisperRecogniser.hear

    def noted(self: WhisperRecogniser, chunk: Chunk, language: str | None) -> Heard:
        starts.append(chunk.start)
        return hear(self, chunk, language)

    monkeypatch.setattr(WhisperRecogniser, "hear", noted)
    return starts


def stop_after_a_chunk(event: ProgressEvent) -> None:
    if event.stage == "transcribe" and event.done:
        raise KeyboardInterrupt


def test_what_was_heard_is_not_heard_again(
    library: VideoLibrary, options: IngestOptions, talk: Path, heard: list[float], tmp_path: Path
) -> None:
    unbroken = ingest_file(talk, VideoLibrary(tmp_path / "other"), options)
    chunks = heard.copy()
    assert len(chunks) > 1
    heard.clear()
    with pytest.raises(KeyboardInterrupt):
        ingest_file(talk, library, options, stop_after_a_chunk)
    assert library.videos() == []
    assert heard == chunks[:1]
    resumed = ingest_file(talk, library, options)
    assert heard == chunks
    assert resumed.transcript == unbroken.transcript
    # Nothing of it is kept twice.
    assert list(library.home.glob("drafts/*.jsonl")) == []


def test_other_settings_hear_for_themselves(
    library: VideoLibrary, options: IngestOptions, talk: Path, heard: list[float], demo_model: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        ingest_file(talk, library, options, stop_after_a_chunk)
    names = IngestOptions("whisper", str(demo_model), device="cpu", vocabulary=("Fahrenheit",))
    with pytest.raises(KeyboardInterrupt):
        ingest_file(talk, library, names, stop_after_a_chunk)
    assert heard[0] == heard[1]


def test_another_vocabulary_is_another_transcript(
    library: VideoLibrary, demo_model: Path, talk: Path
) -> None:
    def taken_in(*vocabulary: str) -> str:
        how = IngestOptions("whisper", str(demo_model), device="cpu", vocabulary=vocabulary)
        return ingest_file(talk, library, how).status

    assert [taken_in(), taken_in("volts"), taken_in("volts")] == ["added", "replaced", "unchanged"]


def test_a_vocabulary_that_does_not_fit_is_told(
    library: VideoLibrary, demo_model: Path, talk: Path, home: Path
) -> None:
    names = tuple(f"Name{number} of Somebody" for number in range(200))
    how = IngestOptions("whisper", str(demo_model), device="cpu", vocabulary=names)
    with pytest.raises(RecogniserError, match=r"the vocabulary is too long.*tokens, and 223 fit"):
        ingest_file(talk, library, how)
    assert not home.exists()


def test_a_full_disk_keeps_what_there_is(
    library: VideoLibrary,
    options: IngestOptions,
    talk: Path,
    heard: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(KeyboardInterrupt):
        ingest_file(talk, library, options, stop_after_a_chunk)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFullError, match="no room left"):
            ingest_file(talk, library, options)
    assert library.videos() == []
    first, *_ = heard
    heard.clear()
    assert ingest_file(talk, library, options).status == "added"
    assert first not in heard
