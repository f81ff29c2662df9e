"""The Qdrant Edge shard in a folder: which process has it, and which of its threads use it.

A shard is owned by one process at a time, so it is opened late, and another owner is waited for a
little. Threads use it at once, but it is only closed or deleted while none does. Its files are
memory-mapped: writing to one on a full disk would end the process (SIGBUS), so the room is checked
before each write.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import qdrant_edge as qe
from filelock import FileLock, Timeout

from playhead.errors import DiskFullError, LibraryError, StoreError, StoreLockedError
from retrieval.store.meta import IndexMeta, read_meta, write_meta
from retrieval.store.protocol import SegmentVectors
from retrieval.store.schema import BM25, DENSE, SENTENCES, SPEAKERS, WORDS

# Fewer points than this are compared one by one (in KiB of vectors, the engine's unit).
_INDEXING_THRESHOLD_KB = 20_000

_Shard = TypeVar("_Shard", qe.EdgeShard, "qe.EdgeShard | None")


class ShardFolder:
    """A folder for one shard and its meta data; nothing is opened or made before the first use.

    Args:
        folder: where the index lies; made when something is written.
        embedding_model: the model whose vectors go in.
        lock_wait: seconds to wait for another process to let go of the index.
        min_free: bytes that must be free on the disk before each write.
    """

    def __init__(self, folder: Path, embedding_model: str, lock_wait: float, min_free: int) -> None:
        self._folder = folder
        self._model = embedding_model
        self._lock_wait = lock_wait
        self._min_free = min_free
        # The process owns the index, whichever of its threads opens or closes it.
        self._lock = FileLock(folder.with_name(f"{folder.name}.lock"), thread_local=False)
        self._turn = threading.Condition()
        self._users = 0
        self._closers = 0
        self._shard: qe.EdgeShard | None = None

    def used(self) -> AbstractContextManager[qe.EdgeShard | None]:
        """The shard, which stays open until the end; None where there is no index yet.

        Not to be nested: one that waits to close it keeps new users out.
        """
        return self._used(self._opened)

    def used_to_write(self, vectors: SegmentVectors) -> AbstractContextManager[qe.EdgeShard]:
        """As `used`; where there is no index yet, one is made for vectors like these."""
        return self._used(lambda until: self._opened(until) or self._new(vectors, until))

    def clear(self) -> None:
        """Delete the index, damaged or not, unless another process uses it."""
        with self._alone():
            self._close()
            if self._folder.exists():
                with self._owning(self._patience()):
                    shutil.rmtree(self._folder)

    def close(self) -> None:
        """Close the shard, so that another process can use it, unless this one keeps it."""
        with self._alone():
            self._close()

    def keep(self) -> None:
        """Own the index from here until `let_go`, whether it is open, closed or deleted.

        Raises:
            StoreLockedError: another process has it now.
        """
        with self._turn:
            self._acquire(until=0)

    def let_go(self) -> None:
        """Close the shard and undo `keep`."""
        with self._alone():
            self._close()
            self._lock.release()

    def check_room(self) -> None:
        """Make sure that there is room to write.

        Raises:
            DiskFullError: there is not.
        """
        there = next(folder for folder in self._meta_path.parents if folder.exists())
        free = shutil.disk_usage(there).free
        if free < self._min_free:
            raise DiskFullError(
                f"the disk of {self._folder} has {free // 2**20} MiB left, "
                f"writing the index takes {self._min_free // 2**20}",
                "Make room and run the same command again",
            )

    @contextmanager
    def _used(self, opened: Callable[[float], _Shard]) -> Iterator[_Shard]:
        # Threads that come at once wait for another process at once, not one after the other.
        until = self._patience()
        with self._turn:
            self._turn.wait_for(lambda: self._closers == 0)
            shard = opened(until)
            self._users += 1
        try:
            yield shard
        finally:
            with self._turn:
                self._users -= 1
                self._turn.notify_all()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No thread uses the shard, or begins to."""
        with self._turn:
            self._closers += 1
            try:
                self._turn.wait_for(lambda: self._users == 0)
                yield
            finally:
                self._closers -= 1
                self._turn.notify_all()

    def _close(self) -> None:
        if self._shard is not None:
            self._shard.close()
            self._shard = None
            self._lock.release()

    def _patience(self) -> float:
        """Until when to wait for another process."""
        return time.monotonic() + self._lock_wait

    def _opened(self, until: float) -> qe.EdgeShard | None:
        if self._shard is None and self._exists():
            with self._owning(until):
                self._shard = self._loaded()
        return self._shard

    def _new(self, vectors: SegmentVectors, until: float) -> qe.EdgeShard:
        self.check_room()
        with self._owning(until):
            # Another process may have made it in the meantime.
            self._shard = self._loaded() or self._made(vectors)
        return self._shard

    def _exists(self) -> bool:
        try:
            self._meta_path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise LibraryError(
                f"the index folder {self._folder} cannot be read: {error.strerror}",
                "Set PLAYHEAD_HOME to a folder that you can read",
            ) from error
        return True

    def _loaded(self) -> qe.EdgeShard | None:
        meta = read_meta(self._meta_path)
        if meta is None:
            return None
        meta.check(self._model)
        with engine_errors():
            return qe.EdgeShard.load(str(self._folder / "shard"))

    def _made(self, vectors: SegmentVectors) -> qe.EdgeShard:
        """Make an empty index. Its meta data come last: without them it does not exist."""
        folder = self._folder / "shard"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with engine_errors():
            shard = qe.EdgeShard.create(str(folder), _config(vectors))
            for field, kind in _PAYLOAD_INDEXES.items():
                shard.update(qe.UpdateOperation.create_field_index(field, kind))
            shard.flush()
        write_meta(self._meta_path, IndexMeta(self._model, vectors.dense.shape[0]))
        return shard

    @contextmanager
    def _owning(self, until: float) -> Iterator[None]:
        """Be the only process that has the index, from here until `_close`; not if this fails.

        The engine locks its log too, but only after it has touched other files: a second process
        that tried to open an index in use was seen to damage it.
        """
        self._acquire(until)
        try:
            yield
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        finally:
            if self._shard is None:
                self._lock.release()

    def _acquire(self, until: float) -> None:
        """Lock the index once more: it is free when it has been released as often."""
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=max(0.0, until - time.monotonic()))
        except Timeout as error:
            raise StoreLockedError(
                f"the index {self._folder} is in use by another process",
                "Wait until that one ends (a `playhead ingest` or `serve`), then try again",
            ) from error
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    @property
    def _meta_path(self) -> Path:
        return self._folder / "meta.json"


_PAYLOAD_INDEXES = {
    "video_id": qe.PayloadSchemaType.Keyword,
    "revision": qe.PayloadSchemaType.Keyword,
    "ordinal": qe.PayloadSchemaType.Integer,
    SPEAKERS: qe.PayloadSchemaType.Keyword,
}


def _config(vectors: SegmentVectors) -> qe.EdgeConfig:
    """Named vectors like these.

    Two bytes for a number of the segment's, one for the sentences', half a one for the words': on
    TutorialVQA the measures move by less than .001 against four and two, and building an index
    takes a quarter less memory.
    """
    dimension = vectors.dense.shape[0]
    named: dict[str, qe.EdgeVectorParams] = {
        DENSE: qe.EdgeVectorParams(
            size=dimension, distance=qe.Distance.Cosine, datatype=qe.VectorStorageDatatype.Float16
        ),
        SENTENCES: _second_look(dimension, qe.Distance.Cosine, qe.VectorStorageDatatype.Turbo8),
    }
    if vectors.words is not None:
        # A question's words are as long as they count, which a cosine would undo.
        named[WORDS] = _second_look(
            vectors.words.shape[1],
            qe.Distance.Dot,
            qe.VectorStorageDatatype.Turbo4,  # type: ignore[attr-defined]  # the stub lacks it
        )
    return qe.EdgeConfig(
        vectors=named,
        sparse_vectors={BM25: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
        optimizers=qe.EdgeOptimizersConfig(indexing_threshold=_INDEXING_THRESHOLD_KB),
    )


def _second_look(
    size: int, distance: qe.Distance, datatype: qe.VectorStorageDatatype
) -> qe.EdgeVectorParams:
    """A multi-vector that is only ever compared over candidates: no graph for it."""
    return qe.EdgeVectorParams(
        size=size,
        distance=distance,
        multivector_config=qe.MultiVectorConfig(qe.MultiVectorComparator.MaxSim),
        hnsw_config=qe.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
        datatype=datatype,
        memory=qe.Memory.Cold,
    )


@contextmanager
def engine_errors() -> Iterator[None]:
    """The engine raises bare `Exception`s, and panics over damaged files; both become ours."""
    try:
        yield
    except StoreError:
        raise
    except BaseException as error:
        _raise_unless_of_engine(error)
        raise _damaged(error) from error


def _raise_unless_of_engine(error: BaseException) -> None:
    """Let an interrupt through. A panic is a `BaseException` too, of a class nobody can import."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _unwritable(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"the index folder {folder} cannot be written: {error.strerror}",
        "Set PLAYHEAD_HOME to a folder that you can write",
    )


def _damaged(error: BaseException) -> StoreError:
    return StoreError(
        f"the index does not answer: {error}",
        "It can be made again from the library's files: run `playhead library reindex`",
    )
