"""The default store: Qdrant Edge, the Qdrant engine inside this process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import qdrant_edge as qe

from playhead.types import Hit, Segment
from retrieval.plan import CANDIDATES, RRF_K, Leg, SearchPlan
from retrieval.store.protocol import (
    Candidate,
    FloatArray,
    QueryVectors,
    SegmentPoint,
    SegmentRecord,
    SegmentVectors,
)
from retrieval.store.schema import (
    BM25,
    DENSE,
    PLACE,
    SENTENCES,
    SPEAKERS,
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
    records_in,
    rows_of,
    segment_id,
    segments_in,
    sentence_vectors_in,
    words_of,
)
from retrieval.store.shard import ShardFolder, engine_errors

LOCK_WAIT_SECONDS = 5.0
MIN_FREE_BYTES = 128 * 2**20
"""Below this nothing is written: the log and the segments grow by files of up to 32 MiB."""

_WRITE_BATCH = 256
_MANY = 1_000_000


class EdgeStore:
    """A store in a folder, for all threads of this process. Nothing is opened before the first use.

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
        self.folder = folder
        self.embedding_model = embedding_model
        self._shard = ShardFolder(folder, embedding_model, lock_wait, min_free)
        self._kept = False

    def upsert(self, points: Sequence[SegmentPoint]) -> None:
        """Write points, in batches, and flush."""
        if not points:
            return
        with self._shard.used_to_write(points[0].vectors) as shard:
            self._index_speakers(shard)
            for first in range(0, len(points), _WRITE_BATCH):
                self._shard.check_room()
                batch = [_edge_point(point) for point in points[first : first + _WRITE_BATCH]]
                with engine_errors():
                    shard.update(qe.UpdateOperation.upsert_points(batch))
            with engine_errors():
                shard.flush()

    def revise(self, records: Sequence[SegmentRecord], revisions: Sequence[str]) -> None:
        """Replace what is stored of segments but their vectors, and flush."""
        with self._shard.used() as shard:
            if shard is None or not records:
                return
            self._shard.check_room()
            self._index_speakers(shard)
            with engine_errors():
                for record, revision in zip(records, revisions, strict=True):
                    shard.update(_revision_of(record, revision))
                shard.flush()

    def query(
        self,
        vectors: QueryVectors,
        plan: SearchPlan,
        limit: int = 10,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments; none from an index that does not exist yet."""
        with self._shard.used() as shard:
            if shard is None:
                return []
            request = _request(vectors, plan, limit, _among(video_ids, speakers))
            with engine_errors():
                scored = shard.query(request)
        return hits_in(scored)

    def candidates(
        self,
        vectors: QueryVectors,
        legs: Sequence[Leg],
        depth: int,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Candidate]:
        """What dense and bm25 find first, scored by all legs."""
        with self._shard.used() as shard:
            if shard is None:
                return []
            requests = _requests_by_leg(vectors, legs, depth, _among(video_ids, speakers))
            with engine_errors():
                found = {leg: shard.query(request) for leg, request in requests.items()}
        return candidates_in(found)

    def idf(self, terms: Collection[int]) -> dict[int, float]:
        """How rare terms are."""
        with self._shard.used() as shard:
            if shard is None:
                return dict.fromkeys(terms, 0.0)
            with engine_errors():
                found = {term: idf_in(term, shard.query(_best_of(term))) for term in terms}
        return idf_of_all(found, self.count)

    def hits(self, scores: Mapping[Key, float]) -> list[Hit]:
        """Segments by (video id, ordinal), as hits."""
        return hits_by(self._retrieve(scores, vectors=[]), scores)

    def segments(self, keys: Collection[Key]) -> dict[Key, Segment]:
        """Segments by (video id, ordinal), in one batch."""
        return segments_in(self._retrieve(keys, vectors=[]))

    def records(self, keys: Collection[Key]) -> dict[Key, SegmentRecord]:
        """Segments with their videos and revisions, in one batch."""
        return records_in(self._retrieve(keys, vectors=[]))

    def sentence_vectors(self, keys: Collection[Key]) -> dict[Key, FloatArray]:
        """The vectors of segments' sentences, in one batch."""
        return sentence_vectors_in(self._retrieve(keys, vectors=[SENTENCES]))

    def delete(self, video_id: str, from_ordinal: int = 0) -> None:
        """Delete a video's segments from an ordinal on."""
        from_there = qe.FieldCondition("ordinal", range=qe.RangeFloat(gte=from_ordinal))
        doomed = qe.Filter(must=[_equals("video_id", video_id), from_there])
        with self._shard.used() as shard, engine_errors():
            if shard is not None:
                shard.update(qe.UpdateOperation.delete_points_by_filter(doomed))
                shard.flush()

    def count(self, video_id: str | None = None, revision: str | None = None) -> int:
        """How many segments there are."""
        wanted = [("video_id", video_id), ("revision", revision)]
        must: list[Any] = [_equals(key, value) for key, value in wanted if value is not None]
        with self._shard.used() as shard, engine_errors():
            if shard is None:
                return 0
            return shard.count(qe.CountRequest(filter=qe.Filter(must=must), exact=True))

    def video_counts(self, speakers: Collection[str] = ()) -> dict[str, int]:
        """How many segments each video has."""
        return self._counts("video_id", _among((), speakers))

    def speaker_counts(self, video_ids: Collection[str] = ()) -> dict[str, int]:
        """In how many segments each speaker speaks."""
        return self._counts(SPEAKERS, _among(video_ids))

    def clear(self) -> None:
        """Delete the index, damaged or not, unless another process uses it."""
        self._shard.clear()

    def optimize(self) -> None:
        """Build the HNSW graph where there are enough points for one; blocks until it is done.

        Not while the index is kept for others: the engine lets no other thread of this process run
        meanwhile (18 s at 30,000 segments), and search is right without it.
        """
        with self._shard.used() as shard:
            if shard is not None and not self._kept:
                self._shard.check_room()
                with engine_errors():
                    shard.optimize()

    def close(self) -> None:
        """Close the index; another process can use it then, unless this one keeps it."""
        self._shard.close()

    def keep(self) -> None:
        """Own the index from here until `let_go`, whether it is open, closed or cleared.

        Raises:
            StoreLockedError: another process has it now.
        """
        self._shard.keep()
        self._kept = True

    def let_go(self) -> None:
        """Close the index and undo `keep`."""
        self._kept = False
        self._shard.let_go()

    def _counts(self, field: str, among: qe.Filter | None) -> dict[str, int]:
        """How many points there are with each value of a field that is indexed."""
        request = qe.FacetRequest(field, limit=_MANY, exact=True, filter=among)
        with self._shard.used() as shard, engine_errors():
            if shard is None or field not in shard.info().payload_schema:
                return {}
            facets = shard.facet(request)
        # The engine also lists values of points that are gone.
        return {str(hit.value): hit.count for hit in facets.hits if hit.count}

    def _index_speakers(self, shard: qe.EdgeShard) -> None:
        """Index the field where an earlier Playhead, which did not know it, made the index."""
        with engine_errors():
            if SPEAKERS in shard.info().payload_schema:
                return
        self._shard.check_room()
        with engine_errors():
            field = qe.UpdateOperation.create_field_index(SPEAKERS, qe.PayloadSchemaType.Keyword)
            shard.update(field)

    def _retrieve(self, keys: Collection[Key], vectors: list[str]) -> list[Any]:
        ids: list[Any] = [point_id(segment_id(*key)) for key in keys]
        with self._shard.used() as shard, engine_errors():
            if shard is None or not ids:
                return []
            return shard.retrieve(ids, with_payload=True, with_vector=vectors)


def _edge_point(point: SegmentPoint) -> qe.Point:
    return qe.Point(point_id(point.segment.id), _named_vectors(point.vectors), payload_of(point))


def _revision_of(record: SegmentRecord, revision: str) -> qe.UpdateOperation:
    itself = qe.HasIdCondition({point_id(record.segment.id)})
    unchanged = qe.Filter(must=[itself, _equals("revision", revision)])
    return qe.UpdateOperation.overwrite_payload_by_filter(unchanged, payload_of(record))


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


def _requests_by_leg(
    vectors: QueryVectors, legs: Sequence[Leg], depth: int, among: qe.Filter | None
) -> dict[Leg, qe.QueryRequest]:
    """For each leg, its scores of whatever the legs that search find first."""
    looks = [_first_look(leg, vectors, depth, among) for leg in first_looks(legs)]
    return {
        leg: qe.QueryRequest(
            limit=depth * len(looks),
            query=_nearest(leg, vectors),
            prefetches=looks,
            with_payload=PLACE if leg == placing_leg(legs) else False,
        )
        for leg in legs
    }


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


def _among(video_ids: Collection[str], speakers: Collection[str] = ()) -> qe.Filter | None:
    wanted = {"video_id": video_ids, SPEAKERS: speakers}
    must: list[Any] = [
        qe.FieldCondition(key, match=qe.MatchAny(list(values)))
        for key, values in wanted.items()
        if values
    ]
    return qe.Filter(must=must) if must else None


def _equals(key: str, value: str) -> qe.FieldCondition:
    return qe.FieldCondition(key, match=qe.MatchValue(value))
