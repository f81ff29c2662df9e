"""A follow-up becomes a question that stands alone, or there is none."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playhead.types import Answer, Citation, Claim
from retrieval.answer.llm.rewriter import MAX_CHARACTERS, SYSTEM_PROMPT, LlmRewriter
from retrieval.answer.llm.server import openai_compatible
from tests.hostile_server import FAULTS, SLOW, hostile
from tests.openai_server import OpenAIServer, Respond, Wire

FOLLOW_UP = "And how long in a cold oven?"
GOOD = "How long does the loaf bake in a cold oven?"


def turn(question: str, *claims: str, standalone: str | None = None) -> Answer:
    cited = tuple(Citation(n, "bread", "Bread", n, n + 1, text, "bread:0", "/bread.mp4")
                  for n, text in enumerate(claims, 1))  # fmt: skip
    said = tuple(Claim(text, (n,)) for n, text in enumerate(claims, 1))
    reason = None if claims else "no_evidence"
    return Answer(question, said, cited, not claims, reason, "llm:tiny", (), standalone=standalone)


TURNS = (turn("How long does the loaf bake?", "The loaf bakes for forty minutes at 240 degrees."),)
Rewrite = Callable[..., tuple[str | None, OpenAIServer]]


@pytest.fixture
def rewrite() -> Iterator[Rewrite]:
    """Rewrites a follow-up with the model of a server."""
    with ExitStack() as stack:

        def rewrites(
            respond: Respond, question: str = FOLLOW_UP, turns: tuple[Answer, ...] = TURNS,
            **limits: Any,
        ) -> tuple[str | None, OpenAIServer]:  # fmt: skip
            server = stack.enter_context(OpenAIServer(respond))
            limits = {"sleep": lambda _seconds: None, **limits}
            rewriter = LlmRewriter(openai_compatible(server.url, "tiny", None), **limits)
            return rewriter.standalone(question, turns), server

        yield rewrites


def test_a_follow_up_and_what_it_follows_on_are_sent(rewrite: Rewrite) -> None:
    turns = (
        turn("Zero?"), turn("One?"), turn("Two?", "It is two.", "Yes."),
        turn("And three?", standalone="What is three?"),
    )  # fmt: skip
    question, server = rewrite(lambda _request: GOOD, "And\nfour?", turns)
    assert question == GOOD
    (request,) = server.requests
    system, user = (message["content"] for message in request["messages"])
    assert system == SYSTEM_PROMPT
    lines = user.splitlines()
    assert (lines[0], lines[-1]) == ("Conversation:", "Follow-up: And four?")
    assert json.loads(lines[1]) == [
        {"question": "One?", "answer": "(no answer)"},
        {"question": "Two?", "answer": "It is two. [1] Yes. [2]"},
        {"question": "What is three?", "answer": "(no answer)"},
    ]
    assert "response_format" not in request


def test_nothing_went_before(rewrite: Rewrite) -> None:
    question, server = rewrite(lambda _request: GOOD, FOLLOW_UP, ())
    assert (question, server.requests) == (None, [])


@pytest.mark.parametrize(
    "reply",
    [
        GOOD, f"  {GOOD}\n", f'"{GOOD}"', f"“{GOOD}”\n\n", f"`{GOOD}`",
        f"<think>The loaf? {{x}}\nHm.</think>\n\n{GOOD}",
    ],
)  # fmt: skip
def test_a_question_is_taken(reply: str, rewrite: Rewrite) -> None:
    assert rewrite(lambda _request: reply)[0] == GOOD


@pytest.mark.parametrize(
    ("reply", "follow_up"),
    [
        ("Summarise the town hall in Leeds.", "Summarise it"),
        ("Wie lange backt das Brot bei Dr. Oetker?", "Und bei ihm?"),
        ("面包要烤多久？", "多久"),
        ("How long does it bake at 240 degrees?", "How long?"),
        ("How long does it bake at 250 degrees?", "And at 250?"),
    ],
)
def test_other_questions(reply: str, follow_up: str, rewrite: Rewrite) -> None:
    assert rewrite(lambda _request: reply, follow_up)[0] == reply


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n ",
        "It bakes for forty minutes.",
        "It bakes for forty minutes. Shall I go on?",
        "How long? It bakes for forty minutes?",
        "Sure! Here is the question:\nHow long does the loaf bake?",
        "How long does the loaf bake at 275 degrees?",
        "How long does the <b>loaf</b> bake?",
        "How long does the loaf [1] bake?",
        "How long, see https://example.org?",
        "javascript:alert(1)?",
        "# How long?",
        "How long does the loaf <script bake?",
        "[How long?](https://example.org)?",
        '{"question": "How long does the loaf bake?"}',
        "?",
        "```json {}```?",
        f"How {'very ' * 70}long?",
        "x" * 70_000,
        "?" * 70_000,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.UNAUTHORIZED,
        None,
    ],
)
def test_what_is_no_question_is_none(reply: Any, rewrite: Rewrite) -> None:
    assert rewrite(lambda _request: reply)[0] is None


@pytest.mark.parametrize("fault", sorted(SLOW))
def test_a_slow_model(fault: str, rewrite: Rewrite) -> None:
    assert fault in FAULTS
    started = time.monotonic()
    assert rewrite(hostile(fault), seconds=0.2)[0] is None
    assert time.monotonic() - started < 2.0


def test_what_failed_for_a_moment_is_asked_again(rewrite: Rewrite) -> None:
    replies: list[Any] = [HTTPStatus.SERVICE_UNAVAILABLE, None, GOOD]
    question, server = rewrite(lambda _request: replies.pop(0))
    assert (question, len(server.requests)) == (GOOD, 3)


def test_half_a_question_is_none(rewrite: Rewrite) -> None:
    headers = {"Content-Type": "text/event-stream", "Content-Length": "999"}
    piece = b'data: {"choices": [{"delta": {"content": "How long?"}}]}\n\n'
    assert rewrite(lambda _request: Wire([piece], headers))[0] is None


@settings(deadline=None, max_examples=40)
@given(reply=st.text(max_size=400))
def test_whatever_it_says_it_is_one_short_plain_line_or_none(reply: str) -> None:
    with OpenAIServer(lambda _request: reply) as server:
        rewriter = LlmRewriter(openai_compatible(server.url, "tiny", None))
        question = rewriter.standalone(FOLLOW_UP, TURNS)
    if question is not None:
        assert len(question.splitlines()) == 1
        assert 0 < len(question) <= MAX_CHARACTERS
        assert "<" not in question or ">" not in question
