"""The values of the domain: what follows from their fields."""

from __future__ import annotations

import pytest

from playhead.types import Hit, Passage, Sentence, Transcript, Word
from tests.fakes import segments, video


def test_a_sentence_follows_from_its_words() -> None:
    words = (Word("Good", 1.0, 1.2), Word("morning.", 1.3, 1.9, 0.8))
    sentence = Sentence.of(words, "Ann")
    assert (sentence.text, sentence.start, sentence.end) == ("Good morning.", 1.0, 1.9)
    assert (sentence.words, sentence.speaker) == (words, "Ann")


@pytest.mark.parametrize(
    ("engine", "draft"),
    [("pocketsphinx", True), ("whisper:small", False), ("captions:track", False)],
)
def test_only_the_rough_recogniser_makes_drafts(engine: str, draft: bool) -> None:
    assert Transcript((), None, engine, "measured").draft is draft
    assert video(engine=engine).draft is draft


def test_a_passage_spans_its_segments() -> None:
    first, second, third = segments("v", "one.|two.", "three.", "four.")
    passage = Passage(Hit(second, 1.0, video("v")), (first,), (third,))
    assert passage.segments == (first, second, third)
    assert (passage.start, passage.end) == (0.0, 60.0)
    assert passage.text == "one. two. three. four."


def test_values_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        video().title = "other"  # type: ignore[misc]
