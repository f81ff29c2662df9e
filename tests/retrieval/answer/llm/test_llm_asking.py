"""How a server is asked: again where that may help, and in the way that it understands."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

import pytest

from playhead.errors import AnswerError
from retrieval.answer.engine import Task
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llm.engine import LlmEngine
from retrieval.answer.llm.server import ollama, openai_compatible, shown_url
from tests.hostile_server import TRUE, TRUTHS, hostile
from tests.openai_server import OpenAIServer, Request, Wire, whole
from tests.retrieval.answer.llm.conftest import Draft, Serve, outcome_of

honest = hostile("streamed", TRUTHS["the sentence"])
TRANSIENT = [408, 409, 429, 500, 502, 503, 504]
REJECTIONS = [400, 404, 415, 422, 501]
FINAL = [401, 403, 405, 413, 418]


def failing(first: Any, times: int) -> Callable[[Request], Any]:
    """Fails so many times and then is honest."""
    failures = [first] * times
    return lambda request: failures.pop() if failures else honest(request)


def says(status: int, message: str, **headers: str) -> Wire:
    body = whole(json.dumps({"error": {"message": message}}), status=HTTPStatus(status))
    return Wire(body.parts, {**(body.headers or {}), **headers}, body.status)


@pytest.mark.parametrize("status", TRANSIENT)
def test_what_may_pass_is_tried_again(status: int, serve: Serve, draft: Draft) -> None:
    waits: list[float] = []
    server = serve(failing(HTTPStatus(status), 2))
    outcome = draft(server, sleep=waits.append)
    assert ([claim.text for claim in outcome.shown], len(server.requests)) == ([TRUE], 3)
    assert outcome.drafted.notice is None
    assert 0 <= waits[0] <= 1
    assert 0 <= waits[1] <= 2


@pytest.mark.parametrize("status", [*TRANSIENT, None])
def test_but_not_without_end(status: int | None, serve: Serve, draft: Draft) -> None:
    server = serve(lambda _request: HTTPStatus(status) if status else None)
    assert draft(server).drafted.engine == "extractive"
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", FINAL)
def test_what_will_not_pass_is_not(status: int, serve: Serve, draft: Draft) -> None:
    server = serve(failing(HTTPStatus(status), 1))
    assert draft(server).drafted.engine == "extractive"
    assert len(server.requests) == 1


@pytest.mark.parametrize("after", ["7", "7.0", None])
def test_a_server_says_how_long_to_wait(after: str | None, serve: Serve, draft: Draft) -> None:
    waits: list[float] = []
    after = after or formatdate(time.time() + 7.5, usegmt=True)
    server = serve(failing(says(429, "slow down", **{"Retry-After": after}), 1))
    outcome = draft(server, seconds=30.0, sleep=waits.append)
    assert outcome.shown
    assert waits == pytest.approx([7], abs=1.5)


@pytest.mark.parametrize("after", ["61", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_past_the_deadline(after: str, serve: Serve, draft: Draft) -> None:
    waits: list[float] = []
    server = serve(failing(says(429, "slow down", **{"Retry-After": after}), 1))
    outcome = draft(server, seconds=60.0, sleep=waits.append)
    assert (waits, len(server.requests)) == ([], 1)
    assert 'HTTP 429 Too Many Requests: "slow down"' in (outcome.drafted.notice or "")


@pytest.mark.parametrize("after", ["soon", "-5", "nan", "Mon, 99 Foo 2020"])
def test_a_time_that_is_none_is_no_time(after: str, serve: Serve, draft: Draft) -> None:
    waits: list[float] = []
    draft(serve(failing(says(503, "", **{"Retry-After": after}), 1)), sleep=waits.append)
    assert 0 <= waits[0] <= 1


def test_waiting_counts_for_the_deadline(serve: Serve, task: Task, checker: Any) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    server = serve(lambda _request: says(503, "busy", **{"Retry-After": "4"}))
    model = openai_compatible(server.url, "tiny", None)
    engine = LlmEngine(
        model, "llm", checker, ExtractiveEngine(), seconds=6.0, sleep=sleep, clock=lambda: now[0]
    )
    outcome_of(engine.draft(task))
    assert (now, len(server.requests)) == ([4.0], 2)


@pytest.mark.parametrize("status", REJECTIONS)
@pytest.mark.parametrize(
    ("rejected", "way"), [({"json_schema"}, "json"), ({"json_schema", "json_object"}, "text")]
)
def test_a_server_that_rejects_a_form_is_asked_for_less(
    status: int, rejected: set[str], way: str, serve: Serve, draft: Draft
) -> None:
    def respond(request: Request) -> Any:
        kind = request.get("response_format", {}).get("type")
        return HTTPStatus(status) if kind in rejected else honest(request)

    server = serve(respond)
    outcome = draft(server)
    assert [claim.text for claim in outcome.shown] == [TRUE]
    assert (outcome.drafted.way, outcome.drafted.notice) == (way, None)
    assert len(server.requests) == len(rejected) + 1


def test_what_is_not_enforced_is_described(serve: Serve, draft: Draft) -> None:
    server = serve(hostile("rejects every form", *TRUTHS.values()))
    draft(server)
    first, second, third = (request["messages"][0]["content"] for request in server.requests)
    assert "schema" not in first
    assert "JSON" in second
    assert second == third
    schema = server.requests[0]["response_format"]["json_schema"]["schema"]
    assert second.endswith(json.dumps(schema))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (500, 'response_format type must be one of "text" or "json_object"'),
        (413, "json_schema is not supported by this model"),
        (200, "Invalid grammar"),
    ],
)
def test_a_server_may_name_the_form_as_its_trouble(
    status: int, message: str, serve: Serve, draft: Draft
) -> None:
    def respond(request: Request) -> Any:
        if request.get("response_format", {}).get("type") != "json_schema":
            return honest(request)
        if status != 200:
            return says(status, message)
        data = f"data: {json.dumps({'error': {'message': message}})}\n\n"
        return whole(data, "text/event-stream")

    server = serve(respond)
    outcome = draft(server)
    assert (outcome.drafted.way, len(server.requests)) == ("json", 2)


@pytest.mark.parametrize("status", [401, 403, 429, 502, 503, 504])
def test_some_troubles_are_never_the_form(status: int, serve: Serve, draft: Draft) -> None:
    server = serve(lambda _request: says(status, "bad response_format"))
    draft(server)
    assert {r["response_format"]["type"] for r in server.requests} == {"json_schema"}


def test_the_way_that_worked_is_kept(serve: Serve, task: Task, checker: Any) -> None:
    server = serve(hostile("rejects every form", *TRUTHS.values()))
    model = openai_compatible(server.url, "tiny", None)
    engine = LlmEngine(model, "llm:tiny", checker, ExtractiveEngine())
    ways = [outcome_of(engine.draft(task)).drafted.way for _ in range(3)]
    assert (ways, len(server.requests)) == (["text"] * 3, 5)


def test_a_server_that_does_not_stream_is_not_asked_to_again(
    serve: Serve, task: Task, checker: Any
) -> None:
    server = serve(hostile("not streamed", *TRUTHS.values()))
    model = openai_compatible(server.url, "tiny", None)
    engine = LlmEngine(model, "llm:tiny", checker, ExtractiveEngine())
    shown = [len(outcome_of(engine.draft(task)).shown) for _ in range(2)]
    assert shown == [3, 3]
    assert [bool(request.get("stream")) for request in server.requests] == [True, False, False]


def test_no_secret_is_shown(task: Task, checker: Any) -> None:
    with OpenAIServer(lambda _request: says(401, "x" * 110 + " sk-hunter2")) as server:
        url = server.url.replace("http://", "http://me:hunter2@")
        model = openai_compatible(url, "tiny", "sk-hunter2")
        engine = LlmEngine(model, "llm:tiny", checker, ExtractiveEngine())
        drafted = outcome_of(engine.draft(task)).drafted
    told = f'tiny at {server.url}: HTTP 401 Unauthorized: "{"x" * 110} ***"'
    assert told in (drafted.notice or "")
    assert "hunter2" not in repr(model) + str(model)
    assert "hunter2" not in (drafted.notice or "")
    assert shown_url("https://a:b@[::1]:8000/v1?key=c#d") == "https://[::1]:8000/v1"


def test_the_key_is_sent_and_nothing_where_there_is_none(serve: Serve) -> None:
    server = serve(lambda _request: "Hello.")
    for key in ("sk-1", None):
        openai_compatible(server.url, "tiny", key).llm.complete("Hello")
    assert [h["Authorization"] for h in server.headers] == ["Bearer sk-1", "Bearer none"]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("model 'tiny' not found", ": \"model 'tiny' not found\")"),
        ("two\nlines\x1b[31m", ': "two lines [31m")'),
        ("<html><script>alert(1)</script>", "HTTP 404 Not Found)"),
        ("x" * 500, f': "{"x" * 120}")'),
        ("", "HTTP 404 Not Found)"),
    ],
)
def test_what_the_server_says_is_told_on_one_short_line(
    message: str, shown: str, serve: Serve, draft: Draft
) -> None:
    notice = draft(serve(lambda _request: says(404, message))).drafted.notice or ""
    assert f"{shown}; " in notice


@pytest.mark.parametrize(
    "url", ["localhost:8000", "http://", "ftp://x", "http://[::1", "http://x:y"]
)
def test_what_is_no_url_is_said_at_once(url: str) -> None:
    for model in (lambda: openai_compatible(url, "tiny", None), lambda: ollama(url, "tiny", 8192)):
        with pytest.raises(AnswerError, match="PLAYHEAD_LLM_BASE_URL"):
            model()


def test_a_model_that_does_not_chat_is_said_at_once() -> None:
    with pytest.raises(AnswerError, match="chat model"):
        openai_compatible("https://api.openai.com/v1", "gpt-5.4-pro", None)
