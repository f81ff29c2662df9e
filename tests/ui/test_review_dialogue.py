"""The review in a terminal: what is typed is done, kept at once, and can be gone back on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from eval.dataset import DatasetVideo, Span, read_dataset
from eval.review import Case, Review
from ingest.captions.cue import Cue
from playhead.types import Video
from tests.ui.commandline import BREAD, BREAD_URL, KEEPER, LENS, STORM
from ui.passages import MarkError, Transcripts, marked_spans
from ui.review import Dialogue

LIGHT = DatasetVideo(
    Video("light", "The light", "dataset:light", 12.0),
    (Cue(0.0, 4.0, KEEPER), Cue(4.0, 8.0, LENS), Cue(8.0, 12.0, STORM)),
)
KITCHEN = DatasetVideo(Video("bread", "Bread", BREAD_URL, 70.0), (Cue(61.0, 65.0, BREAD),))
WHERE = Case(
    "llm-1", "Where was it ground?", "light", (Span(4.0, 8.0),), "llm", (Span(4.0, 8.0, "light"),)
)
WHY = Case("llm-2", "Why rise?", "bread", (Span(61.0, 65.0),), "llm", (Span(61.0, 65.0, "bread"),))
Typed = Callable[..., Result]


@pytest.fixture
def review(tmp_path: Path) -> Review:
    review = Review.begin(tmp_path / "set", [LIGHT, KITCHEN])
    review.add([WHERE, WHY])
    return review


@pytest.fixture
def typed(review: Review) -> Typed:
    """Runs the dialogue on what is on the disk, and types lines."""

    @click.command()
    def command() -> None:
        Dialogue(Review(review.folder)).run()

    def run(*lines: str) -> Result:
        return CliRunner().invoke(command, input="".join(f"{line}\n" for line in lines))

    return run


def case(review: Review, qid: str = "llm-1") -> Case:
    return Review(review.folder).case(qid)


def test_what_is_shown(typed: Typed) -> None:
    result = typed("q")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "1 of 2, asked by the language model" in result.stderr
    lines = result.stderr.splitlines()
    assert f"   1    0:00  {KEEPER}" in lines
    assert f"*  2    0:04  {LENS}" in lines
    assert f"   3    0:08  {STORM}" in lines
    assert "Question: Where was it ground?" in lines
    assert "(100% of its words are in the marked sentences)" in lines


def test_a_link_to_watch_it(typed: Typed) -> None:
    assert f"     {BREAD_URL}#t=61" in typed("s", "q").stderr.splitlines()


def test_accept_and_reject(typed: Typed, review: Review) -> None:
    assert typed("a", "r").exit_code == 0
    assert case(review) == replace(WHERE, state="accepted", reviewed=True)
    assert case(review, "llm-2") == replace(WHY, state="rejected", reviewed=True)
    (question,) = read_dataset(review.folder).questions
    assert question.text == "Where was it ground?"


def test_what_is_decided_is_not_asked_again(typed: Typed) -> None:
    typed("a", "q")
    again = typed("q")
    assert "1 of 1" in again.stderr
    assert "Why rise?" in again.stderr
    typed("r")
    assert typed().stderr == ""


def test_skip_leaves_it_open(typed: Typed, review: Review) -> None:
    typed("s", "s")
    assert (case(review), case(review, "llm-2")) == (WHERE, WHY)


def test_edit(typed: Typed, review: Review) -> None:
    typed("e", "  Where is the lens from? ", "a", "q")
    assert case(review).question == "Where is the lens from?"
    assert case(review).state == "accepted"


def test_an_empty_edit_changes_nothing(typed: Typed, review: Review) -> None:
    typed("e", "", "q")
    assert case(review) == WHERE


def test_an_edit_that_is_no_question(typed: Typed, review: Review) -> None:
    result = typed("e", "x" * 2001, "q")
    assert "at most 2,000 are read" in result.stderr
    assert case(review) == WHERE


@pytest.mark.parametrize(
    ("marks", "gold"),
    [
        ("1", (Span(0.0, 4.0),)),
        ("1-2", (Span(0.0, 8.0),)),
        ("1, 3", (Span(0.0, 4.0), Span(8.0, 12.0))),
        ("0:02-0:06.5", (Span(2.0, 6.5),)),
        ("0:00:02 – 0:00:06", (Span(2.0, 6.0),)),
    ],
)
def test_mark(typed: Typed, review: Review, marks: str, gold: tuple[Span, ...]) -> None:
    typed("m", marks, "a", "q")
    assert (case(review).gold, case(review).video_id) == (gold, "light")
    assert read_dataset(review.folder).questions[0].gold == gold


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ("4", "there are sentences 1 to 3, not 4"),
        ("3-1", "there are sentences 1 to 3, not 3-1"),
        ("0", "there are sentences 1 to 3, not 0"),
        ("all", "'all' is neither"),
        ("1,", "'' is neither"),
        ("0:06-0:02", "the end is not after the start"),
        ("5:00-6:00", "the video ends at 0:12"),
        ("", ""),
    ],
)
def test_marks_that_are_none(typed: Typed, review: Review, marks: str, words: str) -> None:
    result = typed("m", marks, "q")
    assert words in result.stderr
    assert case(review) == WHERE


def test_unanswerable(typed: Typed, review: Review) -> None:
    typed("u", "q")
    (question,) = read_dataset(review.folder).questions
    assert question.gold == ()
    assert case(review).state == "accepted"


def test_find_other_passages_and_mark_in_them(typed: Typed, review: Review) -> None:
    result = typed("f", "why does bread rise, yeast?", "m", "4", "a", "q")
    assert f"   4    1:01  {BREAD}" in result.stderr.splitlines()
    assert (case(review).video_id, case(review).gold) == ("bread", (Span(61.0, 65.0),))


def test_marks_in_two_videos(typed: Typed, review: Review) -> None:
    result = typed("f", "yeast", "m", "0:01-0:02", "m", "2,4", "a", "q")
    assert "sentences of several videos are shown" in result.stderr
    (question,) = read_dataset(review.folder).questions
    assert question.video_ids == ("light", "bread")


@pytest.mark.parametrize("words", ["zeppelin", "", "the of"])
def test_nothing_found(typed: Typed, review: Review, words: str) -> None:
    assert "Nothing found." in typed("f", words, "q").stderr
    assert case(review) == WHERE


def test_back(typed: Typed, review: Review) -> None:
    result = typed("r", "b", "a", "q")
    assert "1 of 2, asked by the language model, rejected" in result.stderr
    assert case(review).state == "accepted"


def test_back_from_the_first_is_the_first(typed: Typed) -> None:
    assert typed("b", "b", "q").stderr.count("1 of 2") == 3


def test_help_and_keys_that_are_none(typed: Typed, review: Review) -> None:
    assert typed("h", "x", "q").stderr.count("leave it out for good") == 2
    assert case(review) == WHERE


def test_keys_may_be_words(typed: Typed, review: Review) -> None:
    typed("Accept", "REJECT")
    assert (case(review).state, case(review, "llm-2").state) == ("accepted", "rejected")


def test_a_passage_to_ask_about(typed: Typed, review: Review) -> None:
    review.add([Case("person-1", "", "light", (), "person", (Span(0.0, 8.0, "light"),))])
    typed("r", "r")
    result = typed("a", "u", "e", "Who lights it?", "a", "m", "1", "a")
    assert "There is no question yet" in result.stderr
    assert "No answer is marked" in result.stderr
    assert result.exit_code == 0
    (question,) = read_dataset(review.folder).questions
    assert (question.text, question.gold) == ("Who lights it?", (Span(0.0, 4.0),))


def test_a_thumb_down_has_its_note(typed: Typed, review: Review) -> None:
    shown = (Span(0.0, 4.0, "light"), Span(61.0, 65.0, "bread"))
    noted = Case("thumb-1", "Who?", None, (), "thumb", shown, note="thumb down: wrong")
    review.add([replace(WHERE, state="rejected"), replace(WHY, state="rejected"), noted])
    result = typed("m", "3", "a")
    assert "1 of 1, from a thumb, thumb down: wrong" in result.stderr
    assert case(review, "thumb-1").video_id == "bread"


def test_the_end_of_the_input_loses_nothing(typed: Typed, review: Review) -> None:
    assert typed("a", "e").exit_code == 1
    assert case(review).state == "accepted"
    assert case(review, "llm-2") == WHY


def test_no_control_character_reaches_the_terminal(tmp_path: Path) -> None:
    cue = Cue(0.0, 4.0, "evil \x1b[2Jwords of a stranger")
    evil = DatasetVideo(Video("e", "ti\x1btle", "dataset:e", 4.0), (cue,))
    review = Review.begin(tmp_path / "set", [evil])
    review.add([Case("llm-1", "Who\x1b?", "e", (Span(0.0, 4.0),), "llm", ())])
    command = click.command()(lambda: Dialogue(review).run())
    result = CliRunner().invoke(command, input="q\n", color=True)
    assert "\x1b[2J" not in result.stderr
    assert "ti\x1b" not in result.stderr
    assert "Who\x1b?" not in result.stderr


def test_marks_go_to_the_end_of_the_longest_sentence() -> None:
    """Where people talk at once, the last sentence need not end last."""
    long = Cue(0.0, 9.0, "A long turn that goes on and on and on.", "Ann")
    entry = replace(LIGHT, cues=(long, Cue(9.0, 9.5, "Yes, of course it does.", "Bob")))
    lines = Transcripts([entry]).around([Span(0.0, 12.0, "light")])
    assert marked_spans("1-2", lines) == [Span(0.0, 9.5, "light")]
    with pytest.raises(MarkError):
        marked_spans("1-3", lines)
