"""The retriever as LlamaIndex uses it: nodes that say where they were said, on both stores."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import pytest
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager, CBEventType, LlamaDebugHandler
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.events import BaseEvent
from llama_index.core.instrumentation.events.retrieval import RetrievalEndEvent, RetrievalStartEvent
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores.utils import node_to_metadata_dict
from pydantic import PrivateAttr

from playhead.errors import QuestionError, StoreError
from playhead.types import Sentence
from retrieval.index import SegmentIndexer
from retrieval.llamaindex import PlayheadRetriever
from retrieval.search import Searcher
from retrieval.store.protocol import FloatArray, Store
from tests.fakes import HashEmbedder, segments, video

BREAD = segments("bread", "Flour and water.", "Salt and yeast.", "Knead it.", "Bake until brown.")
BREAD_VIDEO = video("bread", "Bread", source="https://youtu.be/bread")
MEETING = [
    replace(
        segment,
        sentences=tuple(
            Sentence(text, segment.start + n, segment.start + n + 1, speaker=speaker)
            for n, (speaker, text) in enumerate(
                [("Ann", "A budget."), (None, "Hm."), ("Bo", "No.")]
            )
        ),
    )
    for segment in segments("meeting", "one")
]
MEETING_VIDEO = video("meeting", "Meeting", engine="pocketsphinx")


@pytest.fixture
def filled(store: Store) -> Store:
    """Two talks, in a store of each kind."""
    indexer = SegmentIndexer(store, HashEmbedder())
    indexer.index(BREAD_VIDEO, BREAD)
    indexer.index(MEETING_VIDEO, MEETING)
    return store


@pytest.fixture
def searcher(filled: Store) -> Searcher:
    return Searcher(filled, HashEmbedder())


@pytest.fixture
def retriever(filled: Store, searcher: Searcher) -> PlayheadRetriever:
    return PlayheadRetriever(filled, searcher)


def one(nodes: Sequence[NodeWithScore], identity: str) -> NodeWithScore:
    (found,) = [node for node in nodes if node.node_id == identity]
    return found


def test_a_node_is_a_segment_and_says_where_it_was_said(retriever: BaseRetriever) -> None:
    nodes = retriever.retrieve("salt and yeast")
    best = nodes[0]
    assert best.node_id == "bread:1"
    assert best.text == "Salt and yeast."
    assert best.metadata == {
        "video_id": "bread",
        "title": "Bread",
        "link": "https://youtu.be/bread?t=20s",
        "source": "https://youtu.be/bread",
        "ordinal": 1,
        "start": 20.0,
        "end": 40.0,
        "draft": False,
    }
    scores = [node.get_score(raise_error=True) for node in nodes]
    assert scores == sorted(scores, reverse=True)


def test_it_finds_what_search_finds(retriever: BaseRetriever, searcher: Searcher) -> None:
    for question in ("knead it", "a budget", "until the water is brown"):
        found = [(node.node_id, node.score) for node in retriever.retrieve(question)]
        assert found == [(hit.segment.id, hit.score) for hit in searcher.search(question)]


def test_relationships_lead_to_the_neighbours_that_exist(retriever: BaseRetriever) -> None:
    nodes = retriever.retrieve("flour water salt knead bake brown")
    first, second, last = (one(nodes, f"bread:{n}").node for n in (0, 1, 3))
    assert (second.source_node and second.source_node.node_id) == "bread"
    assert (second.prev_node and second.prev_node.node_id) == "bread:0"
    assert (second.next_node and second.next_node.node_id) == "bread:2"
    assert (first.prev_node, last.next_node) == (None, None)
    assert second.child_nodes is None


def test_speakers_are_named_where_captions_name_them(retriever: BaseRetriever) -> None:
    node = one(retriever.retrieve("a budget"), "meeting:0")
    assert node.metadata["speakers"] == "Ann, Bo"
    assert node.metadata["draft"] is True


def test_with_neighbours_nodes_are_passages(filled: Store, searcher: Searcher) -> None:
    retriever = PlayheadRetriever(filled, searcher, 1, neighbours=1)
    (node,) = retriever.retrieve("salt and yeast")
    assert node.node_id == "bread:1"
    assert node.text == "Flour and water. Salt and yeast. Knead it."
    assert (node.metadata["start"], node.metadata["end"]) == (0.0, 60.0)
    # A click plays what was found, not what was said before it.
    assert node.metadata["link"] == "https://youtu.be/bread?t=20s"
    children = node.node.child_nodes or []
    assert [child.node_id for child in children] == ["bread:0", "bread:1", "bread:2"]
    assert node.node.prev_node is None
    assert (node.node.next_node and node.node.next_node.node_id) == "bread:3"


def test_limit_and_videos(filled: Store, searcher: Searcher) -> None:
    assert len(PlayheadRetriever(filled, searcher, 2).retrieve("flour salt knead bake")) == 2
    of_one = PlayheadRetriever(filled, searcher, video_ids=["meeting"])
    assert [node.node_id for node in of_one.retrieve("flour and a budget")] == ["meeting:0"]


@pytest.mark.parametrize(("limit", "neighbours"), [(0, 0), (-1, 1), (5, -1)])
def test_arguments_that_cannot_be(
    store: Store, searcher: Searcher, limit: int, neighbours: int
) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        PlayheadRetriever(store, searcher, limit, neighbours=neighbours)


def test_an_empty_index_gives_no_nodes(store: Store) -> None:
    assert PlayheadRetriever(store, Searcher(store, HashEmbedder())).retrieve("anything") == []


def test_async_gives_the_same(retriever: BaseRetriever) -> None:
    questions = ["salt", "flour", "a budget", "knead it"] * 5

    async def ask() -> list[list[NodeWithScore]]:
        return await asyncio.gather(*(retriever.aretrieve(question) for question in questions))

    assert asyncio.run(ask()) == [retriever.retrieve(question) for question in questions]


class WaitingEmbedder(HashEmbedder):
    """Embeds once it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Event()

    def encode(self, texts: Sequence[str]) -> FloatArray:
        assert self.told.wait(timeout=5)
        return super().encode(texts)


def test_async_leaves_the_event_loop_free(filled: Store) -> None:
    embedder = WaitingEmbedder()
    retriever = PlayheadRetriever(filled, Searcher(filled, embedder))

    async def ask() -> list[NodeWithScore]:
        asyncio.get_running_loop().call_soon(embedder.told.set)
        return await retriever.aretrieve("salt")

    assert asyncio.run(ask())[0].node_id == "bread:1"


def test_errors_pass_through_unchanged(
    retriever: BaseRetriever, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(QuestionError):
        retriever.retrieve("  ")
    with pytest.raises(QuestionError):
        asyncio.run(retriever.aretrieve("x" * 3_000))

    class Broken(HashEmbedder):
        def encode(self, texts: Sequence[str]) -> FloatArray:
            raise StoreError("it is broken")

    broken = PlayheadRetriever(filled, Searcher(filled, Broken()))
    with pytest.raises(StoreError, match="it is broken"):
        broken.retrieve("salt")


def test_what_a_model_sees_of_a_node(retriever: BaseRetriever) -> None:
    node = one(retriever.retrieve("a budget"), "meeting:0").node
    said = "A budget. Hm. No."
    about = "title: Meeting\nspeakers: Ann, Bo\n"
    link = "link: file:///videos/Meeting.mp4#t=0\n"
    assert node.get_content(MetadataMode.LLM) == f"{about}{link}\n{said}"
    assert node.get_content(MetadataMode.EMBED) == f"{about}\n{said}"
    assert node.get_content(MetadataMode.NONE) == said


def test_nodes_survive_json_and_vector_stores(retriever: BaseRetriever) -> None:
    for found in retriever.retrieve("salt and a budget"):
        assert TextNode.from_json(found.node.to_json()) == found.node
        json.dumps(node_to_metadata_dict(found.node, flat_metadata=True))


def test_in_a_query_engine_of_llamaindex(retriever: BaseRetriever) -> None:
    """Offline: neither a tokenizer nor sentence data are fetched."""
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    response = engine.query("salt and yeast")
    assert response.source_nodes[0].node_id == "bread:1"
    # The mock repeats its prompt.
    assert "link: https://youtu.be/bread?t=20s\n\nSalt and yeast." in str(response)


class Recorder(BaseEventHandler):
    """Keeps the events that it hears of."""

    _events: list[BaseEvent] = PrivateAttr(default_factory=list)

    def handle(self, event: BaseEvent, **_: object) -> None:
        self._events.append(event)


@contextmanager
def recorded() -> Iterator[list[BaseEvent]]:
    recorder, root = Recorder(), get_dispatcher()
    root.add_event_handler(recorder)
    try:
        yield recorder._events
    finally:
        root.event_handlers.remove(recorder)


def test_callbacks_and_instrumentation(filled: Store, searcher: Searcher) -> None:
    debug = LlamaDebugHandler(print_trace_on_end=False)
    retriever = PlayheadRetriever(filled, searcher, callback_manager=CallbackManager([debug]))
    with recorded() as events:
        found = retriever.retrieve(QueryBundle("salt"))
    assert [type(event) for event in events] == [RetrievalStartEvent, RetrievalEndEvent]
    assert events[1].nodes == found  # type: ignore[attr-defined]
    ((start, end),) = debug.get_event_pairs(CBEventType.RETRIEVE)
    assert start.payload == {"query_str": "salt"}
    assert end.payload == {"nodes": found}
