"""Stores to test against: all kinds, empty, let go of afterwards."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from qdrant_client import QdrantClient

from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import Store
from retrieval.store.server import ServerStore
from retrieval.store.shared import SharedStore

OpenStore = Callable[..., Store]


class LocalQdrant(QdrantClient):
    """The client's own engine in memory, which stands in for a server where none runs."""

    def __init__(self) -> None:
        super().__init__(":memory:")

    def create_payload_index(self, *args: Any, **fields: Any) -> Any:
        with warnings.catch_warnings():
            # True, and of no interest: it searches without payload indexes too.
            warnings.filterwarnings("ignore", "Payload indexes have no effect", UserWarning)
            return super().create_payload_index(*args, **fields)


@pytest.fixture
def index_folder(quick_disk: Path | None) -> Iterator[Path]:
    """Where an index can be made; not there yet."""
    with TemporaryDirectory(dir=quick_disk) as folder:
        yield Path(folder) / "index"


@pytest.fixture
def qdrant() -> Iterator[QdrantClient]:
    """A server's stand-in, empty."""
    with closing(LocalQdrant()) as client:
        yield client


@pytest.fixture(scope="module")
def local_qdrant() -> Iterator[QdrantClient]:
    """A server's stand-in for the tests of one module that only read."""
    with closing(LocalQdrant()) as client:
        yield client


@pytest.fixture(params=["edge", "shared", "server"])
def open_store(
    request: pytest.FixtureRequest, index_folder: Path, qdrant: QdrantClient
) -> Iterator[OpenStore]:
    """Opens the same store again and again: `open_store(embedding_model="hash")`.

    In the folder: opened here, or asked of an owner, each time of a new one.
    """
    opened: list[Store] = []
    owner = ExitStack()

    def opens(embedding_model: str = "hash") -> Store:
        if request.param == "server":
            made: Store = ServerStore(qdrant, embedding_model)
        else:
            made = EdgeStore(index_folder, embedding_model, lock_wait=0)
        if request.param == "shared":
            made = SharedStore(made)
            owner.close()
            owner.enter_context(SharedStore(EdgeStore(index_folder, "hash")).sharing())
        opened.append(made)
        return made

    yield opens
    for store in opened:
        store.close()
    owner.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """An empty store, of each kind in turn."""
    return open_store()


@pytest.fixture
def edge_store(index_folder: Path) -> Iterator[EdgeStore]:
    """An empty store in a folder that does not wait for others."""
    made = EdgeStore(index_folder, "hash", lock_wait=0)
    yield made
    made.close()
