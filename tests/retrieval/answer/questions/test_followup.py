"""What a question means after others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.types import Answer, Citation, Claim, Video
from retrieval.answer.questions.followup import Understood, understood
from tests.fakes import video

LIBRARY = [video("bread", "How to bake bread"), video("sails", "How to sail")]


def cited(n: int, video_id: str, start: float) -> Citation:
    return Citation(
        n, video_id, "Title", start, start + 5.0, "Said.", f"{video_id}:{n}", "/video.mp4"
    )


def answered(
    question: str, *citations: Citation, standalone: str | None = None, kind: str = "moment"
) -> Answer:
    claims = tuple(Claim("Said.", (citation.n,)) for citation in citations)
    refused = None if citations else "no_evidence"
    return Answer(
        question, claims, citations, not citations, refused, "extractive", (),
        standalone=standalone, kind=kind,
    )  # fmt: skip


LOAF = answered("How long does the loaf bake in the oven?", cited(1, "bread", 10.0))
STARTER = answered("What does the starter do?", cited(1, "bread", 10.0))
SLOCUM = answered("Who was Captain Joshua Slocum?", cited(1, "sails", 10.0))
FLOUR = answered("How much flour do I need?", cited(1, "bread", 10.0))
MOONS = answered("How many moons does Jupiter have?")
TOWN_HALL = answered(
    "What is the town hall about?", cited(1, "q1", 1.0), cited(2, "q1", 500.0), kind="summary"
)


def test_the_first_question_is_what_it_is() -> None:
    assert understood("And then?", []) == Understood("And then?")


@pytest.mark.parametrize(
    ("last", "question", "meant"),
    [
        (STARTER, "Why?", "Why (starter)?"),
        (STARTER, "and how is it made?", "How is starter made?"),
        (STARTER, "And its smell?", "Starter's smell?"),
        (LOAF, "How long exactly?", "How long exactly (loaf bake oven)?"),
        (LOAF, "tell me more", "Tell me more (loaf bake oven)?"),
        (LOAF, "Does it rise in the oven?", "Does it rise in the oven (loaf bake)?"),
        (LOAF, "and in winter?", "How long does the loaf bake in the oven in winter?"),
        (LOAF, "What about the rolls?", "How long does the rolls bake in the oven?"),
        (STARTER, "what about the salt?", "What does the salt do?"),
        (STARTER, "what about Marit?", "What does Marit do?"),
        (STARTER, "Since when?", "Since when (starter)?"),
        (FLOUR, "what about the salt?", "How much salt do I need?"),
        (FLOUR, "And water?", "How much water do I need?"),
        (FLOUR, "and how much for two loaves?", "How much for two loaves (flour)?"),
        (SLOCUM, "When did he sail?", "When did Captain Joshua Slocum sail?"),
        (SLOCUM, "What was his boat called?", "What was Captain Joshua Slocum's boat called?"),
        (SLOCUM, "What about Magellan?", "Who was Magellan?"),
        (STARTER, "Warum?", "Warum (starter)?"),
        (STARTER, "¿Y por qué?", "Por qué (starter)?"),
        (STARTER, "Pourquoi ?", "Pourquoi (starter)?"),
    ],
)
def test_what_is_missing_is_carried_over(last: Answer, question: str, meant: str) -> None:
    video_id = last.citations[0].video_id
    assert understood(question, [MOONS, last]) == Understood(meant, (video_id,))


@pytest.mark.parametrize(
    "question",
    [
        "What is sourdough?",
        "How do I tie a bowline?",
        "What is the temperature of the oven?",
        "How long does it take to sail around the world?",
        "When is the next meeting?",
        "What happens after the salt is added?",
        "Which talks mention thunder?",
        "Summarise the sailing talk",
        "What is the whole library about?",
        "What does the sailing video say about the wind?",
        "Thanks!",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_left_alone(question: str) -> None:
    assert understood(question, [LOAF], None, lambda: LIBRARY) == Understood(question)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Why?", "Why (moons Jupiter)?"),
        ("And Saturn?", "How many moons does Saturn have?"),
        ("What happened after that?", "What happened after that (moons Jupiter)?"),
    ],
)
def test_after_a_refusal_the_subject_is_carried_but_no_video(question: str, meant: str) -> None:
    assert understood(question, [LOAF, MOONS]) == Understood(meant)


def test_the_subject_is_that_of_the_question_as_it_was_understood() -> None:
    last = answered("And why?", cited(1, "bread", 1.0), standalone="Why (salt)?")
    assert understood("How much?", [last]).question == "How much (salt)?"


def test_somebody_without_a_name_is_looked_for_in_the_video_in_play() -> None:
    question = "What did she say about Lisbon?"
    assert understood(question, [TOWN_HALL]) == Understood(question, ("q1",))


def test_since_is_no_subject() -> None:
    last = answered("Since when?", cited(1, "bread", 1.0), standalone="Since when (starter)?")
    assert understood("Who makes it?", [last]).question == "Who makes starter?"


def test_a_summary_has_no_subject_to_carry() -> None:
    assert understood("Who was it?", [TOWN_HALL]) == Understood("Who was it?", ("q1",))


@pytest.mark.parametrize(
    "question",
    ["Summarise it", "What is it about?", "Summarise the talk", "tl;dr", "What is this about?"],
)
def test_a_summary_of_what_is_in_play(question: str) -> None:
    assert understood(question, [LOAF]) == Understood(question, ("bread",))


@pytest.mark.parametrize("question", ["Summarise everything", "What are all my videos about?"])
def test_a_summary_of_everything(question: str) -> None:
    assert understood(question, [LOAF]) == Understood(question)


@pytest.mark.parametrize(
    ("last", "meant"),
    [
        (STARTER, "Which videos mention starter?"),
        (SLOCUM, "Which videos mention Captain Joshua Slocum?"),
        (TOWN_HALL, "Which videos mention it?"),
    ],
)
def test_which_videos_mention_it(last: Answer, meant: str) -> None:
    assert understood("Which videos mention it?", [last]) == Understood(meant)


BOTH = answered("What is a bowline?", cited(1, "sails", 5.0))


@pytest.mark.parametrize(
    ("question", "videos"),
    [
        ("And in the sailing talk?", ("sails",)),
        ("and in the video on bread?", ("bread",)),
        ("What about in the second talk?", ("sails",)),
        ("and in the first video?", ("bread",)),
        ("and in the fifth talk?", ()),
        ("And in the other talk?", ("bread",)),
        ("and in this video?", ("sails",)),
        ("and in the talk about penguins?", ()),
    ],
)
def test_the_same_of_another_recording(question: str, videos: tuple[str, ...]) -> None:
    turns = [LOAF, BOTH]
    assert understood(question, turns, None, lambda: LIBRARY) == Understood(
        "What is a bowline?", videos
    )


def test_something_else_of_this_recording() -> None:
    question = "What is said about salt in this video?"
    assert understood(question, [LOAF]) == Understood(question, ("bread",))


PLACES = answered(
    "How do I bake?",
    cited(1, "sails", 40.0),
    cited(2, "bread", 100.0),
    cited(3, "bread", 106.0),
)


@pytest.mark.parametrize(
    "question",
    [
        "And what did they say after that?",
        "What happens next?",
        "And then?",
        "what comes afterwards?",
        "go on",
        "What was said right after that?",
        "Und danach?",
        "Et ensuite ?",
        "¿Y después?",
    ],
)
def test_what_comes_next(question: str) -> None:
    meant = understood(question, [PLACES])
    assert (meant.after, meant.before) == (PLACES.citations[2], None)
    assert (meant.question, meant.video_ids) == (question, ("bread",))
    assert not meant.asks_for


@pytest.mark.parametrize(
    "question", ["What did they say before that?", "What came just before?", "Und davor?"]
)
def test_what_came_before(question: str) -> None:
    """Before the first of what was cited together at the last place."""
    meant = understood(question, [PLACES])
    assert (meant.after, meant.before) == (None, PLACES.citations[1])
    assert not meant.asks_for


def test_what_somebody_said_next_of_something() -> None:
    meant = understood("What did she say after that about the oven?", [PLACES])
    assert meant.after == PLACES.citations[2]
    assert meant.asks_for
    assert meant.same_speaker


@pytest.mark.parametrize(
    "question", ["What is the next step of the recipe?", "When is the next town hall?"]
)
def test_next_is_not_always_a_place(question: str) -> None:
    assert understood(question, [PLACES]) == Understood(question)


class Model:
    """A rewriter that says the same always, and keeps what it was asked."""

    def __init__(self, reply: str | None) -> None:
        self._reply = reply
        self.asked: list[str] = []

    def standalone(self, question: str, turns: Sequence[Answer]) -> str | None:
        self.asked.append(question)
        return self._reply


def test_a_model_writes_what_the_rules_find() -> None:
    model = Model("Why does the starter smell?")
    meant = understood("Why?", [STARTER], model)
    assert meant == Understood("Why does the starter smell?", ("bread",))


def test_the_rules_are_enough_where_the_model_has_nothing() -> None:
    assert understood("Why?", [STARTER], Model(None)).question == "Why (starter)?"


@pytest.mark.parametrize("question", ["What is sourdough?", "And then?", "Summarise it"])
def test_the_model_is_not_asked_needlessly(question: str) -> None:
    model = Model("Something else?")
    assert understood(question, [STARTER], model).question == question
    assert model.asked == []


def test_the_library_is_not_listed_needlessly() -> None:
    def listed() -> list[Video]:
        raise AssertionError

    for question in ("Why?", "What is sourdough?", "And then?", "and in this video?"):
        understood(question, [STARTER], None, listed)


@given(st.text(max_size=120), st.sampled_from([LOAF, STARTER, SLOCUM, MOONS, TOWN_HALL, PLACES]))
def test_any_text_is_understood(question: str, last: Answer) -> None:
    meant = understood(question, [last], None, lambda: LIBRARY)
    assert set(meant.video_ids) <= {"bread", "sails", "q1"}
    assert not (meant.after and meant.before)


def summed_up(question: str, standalone: str | None = None) -> Answer:
    return answered(question, cited(1, "q2", 1.0), standalone=standalone, kind="summary")


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Summarise the second town hall", "And the first one?", "Summarise the first town hall"),
        ("Sum up the first video.", "what about the Second one?", "Sum up the second video."),
        (
            "What was the revenue in the first quarter?",
            "And in the second one?",
            "What was the revenue in the second quarter?",
        ),
    ],
)
def test_the_same_of_another_one(before: str, question: str, meant: str) -> None:
    assert understood(question, [summed_up(before)]) == Understood(meant)


def test_the_first_one_of_nothing_that_was_counted() -> None:
    assert understood("And the first one?", [STARTER]) != Understood("What does the first do?")


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        ("How long is the sailing talk?", "How long is the sailing talk?"),
        ("What is new in the sailing talk?", "What is new in the talk on bread?"),
        ("How hot is it in the oven?", "How hot is it in the oven?"),
    ],
)
def test_another_recording_stands_where_one_was_named(before: str, meant: str) -> None:
    last = answered(before, cited(1, "sails", 5.0))
    assert understood("And in the talk on bread?", [last], None, lambda: LIBRARY) == Understood(
        meant, ("bread",)
    )


@pytest.mark.parametrize(
    ("last", "question", "meant"),
    [
        (summed_up("Sum up the sailing talk"), "And the bread talk?", "Summarise the bread talk"),
        (summed_up("What is it about?"), "What about how to bake?", "Summarise the how to bake"),
        (LOAF, "What about the bread video?", LOAF.question),
        (
            answered("What is new in the sailing talk?", cited(1, "sails", 5.0)),
            "and the bread talk?",
            "What is new in the bread talk?",
        ),
    ],
)
def test_the_same_of_a_recording_that_is_named(last: Answer, question: str, meant: str) -> None:
    assert understood(question, [last], None, lambda: LIBRARY) == Understood(meant, ("bread",))


def test_a_recording_that_is_not_there_is_something_to_ask_about() -> None:
    meant = understood("And the penguin talk?", [STARTER], None, lambda: LIBRARY)
    assert meant == Understood("What does the penguin talk do?", ("bread",))


def test_who_is_to_have_said_it_is_not_what_is_asked_for() -> None:
    for question in (
        "And what did the lecturer say after that?",
        "What did Priya say before that?",
    ):
        assert not understood(question, [PLACES]).asks_for
    for question in ("What did Priya say after that about salt?", "What was said then about salt?"):
        assert understood(question, [PLACES]).asks_for
