"""The query engine as LlamaIndex uses it: an answer with its proof as nodes, a typed refusal."""

from __future__ import annotations

import asyncio
import json

import pytest
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.callbacks import CallbackManager, CBEventType, LlamaDebugHandler
from llama_index.core.evaluation import FaithfulnessEvaluator
from llama_index.core.instrumentation.events.query import QueryEndEvent
from llama_index.core.llms import MockLLM
from llama_index.core.tools import QueryEngineTool

from playhead.errors import QuestionError
from playhead.types import Segment
from retrieval.answer.answerer import Answerer
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llamaindex import CitedResponse, PlayheadQueryEngine
from retrieval.answer.wording import marked_text
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore

QUESTION = "Who sailed around the world alone?"
FOREIGN = "What is the capital of France?"


@pytest.fixture(scope="module")
def answerer(library: EdgeStore, searcher: Searcher) -> Answerer:
    return Answerer(library, searcher, ExtractiveEngine())


@pytest.fixture
def engine(answerer: Answerer) -> PlayheadQueryEngine:
    return PlayheadQueryEngine(answerer)


def ask(engine: BaseQueryEngine, question: str) -> CitedResponse:
    response = engine.query(question)
    assert isinstance(response, CitedResponse)
    return response


def test_the_answer_is_ours(engine: BaseQueryEngine, answerer: Answerer) -> None:
    response, answer = ask(engine, QUESTION), answerer.ask(QUESTION)
    assert response.response == marked_text(answer)
    metadata = response.metadata or {}
    assert (metadata["refused"], metadata["reason"]) == (False, None)
    assert metadata["engine"] == "extractive"
    assert [(c["text"], tuple(c["citations"])) for c in metadata["claims"]] == [
        (claim.text, claim.citations) for claim in answer.claims
    ]
    cited = [(c["n"], c["segment_id"], c["start"], c["quote"]) for c in metadata["citations"]]
    assert cited == [(c.n, c.segment_id, c.start, c.quote) for c in answer.citations]
    json.dumps(metadata)


def test_mark_n_is_the_nth_source_node(engine: BaseQueryEngine, spoken: dict[str, Segment]) -> None:
    for question in (QUESTION, "When is the salt added?", "How long does the loaf bake?"):
        response = ask(engine, question)
        citations = (response.metadata or {})["citations"]
        assert citations
        for citation, node in zip(citations, response.source_nodes, strict=True):
            assert node.node_id == citation["segment_id"]
            assert node.text == spoken[node.node_id].text
            assert citation["quote"] in node.text
            # A click lands on the first word of the evidence.
            assert node.metadata["link"] == citation["link"]
            start = float(node.metadata["link"].rpartition("#t=")[2])
            assert start == pytest.approx(citation["start"], abs=0.01)
            assert node.score is not None


def test_as_a_string_the_sources_follow(engine: BaseQueryEngine) -> None:
    response = ask(engine, QUESTION)
    first, *lines = str(response).split("\n")
    assert first == response.response
    assert lines == [
        "",
        "[1] How to sail, 1:00 (draft transcript: listen): file:///videos/How%20to%20sail.mp4#t=60",
        "[2] How to sail, 1:10 (draft transcript: listen): file:///videos/How%20to%20sail.mp4#t=70",
    ]


def test_a_refusal_is_typed(engine: BaseQueryEngine) -> None:
    response = ask(engine, FOREIGN)
    metadata = response.metadata or {}
    assert (metadata["refused"], metadata["reason"]) == (True, "no_evidence")
    assert metadata["claims"] == metadata["citations"] == response.source_nodes == []
    assert str(response) == response.response == "The videos do not answer this."


def test_answers_from_chosen_videos(answerer: Answerer) -> None:
    bread_only = ask(PlayheadQueryEngine(answerer, ["bread"]), QUESTION)
    assert (bread_only.metadata or {})["refused"]


def test_async_gives_the_same(engine: BaseQueryEngine) -> None:
    async def both() -> list[object]:
        return await asyncio.gather(engine.aquery(QUESTION), engine.aquery(FOREIGN))

    assert [str(response) for response in asyncio.run(both())] == [
        str(engine.query(QUESTION)),
        str(engine.query(FOREIGN)),
    ]


def test_errors_pass_through_unchanged(engine: BaseQueryEngine) -> None:
    with pytest.raises(QuestionError):
        engine.query("")
    with pytest.raises(QuestionError):
        asyncio.run(engine.aquery(" "))


def test_as_a_tool_the_model_reads_the_links(engine: BaseQueryEngine) -> None:
    output = QueryEngineTool.from_defaults(engine).call(QUESTION)
    assert "[1] How to sail, 1:00" in output.content
    assert isinstance(output.raw_output, CitedResponse)


def test_an_evaluator_judges_the_words_alone(engine: BaseQueryEngine) -> None:
    response = ask(engine, QUESTION)
    evaluator = FaithfulnessEvaluator(llm=MockLLM())
    verdict = asyncio.run(evaluator.aevaluate_response(response=response))
    assert verdict.response == response.response
    assert verdict.contexts == [node.text for node in response.source_nodes]


def test_callbacks_and_instrumentation(answerer: Answerer) -> None:
    debug = LlamaDebugHandler(print_trace_on_end=False)
    engine = PlayheadQueryEngine(answerer, callback_manager=CallbackManager([debug]))
    response = ask(engine, QUESTION)
    asyncio.run(engine.aquery(FOREIGN))
    pairs = debug.get_event_pairs(CBEventType.QUERY)
    assert [start.payload for start, _ in pairs] == [
        {"query_str": QUESTION},
        {"query_str": FOREIGN},
    ]
    assert pairs[0][1].payload == {"response": response}
    assert QueryEndEvent(query=QUESTION, response=response).response is response
