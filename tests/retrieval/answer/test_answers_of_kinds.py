"""Questions about whole videos and questions that follow on others, end to end: a real store, with
the transcript's own words and with a language model on a server.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playhead.types import Answer, Segment
from retrieval.answer.answerer import Answerer
from retrieval.answer.checks.claims import Checker
from retrieval.answer.extractive import MOST, ExtractiveEngine
from retrieval.answer.llm.engine import LlmEngine
from retrieval.answer.llm.rewriter import LlmRewriter
from retrieval.answer.llm.server import openai_compatible
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.hostile_server import claim, reply
from tests.openai_server import OpenAIServer, Request, Respond, id_of, sentences_of

SALT = "Now add ten grams of salt."
LIE = "Now add forty grams of salt."
SLOCUM = "Captain Joshua Slocum sailed alone around the world in 1898."
AFTER_SLOCUM = "His boat was called Spray."


@pytest.fixture(scope="module")
def answerer(library: EdgeStore, searcher: Searcher) -> Answerer:
    return Answerer(library, searcher, ExtractiveEngine())


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def videos(answer: Answer) -> set[str]:
    return {citation.video_id for citation in answer.citations}


def spans(answer: Answer) -> list[tuple[str, float]]:
    return [(citation.video_id, citation.start) for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Summarise the sailing talk", {"sails"}),
        ("What is the talk about bread about?", {"bread"}),
        ("What is this library about?", {"bread", "sails"}),
    ],
)
def test_a_summary_is_spread_over_what_it_sums_up(
    question: str, expected: set[str], answerer: Answerer, spoken: dict[str, Segment]
) -> None:
    answer = answerer.ask(question)
    assert (answer.kind, answer.refused, answer.confidence) == ("summary", False, 1.0)
    assert videos(answer) == expected
    assert 3 <= len(answer.claims) <= MOST["summary"]
    assert spans(answer) == sorted(spans(answer))
    for citation in answer.citations:
        assert citation.quote in spoken[citation.segment_id].text


def test_a_summary_of_the_video_that_was_chosen(answerer: Answerer) -> None:
    answer = answerer.ask("What is this about?", video_ids=["bread"])
    assert (answer.kind, videos(answer)) == ("summary", {"bread"})


def test_which_videos_mention_something(answerer: Answerer) -> None:
    answer = answerer.ask("Which talks mention salt?")
    assert (answer.kind, videos(answer), len(answer.claims)) == ("mentions", {"bread"}, 1)
    assert "salt" in quotes(answer)[0]
    both = answerer.ask("Which videos mention water?")
    assert "bread" in videos(both)
    assert len(both.citations) == len(videos(both))


def test_what_no_video_mentions_is_refused_with_what_comes_closest_to_it(
    answerer: Answerer,
) -> None:
    answer = answerer.ask("Which talks mention the moons of Jupiter?")
    assert (answer.kind, answer.refused, answer.reason) == ("mentions", True, "no_evidence")
    assert answer.confidence == 0.0
    assert answer.closest
    assert answer.question == "Which talks mention the moons of Jupiter?"
    assert answer.standalone is None


def test_what_was_said_next_and_before(answerer: Answerer) -> None:
    first = answerer.ask("Who sailed around the world alone?")
    assert quotes(first)[:2] == [SLOCUM, AFTER_SLOCUM]
    after = answerer.ask("And what did he say after that?", turns=[first])
    assert quotes(after)[0] == "When a squall comes, let the mainsheet out at once."
    before = answerer.ask("What came just before that?", turns=[first])
    assert quotes(before)[-1] == "No boat can sail straight into the wind."


def test_the_subject_and_the_video_are_carried_over(answerer: Answerer) -> None:
    turns = [answerer.ask("When is the salt added?")]
    why = answerer.ask("Why?", turns=turns)
    assert why.standalone == "Why (salt added)?"
    assert why.question == "Why?"
    if not why.refused:
        assert videos(why) == {"bread"}
    other = answerer.ask("Who was Joshua Slocum?", turns=[*turns, why])
    assert (other.standalone, quotes(other)[0]) == (None, SLOCUM)


def test_a_follow_up_keeps_to_the_videos_that_were_chosen(answerer: Answerer) -> None:
    bread = answerer.ask("When is the salt added?")
    answer = answerer.ask("How much?", video_ids=["sails"], turns=[bread])
    assert {passage.hit.video.id for passage in answer.passages} == {"sails"}


# With a language model.


Model = Callable[[Respond], tuple[Answerer, OpenAIServer]]


@pytest.fixture
def model(library: EdgeStore, searcher: Searcher, request: pytest.FixtureRequest) -> Model:
    """Answers with the model of a server, which ends with the test."""

    def answers(respond: Respond) -> tuple[Answerer, OpenAIServer]:
        server = OpenAIServer(respond).__enter__()
        request.addfinalizer(lambda: server.__exit__(None, None, None))
        chat = openai_compatible(server.url, "tiny", None)
        engine = LlmEngine(
            chat, "llm:tiny", Checker(), ExtractiveEngine(), sleep=lambda _seconds: None
        )
        rewriter = LlmRewriter(chat, sleep=lambda _seconds: None)
        return Answerer(library, searcher, engine, rewriter), server

    return answers


def first_sentence(request: Request) -> str:
    """A reply that claims the first sentence of a request, word for word."""
    name, text = next(iter(sentences_of(request).items()))
    return reply(claim(text, (name, text)))


@pytest.mark.parametrize(
    ("question", "instruction"),
    [
        ("Summarise the bread talk", "Sum up in four to eight claims"),
        ("Which talks mention salt?", "one claim for each video that speaks of it"),
        ("When is the salt added?", "at most four claims"),
    ],
)
def test_a_model_is_told_the_kind_of_task_and_given_its_evidence(
    question: str, instruction: str, model: Model, answerer: Answerer
) -> None:
    asking, server = model(first_sentence)
    answer = asking.ask(question)
    (request,) = server.requests
    assert instruction in request["messages"][1]["content"]
    assert (answer.engine, answer.way, len(answer.claims)) == ("llm:tiny", "schema", 1)
    # All that was read is sent, not only what is shown without a model.
    sent = set(sentences_of(request).values())
    assert set(quotes(answerer.ask(question))) <= sent


def test_what_a_model_makes_up_is_dropped_with_its_reason(model: Model) -> None:
    def respond(request: Request) -> str:
        name = id_of(request, SALT)
        return reply(claim(SALT, (name, SALT)), claim(LIE, (name, SALT)))

    asking, _server = model(respond)
    answer = asking.ask("When is the salt added?")
    assert [claim.text for claim in answer.claims] == [SALT]
    (dropped,) = answer.dropped
    assert dropped.text == LIE
    assert dropped.reason


def in_turn(question: str | None) -> Respond:
    """A model that rewrites a follow-up so (None: is down then), and answers by one sentence."""

    def respond(request: Request) -> str | None:
        if "Follow-up:" in request["messages"][1]["content"]:
            return question
        return first_sentence(request)

    return respond


def test_a_model_makes_a_follow_up_stand_alone(model: Model) -> None:
    asking, _server = model(in_turn("Why must salt not touch the starter?"))
    first = asking.ask("When is the salt added?")
    answer = asking.ask("Why?", turns=[first])
    assert answer.standalone == "Why must salt not touch the starter?"
    assert answer.question == "Why?"


def test_where_the_model_is_down_the_rules_do(model: Model) -> None:
    asking, server = model(in_turn(None))
    first = asking.ask("When is the salt added?")
    answer = asking.ask("How much?", turns=[first])
    assert answer.standalone == "How much (salt added)?"
    assert len(server.requests) > 2
