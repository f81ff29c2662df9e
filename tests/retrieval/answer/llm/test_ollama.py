"""Ollama, by its own protocol: the schema, the length of the context, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

import pytest

from retrieval.answer.checks.claims import Checker
from retrieval.answer.engine import Task
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llm.engine import LlmEngine
from retrieval.answer.llm.server import ollama
from tests.hostile_server import PROOF, TRUE, TRUTHS, hostile
from tests.ollama_server import OllamaServer, line
from tests.openai_server import Request, Wire, sentences_of
from tests.retrieval.answer.llm.conftest import Outcome, outcome_of

honest = hostile("none", TRUTHS["the sentence"])
Ask = Callable[..., tuple[Outcome, OllamaServer]]


@pytest.fixture
def ask(task: Task, checker: Checker) -> Iterator[Ask]:
    """Drafts an answer with a model that Ollama serves."""
    with ExitStack() as stack:

        def asks(respond: Callable[[Request], Any], **limits: Any) -> tuple[Outcome, OllamaServer]:
            server = stack.enter_context(OllamaServer(respond))
            limits = {"sleep": lambda _seconds: None, **limits}
            model = ollama(f"{server.url}/v1", "tiny", 4096)
            engine = LlmEngine(model, "llm:tiny", checker, ExtractiveEngine(), **limits)
            return outcome_of(engine.draft(task)), server

        yield asks


def test_the_schema_and_the_context_are_sent(ask: Ask) -> None:
    outcome, server = ask(honest)
    (request,) = server.requests
    assert [claim.text for claim in outcome.shown] == [TRUE]
    assert (outcome.drafted.way, outcome.drafted.notice) == ("schema", None)
    cited = request["format"]["properties"]["claims"]["items"]["properties"]["evidence"]["items"]
    assert cited["properties"]["sentence"]["enum"] == list(sentences_of(request))
    assert request["options"] == {"temperature": 0.0, "num_ctx": 4096}
    assert (request["model"], request["stream"]) == ("tiny", True)


@pytest.mark.parametrize(("taken", "way"), [(["json"], "json"), ([], "text")])
def test_an_older_one_is_asked_for_less(taken: list[Any], way: str, ask: Ask) -> None:
    def respond(request: Request) -> Any:
        form = request.get("format")
        return HTTPStatus.BAD_REQUEST if form and form not in taken else honest(request)

    outcome, server = ask(respond)
    assert ([claim.text for claim in outcome.shown], outcome.drafted.way) == ([TRUE], way)
    assert "JSON schema" in server.requests[-1]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("response", "what", "requests"),
    [
        (HTTPStatus.NOT_FOUND, 'HTTP 404 Not Found: "told to say 404"', 3),
        (HTTPStatus.SERVICE_UNAVAILABLE, "HTTP 503 Service Unavailable", 3),
        (HTTPStatus.UNAUTHORIZED, "HTTP 401 Unauthorized", 1),
        (None, "the connection broke off", 3),
        (Wire([b'{"error": "out of memory"}\n']), 'an error: "out of memory"', 1),
        (Wire([b"{oops\n"]), "its reply could not be read", 1),
        (Wire([b"[1]\n"]), "its reply could not be read", 1),
        (Wire([b"\xff\xfe\n"]), "its reply could not be read", 1),
        (Wire([]), "its reply was not of the form asked for", 1),
        (Wire([b"x" * 600_000]), "its reply is too long", 1),
    ],
    ids=str,
)
def test_what_goes_wrong(response: Any, what: str, requests: int, ask: Ask) -> None:
    outcome, server = ask(lambda _request: response)
    assert (outcome.drafted.engine, outcome.shown[0].text) == ("extractive", PROOF)
    assert f"(tiny at {server.url}: {what}" in (outcome.drafted.notice or "")
    assert len(server.requests) == requests


def test_a_hang(ask: Ask) -> None:
    outcome, _ = ask(lambda _request: Wire([60.0], None), seconds=0.2)
    assert "it took too long" in (outcome.drafted.notice or "")


def test_a_model_that_thinks_aloud_first(ask: Ask) -> None:
    def respond(request: Request) -> Wire:
        thought = line(request, "").replace('"content"', '"thinking": "Hm, {}", "content"')
        said = [line(request, char) for char in str(honest(request))]
        return Wire([text.encode() for text in [thought, *said]])

    outcome, _ = ask(respond)
    assert [claim.text for claim in outcome.shown] == [TRUE]


def test_a_reply_as_one_document(ask: Ask) -> None:
    def respond(request: Request) -> Any:
        if request["stream"]:
            return Wire([line(request, "x").encode()], {"Content-Type": "application/json"})
        return honest(request)

    outcome, server = ask(respond)
    assert [claim.text for claim in outcome.shown] == [TRUE]
    assert [request["stream"] for request in server.requests] == [True, False]


def test_the_key_of_a_server_behind_a_proxy(ask: Ask) -> None:
    with OllamaServer(lambda _request: "Hello.") as server:
        assert str(ollama(server.url, "tiny", 4096, "sk-1").llm.complete("Hello")) == "Hello."
    assert server.headers[0]["authorization"] == "Bearer sk-1"
    assert "format" not in server.requests[0]
