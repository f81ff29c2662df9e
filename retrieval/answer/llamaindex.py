"""Answers as a LlamaIndex component: `PlayheadQueryEngine`."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.callbacks.base import EventContext
from llama_index.core.callbacks.schema import CBEventType, EventPayload
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index.core.settings import Settings

from playhead.links import moment_link
from playhead.timecodes import clock
from playhead.types import Answer, Citation, Passage
from retrieval.answer.answerer import Answerer
from retrieval.answer.wording import LOW_CONFIDENCE, marked_text, refusal_text
from retrieval.llamaindex import node_of


class CitedResponse(Response):
    """An answer, or a refusal: `metadata["refused"]` tells which.

    `response` is the text with its marks, which is what evaluators judge. As a string, which is
    what an agent's tool hands to its model, the citations with their links follow it.
    `[n]` is `source_nodes[n - 1]`, the segment that was cited, and `metadata["citations"][n - 1]`.
    """

    def __str__(self) -> str:
        cited = (self.metadata or {}).get("citations", [])
        lines = [_source_line(citation) for citation in cited]
        return "\n\n".join(part for part in (self.response, "\n".join(lines)) if part)


class PlayheadQueryEngine(BaseQueryEngine):
    """Answers with citations, or refuses. Errors are those of `Answerer.ask`, unchanged.

    Args:
        answerer: answers.
        video_ids: answer from these videos only; empty means all.
        callback_manager: as of every LlamaIndex component; by default the global one.
    """

    def __init__(
        self,
        answerer: Answerer,
        video_ids: Collection[str] = (),
        callback_manager: CallbackManager | None = None,
    ) -> None:
        self._answerer = answerer
        self._video_ids = video_ids
        super().__init__(callback_manager or Settings.callback_manager)

    def _get_prompt_modules(self) -> PromptMixinType:
        """None: what is asked of a model belongs to the checks of what it says."""
        return {}

    def _query(self, query_bundle: QueryBundle) -> CitedResponse:
        with self._event(query_bundle) as event:
            response = self._ask(query_bundle.query_str)
            event.on_end(payload={EventPayload.RESPONSE: response})
        return response

    async def _aquery(self, query_bundle: QueryBundle) -> CitedResponse:
        """In a thread: models compute and wait, which would hold up the event loop."""
        with self._event(query_bundle) as event:
            response = await asyncio.to_thread(self._ask, query_bundle.query_str)
            event.on_end(payload={EventPayload.RESPONSE: response})
        return response

    def _event(self, query_bundle: QueryBundle) -> AbstractContextManager[EventContext]:
        payload: dict[str, Any] = {EventPayload.QUERY_STR: query_bundle.query_str}
        return self.callback_manager.event(CBEventType.QUERY, payload=payload)

    def _ask(self, question: str) -> CitedResponse:
        return response_of(self._answerer.ask(question, self._video_ids))


def response_of(answer: Answer) -> CitedResponse:
    """An answer as LlamaIndex has it. The metadata are plain values, which JSON can hold."""
    return CitedResponse(
        response=marked_text(answer) or refusal_text(answer),
        source_nodes=_source_nodes(answer),
        metadata={
            "refused": answer.refused,
            "reason": answer.reason,
            "engine": answer.engine,
            "notice": answer.notice,
            "kind": answer.kind,
            "confidence": answer.confidence,
            "way": answer.way,
            "claims": [{"text": c.text, "citations": list(c.citations)} for c in answer.claims],
            "citations": [_citation(citation) for citation in answer.citations],
            "dropped": [asdict(dropped) for dropped in answer.dropped],
            "closest": [_citation(citation) for citation in answer.closest],
            "timings_ms": dict(answer.timings_ms),
        },
    )


def _source_nodes(answer: Answer) -> list[NodeWithScore]:
    """For each citation the segment it lies in, with the score of the passage's hit."""
    found = {
        segment.id: (passage, segment)
        for passage in answer.passages
        for segment in passage.segments
    }
    known = {(segment.video_id, segment.ordinal) for _, segment in found.values()}
    nodes = []
    for citation in answer.citations:
        passage, segment = found[citation.segment_id]
        scored = node_of(Passage(replace(passage.hit, segment=segment)), known)
        scored.node.metadata["link"] = moment_link(citation.source, citation.start)
        nodes.append(scored)
    return nodes


def _citation(citation: Citation) -> dict[str, Any]:
    return asdict(citation) | {"link": moment_link(citation.source, citation.start)}


def _source_line(citation: dict[str, Any]) -> str:
    draft = " (draft transcript: listen)" if citation["draft"] else ""
    doubt = f" ({LOW_CONFIDENCE})" if citation["doubt"] else ""
    by = f", {citation['speaker']}" if citation["speaker"] else ""
    title, at = citation["title"], clock(citation["start"])
    return f"[{citation['n']}] {title}, {at}{by}{draft}{doubt}: {citation['link']}"
