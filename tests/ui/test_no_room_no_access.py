"""A library or an index that cannot be used: full, locked, unwritable, another model's, damaged."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playhead.settings import DEFAULT_EMBEDDING_MODEL
from retrieval.store import edge
from tests.ui.commandline import (
    BREAD,
    LENS,
    SCRIPT,
    Playhead,
    another_process,
    files_of,
    folders,
    indexed,
    write_captions,
)
from ui import batch
from ui.workers import Taken, Worker

URL = "https://videos.example/{stem}.mp4"
HOLD = """
import sys
from pathlib import Path
from retrieval.store.edge import EdgeStore

store = EdgeStore(Path(sys.argv[1]), sys.argv[2])
store.count()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    return write_captions(tmp_path / "new.vtt", "Something new was said.")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index's own argument for how long to wait, and the batch's patience, set to nothing."""

    class ImpatientStore(edge.EdgeStore):
        def __init__(self, folder: Path, embedding_model: str) -> None:
            super().__init__(folder, embedding_model, lock_wait=0)

    monkeypatch.setattr(edge, "EdgeStore", ImpatientStore)
    monkeypatch.setattr(batch, "PATIENCE_SECONDS", 0)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The index's own argument for how much room it wants, set to more than there is."""

    class WantingStore(edge.EdgeStore):
        def __init__(self, folder: Path, embedding_model: str) -> None:
            super().__init__(folder, embedding_model, min_free=2**62)

    with monkeypatch.context() as patch:
        patch.setattr(edge, "EdgeStore", WantingStore)
        yield patch


@pytest.fixture
def held(own_library: Path) -> Iterator[Path]:
    """The ready library while another process has its index."""
    index = str(own_library / "index")
    with another_process(HOLD, index, DEFAULT_EMBEDDING_MODEL, says="held"):
        yield own_library


@pytest.mark.usefixtures("impatient")
def test_an_index_in_use_by_another_process(held: Path, playhead: Playhead, captions: Path) -> None:
    before = files_of(held / "videos")
    video_id = folders(held)[0]
    for command in (
        ["search", "bread"],
        ["ask", "Why does bread rise?"],
        ["ingest", str(captions), "--media-url", URL],
        ["library", "remove", video_id],
        ["library", "reindex"],
    ):
        line = playhead(*command).failure()
        assert f"the index {held / 'index'} is in use by another process" in line
        assert "Wait until that one ends" in line
    assert files_of(held / "videos") == before
    # The files need no index.
    assert len(playhead("library", "list").done().out.splitlines()) == 3
    playhead("library", "export", video_id).done()


def test_the_index_is_free_while_a_file_is_taken_in(
    own_library: Path, playhead: Playhead, captions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recognising speech can take hours; others may ask meanwhile."""
    seen: list[int] = []
    take_in = Worker.take_in

    def taken_in(*arguments: Any) -> Taken:
        seen.append(len(indexed(own_library)))
        return take_in(*arguments)

    monkeypatch.setattr(Worker, "take_in", taken_in)
    playhead("ingest", captions, "--media-url", URL).done()
    assert seen == [3]
    assert len(indexed(own_library)) == 4


@pytest.mark.usefixtures("full_disk")
def test_no_room_for_the_index(
    playhead: Playhead, home: Path, captions: Path, full_disk: pytest.MonkeyPatch
) -> None:
    """The video is kept, and the same command indexes it once there is room."""
    line = playhead("ingest", captions, "--media-url", URL).failure()
    assert f"the disk of {home / 'index'} has" in line
    assert "Make room and run the same command again" in line
    (video_id,) = folders(home)
    assert indexed(home) == {}
    assert not (home / "index").exists()
    full_disk.undo()
    again = playhead("ingest", captions, "--media-url", URL).done()
    assert again.out.startswith(f"unchanged  {video_id}")
    assert indexed(home) == {video_id: 1}


def test_a_disk_that_fills_up_under_the_files(own_library: Path, demo_talks: Path) -> None:
    """No file may grow beyond 20,000 bytes, which the transcript has, the second of the files."""
    before = files_of(own_library / "videos")
    index = indexed(own_library)
    done = subprocess.run(
        [SCRIPT, "ingest", demo_talks / "vasa.mp4"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"playhead: no room left for the library folder {own_library}. ")
    assert "Free some space" in line
    assert files_of(own_library / "videos") == before
    assert indexed(own_library) == index


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_library_that_cannot_be_written(
    below: str, playhead: Playhead, captions: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("A file, not a folder.")
    home = tmp_path / "file" / below
    line = playhead("--home", home, "ingest", captions, "--media-url", URL).failure()
    assert f"the library folder {home} cannot be written" in line
    assert "PLAYHEAD_HOME" in line
    line = playhead("--home", home, "library", "list").failure()
    assert f"the library folder {home} cannot be read" in line
    assert (tmp_path / "file").read_text() == "A file, not a folder."


@pytest.fixture
def other_model(own_library: Path) -> Path:
    """The ready library with an index by another embedding model."""
    meta = own_library / "index" / "meta.json"
    told = json.loads(meta.read_text())
    meta.write_text(json.dumps(told | {"embedding_model": "all-mpnet-base-v2"}))
    return own_library


def test_an_index_of_another_embedding_model(
    other_model: Path, playhead: Playhead, captions: Path
) -> None:
    before = folders(other_model)
    for command in (
        ["search", "bread"],
        ["ask", "Why does bread rise?"],
        ["ingest", str(captions), "--media-url", URL],
    ):
        line = playhead(*command).failure()
        assert "the embedding model 'all-mpnet-base-v2'" in line
        assert f"the settings say '{DEFAULT_EMBEDDING_MODEL}'" in line
        assert "PLAYHEAD_EMBEDDING_MODEL=all-mpnet-base-v2" in line
        assert "`playhead library reindex`" in line
    assert folders(other_model) == before
    playhead("library", "reindex").done()
    assert BREAD in playhead("search", "bread").done().out
    assert sorted(indexed(other_model)) == before


def test_an_embedding_model_that_is_not_there(
    own_library: Path, playhead: Playhead, captions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is the old index lost to a new model that turns out not to be there."""
    index = indexed(own_library)
    monkeypatch.setenv("PLAYHEAD_EMBEDDING_MODEL", "/nowhere/model")
    line = playhead("library", "reindex").failure()
    assert "the embedding model '/nowhere/model' cannot be loaded" in line
    assert DEFAULT_EMBEDDING_MODEL in line
    assert indexed(own_library) == index
    monkeypatch.delenv("PLAYHEAD_EMBEDDING_MODEL")
    assert LENS in playhead("search", "lens").done().out


def test_a_damaged_index(own_library: Path, playhead: Playhead) -> None:
    (own_library / "index" / "meta.json").write_text("{")
    for command in (["search", "bread"], ["ask", "Why does bread rise?"]):
        assert "`playhead library reindex`" in playhead(*command).failure()
    playhead("library", "reindex").done()
    assert BREAD in playhead("search", "bread").done().out


def test_an_index_that_was_deleted(own_library: Path, playhead: Playhead) -> None:
    """It can be, at any time."""
    shutil.rmtree(own_library / "index")
    playhead("library", "reindex").done()
    assert BREAD in playhead("search", "bread").done().out
