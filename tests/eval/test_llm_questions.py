"""Questions by a language model, against a real server: no bad case, whatever it says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from itertools import islice
from typing import Any

import pytest

from eval.dataset import DatasetVideo, Span
from eval.llm_questions import questions_by
from eval.proposals import Place, Proposals
from eval.review import Case
from ingest.captions.cue import Cue
from playhead.errors import AnswerError
from playhead.types import Video
from retrieval.answer.llm.server import openai_compatible
from tests.openai_server import OpenAIServer, Request

TEXTS = (
    "The keeper of the lighthouse lights the lamp at dusk every single day.",
    "The lens was ground in Paris by Fresnel in the year of the great storm.",
    "Nobody has lived on the island since the light became automatic.",
)
Reply = str | HTTPStatus | None
Asked = Callable[..., list[Case]]


def places() -> Iterator[Place]:
    cues = tuple(Cue(n * 8.0, n * 8.0 + 8, text) for n, text in enumerate(TEXTS))
    video = Video("light", "The light", "dataset:light", 24.0)
    return Proposals([DatasetVideo(video, cues)]).places()


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def asked(servers: ExitStack, reply: Reply, times: int = 1) -> tuple[list[Case], list[Request]]:
    server = servers.enter_context(OpenAIServer(lambda _request: reply))
    (place,) = places()
    llm = openai_compatible(server.url, "small", None)
    return list(questions_by(llm, [place] * times)), server.requests


def reply_of(**fields: Any) -> str:
    return json.dumps({"question": "Who made the glass?", "sentences": ["S2"]} | fields)


def test_a_question(servers: ExitStack) -> None:
    (case,), (request,) = asked(servers, reply_of())
    assert case.question == "Who made the glass?"
    assert (case.video_id, case.gold) == ("light", (Span(8.0, 16.0),))
    assert case.shown == (Span(0.0, 24.0, "light"),)
    assert (case.origin, case.state) == ("llm", "open")
    assert json.loads(request["messages"][1]["content"]) == {
        "title": "The light",
        "sentences": dict(zip(("S1", "S2", "S3"), TEXTS, strict=True)),
    }
    schema = request["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["sentences"]["items"]["enum"] == ["S1", "S2", "S3"]


def test_sentences_apart_are_two_spans_and_those_together_one(servers: ExitStack) -> None:
    (case,), _ = asked(servers, reply_of(sentences=["S3", "S1"]))
    assert case.gold == (Span(0.0, 8.0), Span(16.0, 24.0))
    (case,), _ = asked(servers, reply_of(sentences=["S3", "S2"]))
    assert case.gold == (Span(8.0, 24.0),)


def test_talk_around_the_json_is_read_over(servers: ExitStack) -> None:
    (case,), _ = asked(servers, f"Sure! Here it is:\n```json\n{reply_of()}\n```")
    assert case.question == "Who made the glass?"


@pytest.mark.parametrize(
    "fields",
    [
        {"question": ""},
        {"question": "???"},
        {"question": "x" * 301},
        {"sentences": []},
        {"sentences": ["S9"]},
        {"sentences": ["S2", "S2 and more"]},
        {"question": "What does the speaker say about Fresnel?"},
        {"question": "What happened in this video?"},
        {"question": TEXTS[1]},
    ],
)
def test_replies_that_cannot_be_used(servers: ExitStack, fields: dict[str, Any]) -> None:
    cases, requests = asked(servers, reply_of(**fields), times=4)
    assert cases == []
    assert len(requests) == 4


def test_a_question_is_one_line_without_control_characters(servers: ExitStack) -> None:
    (case,), _ = asked(servers, reply_of(question="Who \x1b[2J made\n\nthe glass?"))
    assert case.question == "Who [2J made the glass?"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("I would rather not.", "its replies are not of the form asked for"),
        ('{"question": 7, "sentences": "S1"}', "its replies are not of the form asked for"),
        ("[]", "its replies are not of the form asked for"),
        (HTTPStatus.UNAUTHORIZED, "told to say"),
    ],
)
def test_a_model_that_fails_again_and_again(servers: ExitStack, reply: Reply, words: str) -> None:
    with pytest.raises(AnswerError, match=words) as caught:
        asked(servers, reply, times=50)
    assert "PLAYHEAD_LLM=none" in str(caught.value)


def test_a_failure_now_and_then_is_borne(servers: ExitStack) -> None:
    replies = iter(["no", "no", reply_of(), "no", "no", reply_of()])
    server = servers.enter_context(OpenAIServer(lambda _request: next(replies)))
    (place,) = places()
    cases = questions_by(openai_compatible(server.url, "small", None), [place] * 6)
    assert len(list(islice(cases, 2))) == 2
