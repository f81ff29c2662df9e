"""What the tests of the harness share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

import pytest

from retrieval.store.edge import EdgeStore


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """A folder for indexes, in memory where there is room: the engine's syncs take longest."""
    memory = Path("/dev/shm")
    quick = memory.is_dir() and disk_usage(memory).free > 2 * 2**30
    with TemporaryDirectory(dir=memory if quick else tmp_path) as folder:
        yield Path(folder) / "cache"


@pytest.fixture
def edge_store(cache: Path) -> Iterator[EdgeStore]:
    """An empty store."""
    store = EdgeStore(cache / "index", "hash", lock_wait=0)
    yield store
    store.close()
