"""`playhead` as a process of its own: streams, statuses, interrupts, what `--help` imports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.library import VideoLibrary
from playhead import __version__
from playhead.types import Sentence, Transcript, Video, Word
from tests.ui.commandline import BREAD, BREAD_URL, SCRIPT, folders, write_captions

REPOSITORY = Path(__file__).parents[2]
COMMANDS = ("ask", "demo", "doctor", "eval", "ingest", "library", "search", "serve", "watch")


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [SCRIPT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_streams_and_status_of_ingest_and_search(home: Path, tmp_path: Path) -> None:
    """Data on stdout; off a terminal nothing on stderr, no bar, no warning of a library's."""
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    # Of its own accord, and though programs are told to take a pipe for a terminal.
    quiet = {"HF_HUB_DISABLE_PROGRESS_BARS", "TOKENIZERS_PARALLELISM"}
    environment = {name: os.environ[name] for name in os.environ.keys() - quiet}
    environment["FORCE_COLOR"] = "1"
    done = run("ingest", captions, "--media-url", BREAD_URL, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("added ")
    found = run("search", "bread", "--mode", "bm25", "--json")
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["hits"][0]["text"] == BREAD


def test_a_failure(tmp_path: Path) -> None:
    done = run("ingest", tmp_path / "nowhere.mp4")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"playhead: {tmp_path / 'nowhere.mp4'} does not exist. Check the path.\n"


@pytest.fixture
def long_video(home: Path) -> str:
    """A video whose transcript is longer than any pipe's buffer; in the files alone."""
    words = tuple(Word(f"word{n}", float(n), n + 0.9) for n in range(10_000))
    sentences = tuple(Sentence.of(words[n : n + 10]) for n in range(0, len(words), 10))
    transcript = Transcript(sentences, "en", "captions:sidecar", "interpolated")
    VideoLibrary(home).save(Video("a" * 16, "Long", BREAD_URL, 10_000.0), transcript, None, "f")
    return "a" * 16


@pytest.mark.parametrize("arguments", [["show"], ["export", "--format", "json"]])
def test_a_reader_that_has_enough(arguments: list[str], long_video: str) -> None:
    """As `playhead library show … | head -c 1`: no traceback, then or at exit."""
    command = [SCRIPT, "library", arguments[0], long_video, *arguments[1:]]
    # Unbuffered, Python drops what a pipe did not take, and does not notice.
    environment = {name: os.environ[name] for name in os.environ if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_under_the_output(long_video: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [SCRIPT, "library", "export", long_video],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "playhead: no room left on the disk. Free some and try again.\n"


@pytest.fixture
def hearing_interrupts() -> Iterator[None]:
    """Processes started here hear ^C, though this one may not, as in a script with `make test &`.

    A shell without job control has what it runs in the background ignore SIGINT. A process hands
    that down to those it starts; a handler of its own it does not.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hearing_interrupts")
def test_an_interrupt(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while it waits for a server that takes the call and says nothing."""
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        monkeypatch.setenv("PLAYHEAD_QDRANT_URL", f"http://{host}:{port}")
        with subprocess.Popen(
            [SCRIPT, "ingest", captions, "--media-url", BREAD_URL],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            call, _ = silent.accept()
            with call:
                process.send_signal(signal.SIGINT)
                out, err = process.communicate()
    # The empty line closes the terminal's ^C.
    assert (process.returncode, out, err) == (130, "", "\nplayhead: interrupted\n")
    assert folders(home) == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from ui.cli import exit_status;"
        "statuses = {exit_status([*name.split(), '--help']) for name in ['', *sys.argv[1:]]};"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr);"
        "sys.exit(statuses != {0})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *COMMANDS, "library list", "eval retrieval"],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    assert done.stdout.count("Usage: playhead") == 1 + len(COMMANDS) + 2
    heavy = {"torch", "av", "gradio", "numpy", "pydantic", "rich", "qdrant_edge", "qdrant_client"}
    heavy |= {"faster_whisper", "sentence_transformers", "fastapi", "llama_index", "platformdirs"}
    assert heavy.isdisjoint(done.stderr.split())


def test_help_tells_of_every_command() -> None:
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    told = [line.split()[0] for line in done.stdout.partition("Commands:\n")[2].splitlines()]
    assert sorted(told) == sorted(COMMANDS)
    assert run("--version").stdout == f"playhead {__version__}\n"
