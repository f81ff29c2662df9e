"""Conversations of the page: what each step of an answer shows, and what the next one knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playhead.types import Answer
from retrieval.answer.engine import Drafted, ProvenClaim, Task
from tests.ui.commandline import BREAD, KEEPER, Playhead
from ui.web.feedback import Feedback
from ui.web.page import LEFT, Message, Session, Shown, Talk, Turn
from ui.web.site import Site
from ui.wiring import Playhead as App
from ui.wiring import open_playhead


@pytest.fixture
def app(library: Path) -> Iterator[App]:
    with open_playhead(home=library) as opened:
        yield opened


@pytest.fixture
def talk(app: App, tmp_path: Path) -> Talk:
    return Talk(app, Site(), Feedback(tmp_path))


def said(talk: Talk, *questions: str, scope: str = "") -> tuple[list[Message], list[Turn], Any]:
    """What is shown after the last of several questions."""
    session = Session()
    for question in questions:
        *_, (messages, left) = talk.ask(question, scope, session)
    return messages, session.turns, left


def test_a_question_and_its_answer(talk: Talk) -> None:
    messages, turns, left = said(talk, "Why does bread rise?")
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert "Why does bread rise?" in messages[0]["content"]
    assert BREAD in messages[1]["content"]
    assert "data-citation" in messages[1]["content"]
    assert "data-answer" in messages[1]["content"]
    assert len(turns) == 1
    # Its reader may be typing the next question.
    assert left == LEFT


def test_the_question_stands_there_at_once(talk: Talk) -> None:
    session = Session()
    messages, left = next(talk.ask("Why does bread rise?", "", session))
    assert "Why does bread rise?" in messages[0]["content"]
    assert "ph-busy" in messages[1]["content"]
    assert (session.turns, left) == ([], "")


def test_claims_are_shown_as_they_are_proven(app: App, tmp_path: Path) -> None:
    class Slow:
        """Proves one claim after the other."""

        def draft(self, task: Task) -> Iterator[ProvenClaim]:
            claims = [ProvenClaim(f"Claim {n}.", (task.evidence[0],)) for n in (1, 2)]
            for claim in claims:
                assert last_shown().count("Claim") == int(claim.text[6]) - 1
                yield claim
            return Drafted(tuple(claims), "slow")

    app.engine = Slow()  # type: ignore[assignment]
    steps: list[Shown] = []

    def last_shown() -> str:
        return steps[-1][0][-1]["content"]

    steps.extend(Talk(app, Site(), Feedback(tmp_path)).ask("Why does bread rise?", "", Session()))
    growing = [shown[0][-1]["content"] for shown in steps]
    assert [content.count("Claim") for content in growing] == [0, 1, 2, 2, 2]
    # Thumbs are for whole answers.
    assert ["data-thumb" in content for content in growing] == [False] * 4 + [True]


def test_a_question_follows_on_the_one_before(talk: Talk) -> None:
    messages, turns, _ = said(talk, "Why does bread rise?", "How exactly?")
    assert len(messages) == 4
    assert turns[1][0].standalone == "How exactly (bread rise)?"
    assert "Understood as" in messages[3]["content"]


def test_a_conversation_begun_anew_knows_nothing(talk: Talk) -> None:
    session = Session()
    list(talk.ask("Why does bread rise?", "", session))
    assert session.turns
    assert talk.begin_anew(session) == ([], "")
    assert session.turns == []


@pytest.mark.parametrize("at", [1, 2])
def test_what_is_asked_or_begun_meanwhile_ends_an_answer(at: int, talk: Talk) -> None:
    session = Session()
    old = talk.ask("Why does bread rise?", "", session)
    steps = [next(old) for _ in range(at)]
    assert len(steps) == at
    talk.begin_anew(session)
    assert list(old) == []
    assert session.turns == []
    old = talk.ask("Why does bread rise?", "", session)
    next(old)
    list(talk.ask("Who keeps the lighthouse?", "", session))
    assert list(old) == []
    assert [answer.question for answer, _ in session.turns] == ["Who keeps the lighthouse?"]


def test_a_refusal(talk: Talk) -> None:
    messages, turns, _ = said(talk, "Who won the football world cup in Brazil?")
    assert "data-refused" in messages[1]["content"]
    assert turns[0][0].refused


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_nothing_asked_is_nothing_said(blank: str, talk: Talk) -> None:
    session = Session()
    *_, (messages, _) = talk.ask("Why does bread rise?", "", session)
    assert list(talk.ask(blank, "", session)) == [(messages, LEFT)]


def test_only_the_chosen_videos_are_asked(talk: Talk, playhead: Playhead) -> None:
    listed = playhead("library", "list", "--json").done().json["videos"]
    ids = {video["title"]: video["id"] for video in listed}
    keeper = "Who keeps the lighthouse?"
    assert KEEPER in said(talk, keeper)[0][1]["content"]
    only = said(talk, keeper, scope=f"{ids['bread']} {ids['storm']}")[1][0][0]
    assert ids["lighthouse"] not in videos_in(only)
    assert said(talk, keeper, scope="no-such-video")[1][0][0].refused


def test_what_goes_wrong_is_told_and_the_question_comes_back(talk: Talk) -> None:
    far_too_long = "why " * 2_000
    messages, turns, left = said(talk, far_too_long)
    assert "role='alert'" in messages[1]["content"]
    assert turns == []
    assert left == far_too_long


def videos_in(answer: Answer) -> set[str]:
    """The videos that an answer shows anything of."""
    return {moment.video_id for moment in (*answer.citations, *answer.closest)}
