"""One index for many processes: one has it and answers for it, the others ask that one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from pathlib import Path

import pytest

from playhead.errors import DiskFullError, StoreError, StoreLockedError, StoreMismatchError
from retrieval.bm25 import query_terms
from retrieval.plan import PLANS
from retrieval.store import remote
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import QueryVectors
from retrieval.store.shared import SharedStore
from tests.fakes import points, segments, video
from tests.retrieval.store.processes import Start, said, tell

TALK = points(video("v"), segments("v", "One thing was said.", "Then another."))
MORE = points(video("w"), segments("w", "Butter melts in a pan."))
BUTTER = QueryVectors(None, query_terms("butter"))


@pytest.fixture
def visitor(index_folder: Path) -> Iterator[SharedStore]:
    """The index as a command sees it that does not wait for others."""
    with closing(SharedStore(EdgeStore(index_folder, "hash", lock_wait=0))) as store:
        yield store


@pytest.fixture
def card(index_folder: Path) -> Path:
    """Where an owner says how to reach it."""
    return index_folder.with_name("index.owner")


@pytest.fixture
def owner(index_folder: Path) -> Iterator[SharedStore]:
    """An owner in this process."""
    store = SharedStore(EdgeStore(index_folder, "hash"))
    with closing(store), store.sharing():
        yield store


def write_past_the_owner(index_folder: Path) -> None:
    """What only the process can do that has the index."""
    with closing(EdgeStore(index_folder, "hash", lock_wait=0)) as store:
        store.upsert(MORE)


def test_write_search_and_delete_through_another_process(
    visitor: SharedStore, start: Start, index_folder: Path
) -> None:
    assert said(start("share")) == "ready"
    visitor.upsert(TALK)
    visitor.upsert(MORE)
    assert [hit.segment for hit in visitor.query(BUTTER, PLANS["bm25"])] == [MORE[0].segment]
    assert visitor.video_counts() == {"v": 2, "w": 1}
    visitor.delete("w")
    assert visitor.query(BUTTER, PLANS["bm25"]) == []
    with pytest.raises(StoreLockedError):
        write_past_the_owner(index_folder)


def test_a_killed_owner_does_not_matter(
    visitor: SharedStore, start: Start, card: Path, index_folder: Path
) -> None:
    """Neither to who talked to it nor to who finds its card."""
    owner = start("share")
    assert said(owner) == "ready"
    visitor.upsert(TALK)
    owner.kill()
    owner.wait()
    assert visitor.count() == 2
    visitor.close()
    assert card.exists()
    with closing(SharedStore(EdgeStore(index_folder, "hash", lock_wait=0))) as other:
        assert other.count() == 2
    assert said(start("share")) == "ready"
    assert visitor.count() == 2
    with pytest.raises(StoreLockedError):
        write_past_the_owner(index_folder)


def test_an_owner_that_ends_leaves_nothing_behind(
    visitor: SharedStore, start: Start, index_folder: Path
) -> None:
    owner = start("share")
    assert said(owner) == "ready"
    visitor.upsert(TALK)
    tell(owner)
    assert owner.wait() == 0
    assert visitor.count() == 2
    names = sorted(path.name for path in index_folder.parent.iterdir())
    assert names == ["index", "index.lock"]


def test_processes_that_write_at_once_lose_nothing(
    visitor: SharedStore, start: Start, index_folder: Path
) -> None:
    """Though owners come and go meanwhile."""
    writers = [start("visit_and_write") for _ in range(2)]
    assert [said(writer) for writer in writers] == ["ready"] * 2
    for writer in writers:
        tell(writer)
    while any(writer.poll() is None for writer in writers):
        with closing(SharedStore(EdgeStore(index_folder, "hash"))) as owner, owner.sharing():
            owner.count()
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(visitor.video_counts()) == 6


def test_who_shares_second_takes_over(
    start: Start, visitor: SharedStore, card: Path, index_folder: Path
) -> None:
    first = start("share")
    assert said(first) == "ready"
    of_first = card.read_text()
    second = start("share")
    assert said(second) == "ready"
    visitor.upsert(TALK)
    assert card.read_text() == of_first
    tell(first)
    first.wait()
    while not card.exists():
        assert second.poll() is None
    assert visitor.count() == 2
    with pytest.raises(StoreLockedError):
        write_past_the_owner(index_folder)


@pytest.mark.parametrize("empty", [True, False])
def test_close_and_clear_do_not_give_a_shared_index_up(
    owner: SharedStore, index_folder: Path, empty: bool
) -> None:
    owner.upsert(TALK)
    owner.clear() if empty else owner.close()
    with pytest.raises(StoreLockedError):
        write_past_the_owner(index_folder)
    owner.upsert(MORE)
    assert owner.count() == (1 if empty else 3)


def test_an_index_that_cannot_be_shared_is_not_kept(card: Path, index_folder: Path) -> None:
    (card / "in the way").mkdir(parents=True)
    store = SharedStore(EdgeStore(index_folder, "hash"))
    with pytest.raises(StoreError, match="cannot be shared"), store.sharing():
        pass
    write_past_the_owner(index_folder)


def test_a_path_too_long_for_a_socket(index_folder: Path) -> None:
    folder = index_folder.parent / ("long" * 30) / "index"
    stores = [SharedStore(EdgeStore(folder, "hash", lock_wait=0)) for _ in range(2)]
    with stores[0].sharing(), closing(stores[1]) as other:
        other.upsert(TALK)
        assert stores[0].count() == 2


def test_the_key_is_for_this_user_alone(
    owner: SharedStore, visitor: SharedStore, card: Path
) -> None:
    assert card.stat().st_mode & 0o777 == 0o600
    address = json.loads(card.read_text())["address"]
    with pytest.raises((OSError, EOFError, AuthenticationError)):
        Client(address, authkey=b"guessed")
    # Who says nothing keeps nobody out.
    with Client(address):
        visitor.upsert(TALK)
        assert owner.count() == 2


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '"x"', '{"address": 5, "key": "00", "embedding_model": "hash"}',
     '{"address": "/nowhere", "key": "00", "embedding_model": "hash"}',
     '{"address": "/nowhere", "key": "zz", "embedding_model": "hash"}'],
)  # fmt: skip
def test_a_card_that_leads_nowhere(content: str, visitor: SharedStore, card: Path) -> None:
    card.write_text(content)
    visitor.upsert(TALK)
    assert visitor.count() == 2


def test_an_owner_that_was_stopped_is_not_waited_for(
    start: Start, visitor: SharedStore, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by ^Z: it takes the call and says nothing."""
    monkeypatch.setattr(remote, "_GREETING_SECONDS", 0.05)
    visitor.upsert(TALK)
    visitor.close()
    assert said(start("hold")) == "ready"
    with Listener() as silent:
        card.write_text(
            json.dumps({"address": silent.address, "key": "00", "embedding_model": "hash"})
        )
        with pytest.raises(StoreLockedError, match="in use by another process"):
            visitor.count()


def test_a_shared_index_is_not_for_another_embedding_model(
    owner: SharedStore, index_folder: Path
) -> None:
    """Not even to clear it: the owner could not use what takes its place."""
    owner.upsert(TALK)
    with closing(SharedStore(EdgeStore(index_folder, "other", lock_wait=0))) as other:
        for use in (other.count, other.clear, lambda: other.upsert(MORE)):
            with pytest.raises(StoreMismatchError, match=r"PLAYHEAD_EMBEDDING_MODEL=hash, or end"):
                use()
    assert owner.count() == 2


def test_errors_come_over_as_they_are(index_folder: Path, visitor: SharedStore) -> None:
    store = SharedStore(EdgeStore(index_folder, "hash", min_free=2**60))
    with store.sharing(), pytest.raises(DiskFullError) as caught:
        visitor.upsert(TALK)
    assert caught.value.remedy == "Make room and run the same command again"
    assert "MiB left" in str(caught.value)


def test_many_ask_at_once(owner: SharedStore, visitor: SharedStore) -> None:
    owner.upsert(MORE)
    with ThreadPoolExecutor(20) as threads:
        asked = [
            threads.submit(store.query, BUTTER, PLANS["bm25"])
            for _ in range(40)
            for store in (owner, visitor)
        ]
        assert {len(one.result()) for one in asked} == {1}


def test_threads_that_ask_write_close_and_clear(index_folder: Path) -> None:
    """None is ever disturbed by another."""
    with closing(EdgeStore(index_folder, "hash", lock_wait=0)) as store:
        store.upsert(MORE)
        ended = threading.Event()

        def ask() -> set[int]:
            found = set()
            while not ended.is_set():
                found.add(len(store.query(BUTTER, PLANS["bm25"])))
                store.idf(BUTTER.bm25.indices)
            return found

        with ThreadPoolExecutor(8) as threads:
            asking = [threads.submit(ask) for _ in range(8)]
            for _ in range(10):
                store.close()
                store.upsert(TALK)
            assert store.count() == 3
            for _ in range(5):
                store.clear()
                store.upsert(MORE)
            ended.set()
            assert {1} <= set().union(*[one.result() for one in asking]) <= {0, 1}
        assert store.count() == 1
