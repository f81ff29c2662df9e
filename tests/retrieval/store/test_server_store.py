"""What the store on a server promises beyond the contract: errors that say where to look."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from qdrant_client import QdrantClient, models

from playhead.errors import StoreError
from retrieval.bm25 import query_terms
from retrieval.plan import PLANS
from retrieval.store.protocol import QueryVectors, Store
from retrieval.store.server import COLLECTION, ServerStore, connect
from tests.fakes import HashEmbedder, points, segments, video

QUESTION = QueryVectors(HashEmbedder().encode(["x"])[0], query_terms("x"))


@pytest.fixture(scope="module")
def nowhere() -> str:
    """An address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.count(),
        lambda store: store.clear(),
        lambda store: store.delete("v"),
        lambda store: store.segments([("v", 0)]),
        lambda store: store.upsert(points(video("v"), segments("v", "One thing was said."))),
        lambda store: store.query(QUESTION, PLANS["dense"]),
        lambda store: store.candidates(QUESTION, ("dense", "bm25"), 10),
        lambda store: store.idf(QUESTION.bm25.indices),
        lambda store: store.hits({("v", 0): 1.0}),
        lambda store: store.speaker_counts(),
    ],
)
def test_a_server_that_is_not_there(use: Callable[[Store], object], nowhere: str) -> None:
    client = connect(nowhere, None)
    with pytest.raises(StoreError, match="PLAYHEAD_QDRANT_URL") as caught:
        use(ServerStore(client, "hash"))
    assert len(str(caught.value).splitlines()) == 1
    client.close()


def test_a_collection_of_somebody_else_is_left_alone() -> None:
    client = QdrantClient(":memory:")
    size = models.VectorParams(size=4, distance=models.Distance.DOT)
    client.create_collection(COLLECTION, vectors_config=size)
    store = ServerStore(client, "hash")
    for use in (store.count, lambda: store.upsert(points(video("v"), segments("v", "Hello.")))):
        with pytest.raises(StoreError, match="not an index of Playhead's"):
            use()
    assert client.count(COLLECTION).count == 0
    client.close()


def test_a_point_of_somebody_else_is_named_not_guessed_at(qdrant: QdrantClient) -> None:
    store = ServerStore(qdrant, "hash")
    (point,) = points(video("v"), segments("v", "One thing was said."))
    store.upsert([point])
    qdrant.overwrite_payload(COLLECTION, {"video_id": "v"}, models.Filter())
    with pytest.raises(StoreError, match=r"Playhead did not write.*playhead library reindex"):
        store.query(QUESTION, PLANS["dense"])
    with pytest.raises(StoreError, match=r"Playhead did not write.*playhead library reindex"):
        store.candidates(QUESTION, ("dense", "bm25"), 10)


def test_more_points_than_one_batch(qdrant: QdrantClient) -> None:
    store = ServerStore(qdrant, "hash")
    store.upsert(points(video("v"), segments("v", *[f"Number {n} was said." for n in range(300)])))
    assert store.count("v") == 300
    assert len(store.segments([("v", n) for n in range(300)])) == 300


class Indexing(QdrantClient):
    """As a server, it counts only by fields that are indexed; the client's engine counts by any."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.indexed: dict[str, Any] = {}

    def create_payload_index(self, collection: str, field: str, kind: Any) -> Any:
        self.indexed[field] = models.PayloadIndexInfo(data_type=kind, points=0)

    def get_collection(self, collection: str) -> models.CollectionInfo:
        about = super().get_collection(collection)
        return about.model_copy(update={"payload_schema": self.indexed})

    def facet(self, collection: str, key: str, **options: Any) -> Any:
        assert key in self.indexed
        return super().facet(collection, key, **options)


def test_a_collection_of_an_earlier_playhead_is_indexed_by_speaker_when_it_is_written() -> None:
    with closing(Indexing()) as client:
        (segment,) = segments("v", "One thing was said.")
        said = replace(segment.sentences[0], speaker="Ann")
        ServerStore(client, "hash").upsert(points(video("v"), [segment]))
        del client.indexed["speakers"]
        store = ServerStore(client, "hash")
        assert (store.speaker_counts(), store.video_counts()) == ({}, {"v": 1})
        store.upsert(points(video("v"), [replace(segment, sentences=(said,))]))
        assert store.speaker_counts() == {"Ann": 1}
