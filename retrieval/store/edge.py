"""The default store: Qdrant Edge, the Qdrant engine inside this process.

A shard is owned by one process at a time, so the store opens late and waits a little for another
owner to finish. Its files are memory-mapped: writing to one on a
full disk would end the process (SIGBUS), so the room is checked before each write.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qdrant_edge as qe
from filelock import FileLock, Timeout

from playhead.errors import DiskFullError, LibraryError, StoreError, StoreLockedError
from playhead.types import Hit, Segment
from retrieval.plan import CANDIDATES, RRF_K, Leg, SearchPlan
from retrieval.store.meta import IndexMeta, read_meta, write_meta
from retrieval.store.protocol import (
    Candidate,
    FloatArray,
    QueryVectors,
    SegmentPoint,
    SegmentVectors,
)
from retrieval.store.schema import (
    BM25,
    DENSE,
    PLACE,
    SENTENCES,
    WORDS,
    Key,
    candidates_in,
    embedded,
    engine_fusion,
    first_looks,
    hits_by,
    hits_in,
    idf_in,
    idf_of_all,
    payload_of,
    placing_leg,
    point_id,
    rows_of,
    segment_id,
    segments_in,
    sentence_vectors_in,
    words_of,
)

LOCK_WAIT_SECONDS = 5.0
MIN_FREE_BYTES = 128 * 2**20
"""Below this nothing is written: the log and the segments grow by files of up to 32 MiB."""

_WRITE_BATCH = 256
_MANY_VIDEOS = 1_000_000
# Fewer points than this are compared one by one (in KiB of vectors, the engine's unit).
_INDEXING_THRESHOLD_KB = 20_000


class EdgeStore:
    """A store in a folder. Nothing is opened or made before the first use.

    Args:
        folder: where the index lies; made when something is written.
        embedding_model: the model whose vectors go in.
        lock_wait: seconds to wait for another process to let go of the index.
        min_free: bytes that must be free on the disk before each write.
    """

    def __init__(
        self,
        folder: Path,
        embedding_model: str,
        lock_wait: float = LOCK_WAIT_SECONDS,
        min_free: int = MIN_FREE_BYTES,
    ) -> None:
        self._folder = folder
        self._model = embedding_model
        self._lock_wait = lock_wait
        self._min_free = min_free
        # The process owns the index, whichever of its threads opens or closes it.
        self._lock = FileLock(folder.with_name(f"{folder.name}.lock"), thread_local=False)
        self._opening = threading.RLock()
        self._shard: qe.EdgeShard | None = None

    def upsert(self, points: Sequence[SegmentPoint]) -> None:
        """Write points, in batches, and flush."""
        if not points:
            return
        shard = self._open_or_create(points[0].vectors)
        for first in range(0, len(points), _WRITE_BATCH):
            self._check_room()
            batch = [_edge_point(point) for point in points[first : first + _WRITE_BATCH]]
            with _engine_errors():
                shard.update(qe.UpdateOperation.upsert_points(batch))
        with _engine_errors():
            shard.flush()

    def query(
        self,
        vectors: QueryVectors,
        plan: SearchPlan,
        limit: int = 10,
        video_ids: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments; none from an index that does not exist yet."""
        shard = self._open()
        if shard is None:
            return []
        request = _request(vectors, plan, limit, _among(video_ids))
        with _engine_errors():
            scored = shard.query(request)
        return hits_in(scored)

    def candidates(
        self,
        vectors: QueryVectors,
        legs: Sequence[Leg],
        depth: int,
        video_ids: Collection[str] = (),
    ) -> list[Candidate]:
        """What dense and bm25 find first, scored by all legs."""
        shard = self._open()
        if shard is None:
            return []
        among = _among(video_ids)
        looks = [_first_look(leg, vectors, depth, among) for leg in first_looks(legs)]
        requests = {
            leg: qe.QueryRequest(
                limit=depth * len(looks),
                query=_nearest(leg, vectors),
                prefetches=looks,
                with_payload=PLACE if leg == placing_leg(legs) else False,
            )
            for leg in legs
        }
        with _engine_errors():
            found = {leg: shard.query(request) for leg, request in requests.items()}
        return candidates_in(found)

    def idf(self, terms: Collection[int]) -> dict[int, float]:
        """How rare terms are."""
        shard = self._open()
        if shard is None:
            return dict.fromkeys(terms, 0.0)
        with _engine_errors():
            found = {term: idf_in(term, shard.query(_best_of(term))) for term in terms}
        return idf_of_all(found, self.count)

    def hits(self, scores: Mapping[Key, float]) -> list[Hit]:
        """Segments by (video id, ordinal), as hits."""
        return hits_by(self._retrieve(scores, vectors=[]), scores)

    def segments(self, keys: Collection[Key]) -> dict[Key, Segment]:
        """Segments by (video id, ordinal), in one batch."""
        return segments_in(self._retrieve(keys, vectors=[]))

    def sentence_vectors(self, keys: Collection[Key]) -> dict[Key, FloatArray]:
        """The vectors of segments' sentences, in one batch."""
        return sentence_vectors_in(self._retrieve(keys, vectors=[SENTENCES]))

    def delete(self, video_id: str, from_ordinal: int = 0) -> None:
        """Delete a video's segments from an ordinal on."""
        shard = self._open()
        if shard is None:
            return
        from_there = qe.FieldCondition("ordinal", range=qe.RangeFloat(gte=from_ordinal))
        doomed = qe.Filter(must=[_equals("video_id", video_id), from_there])
        with _engine_errors():
            shard.update(qe.UpdateOperation.delete_points_by_filter(doomed))
            shard.flush()

    def count(self, video_id: str | None = None, revision: str | None = None) -> int:
        """How many segments there are."""
        shard = self._open()
        if shard is None:
            return 0
        wanted = [("video_id", video_id), ("revision", revision)]
        must: list[Any] = [_equals(key, value) for key, value in wanted if value is not None]
        with _engine_errors():
            return shard.count(qe.CountRequest(filter=qe.Filter(must=must), exact=True))

    def video_counts(self) -> dict[str, int]:
        """How many segments each video has."""
        shard = self._open()
        if shard is None:
            return {}
        with _engine_errors():
            facets = shard.facet(qe.FacetRequest("video_id", limit=_MANY_VIDEOS, exact=True))
        # The engine also lists values of points that are gone.
        return {str(hit.value): hit.count for hit in facets.hits if hit.count}

    def clear(self) -> None:
        """Delete the index, damaged or not, unless another process uses it."""
        self.close()
        if self._folder.exists():
            with self._owning():
                shutil.rmtree(self._folder)

    def optimize(self) -> None:
        """Build the HNSW graph where there are enough points for one; blocks until it is done."""
        shard = self._open()
        if shard is not None:
            self._check_room()
            with _engine_errors():
                shard.optimize()

    def close(self) -> None:
        """Let go of the index, so that another process can use it."""
        with self._opening:
            if self._shard is not None:
                self._shard.close()
                self._shard = None
                self._lock.release()

    def _retrieve(self, keys: Collection[Key], vectors: list[str]) -> list[Any]:
        shard = self._open()
        if shard is None or not keys:
            return []
        ids: list[Any] = [point_id(segment_id(*key)) for key in keys]
        with _engine_errors():
            return shard.retrieve(ids, with_payload=True, with_vector=vectors)

    def _open(self) -> qe.EdgeShard | None:
        with self._opening:
            if self._shard is None and self._exists():
                with self._owning():
                    self._shard = self._loaded()
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

    def _open_or_create(self, vectors: SegmentVectors) -> qe.EdgeShard:
        with self._opening:
            shard = self._open()
            if shard is not None:
                return shard
            self._check_room()
            with self._owning():
                # Another process may have made it in the meantime.
                self._shard = self._loaded() or self._made(vectors)
            return self._shard

    def _loaded(self) -> qe.EdgeShard | None:
        meta = read_meta(self._meta_path)
        if meta is None:
            return None
        meta.check(self._model)
        with _engine_errors():
            return qe.EdgeShard.load(str(self._folder / "shard"))

    def _made(self, vectors: SegmentVectors) -> qe.EdgeShard:
        """Make an empty index. Its meta data come last: without them it does not exist."""
        folder = self._folder / "shard"
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            with _engine_errors():
                shard = qe.EdgeShard.create(str(folder), _config(vectors))
                for field, kind in _PAYLOAD_INDEXES.items():
                    shard.update(qe.UpdateOperation.create_field_index(field, kind))
                shard.flush()
            write_meta(self._meta_path, IndexMeta(self._model, vectors.dense.shape[0]))
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        return shard

    @contextmanager
    def _owning(self) -> Iterator[None]:
        """Be the only process that has the index, from here until `close`; not if this fails.

        The engine locks its log too, but only after it has touched other files: a second process
        that tried to open an index in use was seen to damage it.
        """
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=self._lock_wait)
            yield
        except Timeout as error:
            raise StoreLockedError(
                f"the index {self._folder} is in use by another process",
                "Wait until that one ends (a `playhead ingest` or `serve`), then try again",
            ) from error
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        finally:
            if self._shard is None:
                self._lock.release()

    @property
    def _meta_path(self) -> Path:
        return self._folder / "meta.json"

    def _check_room(self) -> None:
        there = next(folder for folder in self._meta_path.parents if folder.exists())
        free = shutil.disk_usage(there).free
        if free < self._min_free:
            raise DiskFullError(
                f"the disk of {self._folder} has {free // 2**20} MiB left, "
                f"writing the index takes {self._min_free // 2**20}",
                "Make room and run the same command again",
            )


_PAYLOAD_INDEXES = {
    "video_id": qe.PayloadSchemaType.Keyword,
    "revision": qe.PayloadSchemaType.Keyword,
    "ordinal": qe.PayloadSchemaType.Integer,
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


def _edge_point(point: SegmentPoint) -> qe.Point:
    return qe.Point(point_id(point.segment.id), _named_vectors(point.vectors), payload_of(point))


def _named_vectors(vectors: SegmentVectors) -> dict[str, Any]:
    named: dict[str, Any] = {
        DENSE: vectors.dense.tolist(),
        SENTENCES: vectors.sentences.tolist(),
        BM25: qe.SparseVector(vectors.bm25.indices, vectors.bm25.values),
    }
    if vectors.words is not None:
        named[WORDS] = rows_of(vectors.words).tolist()
    return named


def _request(
    vectors: QueryVectors, plan: SearchPlan, limit: int, among: qe.Filter | None
) -> qe.QueryRequest:
    legs = [_leg(leg, plan, vectors, among, max(CANDIDATES, limit)) for leg in plan.legs]
    if len(legs) == 1:
        return qe.QueryRequest(
            limit=limit,
            query=legs[0].query,
            prefetches=legs[0].prefetches,
            filter=legs[0].filter,
            with_payload=True,
        )
    return qe.QueryRequest(limit=limit, query=_fused_by(plan), prefetches=legs, with_payload=True)


def _fused_by(plan: SearchPlan) -> qe.Query:
    # The stub lacks a base class.
    rrf = engine_fusion(plan) == "rrf"
    return qe.Fusion.Rrf(RRF_K) if rrf else qe.Fusion.Dbsf()  # type: ignore[return-value]


def _leg(
    leg: Leg, plan: SearchPlan, vectors: QueryVectors, among: qe.Filter | None, depth: int
) -> qe.Prefetch:
    """What one leg asks of the engine."""
    if leg in (DENSE, BM25):
        return _first_look(leg, vectors, depth, among)
    looks = [_first_look(first, vectors, depth, among) for first in plan.first_looks]
    return qe.Prefetch(depth, _nearest(leg, vectors), prefetches=looks)


def _first_look(
    leg: Leg, vectors: QueryVectors, depth: int, among: qe.Filter | None
) -> qe.Prefetch:
    return qe.Prefetch(depth, _nearest(leg, vectors), filter=among)


def _nearest(leg: Leg, vectors: QueryVectors) -> qe.Query:
    if leg == BM25:
        terms = qe.SparseVector(vectors.bm25.indices, vectors.bm25.values)
        return qe.Query.Nearest(terms, using=BM25)
    if leg == WORDS:
        return qe.Query.Nearest(words_of(vectors).tolist(), using=WORDS)
    meaning = embedded(vectors).tolist()
    return qe.Query.Nearest(meaning if leg == DENSE else [meaning], using=leg)


def _best_of(term: int) -> qe.QueryRequest:
    query = qe.Query.Nearest(qe.SparseVector([term], [1.0]), using=BM25)
    return qe.QueryRequest(limit=1, query=query, with_vector=[BM25])


def _among(video_ids: Collection[str]) -> qe.Filter | None:
    if not video_ids:
        return None
    return qe.Filter(must=[qe.FieldCondition("video_id", match=qe.MatchAny(list(video_ids)))])


def _equals(key: str, value: str) -> qe.FieldCondition:
    return qe.FieldCondition(key, match=qe.MatchValue(value))


@contextmanager
def _engine_errors() -> Iterator[None]:
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
