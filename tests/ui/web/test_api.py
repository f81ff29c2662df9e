"""Answers for programs: the JSON of the command line, and nothing of the server's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from playhead.errors import DiskFullError, StoreLockedError
from tests.conftest import REPOSITORY
from tests.ui.commandline import BREAD, BREAD_URL, STORM, Playhead
from tests.ui.web.api_client import client_of
from ui.web.api import MAX_TURNS
from ui.web.errors import public_line, tell_errors
from ui.web.site import Site
from ui.wiring import Playhead as App
from ui.wiring import open_playhead

WHY = "Why does bread rise?"
COUNT = "What should I count between lightning and thunder?"


@pytest.fixture(scope="module")
def app(ready_home: Path) -> Iterator[App]:
    with open_playhead(home=ready_home) as app:
        yield app


@pytest.fixture(scope="module")
def local(app: App) -> TestClient:
    return client_of(app, Site())


@pytest.fixture(scope="module")
def public(app: App) -> TestClient:
    return client_of(app, Site(host="0.0.0.0"))


def without(value: Any, *names: str) -> Any:
    """A reply without some of its fields."""
    if isinstance(value, dict):
        return {name: without(v, *names) for name, v in value.items() if name not in names}
    return [without(v, *names) for v in value] if isinstance(value, list) else value


def test_an_answer_is_that_of_the_command_line(
    local: TestClient, app: App, playhead: Playhead, library: Path
) -> None:
    asked = local.post("/api/ask", json={"question": WHY})
    app.store.close()
    told = playhead("ask", WHY, "--json").done().json
    assert asked.status_code == 200
    assert without(asked.json(), "watch", "timings_ms") == without(told, "timings_ms")


def test_hits_are_those_of_the_command_line(
    local: TestClient, app: App, playhead: Playhead, library: Path
) -> None:
    found = local.post("/api/search", json={"query": "thunder", "mode": "bm25", "limit": 2})
    app.store.close()
    told = playhead("search", "thunder", "--mode", "bm25", "-k", "2", "--json").done().json
    assert found.status_code == 200
    assert without(found.json(), "watch") == told


def test_each_moment_names_the_page_that_plays_it(local: TestClient) -> None:
    answer = local.post("/api/ask", json={"question": WHY}).json()
    (citation,) = answer["citations"]
    assert citation["quote"] == BREAD
    assert citation["watch"] == f"/watch/{citation['video_id']}#t=3753.4,3757.40"
    assert citation["link"] == f"{BREAD_URL}#t=3753.4"
    assert all(row["watch"].startswith("/watch/") for row in answer["passages"])


def test_only_its_own_user_is_told_paths_of_the_server(
    local: TestClient, public: TestClient
) -> None:
    asked = {"question": COUNT}
    (own,) = local.post("/api/ask", json=asked).json()["citations"]
    answer = public.post("/api/ask", json=asked)
    (told,) = answer.json()["citations"]
    assert own["quote"] == told["quote"] == STORM
    assert own["link"].startswith("file://")
    assert told["link"] == told["watch"]
    hits = public.post("/api/search", json={"query": "thunder"})
    for reply in (answer, hits):
        assert "file:" not in reply.text
        assert ".mp4#" not in reply.text.replace(BREAD_URL, "")


def test_a_refusal(local: TestClient) -> None:
    answer = local.post("/api/ask", json={"question": "Who won the 1998 World Cup?"})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["refused"], said["answer"], said["citations"]) == (True, None, [])
    assert said["reason"] == "no_evidence"


def test_a_question_that_follows_on_others(local: TestClient) -> None:
    alone = local.post("/api/ask", json={"question": "And why is that?"}).json()
    after = local.post("/api/ask", json={"question": "And why is that?", "turns": [WHY]}).json()
    assert alone["refused"]
    assert "bread" in after["standalone"].lower()
    assert [citation["quote"] for citation in after["citations"]] == [BREAD]


def test_only_some_videos(local: TestClient) -> None:
    hits = local.post("/api/search", json={"query": "thunder"}).json()["hits"]
    bread = next(hit for hit in hits if hit["title"] == "bread")["video_id"]
    only = {"query": "thunder", "videos": [bread[:6]]}
    assert {h["video_id"] for h in local.post("/api/search", json=only).json()["hits"]} == {bread}
    answer = local.post("/api/ask", json={"question": COUNT, "videos": [bread]}).json()
    assert {passage["video_id"] for passage in answer["passages"]} <= {bread}


@pytest.mark.parametrize(
    ("asked", "status", "line"),
    [
        ({}, 400, "question: Field required"),
        ({"question": ""}, 400, "question: "),
        ({"question": "  \n "}, 400, "the question is empty. Ask something."),
        ({"question": "a" * 2_001}, 400, "question: "),
        ({"question": 1}, 400, "question: "),
        ({"question": "x", "quesiton": "x"}, 400, "quesiton: "),
        ({"question": "x", "videos": "abcd"}, 400, "videos: "),
        ({"question": "x", "videos": ["zz"]}, 404, "'zz' is too short"),
        ({"question": "x", "videos": ["zzzz"]}, 404, "no video 'zzzz' in the library"),
        ({"question": "x", "videos": ["../../etc"]}, 404, "no video '../../etc'"),
        ({"question": "x", "videos": ["a" * 65]}, 400, "videos.0: "),
        ({"question": "x", "turns": ["x"] * (MAX_TURNS + 1)}, 400, "turns: "),
        ({"question": "x", "turns": [" "]}, 400, "the question is empty"),
        ([], 400, "Input should be"),
    ],
)
def test_what_cannot_be_asked(asked: object, status: int, line: str, local: TestClient) -> None:
    reply = local.post("/api/ask", json=asked)
    assert (reply.status_code, list(reply.json())) == (status, ["detail"])
    assert reply.json()["detail"].startswith(line)
    assert "\n" not in reply.json()["detail"]


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": 1_001}, {"limit": "many"}, {"mode": "best"}, {"query": None}],
)
def test_what_cannot_be_searched(asked: dict[str, object], local: TestClient) -> None:
    assert local.post("/api/search", json={"query": "x"} | asked).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"question":"\\ud800"}']
)
def test_what_is_no_json(body: bytes, local: TestClient) -> None:
    reply = local.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, list(reply.json())) == (400, ["detail"])


def test_an_empty_library(home: Path) -> None:
    with open_playhead() as app:
        answer = client_of(app, Site()).post("/api/ask", json={"question": WHY})
    assert answer.json()["reason"] == "empty_library"


def test_twenty_at_once_get_what_one_gets(local: TestClient) -> None:
    questions = [WHY, COUNT] * 10
    alone = {q: local.post("/api/ask", json={"question": q}).json()["citations"] for q in questions}
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda q: local.post("/api/ask", json={"question": q}), questions))
    assert [reply.json()["citations"] for reply in replies] == [alone[q] for q in questions]


def test_the_description_is_true(local: TestClient) -> None:
    """Replies fit what OpenAPI says of them, and errors do."""
    described = local.get("/api/openapi.json").json()
    asked = {"question": WHY}, {"question": "Who won the 1998 World Cup?"}, {"question": ""}
    replies = [("ask", local.post("/api/ask", json=one)) for one in asked]
    replies.append(("search", local.post("/api/search", json={"query": "x"})))
    for name, reply in replies:
        responses = described["paths"][f"/api/{name}"]["post"]["responses"]
        assert set(responses) == {"200", "4XX", "5XX"}
        said = responses["200" if reply.is_success else "4XX"]
        schema = said["content"]["application/json"]["schema"] | _closed(described)
        jsonschema.validate(reply.json(), schema)


def test_the_examples_in_the_documentation(local: TestClient) -> None:
    text = (REPOSITORY / "docs" / "api.md").read_text("utf-8")
    examples = re.findall(r"\$ curl http://127\.0\.0\.1:7860(/\S+) --json '(.+)'", text)
    assert len(examples) >= 5
    for path, body in examples:
        reply = local.post(path, content=body, headers={"Content-Type": "application/json"})
        # Other videos and speakers than the examples' are here.
        expected = 404 if "videos" in body else 400 if "speaker" in body else 200
        assert reply.status_code == expected


def _closed(described: dict[str, Any]) -> dict[str, Any]:
    """The schemas, with no field that they do not name."""
    schemas = json.loads(json.dumps(described["components"]["schemas"]))
    for name, schema in schemas.items():
        if not re.fullmatch("CitationReply|PassageReply|HitReply", name):
            schema["additionalProperties"] = False
    return {"components": {"schemas": schemas}}


def test_failures_of_the_server(app: App, ready_home: Path) -> None:
    """Each has its status; a path of the server is in the line for its own user alone."""
    site = Site(host="0.0.0.0", port=1)
    api = FastAPI()
    tell_errors(api, app, site)
    failures = {
        "full": DiskFullError(f"no room left for the library folder {ready_home}", "Free some"),
        "locked": StoreLockedError("another process owns the index", "Wait"),
        "bug": RuntimeError(f"secret of {ready_home}"),
    }

    @api.get("/{name}")
    def fail(name: str) -> None:
        raise failures[name]

    client = TestClient(api, raise_server_exceptions=False)
    replies = {name: client.get(f"/{name}") for name in failures}
    assert [reply.status_code for reply in replies.values()] == [507, 503, 500]
    assert all(list(reply.json()) == ["detail"] for reply in replies.values())
    assert not any(str(ready_home) in reply.text for reply in replies.values())
    assert "secret" not in replies["bug"].text
    full = failures["full"]
    assert isinstance(full, DiskFullError)
    assert str(ready_home) in public_line(full, app, Site())
