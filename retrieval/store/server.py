"""The store at scale: a Qdrant server or cluster, through qdrant-client."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from qdrant_client import QdrantClient, models

from playhead.errors import PlayheadError, StoreError
from playhead.types import Hit, Segment
from retrieval.plan import CANDIDATES, RRF_K, Leg, SearchPlan
from retrieval.store.meta import IndexMeta, meta_of
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

COLLECTION = "playhead"
_WRITE_BATCH = 128
_MANY = 1_000_000
_TIMEOUT_SECONDS = 30


def connect(url: str, api_key: str | None) -> QdrantClient:
    """A client for the server at `url`; nothing is sent yet."""
    return QdrantClient(
        url=url, api_key=api_key, timeout=_TIMEOUT_SECONDS, check_compatibility=False
    )


class ServerStore:
    """A store in one collection of a Qdrant server, made at the first write.

    Args:
        client: a connected client, `QdrantClient(":memory:")` among them.
        embedding_model: the model whose vectors go in.
    """

    def __init__(self, client: QdrantClient, embedding_model: str) -> None:
        self._client = client
        self._model = embedding_model
        self._checked = False
        self._indexed = False

    def upsert(self, points: Sequence[SegmentPoint]) -> None:
        """Write points, in batches, and wait until they are applied."""
        if not points:
            return
        with _server_errors():
            if not self._exists():
                self._create(points[0].vectors)
            self._index_fields()
            for first in range(0, len(points), _WRITE_BATCH):
                batch = [_point_struct(point) for point in points[first : first + _WRITE_BATCH]]
                self._client.upsert(COLLECTION, batch, wait=True)

    def revise(self, records: Sequence[SegmentRecord], revisions: Sequence[str]) -> None:
        """Replace what is stored of segments but their vectors, in one call."""
        operations = [_revision_of(*pair) for pair in zip(records, revisions, strict=True)]
        with _server_errors():
            if operations and self._exists():
                self._index_fields()
                self._client.batch_update_points(COLLECTION, operations, wait=True)

    def query(
        self,
        vectors: QueryVectors,
        plan: SearchPlan,
        limit: int = 10,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments; none from a collection that does not exist yet."""
        request = _request(vectors, plan, limit, _among(video_ids, speakers))
        with _server_errors():
            if not self._exists():
                return []
            scored = self._client.query_points(COLLECTION, limit=limit, **request).points
        return hits_in(scored)

    def candidates(
        self,
        vectors: QueryVectors,
        legs: Sequence[Leg],
        depth: int,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Candidate]:
        """What dense and bm25 find first, scored by all legs, in one call."""
        among = _among(video_ids, speakers)
        looks = [_first_look(leg, vectors, depth, among) for leg in first_looks(legs)]
        requests = [
            models.QueryRequest(
                query=_nearest(leg, vectors),
                using=leg,
                prefetch=looks,
                limit=depth * len(looks),
                with_payload=PLACE if leg == placing_leg(legs) else False,
            )
            for leg in legs
        ]
        with _server_errors():
            if not self._exists():
                return []
            answers = self._client.query_batch_points(COLLECTION, requests)
        return candidates_in(
            {leg: answer.points for leg, answer in zip(legs, answers, strict=True)}
        )

    def idf(self, terms: Collection[int]) -> dict[int, float]:
        """How rare terms are."""
        requests = [_best_of(term) for term in terms]
        with _server_errors():
            if not requests or not self._exists():
                return dict.fromkeys(terms, 0.0)
            answers = self._client.query_batch_points(COLLECTION, requests)
        found = {t: idf_in(t, answer.points) for t, answer in zip(terms, answers, strict=True)}
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
        from_there = models.FieldCondition(key="ordinal", range=models.Range(gte=from_ordinal))
        doomed = models.Filter(must=[_equals("video_id", video_id), from_there])
        with _server_errors():
            if self._exists():
                selector = models.FilterSelector(filter=doomed)
                self._client.delete(COLLECTION, selector, wait=True)

    def count(self, video_id: str | None = None, revision: str | None = None) -> int:
        """How many segments there are."""
        wanted = [("video_id", video_id), ("revision", revision)]
        must: list[Any] = [_equals(key, value) for key, value in wanted if value is not None]
        with _server_errors():
            if not self._exists():
                return 0
            counted = self._client.count(COLLECTION, models.Filter(must=must), exact=True)
        return counted.count

    def video_counts(self, speakers: Collection[str] = ()) -> dict[str, int]:
        """How many segments each video has."""
        return self._counts("video_id", _among((), speakers))

    def speaker_counts(self, video_ids: Collection[str] = ()) -> dict[str, int]:
        """In how many segments each speaker speaks."""
        with _server_errors():
            known = self._exists() and self._client.get_collection(COLLECTION).payload_schema
        # The client's own engine has no indexes, and needs none.
        return {} if known and SPEAKERS not in known else self._counts(SPEAKERS, _among(video_ids))

    def clear(self) -> None:
        """Delete the collection."""
        with _server_errors():
            self._client.delete_collection(COLLECTION)
        self._checked = self._indexed = False

    def optimize(self) -> None:
        """Nothing to do: a server does this by itself, in the background."""

    def close(self) -> None:
        """Nothing to let go of: a server is shared."""

    def _counts(self, field: str, among: models.Filter | None) -> dict[str, int]:
        """How many points there are with each value of a field."""
        with _server_errors():
            if not self._exists():
                return {}
            facets = self._client.facet(
                COLLECTION, field, facet_filter=among, limit=_MANY, exact=True
            )
        # The engine also lists values of points that are gone.
        return {str(hit.value): hit.count for hit in facets.hits if hit.count}

    def _retrieve(self, keys: Collection[Key], vectors: list[str]) -> list[Any]:
        with _server_errors():
            if not keys or not self._exists():
                return []
            ids = [point_id(segment_id(*key)) for key in keys]
            return self._client.retrieve(COLLECTION, ids, with_payload=True, with_vectors=vectors)

    def _exists(self) -> bool:
        """Whether there is a collection; the first time also that it is ours and fits."""
        if self._checked:
            return True
        if not self._client.collection_exists(COLLECTION):
            return False
        stored = self._client.get_collection(COLLECTION).config.metadata
        meta_of(stored, f"the collection {COLLECTION!r}").check(self._model)
        self._checked = True
        return True

    def _create(self, vectors: SegmentVectors) -> None:
        dimension = vectors.dense.shape[0]
        named: dict[str, models.VectorParams] = {
            DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE),
            SENTENCES: _second_look(dimension, models.Distance.COSINE),
        }
        if vectors.words is not None:
            # A question's words are as long as they count, which a cosine would undo.
            named[WORDS] = _second_look(vectors.words.shape[1], models.Distance.DOT)
        self._client.create_collection(
            COLLECTION,
            vectors_config=named,
            sparse_vectors_config={BM25: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            metadata=asdict(IndexMeta(self._model, dimension)),
        )
        self._checked = True

    def _index_fields(self) -> None:
        """Index payloads, once: also in a collection of an earlier Playhead, which knew fewer."""
        if not self._indexed:
            for field, kind in _PAYLOAD_INDEXES.items():
                self._client.create_payload_index(COLLECTION, field, kind)
            self._indexed = True


_PAYLOAD_INDEXES = {
    "video_id": models.PayloadSchemaType.KEYWORD,
    "revision": models.PayloadSchemaType.KEYWORD,
    "ordinal": models.PayloadSchemaType.INTEGER,
    SPEAKERS: models.PayloadSchemaType.KEYWORD,
}


def _second_look(size: int, distance: models.Distance) -> models.VectorParams:
    """A multi-vector that is only ever compared over candidates: no graph for it."""
    return models.VectorParams(
        size=size,
        distance=distance,
        multivector_config=models.MultiVectorConfig(
            comparator=models.MultiVectorComparator.MAX_SIM
        ),
        hnsw_config=models.HnswConfigDiff(m=0),
        datatype=models.Datatype.FLOAT16,
        on_disk=True,
    )


def _point_struct(point: SegmentPoint) -> models.PointStruct:
    return models.PointStruct(
        id=point_id(point.segment.id),
        vector=_named_vectors(point.vectors),
        payload=payload_of(point),
    )


def _revision_of(record: SegmentRecord, revision: str) -> models.OverwritePayloadOperation:
    itself = models.HasIdCondition(has_id=[point_id(record.segment.id)])
    unchanged = models.Filter(must=[itself, _equals("revision", revision)])
    return models.OverwritePayloadOperation(
        overwrite_payload=models.SetPayload(payload=payload_of(record), filter=unchanged)
    )


def _named_vectors(vectors: SegmentVectors) -> dict[str, Any]:
    bm25 = vectors.bm25
    named: dict[str, Any] = {
        DENSE: vectors.dense.tolist(),
        SENTENCES: vectors.sentences.tolist(),
        BM25: models.SparseVector(indices=bm25.indices, values=bm25.values),
    }
    if vectors.words is not None:
        named[WORDS] = rows_of(vectors.words).tolist()
    return named


def _request(
    vectors: QueryVectors, plan: SearchPlan, limit: int, among: models.Filter | None
) -> dict[str, Any]:
    legs = [_leg(leg, plan, vectors, among, max(CANDIDATES, limit)) for leg in plan.legs]
    if len(legs) == 1:
        (only,) = legs
        return {
            "query": only.query,
            "using": only.using,
            "prefetch": only.prefetch,
            "query_filter": only.filter,
        }
    return {"query": _fused_by(plan), "prefetch": legs}


def _fused_by(plan: SearchPlan) -> models.RrfQuery | models.FusionQuery:
    if engine_fusion(plan) == "rrf":
        return models.RrfQuery(rrf=models.Rrf(k=RRF_K))
    return models.FusionQuery(fusion=models.Fusion.DBSF)


def _leg(
    leg: Leg, plan: SearchPlan, vectors: QueryVectors, among: models.Filter | None, depth: int
) -> models.Prefetch:
    """What one leg asks of the server."""
    if leg in (DENSE, BM25):
        return _first_look(leg, vectors, depth, among)
    looks = [_first_look(first, vectors, depth, among) for first in plan.first_looks]
    return models.Prefetch(query=_nearest(leg, vectors), using=leg, limit=depth, prefetch=looks)


def _first_look(
    leg: Leg, vectors: QueryVectors, depth: int, among: models.Filter | None
) -> models.Prefetch:
    return models.Prefetch(query=_nearest(leg, vectors), using=leg, limit=depth, filter=among)


def _nearest(
    leg: Leg, vectors: QueryVectors
) -> models.SparseVector | list[float] | list[list[float]]:
    if leg == BM25:
        return models.SparseVector(indices=vectors.bm25.indices, values=vectors.bm25.values)
    if leg == WORDS:
        rows: list[list[float]] = words_of(vectors).tolist()
        return rows
    meaning: list[float] = embedded(vectors).tolist()
    return meaning if leg == DENSE else [meaning]


def _best_of(term: int) -> models.QueryRequest:
    query = models.SparseVector(indices=[term], values=[1.0])
    return models.QueryRequest(query=query, using=BM25, limit=1, with_vector=[BM25])


def _among(video_ids: Collection[str], speakers: Collection[str] = ()) -> models.Filter | None:
    wanted = {"video_id": video_ids, SPEAKERS: speakers}
    must: list[Any] = [
        models.FieldCondition(key=key, match=models.MatchAny(any=list(values)))
        for key, values in wanted.items()
        if values
    ]
    return models.Filter(must=must) if must else None


def _equals(key: str, value: str) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


@contextmanager
def _server_errors() -> Iterator[None]:
    """Whatever the client raises becomes ours."""
    try:
        yield
    except PlayheadError:
        raise
    except Exception as error:
        raise StoreError(
            f"the Qdrant server does not answer as it should: {error}",
            "See that it runs where PLAYHEAD_QDRANT_URL says, and PLAYHEAD_QDRANT_API_KEY is right",
        ) from error
