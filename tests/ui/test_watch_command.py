"""playhead watch, as a process of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.media import tone, write_media
from tests.ui.commandline import BREAD, KEEPER, LENS, SCRIPT, Playhead, write_captions

SETTLE = "0.2"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Recordings with captions, outside of what is watched."""
    folder = tmp_path / "made"
    folder.mkdir()
    for name, text, seconds in (("bread", BREAD, 1), ("keeper", KEEPER, 2), ("lens", LENS, 3)):
        write_media(folder / f"{name}.wav", sound=tone(seconds))
        write_captions(folder / f"{name}.vtt", text, start=0.0, seconds=1.0)
    return folder


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    folder = tmp_path / "watched"
    folder.mkdir()
    return folder


@contextmanager
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [SCRIPT, "watch", folder, "--settle", SETTLE, "--asr", "captions"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert process.stderr.readline() == f"Watching {folder} (Ctrl-C ends it)\n"
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> list[str]:
    """What was done, and the title, of the next line."""
    assert process.stdout
    status, _, title, *_ = process.stdout.readline().split()
    return [status, title]


def complained(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    return process.stderr.readline()


def put(made: Path, watched: Path, name: str) -> None:
    """First the captions, then the recording under another name, as browsers do."""
    shutil.copy(made / f"{name}.vtt", watched)
    shutil.copy(made / f"{name}.wav", watched / f"{name}.wav.part")
    (watched / f"{name}.wav.part").rename(watched / f"{name}.wav")


# Many processes start one after the other.
@pytest.mark.timeout(300)
def test_what_is_there_and_what_appears(
    playhead: Playhead, home: Path, made: Path, watched: Path
) -> None:
    put(made, watched, "bread")
    with watching(watched) as process:
        assert said(process) == ["added", "bread"]
        bad_files(process, made, watched)
        a_folder_that_goes_and_comes(process, made, watched)
        a_library_in_trouble(process, home, watched)
        # Last, so that all that came before is done, too.
        put(made, watched, "bread")
        write_captions(watched / "bread.vtt", "Bread is baked.", start=0.0, seconds=1.0)
        assert said(process) == ["replaced", "bread"]
        # Others use the index meanwhile.
        hits = playhead("search", "sleeps", "--mode", "bm25", "--json").done().json["hits"]
        assert [hit["title"] for hit in hits] == ["keeper"]
        process.send_signal(signal.SIGTERM)
        assert (process.wait(), process.communicate()) == (0, ("", ""))
    videos = playhead("library", "list", "--json").done().json["videos"]
    assert {video["title"]: Path(video["source"]).name for video in videos} == {
        "bread": "bread.wav",
        "keeper": "keeper.wav",
        "lens": "a.wav",
    }


def bad_files(process: subprocess.Popen[str], made: Path, watched: Path) -> None:
    """One that is no media; and one without captions, which come later."""
    (watched / "bad.wav").write_bytes(b"no media")
    shutil.copy(made / "keeper.wav", watched)
    assert str(watched / "bad.wav") in complained(process)
    assert "has no captions" in complained(process)
    shutil.copy(made / "keeper.vtt", watched)
    assert said(process) == ["added", "keeper"]


def a_folder_that_goes_and_comes(process: subprocess.Popen[str], made: Path, watched: Path) -> None:
    """With something new, and less of the old, of which nothing is told."""
    away = watched.rename(watched.with_name("away"))
    assert complained(process).startswith(f"playhead: the folder {watched} is gone: waiting")
    put(made, away, "lens")
    (away / "bread.wav").unlink()
    away.rename(watched)
    assert complained(process) == f"playhead: the folder {watched} is back.\n"
    assert said(process) == ["added", "lens"]


def a_library_in_trouble(process: subprocess.Popen[str], home: Path, watched: Path) -> None:
    """Told once; a renamed file and new captions wait until it is over."""
    videos = (home / "videos").rename(home / "aside")
    (home / "videos").write_text("in the way")
    (watched / "lens.vtt").rename(watched / "a.vtt")
    (watched / "lens.wav").rename(watched / "a.wav")
    write_captions(watched / "keeper.vtt", "The keeper sleeps.", start=0.0, seconds=1.0)
    line = complained(process)
    assert "cannot be written" in line
    assert line.endswith("Trying again until it works.\n")
    (home / "videos").unlink()
    videos.rename(home / "videos")
    assert said(process) == ["replaced", "keeper"]


def test_an_interrupt_ends_it(watched: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with watching(watched) as process:
            process.send_signal(signal.SIGINT)
            assert (process.wait(), process.communicate()) == (0, ("", ""))
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("arguments", [["nowhere"], [".", "--settle", "0"], []])
def test_wrong_usage(arguments: list[str], playhead: Playhead) -> None:
    run = playhead("watch", *arguments)
    assert (run.status, run.out) == (2, "")


def test_a_library_that_cannot_be_used_at_first(
    home: Path, watched: Path, playhead: Playhead
) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("in the way")
    assert "cannot be" in playhead("watch", watched).failure()
