"""Commands while another process has the library's index and answers for it, as `serve` does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playhead.errors import StoreLockedError
from tests.ui.commandline import (
    BREAD,
    LENS,
    SCRIPT,
    Playhead,
    another_process,
    folders,
    indexed,
    write_captions,
)

URL = "https://videos.example/{stem}.mp4"
SHARE = """
import sys
from ui.wiring import open_playhead

with open_playhead() as app, app.sharing():
    print("sharing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def owner(own_library: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that shares the index of the ready library."""
    with another_process(SHARE, says="sharing") as process:
        yield process


@pytest.mark.usefixtures("owner")
def test_every_command_works_as_ever(own_library: Path, playhead: Playhead, tmp_path: Path) -> None:
    first, *_ = folders(own_library)
    assert BREAD in playhead("search", "Why does bread rise?").done().out
    assert playhead("ask", "Why does bread rise?", "--json").done().json["refused"] is False
    captions = write_captions(tmp_path / "zebra.vtt", "Zebras graze at noon.")
    more = write_captions(tmp_path / "more.vtt", "And more was said.")
    playhead("ingest", captions, more, "--media-url", URL).done()
    assert "Zebras" in playhead("search", "zebras", "--mode", "bm25").done().out
    playhead("library", "remove", first).done()
    assert len(playhead("library", "reindex").done().out.splitlines()) == 4
    assert "Zebras" in playhead("search", "zebras", "--mode", "bm25").done().out
    (finding,) = [f for f in playhead("doctor", "--json").json["findings"] if f["name"] == "index"]
    assert (finding["state"], finding["detail"].split()[-2]) == ("ok", "4")
    with pytest.raises(StoreLockedError):
        indexed(own_library)


def test_two_commands_at_once(own_library: Path, owner: subprocess.Popen[str]) -> None:
    commands = [[SCRIPT, "library", "remove", name] for name in folders(own_library)[:2]]
    with ThreadPoolExecutor() as threads:
        done = list(threads.map(lambda command: subprocess.run(command, check=False), commands))
    assert [run.returncode for run in done] == [0, 0]
    owner.communicate()
    assert len(indexed(own_library)) == len(folders(own_library)) == 1


def test_after_a_killed_owner_the_next_command_just_works(
    own_library: Path, owner: subprocess.Popen[str], playhead: Playhead
) -> None:
    first, *_ = folders(own_library)
    playhead("search", "lens").done()
    owner.kill()
    owner.wait()
    assert LENS in playhead("search", "lens").done().out
    playhead("library", "remove", first).done()
    assert len(indexed(own_library)) == 2


@pytest.mark.usefixtures("owner")
def test_an_index_in_use_is_not_made_again_with_another_model(
    playhead: Playhead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner could not search it."""
    with monkeypatch.context() as patch:
        patch.setenv("PLAYHEAD_EMBEDDING_MODEL", "sentence-transformers/all-MiniLM-L6-v2")
        line = playhead("library", "reindex").failure()
    assert "in use with the embedding model 'all-MiniLM-L6-v2'" in line
    assert "run `playhead library reindex`" in line
    assert LENS in playhead("search", "lens").done().out
