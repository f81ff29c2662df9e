"""How much a unit tells of what its video is about."""

from __future__ import annotations

import pytest

from playhead.types import Sentence
from retrieval.answer.reading.telling import Topics, terms_of, wording
from tests.fakes import segments


def unit(text: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(part, float(n), n + 1.0)
        for n, part in enumerate(text.replace("|", "\n").split("\n"))
    )


TELLING = "We agreed to move the launch of the new sensor to the end of November."


@pytest.mark.parametrize(
    "worse",
    [
        "Did we agree to move the launch of the new sensor to the end of November?",
        "It was agreed that they would move that to the end of November for him.",
        "And then, um, we, we moved the, er, the launch of the sensor to November.",
        "Good morning and welcome to the meeting about the launch of the new sensor.",
        "Thanks for watching the launch of the new sensor, and see you in November.",
        "Can everybody hear me, and can you see my screen with the launch plan on it?",
        "The launch moved.",
        "Okay.| The launch of the new sensor is moved to the end of November by us.",
        "Willkommen zu unserer Besprechung über den Start des neuen Sensors im November.",
        "word " * 120,
        "...",
        "",
    ],
)
def test_what_can_be_read_alone_is_worth_more(worse: str) -> None:
    assert wording(unit(worse)) < 0.9 * wording(unit(TELLING))


def test_numbers_and_small_words_are_no_topic() -> None:
    assert terms_of("Fourteen of the 250, or twenty-five in a box") == terms_of("box")


def test_what_is_spoken_of_there_counts() -> None:
    talk = segments(
        "v",
        *["We say something about the weather people."] * 4,
        "The putty goes on first, people.",
        "Press the putty with the knife, people.",
        "Wipe the knife when the putty is cold, people.",
        *["We say something about the weather people."] * 4,
        "Paint the frame, people.",
        "Paint the frame twice, people.",
        seconds=60.0,
    )
    topics = Topics(talk)
    none = frozenset[int]()
    here = topics.of_unit(talk[5].sentences, none)[0]
    assert here > topics.of_unit((Sentence("Hello people.", 300.0, 301.0),), none)[0]
    # The same words, where nobody speaks of that.
    assert here > topics.of_unit((Sentence(talk[5].text, 700.0, 701.0),), none)[0]
    assert topics.of_segment(talk[5], none) == (pytest.approx(here), 0.0)


def test_words_of_the_title_count() -> None:
    topics = Topics(segments("v", "Today we bake a sourdough loaf.", "Salt the dough."))
    title = topics.title_terms("Sourdough bread, baked in 3 days")
    assert topics.of_unit(unit("Today we bake a sourdough loaf."), title)[1] == 1.0
    assert topics.of_unit(unit("The sourdough is ready."), title)[1] == 0.5
    assert topics.of_unit(unit("Salt the dough."), title)[1] == 0.0


def test_a_segment_without_words_or_time_breaks_nothing() -> None:
    talk = segments("v", "", "...", seconds=0.0)
    assert Topics(talk).of_segment(talk[0], frozenset()) == (0.0, 0.0)
