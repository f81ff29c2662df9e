"""The process in which files become videos: what it breaks down on, and that it is stopped."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from playhead.errors import IngestError, MediaError
from playhead.progress import ProgressEvent, ignore_progress
from tests.media import tone, write_media
from tests.ui.commandline import KEEPER, write_captions
from ui.workers import Worker


@pytest.fixture
def worker(home: Path) -> Iterator[Worker]:
    running = Worker(home)
    yield running
    running.stop()
    assert multiprocessing.active_children() == []


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_media(tmp_path / "sound.wav", sound=tone(2))


def test_one_file_after_the_other(worker: Worker, sound: Path, home: Path, tmp_path: Path) -> None:
    write_captions(tmp_path / "sound.vtt", KEEPER)
    taken = worker.take_in(sound, IngestOptions(), ignore_progress)
    (process,) = multiprocessing.active_children()
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no media")
    with pytest.raises(MediaError, match=r"bad\.mp4 is not a video"):
        worker.take_in(bad, IngestOptions(), ignore_progress)
    again = worker.take_in(sound, IngestOptions(), ignore_progress)
    assert (again.video, again.status) == (taken.video, "unchanged")
    assert multiprocessing.active_children() == [process]
    assert VideoLibrary(home).transcript(taken.video.id).sentences[0].text == KEEPER


def test_progress_comes_as_it_is_made(worker: Worker, sound: Path) -> None:
    events: list[ProgressEvent] = []
    with pytest.raises(IngestError, match="nobody speaks"):
        worker.take_in(sound, IngestOptions(asr="pocketsphinx"), events.append)
    assert [event.stage for event in events][:: len(events) - 1] == ["decode", "transcribe"]
    assert events[-1].done == events[-1].total == pytest.approx(2)


def test_a_process_that_is_killed_harms_one_file(
    worker: Worker, sound: Path, home: Path, tmp_path: Path
) -> None:
    def kill(_event: ProgressEvent) -> None:
        for process in multiprocessing.active_children():
            os.kill(process.pid or 0, signal.SIGKILL)

    with pytest.raises(IngestError, match="break down"):
        worker.take_in(sound, IngestOptions(asr="pocketsphinx"), kill)
    write_captions(tmp_path / "sound.vtt", KEEPER)
    assert worker.take_in(sound, IngestOptions(), ignore_progress).status == "added"


def test_who_does_not_want_to_hear_more_stops_it(worker: Worker, sound: Path, home: Path) -> None:
    def enough(_event: ProgressEvent) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.take_in(sound, IngestOptions(asr="pocketsphinx"), enough)
    assert multiprocessing.active_children() == []
    assert VideoLibrary(home).videos() == []
