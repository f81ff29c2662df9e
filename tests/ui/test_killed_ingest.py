"""Killed at any moment, the same command goes on; two at once are like one after the other."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ingest.audio import SAMPLE_RATE, decode_audio
from tests.conftest import TALKS
from tests.media import write_media
from tests.ui.killing import Nursery, assert_same_points, files_in, kill, nursery, points_in
from ui.commands.demo import MODEL

KILLS = 50


@pytest.fixture(scope="module")
def started() -> Iterator[Nursery]:
    with nursery() as ready:
        yield ready


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The captions of a talk, and another of which two chunks are to be recognised."""
    folder = tmp_path_factory.mktemp("videos")
    shutil.copy(TALKS / "vasa.vtt", folder)
    sound = decode_audio(TALKS / "lightning.mp4")
    write_media(folder / "lightning.flac", sound=sound[: 135 * SAMPLE_RATE])
    return folder


@pytest.fixture
def command(videos: Path) -> list[str | Path]:
    where = "https://videos.example/{stem}.mp4"
    return ["ingest", videos, "--model", str(MODEL), "--language", "en", "--media-url", where]


@pytest.fixture
def unbroken(
    started: Nursery, command: list[str | Path], home: Path
) -> tuple[dict[str, Any], dict[str, Any], float]:
    """What a run that nobody disturbs comes to, and how long another one takes."""
    assert started.wait(started.start("--home", home, *command)) == 0
    began = time.monotonic()
    assert started.wait(started.start("--home", home / "again", *command)) == 0
    took = time.monotonic() - began
    shutil.rmtree(home / "again")
    return files_in(home), points_in(home), took


@pytest.mark.timeout(900)
def test_killed_at_random_moments(
    started: Nursery, command: list[str | Path], unbroken: Any, quick_disk: Path | None
) -> None:
    files, points, took = unbroken
    chance = random.Random(6)
    kills, whole = 0, 0
    while kills < KILLS or not whole:
        with TemporaryDirectory(dir=quick_disk) as folder:
            home = Path(folder) / "home"
            status = -1
            while status:
                pid = started.start("--home", home, *command)
                if kills < KILLS:
                    time.sleep(chance.uniform(0.1, 0.8) * took)
                    kill(pid, everything=chance.random() < 0.5)
                status = started.wait(pid)
                kills += status < 0
                assert status in (0, -9)
            whole += 1
            assert files_in(home) == files
            assert_same_points(points_in(home), points)


def test_two_at_once(
    started: Nursery, command: list[str | Path], unbroken: Any, quick_disk: Path | None
) -> None:
    files, points, _ = unbroken
    with TemporaryDirectory(dir=quick_disk) as folder:
        home = Path(folder) / "home"
        pids = [started.start("--home", home, *command) for _ in range(2)]
        assert [started.wait(pid) for pid in pids] == [0, 0]
        assert files_in(home) == files
        assert_same_points(points_in(home), points)
