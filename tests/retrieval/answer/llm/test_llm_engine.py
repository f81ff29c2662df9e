"""The engine with a language model, against a real server: what it asks, what it shows, when."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from threading import Event
from typing import Any

import pytest

from playhead.errors import EmbeddingError
from retrieval.answer.checks.claims import Checker
from retrieval.answer.engine import ProvenClaim, Task
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llm.engine import MAX_CLAIMS, NOTHING_SUPPORTED, OWN_WORDS, LlmEngine
from retrieval.answer.llm.server import openai_compatible
from tests.hostile_server import (
    LIES,
    PROOF,
    QUESTION,
    TRUE,
    TRUE_TOO,
    TRUTHS,
    claim,
    hostile,
    reply,
)
from tests.openai_server import OpenAIServer, Request, Wire, event, id_of, sentences_of
from tests.retrieval.answer.llm.conftest import Draft, Refusing, Serve, outcome_of

honest = hostile("streamed", *TRUTHS.values())


class CountingChecker(Checker):
    """Finds nothing wrong, or fails; counts."""

    def __init__(self, error: Exception | None = None) -> None:
        self.checked: list[str] = []
        self._error = error

    def problem(self, claim: Any, sentences: object) -> str | None:
        self.checked.append(claim.text)
        if self._error:
            raise self._error
        return None


def engine_of(server: OpenAIServer, checker: Checker, **limits: Any) -> LlmEngine:
    model = openai_compatible(server.url, "tiny", None)
    return LlmEngine(model, "llm:tiny", checker, ExtractiveEngine(), **limits)


def sse(parts: Iterator[bytes | float]) -> Wire:
    return Wire(parts, {"Content-Type": "text/event-stream"})


def test_an_honest_reply_is_shown_with_its_proof(serve: Serve, draft: Draft) -> None:
    shown, drafted = draft(serve(honest)).shown, draft(serve(honest)).drafted
    assert [claim.text for claim in shown] == [TRUE, TRUE_TOO, PROOF]
    assert [claim.evidence[0].text for claim in shown] == [PROOF] * 3
    assert len(shown[1].evidence) == 2
    assert (drafted.engine, drafted.reason, drafted.notice) == ("llm:tiny", None, None)
    assert (drafted.dropped, drafted.way) == ((), "schema")


def test_the_request_lets_the_model_cite_only_its_own_sentences(
    serve: Serve, draft: Draft, task: Task
) -> None:
    server = serve(honest)
    draft(server)
    (request,) = server.requests
    form = request["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    schema = form["json_schema"]["schema"]
    cited = schema["properties"]["claims"]["items"]["properties"]["evidence"]["items"]
    assert cited["properties"]["sentence"]["enum"] == list(sentences_of(request))
    assert list(sentences_of(request).values()) == [unit.text for unit in task.evidence]
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["messages"][1]["content"].endswith(f"\n\nQuestion: {QUESTION}")
    assert (request["model"], request["temperature"], request["stream"]) == ("tiny", 0.0, True)


def test_every_object_of_the_schema_is_closed_as_strict_demands(serve: Serve, draft: Draft) -> None:
    server = serve(honest)
    draft(server)

    def objects(schema: object) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                yield schema
            for part in schema.values():
                yield from objects(part)

    found = list(objects(server.requests[0]["response_format"]["json_schema"]["schema"]))
    assert len(found) == 3
    for part in found:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def test_a_claim_is_shown_before_the_next_has_arrived(
    serve: Serve, task: Task, checker: Checker
) -> None:
    shown = Event()

    def respond(request: Request) -> Wire:
        whole = reply(*(made(request) for made in TRUTHS.values()))
        middle = whole.index("}]}") + 3

        def parts() -> Iterator[bytes]:
            yield event(request, {"content": whole[:middle]}).encode()
            assert shown.wait(10)
            yield event(request, {"content": whole[middle:]}).encode()

        return sse(parts())

    drafting = engine_of(serve(respond), checker).draft(task)
    assert next(drafting).text == TRUE
    shown.set()
    assert [claim.text for claim in outcome_of(drafting).shown] == [TRUE_TOO, PROOF]


@pytest.mark.parametrize("sufficient", [True, False])
def test_no_claim_is_shown_before_the_model_says_that_there_is_an_answer(
    sufficient: bool, serve: Serve, task: Task, checker: Checker
) -> None:
    sent: list[str] = []

    def respond(request: Request) -> Wire:
        claims = json.dumps([made(request) for made in TRUTHS.values()])

        def parts() -> Iterator[bytes | float]:
            yield event(request, {"content": f'{{"claims": {claims}, '}).encode()
            yield 0.1
            sent.append("sufficient")
            content = f'"sufficient": {json.dumps(sufficient)}}}'
            yield event(request, {"content": content}).encode()

        return sse(parts())

    drafting = engine_of(serve(respond), checker).draft(task)
    if sufficient:
        assert next(drafting).text == TRUE
    else:
        outcome = outcome_of(drafting)
        assert (outcome.shown, outcome.drafted.reason) == ((), "insufficient")
    assert sent == ["sufficient"]
    drafting.close()


def test_a_model_may_say_that_the_passages_do_not_answer(serve: Serve, draft: Draft) -> None:
    outcome = draft(serve(lambda request: reply(TRUTHS["the sentence"](request), sufficient=False)))
    assert outcome.shown == ()
    assert (outcome.drafted.reason, outcome.drafted.engine) == ("insufficient", "llm:tiny")
    assert outcome.drafted.notice is None


def test_the_same_claim_is_shown_once(serve: Serve, draft: Draft) -> None:
    twice = draft(serve(hostile("none", *[TRUTHS["the sentence"]] * 3)))
    assert [claim.text for claim in twice.shown] == [TRUE]
    assert twice.drafted.dropped == ()


def test_what_the_model_adds_is_not_read(serve: Serve, draft: Draft) -> None:
    def respond(request: Request) -> str:
        more = {"time": "14:32", "title": "Another", "start": 3.0}
        made = TRUTHS["the sentence"](request)
        made["evidence"][0] |= more
        return json.dumps({**more, "sufficient": True, "claims": [made | more], "note": [{}]})

    (shown,) = draft(serve(respond)).shown
    assert (shown.text, shown.evidence[0].start) == (TRUE, 80.0)


def test_no_more_claims_are_checked_than_anybody_reads(serve: Serve, task: Task) -> None:
    def respond(request: Request) -> str:
        proof = (id_of(request, PROOF), PROOF)
        return reply(*(claim(f"Claim {n}.", proof) for n in range(50)))

    checker = CountingChecker()
    outcome = outcome_of(engine_of(serve(respond), checker).draft(task))
    assert len(outcome.shown) == len(checker.checked) == MAX_CLAIMS
    assert outcome.drafted.notice is None


def test_what_is_checked_is_what_is_shown(serve: Serve, task: Task) -> None:
    def respond(request: Request) -> str:
        proof = (id_of(request, PROOF), PROOF)
        return reply(
            claim(" The\nloaf\u2028 ba\u200bkes\u202e for\x00 fo\u00adrty\ud800 min. ", proof)
        )

    checker = CountingChecker()
    (shown,) = outcome_of(engine_of(serve(respond), checker).draft(task)).shown
    assert shown.text == checker.checked[0]
    assert shown.text.replace("?", "") == "The loaf bakes for forty min."


def test_what_cannot_be_checked_is_not_shown(serve: Serve, task: Task) -> None:
    engine = engine_of(serve(honest), CountingChecker(TypeError("a bug")))
    drafted = outcome_of(engine.draft(task)).drafted
    assert (drafted.engine, drafted.notice) == ("extractive", NOTHING_SUPPORTED)
    assert {dropped.reason for dropped in drafted.dropped} == {"could not be checked"}


def test_a_missing_embedding_model_is_no_fault_of_the_language_model(
    serve: Serve, task: Task
) -> None:
    engine = engine_of(serve(honest), CountingChecker(EmbeddingError("no model", "get one")))
    with pytest.raises(EmbeddingError):
        outcome_of(engine.draft(task))


def test_where_nothing_is_supported_and_nothing_answers_it_refuses(
    serve: Serve, draft: Draft
) -> None:
    outcome = draft(serve(hostile("none", LIES["changed number"])), Refusing())
    assert outcome.shown == ()
    assert (outcome.drafted.engine, outcome.drafted.reason) == ("llm:tiny", "unsupported")
    assert (outcome.drafted.notice, len(outcome.drafted.dropped)) == (None, 1)


def test_a_proper_reply_without_claims_leaves_the_transcript(serve: Serve, draft: Draft) -> None:
    outcome = draft(serve(lambda _request: reply()))
    assert (outcome.drafted.engine, outcome.drafted.notice) == ("extractive", NOTHING_SUPPORTED)
    assert (outcome.shown[0].text, outcome.drafted.way) == (PROOF, "schema")


@pytest.mark.parametrize(
    "response",
    [
        "Forty minutes.",
        '{"sufficient": true',
        '{"sufficient": true}',
        '{"claims": "forty minutes", "sufficient": true}',
        '{"claims": [], "sufficient": "yes"}',
        "[]",
        "",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.BAD_REQUEST,
        None,
    ],
    ids=str,
)
def test_without_a_usable_reply_the_transcript_answers_and_says_so(
    response: str | HTTPStatus | None, serve: Serve, draft: Draft
) -> None:
    server = serve(lambda _: response)
    outcome = draft(server)
    assert (outcome.drafted.engine, outcome.shown[0].text) == ("extractive", PROOF)
    notice = outcome.drafted.notice or ""
    assert notice.startswith(f"The language model did not answer (tiny at {server.url}: ")
    assert notice.endswith(f"; {OWN_WORDS}")
    assert len(notice.splitlines()) == 1
    if isinstance(response, HTTPStatus):
        assert str(response.value) in notice


def test_a_server_that_is_not_there(draft: Draft) -> None:
    with OpenAIServer(honest) as gone:
        pass
    assert "no connection" in (draft(gone).drafted.notice or "")
    refused = draft(gone, Refusing()).drafted
    assert (refused.reason, refused.engine, refused.way) == ("no_evidence", "extractive", None)
    assert OWN_WORDS not in (refused.notice or "")


def test_what_is_proven_stays_when_the_reply_breaks_off(serve: Serve, draft: Draft) -> None:
    server = serve(hostile("half-way", *TRUTHS.values(), LIES["unknown id"]))
    outcome = draft(server)
    assert outcome.shown[0].text == TRUE
    assert (outcome.drafted.engine, len(server.requests)) == ("llm:tiny", 1)
    notice = (
        f"The language model's reply broke off (tiny at {server.url}: the connection broke off)"
    )
    assert outcome.drafted.notice == notice


def test_a_reply_that_breaks_off_before_any_claim_is_asked_for_again(
    serve: Serve, draft: Draft
) -> None:
    replies = iter(
        [
            hostile("half-way", LIES["changed number"], *[LIES["long"]] * 3),
            hostile("streamed", LIES["changed number"], TRUTHS["the sentence"]),
        ]
    )

    def respond(request: Request) -> Any:
        return next(replies)(request)

    server = serve(respond)
    outcome = draft(server)
    assert ([claim.text for claim in outcome.shown], len(server.requests)) == ([TRUE], 2)
    assert (len(outcome.drafted.dropped), outcome.drafted.notice) == (1, None)


def test_who_stops_listening_stops_the_request(serve: Serve, task: Task, checker: Checker) -> None:
    server = serve(hostile("stops", *TRUTHS.values()))
    with closing(engine_of(server, checker).draft(task)) as drafting:
        assert isinstance(next(drafting), ProvenClaim)
    assert [thread for thread in threading.enumerate() if thread.name == "playhead-llm"] == []


def test_what_does_not_fit_the_model_at_all_is_not_sent(serve: Serve, draft: Draft) -> None:
    server = serve(honest)
    outcome = draft(server, context=1100)
    assert (outcome.drafted.engine, server.requests) == ("extractive", [])
    assert "too long for its 1100 tokens" in (outcome.drafted.notice or "")


def test_what_does_not_fit_the_model_is_left_out(serve: Serve, draft: Draft, task: Task) -> None:
    server = serve(honest)
    outcome = draft(server, context=1600)
    assert outcome.shown[0].text == TRUE
    sent = list(sentences_of(server.requests[0]).values())
    assert PROOF in sent
    assert len(sent) < len(task.evidence)
    assert list(sentences_of(server.requests[0])) == [f"S{n + 1}" for n in range(len(sent))]
