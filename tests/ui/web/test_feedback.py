"""Thumbs: what is kept of them, that nothing mixes, and that the evaluation reads it."""

from __future__ import annotations

import json
import resource
import stat
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from eval.thumbs import read_thumbs
from playhead.types import Answer
from tests.ui.commandline import LENS, Playhead
from ui.forms import answer_json
from ui.web.feedback import MAX_ANSWERS, Feedback
from ui.wiring import open_playhead

WHERE = "Where was the lens ground?"


def refusal(question: str = "Why?") -> Answer:
    return Answer(question, (), (), refused=True, reason="no_evidence", engine="none", passages=())


@pytest.fixture
def feedback(home: Path) -> Feedback:
    return Feedback(home)


@pytest.fixture
def web(feedback: Feedback) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(feedback.routes())
    with TestClient(app) as client:
        yield client


def rows(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (home / "feedback.jsonl").read_text().splitlines()]


def test_a_thumb_is_a_line(web: TestClient, feedback: Feedback, home: Path) -> None:
    answer = refusal("Why does it rise?")
    shown = feedback.remember(answer)
    posted = web.post("/api/feedback", json={"answer": shown, "thumb": "down", "word": " it\nis "})
    assert (posted.status_code, posted.content) == (204, b"")
    (row,) = rows(home)
    assert datetime.fromisoformat(str(row.pop("time"))).tzinfo
    assert row == {
        "thumb": "down",
        "word": "it is",
        "question": "Why does it rise?",
        "answer": answer_json(answer),
    }


def test_only_the_owner_can_read_it(feedback: Feedback, home: Path) -> None:
    feedback.keep(feedback.remember(refusal()), "up")
    assert stat.S_IMODE((home / "feedback.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("word", [None, "", "   "])
def test_no_word_is_no_word(
    word: str | None, web: TestClient, feedback: Feedback, home: Path
) -> None:
    shown = feedback.remember(refusal())
    assert web.post("/api/feedback", json={"answer": shown, "thumb": "up", "word": word}).is_success
    assert rows(home)[0]["word"] is None


@pytest.mark.parametrize(
    "posted",
    [
        {"thumb": "sideways"},
        {"thumb": None},
        {"word": "a" * 501},
        {"word": ["a"]},
        {"answer": "a" * 101},
        {"answer": None},
    ],
)
def test_what_is_no_thumb(
    posted: dict[str, object], web: TestClient, feedback: Feedback, home: Path
) -> None:
    good = {"answer": feedback.remember(refusal()), "thumb": "up", "word": None}
    assert web.post("/api/feedback", json=good | posted).status_code == 422
    assert not (home / "feedback.jsonl").exists()


def test_an_answer_that_was_never_shown(web: TestClient, home: Path) -> None:
    posted = web.post("/api/feedback", json={"answer": "guessed", "thumb": "up"})
    assert posted.status_code == 404
    assert "ask again" in posted.json()["detail"]
    assert not home.exists()


def test_the_oldest_answers_are_forgotten(feedback: Feedback) -> None:
    first, second, *_, last = [feedback.remember(refusal()) for _ in range(MAX_ANSWERS + 1)]
    with pytest.raises(KeyError):
        feedback.keep(first, "up")
    feedback.keep(second, "up")
    feedback.keep(last, "up")


def test_an_id_says_nothing_of_the_next(feedback: Feedback) -> None:
    ids = {feedback.remember(refusal()) for _ in range(100)}
    assert len(ids) == 100
    assert min(map(len, ids)) > 20


def test_many_at_once(home: Path) -> None:
    """Readers of one server, and several servers over one library: no line is mixed with another.

    The lines are longer than a page, which is all that some promise to keep together.
    """
    servers = [Feedback(home) for _ in range(4)]
    shown = [server.remember(refusal(f"{n} " + "why " * 3_000)) for n, server in enumerate(servers)]
    with ThreadPoolExecutor(16) as readers:
        list(readers.map(lambda n: servers[n % 4].keep(shown[n % 4], "down"), range(80)))
    asked = Counter(str(row["question"])[0] for row in rows(home))
    assert asked == {"0": 20, "1": 20, "2": 20, "3": 20}


def test_a_line_that_was_cut_spoils_no_other(feedback: Feedback, home: Path) -> None:
    home.mkdir()
    (home / "feedback.jsonl").write_text('{"time": "2026-')
    feedback.keep(feedback.remember(refusal("Whole?")), "up")
    cut, whole = (home / "feedback.jsonl").read_text().splitlines()
    assert cut == '{"time": "2026-'
    assert json.loads(whole)["question"] == "Whole?"


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room(web: TestClient, feedback: Feedback, home: Path) -> None:
    """Nothing half-written, and a line that says why."""
    feedback.keep(feedback.remember(refusal()), "up")
    before = (home / "feedback.jsonl").read_bytes()
    shown = feedback.remember(refusal("why " * 100))
    with no_file_longer_than(len(before) + 100):
        posted = web.post("/api/feedback", json={"answer": shown, "thumb": "up"})
    assert posted.status_code == 507
    assert "no room" in posted.json()["detail"]
    assert (home / "feedback.jsonl").read_bytes() == before


def test_the_evaluation_reads_it(playhead: Playhead, own_library: Path, tmp_path: Path) -> None:
    feedback = Feedback(own_library)
    with open_playhead(home=own_library) as app:
        shown = feedback.remember(app.answerer.ask(WHERE))
        feedback.keep(shown, "up", "just right")
        feedback.keep(feedback.remember(app.answerer.ask("Who won at chess?")), "down")
    thumbs, left_out = read_thumbs(own_library / "feedback.jsonl")
    assert [(thumb.up, thumb.question) for thumb in thumbs] == [
        (True, WHERE),
        (False, "Who won at chess?"),
    ]
    assert left_out == []
    run = playhead("eval", "thumbs", own_library / "feedback.jsonl", tmp_path / "set")
    assert "2 added" in run.out
    dataset = (tmp_path / "set" / "questions.jsonl").read_text()
    assert WHERE in dataset
    assert LENS in (tmp_path / "set" / "videos.jsonl").read_text()
