"""No server keeps anybody past the deadline, fills the memory, or leaves a thread behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from retrieval.answer.llm.transport import MAX_TEXT
from tests.hostile_server import FAULTS, PROOF, SLOW, TRUTHS, hostile
from tests.openai_server import Request, Wire, event
from tests.retrieval.answer.llm.conftest import Draft, Serve

MEGABYTE = b"x" * 1024 * 1024


@pytest.mark.parametrize("fault", sorted(SLOW))
def test_the_deadline_holds_wherever_the_server_is(fault: str, serve: Serve, draft: Draft) -> None:
    assert fault in FAULTS
    server = serve(hostile(fault, *TRUTHS.values()))
    started = time.monotonic()
    drafted = draft(server, seconds=0.2).drafted
    assert time.monotonic() - started < 2.0
    assert "it took too long" in (drafted.notice or "")
    assert len(server.requests) == 1
    assert not [t for t in threading.enumerate() if t.name == "playhead-llm"]


def test_a_hang_after_failures_is_within_the_same_deadline(serve: Serve, draft: Draft) -> None:
    busy = Wire([], {"Retry-After": "0"}, HTTPStatus.SERVICE_UNAVAILABLE)
    replies = [busy, busy, Wire([60.0])]
    server = serve(lambda _request: replies.pop(0))
    started = time.monotonic()
    drafted = draft(server, seconds=0.3).drafted
    assert time.monotonic() - started < 2.0
    assert (drafted.engine, len(server.requests)) == ("extractive", 3)


@pytest.mark.parametrize("kind", ["one line", "events", "notes", "an error", "a document"])
def test_a_flood_is_neither_held_nor_read_to_its_end(kind: str, serve: Serve, draft: Draft) -> None:
    sent: list[int] = []

    def flood(request: Request) -> Iterator[bytes]:
        word = event(request, {"content": "word " * 1000}).encode() * 200
        notes = (b": " + b"x" * 60 + b"\n\n") * 16_000
        part = {"events": word, "notes": notes}.get(kind, MEGABYTE)
        if kind == "one line":
            yield b"data: "
        for _ in range(200):
            sent.append(len(part))
            yield part

    def respond(request: Request) -> Wire:
        status = HTTPStatus.UNAUTHORIZED if kind == "an error" else HTTPStatus.OK
        type_ = "application/json" if kind in ("a document", "an error") else "text/event-stream"
        return Wire(flood(request), {"Content-Type": type_}, status)

    drafted = draft(serve(respond)).drafted
    assert (drafted.engine, drafted.claims[0].text) == ("extractive", PROOF)
    assert "its reply is too long" in (drafted.notice or "")
    # What the sockets buffer of it is sent, too.
    assert sum(sent) < 60_000_000


def test_no_more_text_is_read_than_the_limit(serve: Serve, draft: Draft) -> None:
    server = serve(lambda _request: "x" * (MAX_TEXT + 1))
    assert "its reply is too long" in (draft(server).drafted.notice or "")
    server = serve(lambda _request: "x" * MAX_TEXT)
    assert "not of the form" in (draft(server).drafted.notice or "")


def test_a_reply_that_unfolds_is_not_unfolded(serve: Serve, draft: Draft) -> None:
    server = serve(hostile("packed"))
    assert "packed" in (draft(server).drafted.notice or "")
    assert {headers["Accept-Encoding"] for headers in server.headers} == {"identity"}
