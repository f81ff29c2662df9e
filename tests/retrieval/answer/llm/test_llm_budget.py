"""The passages fit the model's context: the weakest go, the order stays, no byte too many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.types import Segment, Sentence
from retrieval.answer.engine import Kind, Task, Way
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llm.budget import (
    BYTES_PER_TOKEN,
    REPLY_TOKENS,
    TEMPLATE_TOKENS,
    fitting,
    request_tokens,
)
from retrieval.answer.llm.engine import LlmEngine
from retrieval.answer.llm.prompt import prompt, rules, sentence_ids
from retrieval.answer.llm.server import openai_compatible
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import reply_schema
from tests.fakes import video
from tests.hostile_server import PROOF, TRUTHS, hostile
from tests.openai_server import Request, sentences_of
from tests.retrieval.answer.llm.conftest import Serve, outcome_of

RESERVED = TEMPLATE_TOKENS + REPLY_TOKENS


def unit(text: str, score: float, passage: int = 0, position: int = 0) -> Evidence:
    sentence = Sentence(text, 0.0, 1.0)
    segment = Segment("talk:0", "talk", 0, 0.0, 1.0, (sentence,))
    return Evidence((sentence,), segment, video("talk", "A talk"), score, passage, position)


def tokens(task: Task, way: Way, evidence: tuple[Evidence, ...]) -> int:
    """What a request takes, written once more."""
    sentences = sentence_ids(evidence)
    system = rules(way, reply_schema(list(sentences)))
    user = prompt(task.question, task.kind, sentences)
    size = len(system.encode()) + len(user.encode())
    return (size + 2) // 3 + RESERVED


def test_three_bytes_are_a_token() -> None:
    assert request_tokens([]) == RESERVED
    assert [request_tokens(["x" * n]) - RESERVED for n in (1, 3, 4, 6)] == [1, 1, 2, 2]
    assert request_tokens(["ö", "字"]) == RESERVED + 2
    assert request_tokens(["\ud800"]) == RESERVED + 1
    assert BYTES_PER_TOKEN == 3


def test_what_fits_exactly_is_kept_and_a_byte_more_is_not(
    serve: Serve, task: Task, checker: Any
) -> None:
    server = serve(hostile("none", *TRUTHS.values()))
    model = openai_compatible(server.url, "tiny", None)

    def sent(question: str, context: int) -> list[str]:
        engine = LlmEngine(model, "llm:tiny", checker, ExtractiveEngine(), context=context)
        outcome_of(engine.draft(replace(task, question=question)))
        return list(sentences_of(server.requests[-1]).values())

    every = [unit.text for unit in task.evidence]
    room = tokens(task, "schema", task.evidence)
    # The question is made longer until the next byte begins another token.
    question = next(
        task.question + "?" * n
        for n in range(3)
        if tokens(replace(task, question=task.question + "?" * (n + 1)), "schema", task.evidence)
        > room
    )
    assert sent(question, room) == every
    assert sent(question + "?", room) != every
    assert sent(question, room - 1) != every
    assert PROOF in sent(question, room - 1)


def test_the_described_form_takes_room_too(serve: Serve, task: Task, checker: Any) -> None:
    server = serve(hostile("rejects every form", TRUTHS["the sentence"]))
    model = openai_compatible(server.url, "tiny", None)
    room = tokens(task, "text", task.evidence) - 20
    assert tokens(task, "schema", task.evidence) < room
    engine = LlmEngine(model, "llm", checker, ExtractiveEngine(), context=room)
    outcome_of(engine.draft(task))

    def size(request: Request) -> int:
        return request_tokens([message["content"] for message in request["messages"]])

    assert [size(request) <= room for request in server.requests] == [True] * 3
    first, _, last = (list(sentences_of(request).values()) for request in server.requests)
    assert len(first) == len(task.evidence)
    assert len(last) < len(first)
    assert PROOF in last


def test_whole_passages_go_first_and_then_units_of_the_last() -> None:
    evidence = (
        unit("a" * 30, 0.9, 0, 0),
        unit("b" * 30, 0.1, 0, 1),
        unit("c" * 30, 0.8, 1, 0),
        unit("d" * 30, 0.7, 1, 1),
    )

    def kept(kind: Kind, units: int) -> str:
        chosen = fitting(Task("?", evidence, kind), lambda part: len(part) <= units)
        return "".join(unit.text[0] for unit in chosen)

    assert [kept("moment", n) for n in range(5)] == ["", "a", "ab", "ab", "abcd"]
    assert [kept("summary", n) for n in range(5)] == ["", "a", "ac", "acd", "abcd"]
    assert [kept("mentions", n) for n in range(5)] == ["", "a", "ac", "acd", "abcd"]


units = st.builds(
    unit,
    text=st.text(st.sampled_from('ab ö字"\\\n\u2028😀'), max_size=40),
    score=st.floats(-1, 1),
    passage=st.integers(0, 4),
    position=st.integers(0, 50),
)


@given(
    evidence=st.lists(units, min_size=1, max_size=25),
    kind=st.sampled_from(["moment", "summary", "mentions"]),
    way=st.sampled_from(["schema", "text"]),
    context=st.integers(RESERVED, RESERVED + 2500),
)
def test_never_too_much_in_order_and_the_best_of_it(
    evidence: list[Evidence], kind: Kind, way: Way, context: int
) -> None:
    evidence.sort(key=lambda unit: unit.passage)
    task = Task("How long?", tuple(evidence), kind)
    kept = fitting(task, lambda part: tokens(task, way, part) <= context)
    places = [n for n, unit in enumerate(evidence) if any(unit is other for other in kept)]
    assert [evidence[n] for n in places] == list(kept)
    best = max(evidence, key=lambda unit: unit.score)
    if not kept:
        assert tokens(task, way, (best,)) > context
        return
    assert tokens(task, way, kept) <= context
    assert any(unit is best for unit in kept)
    left = [unit for unit in evidence if all(unit is not other for other in kept)]
    if kind != "moment" and left:
        assert max(unit.score for unit in left) <= min(unit.score for unit in kept)
    if kind == "moment" and len({unit.passage for unit in kept}) > 1:
        assert not {unit.passage for unit in left} & {unit.passage for unit in kept}


@pytest.mark.parametrize("kind", ["moment", "summary"])
def test_much_is_cut_quickly(kind: Kind) -> None:
    evidence = tuple(unit("x" * 80, n % 97, n // 50, n % 50) for n in range(2000))
    task = Task("?", evidence, kind)
    calls: list[int] = []

    def fits(part: tuple[Evidence, ...]) -> bool:
        calls.append(len(part))
        return len(part) <= 60

    assert 50 <= len(fitting(task, fits)) <= 60
    assert len(calls) < 30
