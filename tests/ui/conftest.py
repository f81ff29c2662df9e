"""The command line in this process, over a library in memory; one ready library to read from."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.media import bars, tone, write_media
from tests.ui.commandline import (
    BREAD,
    BREAD_START,
    BREAD_URL,
    KEEPER,
    LENS,
    LIGHTHOUSE_URL,
    STORM,
    Playhead,
    Run,
    write_captions,
)
from ui.cli import exit_status


@pytest.fixture(autouse=True)
def home(home: Path, quick_disk: Path | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """As everywhere a library folder of the test's own, but on a quick disk."""
    with TemporaryDirectory(dir=quick_disk) as folder:
        quick = Path(folder) / "home"
        monkeypatch.setenv("PLAYHEAD_HOME", str(quick))
        monkeypatch.setenv("XDG_CACHE_HOME", str(Path(folder) / "cache"))
        yield quick


@pytest.fixture
def playhead(capsys: pytest.CaptureFixture[str]) -> Playhead:
    """Runs a command: `playhead("ask", "why?", "--json")`."""

    def run(*arguments: str | Path) -> Run:
        capsys.readouterr()
        status = exit_status([str(argument) for argument in arguments])
        return Run(status, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def ready_home(quick_disk: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A library of three videos: one with its file here, and captions of two that are elsewhere."""
    files = tmp_path_factory.mktemp("files")
    storm = write_media(files / "storm.mp4", pictures=[bars(64, 48)] * 5, sound=tone(5))
    write_captions(files / "storm.vtt", STORM)
    lighthouse = write_captions(files / "lighthouse.vtt", KEEPER, LENS)
    bread = write_captions(files / "bread.vtt", BREAD, start=BREAD_START)
    with TemporaryDirectory(dir=quick_disk) as folder:
        home = ["--home", f"{folder}/home"]
        for arguments in (
            ["ingest", str(storm)],
            ["ingest", str(lighthouse), "--media-url", LIGHTHOUSE_URL],
            ["ingest", str(bread), "--media-url", BREAD_URL],
        ):
            assert exit_status([*home, *arguments]) == 0
        yield Path(folder) / "home"


@pytest.fixture
def library(ready_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ready library, to read from and not to change."""
    monkeypatch.setenv("PLAYHEAD_HOME", str(ready_home))
    return ready_home


@pytest.fixture
def own_library(ready_home: Path, home: Path) -> Path:
    """A copy of the ready library that a test may change or damage."""
    # The index is files with holes, which Python would copy in full.
    subprocess.run(["cp", "-r", str(ready_home), str(home)], check=True)
    return home
