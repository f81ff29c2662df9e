"""What the store in a folder promises beyond the contract: one owner, no loss, plain errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playhead.errors import (
    DiskFullError,
    LibraryError,
    StoreError,
    StoreLockedError,
    StoreMismatchError,
)
from retrieval.store.edge import EdgeStore
from tests.fakes import points, segments, video
from tests.retrieval.store.processes import Start, said, tell

TALK = segments("v", "One thing was said.", "Then another.")


@pytest.fixture
def filled(edge_store: EdgeStore) -> EdgeStore:
    """A store of one video, closed."""
    edge_store.upsert(points(video("v"), TALK))
    edge_store.close()
    return edge_store


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_reading_makes_no_file(edge_store: EdgeStore, index_folder: Path) -> None:
    assert edge_store.count() == 0
    edge_store.clear()
    edge_store.close()
    assert list(index_folder.parent.iterdir()) == []


def test_an_index_in_use_elsewhere_is_an_error_at_once(filled: EdgeStore, start: Start) -> None:
    assert said(start("hold")) == "ready"
    for use in (
        filled.count,
        filled.clear,
        lambda: filled.upsert(points(video("v"), TALK)),
    ):
        with pytest.raises(StoreLockedError, match=r"in use by another process.*playhead ingest"):
            use()


def test_an_index_in_use_elsewhere_is_waited_for(
    filled: EdgeStore, index_folder: Path, start: Start
) -> None:
    holder = start("hold")
    assert said(holder) == "ready"
    patient = EdgeStore(index_folder, "hash", lock_wait=30)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(patient.count)
        with pytest.raises(StoreLockedError):
            filled.count()
        assert not waiting.done()
        tell(holder)
        assert waiting.result() == 2
    patient.close()


def test_a_killed_owner_leaves_the_index_free(filled: EdgeStore, start: Start) -> None:
    holder = start("hold")
    assert said(holder) == "ready"
    holder.kill()
    holder.wait()
    assert filled.count() == 2


def test_what_was_written_survives_kill_9(edge_store: EdgeStore, start: Start) -> None:
    writer = start("write_on_and_on")
    written = [said(writer) for _ in range(5)]
    writer.kill()
    written += writer.communicate()[0].split()
    counts = edge_store.video_counts()
    assert {name: counts.get(name) for name in written} == dict.fromkeys(written, 2)
    keys = [(name, ordinal) for name in written for ordinal in (0, 1)]
    assert edge_store.segments(keys).keys() == set(keys)
    edge_store.upsert(points(video("after"), segments("after", "Life goes on.")))
    assert edge_store.count("after") == 1


def test_processes_that_write_at_once_lose_nothing(edge_store: EdgeStore, start: Start) -> None:
    writers = [start("open_and_write") for _ in range(2)]
    assert [said(writer) for writer in writers] == ["ready"] * 2
    for writer in writers:
        tell(writer)
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(edge_store.video_counts()) == 6


def test_threads_share_one_store(filled: EdgeStore) -> None:
    with ThreadPoolExecutor(6) as threads:
        for _ in range(3):
            counts = [threads.submit(filled.count) for _ in range(6)]
            assert [count.result() for count in counts] == [2] * 6
            threads.submit(filled.close).result()
    assert filled.count() == 2


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:7])


def overwrite(path: Path) -> None:
    path.write_bytes(b"\xff\x00" * 50)


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        ("shard/edge_config.json", cut),
        ("shard/edge_config.json", overwrite),
        ("shard/segments/*/segment.json", Path.unlink),
        # Over these the engine panics: when it opens, and when it reads.
        ("shard/segments/*/vector_storage-dense/vectors/status.dat", cut),
        ("shard/segments/*/vector_storage-sentences/tq_offsets/chunk_0.mmap", cut),
    ],
)
def test_a_damaged_index_names_the_way_out_and_the_way_works(
    pattern: str, damage: Callable[[Path], None], filled: EdgeStore, index_folder: Path
) -> None:
    (path,) = index_folder.glob(pattern)
    damage(path)
    with pytest.raises(StoreError, match="playhead library reindex"):
        filled.sentence_vectors([("v", 0)])
    filled.clear()
    assert files_in(index_folder) == []
    filled.upsert(points(video("v"), TALK))
    assert filled.count() == 2


@pytest.mark.parametrize("content", ['{"embed', "[]", '"index"', "null", '{"a": 1}', ""])
def test_meta_data_that_are_none(content: str, filled: EdgeStore, index_folder: Path) -> None:
    (index_folder / "meta.json").write_text(content)
    with pytest.raises(StoreError, match=r"meta\.json.*playhead library reindex"):
        filled.count()


def test_an_index_without_its_shard(filled: EdgeStore, index_folder: Path) -> None:
    (index_folder / "shard").rename(index_folder / "elsewhere")
    with pytest.raises(StoreError, match="playhead library reindex"):
        filled.count()


def test_an_index_of_another_schema(filled: EdgeStore, index_folder: Path) -> None:
    path = index_folder / "meta.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 0}))
    with pytest.raises(StoreMismatchError, match=r"schema 0.*playhead library reindex"):
        filled.count()


def test_a_half_made_index_is_made_again(edge_store: EdgeStore, index_folder: Path) -> None:
    (index_folder / "shard" / "wal").mkdir(parents=True)
    (index_folder / "shard" / "edge_config.json").write_text("{")
    assert edge_store.count() == 0
    edge_store.upsert(points(video("v"), TALK))
    assert edge_store.count() == 2


def test_on_a_full_disk_nothing_is_made(index_folder: Path) -> None:
    store = EdgeStore(index_folder, "hash", min_free=2**60)
    with pytest.raises(DiskFullError, match="MiB left"):
        store.upsert(points(video("v"), TALK))
    assert list(index_folder.parent.iterdir()) == []
    assert store.count() == 0


def test_on_a_full_disk_what_was_there_is_still_found(
    filled: EdgeStore, index_folder: Path
) -> None:
    store = EdgeStore(index_folder, "hash", min_free=2**60)
    with pytest.raises(DiskFullError):
        store.upsert(points(video("w"), segments("w", "More was said.")))
    with pytest.raises(DiskFullError):
        store.optimize()
    assert store.video_counts() == {"v": 2}
    store.close()


@pytest.mark.parametrize("in_the_way", ["", "index", "index/shard"])
def test_a_folder_that_cannot_be_made(in_the_way: str, index_folder: Path) -> None:
    folder = index_folder.parent / "home" / "index"
    blocked = folder.parent / in_the_way
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file")
    with pytest.raises(LibraryError, match="PLAYHEAD_HOME"):
        EdgeStore(folder, "hash").upsert(points(video("v"), TALK))
    assert blocked.read_text() == "a file"
