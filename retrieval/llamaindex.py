"""Search as a LlamaIndex component: `PlayheadRetriever`.

A node is a segment: its id is the segment's, its metadata say where in which video it was said, and
its relationships lead to the video and to what was said before and after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Container, Iterator
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    ObjectType,
    QueryBundle,
    RelatedNodeInfo,
    RelatedNodeType,
    TextNode,
)
from llama_index.core.settings import Settings

from playhead.links import moment_link
from playhead.types import Passage
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.speakers import speakers_of
from retrieval.store.protocol import Store
from retrieval.store.schema import Key, segment_id
from retrieval.units import doubt_of

# A language model sees whose words these are and the link that plays them; an embedding model
# sees the title. The rest is for programs.
_FOR_PROGRAMS = ["video_id", "source", "ordinal", "start", "end", "draft"]
_NOT_TO_EMBED = [*_FOR_PROGRAMS, "link", "doubt"]


class PlayheadRetriever(BaseRetriever):
    """Retrieves segments, or passages, as nodes.

    Only `query_str` of a query bundle is searched for: the index embeds it itself. Errors are
    those of `Searcher.search`, unchanged.

    Args:
        store: the index.
        searcher: searches that store.
        limit: at most so many nodes, at least 1.
        neighbours: how many segments before and after each hit its node also holds. With 1 or
            more, nodes are passages: those that overlap become one, with the best hit's id.
        video_ids: search these videos only; empty means all.
        callback_manager: as of every LlamaIndex component; by default the global one.

    Raises:
        ValueError: `limit` or `neighbours` is too small.
    """

    def __init__(
        self,
        store: Store,
        searcher: Searcher,
        limit: int = 10,
        *,
        neighbours: int = 0,
        video_ids: Collection[str] = (),
        callback_manager: CallbackManager | None = None,
    ) -> None:
        if limit < 1 or neighbours < 0:
            raise ValueError(
                f"limit is {limit}, at least 1 is allowed; neighbours is {neighbours}, at least 0"
            )
        self._store = store
        self._searcher = searcher
        self._limit = limit
        self._neighbours = neighbours
        self._video_ids = video_ids
        super().__init__(callback_manager or Settings.callback_manager)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self._nodes(query_bundle.query_str)

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """In a thread: the model computes, which would hold up the event loop."""
        return await asyncio.to_thread(self._nodes, query_bundle.query_str)

    def _nodes(self, question: str) -> list[NodeWithScore]:
        hits = self._searcher.search(question, limit=self._limit, video_ids=self._video_ids)
        passages = (
            passages_of(hits, self._store, self._neighbours)
            if self._neighbours
            else [Passage(hit) for hit in hits]
        )
        around = {key for passage in passages for key in _around(passage)}
        known = self._store.segments(around).keys()
        return [node_of(passage, known) for passage in passages]


def node_of(passage: Passage, known: Container[Key]) -> NodeWithScore:
    """A passage as a node, with the id and the score of its hit.

    Args:
        passage: what was found; one segment, where it has no neighbours.
        known: segments that exist; of those before and after the passage, these are named.
    """
    node = TextNode(
        id_=passage.hit.segment.id,
        text=passage.text,
        metadata=_metadata(passage),
        relationships=dict(_relationships(passage, known)),
        excluded_llm_metadata_keys=_FOR_PROGRAMS,
        excluded_embed_metadata_keys=_NOT_TO_EMBED,
    )
    return NodeWithScore(node=node, score=passage.hit.score)


def _metadata(passage: Passage) -> dict[str, Any]:
    """Flat, as vector stores want it; `speakers` only where any are named, `doubt` only if any.

    `start` and `end` are the text's, `link` plays the hit.
    """
    video = passage.hit.video
    sentences = [sentence for segment in passage.segments for sentence in segment.sentences]
    told = {"speakers": ", ".join(speakers_of(sentences)), "doubt": doubt_of(sentences)}
    return {
        "video_id": video.id,
        "title": video.title,
        **{name: value for name, value in told.items() if value},
        "link": moment_link(video.source, passage.hit.segment.start),
        "source": video.source,
        "ordinal": passage.hit.segment.ordinal,
        "start": passage.start,
        "end": passage.end,
        "draft": video.draft,
    }


def _relationships(
    passage: Passage, known: Container[Key]
) -> Iterator[tuple[NodeRelationship, RelatedNodeType]]:
    video_id = passage.hit.segment.video_id
    yield (
        NodeRelationship.SOURCE,
        RelatedNodeInfo(node_id=video_id, node_type=ObjectType.DOCUMENT),
    )
    before, after = _around(passage)
    if before in known:
        yield NodeRelationship.PREVIOUS, _related(segment_id(*before))
    if after in known:
        yield NodeRelationship.NEXT, _related(segment_id(*after))
    if len(passage.segments) > 1:
        yield NodeRelationship.CHILD, [_related(segment.id) for segment in passage.segments]


def _around(passage: Passage) -> tuple[Key, Key]:
    """The keys of the segments before and after a passage, whether there are any or not."""
    first, last = passage.segments[0], passage.segments[-1]
    return (first.video_id, first.ordinal - 1), (last.video_id, last.ordinal + 1)


def _related(identity: str) -> RelatedNodeInfo:
    return RelatedNodeInfo(node_id=identity, node_type=ObjectType.TEXT)
