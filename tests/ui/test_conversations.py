"""`playhead ask`: several questions, whole videos, and answers by a language model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hostile_server import claim, reply
from tests.ollama_server import OllamaServer
from tests.openai_server import OpenAIServer, Request, Respond, sentences_of
from tests.ui.commandline import BREAD, KEEPER, LENS, Playhead, Run

LAMP = "When does the keeper light the lamp?"
WHY = "Why does bread rise?"
LIE = "Bread rises because yeast makes 40 litres of gas."
FOREIGN = "What is the capital of Mongolia?"


def answers(run: Run) -> list[Any]:
    """One answer a line."""
    return [json.loads(line) for line in run.done().out.splitlines()]


def quotes(answer: Any) -> list[str]:
    return [citation["quote"] for citation in answer["citations"]]


def test_each_question_may_follow_on_those_before_it(playhead: Playhead, library: Path) -> None:
    questions = [WHY, LAMP, "And what did he say after that?"]
    run = playhead("ask", *questions, "--json")
    why, lamp, after = answers(run)
    assert [a["question"] for a in (why, lamp, after)] == questions
    assert quotes(why) == [BREAD]
    assert quotes(lamp)[0] == KEEPER
    # What came next was cited already; there is nothing after it.
    assert quotes(lamp)[1:] in ([], [LENS])
    assert after["refused"] or quotes(after) == [LENS]


def test_what_was_understood_is_told(playhead: Playhead, library: Path) -> None:
    _, answer = answers(playhead("ask", WHY, "How exactly?", "--json"))
    assert answer["question"] == "How exactly?"
    assert answer["standalone"] == "How exactly (bread rise)?"
    run = playhead("ask", WHY, "How exactly?")
    assert run.status == 0
    assert run.err == "playhead: understood as: How exactly (bread rise)?\n"
    assert run.out.startswith(f"{BREAD} [1]")


def test_answers_in_a_row_as_a_person_reads_them(playhead: Playhead, library: Path) -> None:
    both = playhead("ask", WHY, LAMP).done().out
    assert both == playhead("ask", WHY).out + "\n" + playhead("ask", LAMP).out


def test_a_question_without_quotation_marks(playhead: Playhead, library: Path) -> None:
    run = playhead("ask", "why", "does", "bread", "rise?")
    assert (run.status, run.out) == (2, "")
    assert 'Put the question in quotation marks: "why does bread rise?"' in run.err


def test_a_bad_question_in_a_row_ends_it_with_one_line(playhead: Playhead, library: Path) -> None:
    run = playhead("ask", WHY, "")
    assert run.status == 1
    assert run.out.startswith(BREAD)
    assert "the question is empty" in run.complaint()


def test_a_follow_up_keeps_to_the_videos_that_were_chosen(
    playhead: Playhead, library: Path
) -> None:
    ids = {v["title"]: v["id"] for v in playhead("library", "list", "--json").done().json["videos"]}
    run = playhead("ask", LAMP, "What about bread?", "--video", ids["lighthouse"], "--json")
    _, answer = answers(run)
    assert {passage["video_id"] for passage in answer["passages"]} == {ids["lighthouse"]}


def test_a_refusal_offers_the_closest_moments(playhead: Playhead, library: Path) -> None:
    answer = playhead("ask", FOREIGN, "--json").done().json
    assert answer["refused"] is True
    assert 1 <= len(answer["closest"]) <= 3
    for moment in answer["closest"]:
        assert moment["quote"]
        assert moment["link"]
    assert 0 <= answer["confidence"] < 1
    answered = playhead("ask", WHY, "--json").done().json
    assert answered["closest"] == answered["dropped"] == []
    assert answered["confidence"] > answer["confidence"]
    assert (answered["kind"], answered["way"], answered["standalone"]) == ("moment", None, None)


def test_which_videos_mention_something(playhead: Playhead, library: Path) -> None:
    question = "Which videos mention the lamp?"
    answer = playhead("ask", question, "--json").done().json
    assert (answer["kind"], quotes(answer)) == ("mentions", [KEEPER])
    assert playhead("ask", question).done().out.startswith(f"- {KEEPER} [1]\n\n[1] lighthouse")
    missing = playhead("ask", "Which videos mention zeppelins?", "--json").done().json
    assert (missing["kind"], missing["refused"]) == ("mentions", True)


def test_a_summary_has_a_line_for_each_claim(playhead: Playhead, library: Path) -> None:
    question = "What is this library about?"
    answer = playhead("ask", question, "--json").done().json
    assert answer["kind"] == "summary"
    assert len({citation["video_id"] for citation in answer["citations"]}) == 3
    out = playhead("ask", question).done().out
    first, *cited = out.split("\n\n")
    claims = ["- " + " ".join(text.split()) for text in f"\n{first}".split("\n- ")[1:]]
    assert f"- bread: {BREAD} [1]" in claims
    assert len(claims) == len(cited) == len(answer["claims"])
    # The claims are the quotes: once is enough.
    assert "“" not in out


# With a language model.


Serve = Callable[..., OpenAIServer]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Serve:
    """A model's server for the settings, that ends with the test."""

    def serves(respond: Respond, kind: str = "openai") -> OpenAIServer:
        server = (OllamaServer if kind == "ollama" else OpenAIServer)(respond)
        request.addfinalizer(lambda: server.__exit__(None, None, None))
        monkeypatch.setenv("PLAYHEAD_LLM", kind)
        monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "tiny")
        monkeypatch.setenv("PLAYHEAD_LLM_BASE_URL", server.url)
        return server.__enter__()

    return serves


def half_true(request: Request) -> str:
    """What was said, and what was not."""
    (name,) = [name for name, text in sentences_of(request).items() if text == BREAD]
    return reply(claim(BREAD, (name, BREAD)), claim(LIE, (name, BREAD)))


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_what_the_model_made_up_is_told_with_its_reason(
    kind: str, playhead: Playhead, library: Path, serve: Serve
) -> None:
    server = serve(half_true, kind)
    answer = playhead("ask", WHY, "--json").done().json
    assert (answer["engine"], answer["way"], answer["answer"]) == (
        "llm:tiny", "schema", f"{BREAD} [1]",
    )  # fmt: skip
    (dropped,) = answer["dropped"]
    assert dropped["text"] == LIE
    assert dropped["reason"]
    assert len(server.requests) == 1
    out = playhead("ask", WHY).done().out
    assert "40" not in out


def test_the_model_makes_a_follow_up_stand_alone(
    playhead: Playhead, library: Path, serve: Serve
) -> None:
    def respond(request: Request) -> str:
        if "Follow-up:" in request["messages"][1]["content"]:
            return "Why does bread rise in the oven?"
        return half_true(request)

    serve(respond)
    _, answer = answers(playhead("ask", WHY, "How exactly?", "--json"))
    assert answer["standalone"] == "Why does bread rise in the oven?"


def test_no_entailment_model_where_one_is_named(
    playhead: Playhead, library: Path, tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(half_true)
    folder = tmp_path / "no-model"
    folder.mkdir()
    monkeypatch.setenv("PLAYHEAD_NLI_MODEL", str(folder))
    line = playhead("ask", WHY).failure()
    assert str(folder) in line
    assert "PLAYHEAD_NLI_MODEL" in line
    run = playhead("doctor", "--json")
    states = {finding["name"]: finding["state"] for finding in run.json["findings"]}
    assert (run.status, states["entailment model"]) == (1, "broken")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LLM_TIMEOUT", "0"),
        ("LLM_TIMEOUT", "3601"),
        ("LLM_TIMEOUT", "soon"),
        ("LLM_CONTEXT", "2047"),
        ("LLM_CONTEXT", "2000001"),
        ("LLM_CONTEXT", "8k"),
    ],
)
def test_a_limit_that_cannot_be(
    name: str, value: str, playhead: Playhead, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PLAYHEAD_{name}", value)
    assert f"PLAYHEAD_{name}" in playhead("ask", WHY).failure()
