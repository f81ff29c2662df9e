"""Thumbs become cases: agreement is gold, all else is for a person, nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.dataset import Dataset, DatasetVideo, Question, Span, read_dataset
from eval.dataset_files import write_dataset
from eval.review import Review
from eval.thumbs import Merged, Thumb, merge_thumbs, read_thumbs
from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from playhead.types import Video

WHY = "Why does bread rise?"


def video(video_id: str) -> DatasetVideo:
    cues = (Cue(0.0, 10.0, "Bread rises."), Cue(10.0, 20.0, "Yeast makes gas."))
    return DatasetVideo(Video(video_id, video_id.title(), f"/v/{video_id}.mp4", 20.0), cues)


LIBRARY = {name: video(name) for name in ("bread", "storm")}


def thumb(up: bool, question: str = WHY, *cited: Span, word: str = "", line: int = 1) -> Thumb:
    return Thumb(
        f"feedback.jsonl, line {line}", up, word, question, cited, (Span(0.0, 20.0, "bread"),)
    )


UP = thumb(True, WHY, Span(0.0, 10.0, "bread"))
DOWN = thumb(False, WHY, Span(0.0, 10.0, "bread"), word="wrong")


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return Review.begin(tmp_path / "set", [video("bread")])


def merged(review: Review, *thumbs: Thumb) -> Merged:
    return merge_thumbs(review, thumbs, LIBRARY.get)


def counts(result: Merged) -> tuple[int, int, int, int]:
    return (
        len(result.added),
        len(result.changed),
        result.there_already,
        len(result.left_out),
    )


def test_up_is_gold(review: Review) -> None:
    assert counts(merged(review, UP)) == (1, 0, 0, 0)
    (question,) = read_dataset(review.folder).questions
    assert (question.text, question.video_id, question.gold) == (WHY, "bread", (Span(0, 10),))


def test_down_is_for_review(review: Review) -> None:
    merged(review, DOWN)
    (case,) = review.cases
    assert (case.state, case.gold, case.note) == ("open", (), "thumb down: wrong")
    assert case.shown == (Span(0.0, 20.0, "bread"),)
    assert not review.questions


def test_thumbs_for_one_question_are_one_case(review: Review) -> None:
    again = thumb(
        True, "why does  BREAD rise", Span(10.0, 14.0, "bread"), Span(18.0, 19.0, "bread")
    )
    merged(review, UP, again)
    (case,) = review.cases
    assert case.gold == (Span(0, 14), Span(18, 19))
    assert case.state == "accepted"


@pytest.mark.parametrize("given", [(UP, DOWN), (DOWN, UP)])
def test_thumbs_that_contradict_each_other_are_reviewed(
    review: Review, given: tuple[Thumb, ...]
) -> None:
    merged(review, *given)
    (case,) = review.cases
    assert (case.state, case.note) == ("open", "thumbs up and down: wrong")
    assert case.gold == (Span(0, 10),)


def test_up_for_a_refusal_is_reviewed(review: Review) -> None:
    merged(review, thumb(True, "What is a monad?"))
    (case,) = review.cases
    assert (case.state, case.gold) == ("open", ())
    assert "the videos do not answer" in case.note


def test_citations_of_several_videos(review: Review) -> None:
    merged(review, thumb(True, WHY, Span(0.0, 10.0, "bread"), Span(2.0, 4.0, "storm")))
    (question,) = read_dataset(review.folder).questions
    assert question.video_ids == ("bread", "storm")
    assert [entry.video.id for entry in read_dataset(review.folder).videos] == ["bread", "storm"]


def test_again_changes_nothing(review: Review) -> None:
    thumbs = (UP, thumb(False, "How far is it?"), thumb(True, "What is a monad?"))
    assert counts(merged(review, *thumbs)) == (3, 0, 0, 0)
    before = {path.name: path.read_bytes() for path in review.folder.iterdir()}
    assert counts(merged(Review(review.folder), *thumbs)) == (0, 0, 3, 0)
    assert {path.name: path.read_bytes() for path in review.folder.iterdir()} == before


def test_a_thumb_down_later_opens_the_case_again(review: Review) -> None:
    merged(review, UP)
    assert counts(merged(review, UP, DOWN)) == (0, 1, 0, 0)
    assert not Review(review.folder).questions


def test_what_a_person_decided_stays(review: Review) -> None:
    merged(review, UP)
    (case,) = review.cases
    decided = replace(case, reviewed=True, gold=(Span(3, 4),))
    review.add([decided])
    assert counts(merged(review, UP, DOWN)) == (0, 0, 1, 0)
    assert review.cases == [decided]


def test_an_open_case_keeps_what_was_edited(review: Review) -> None:
    merged(review, DOWN)
    (case,) = review.cases
    edited = replace(case, question="Why, though?", gold=(Span(3, 4),), video_id="bread")
    review.add([edited])
    merged(review, DOWN, replace(DOWN, word="too long"))
    assert review.cases == [replace(edited, note="thumb down: wrong; too long")]


def test_a_question_that_the_dataset_has_is_not_doubled(tmp_path: Path) -> None:
    own = Question("q1", "bread", "Why does bread rise", (Span(10, 20),))
    write_dataset(Dataset("set", (video("bread"),), (own,)), tmp_path / "set")
    review = Review(tmp_path / "set")
    assert counts(merged(review, UP, DOWN)) == (0, 0, 1, 0)
    assert read_dataset(tmp_path / "set").questions == (own,)


@pytest.mark.parametrize(
    ("cited", "why"),
    [
        (Span(0.0, 10.0, "gone"), "cites the video 'gone', which is not in the library"),
        (Span(30.0, 40.0, "bread"), "nothing is said any more where it cites 'Bread'"),
    ],
)
def test_what_is_cited_must_be_there(review: Review, cited: Span, why: str) -> None:
    result = merged(review, thumb(True, WHY, cited), thumb(True, "Why?", Span(0.0, 10.0, "bread")))
    assert counts(result) == (1, 0, 0, 1)
    assert why in result.left_out[0].why


def test_passages_of_videos_that_are_gone_are_not_shown(review: Review) -> None:
    gone = Thumb("line 1", False, "", WHY, (), (Span(0.0, 1.0, "gone"), Span(0.0, 1.0, "storm")))
    merged(review, gone)
    assert Review(review.folder).cases[0].shown == (Span(0.0, 1.0, "storm"),)


def line(**fields: Any) -> dict[str, Any]:
    place = {"video_id": "bread", "start": 0.0, "end": 10.0}
    answer = {"refused": False, "citations": [place | {"n": 1}], "passages": [place] * 5}
    return {
        "time": "2026-11-21T10:15:00+00:00",
        "thumb": "up",
        "word": None,
        "question": WHY,
        "answer": answer,
    } | fields


def read(tmp_path: Path, rows: Iterable[Any]) -> tuple[list[Thumb], list[str]]:
    path = tmp_path / "feedback.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    thumbs, left_out = read_thumbs(path)
    return thumbs, [part.where.rpartition(" ")[2] for part in left_out]


def test_reading(tmp_path: Path) -> None:
    (one, other), left_out = read(tmp_path, [line(), line(thumb="down", word=" too\nlong ")])
    assert (one.up, one.word, one.question) == (True, "", WHY)
    assert one.cited == (Span(0.0, 10.0, "bread"),)
    assert len(one.seen) == 3
    assert (other.up, other.word) == (False, "too long")
    assert left_out == []


@pytest.mark.parametrize(
    "row",
    [
        {},
        line(thumb="sideways"),
        line(question=" "),
        line(question=7),
        line(answer=None),
        line(answer={"citations": []}),
        line(answer={"citations": [{"start": "x"}], "passages": []}),
        line(answer={"citations": [{"video_id": "a", "start": 5, "end": 1}], "passages": []}),
    ],
)
def test_lines_that_are_no_thumbs_are_named(tmp_path: Path, row: dict[str, Any]) -> None:
    thumbs, left_out = read(tmp_path, [line(), row, line()])
    assert len(thumbs) == 2
    assert left_out == ["2"]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No such file"):
        read_thumbs(tmp_path / "feedback.jsonl")
    (tmp_path / "feedback.jsonl").write_text("up!\n")
    with pytest.raises(DatasetError, match="line 1 is not JSON"):
        read_thumbs(tmp_path / "feedback.jsonl")


_THUMBS = st.builds(
    thumb,
    st.booleans(),
    st.sampled_from([WHY, "why does bread rise", "How far?", "Who?"]),
    st.builds(
        Span, st.just(0.0), st.sampled_from([5.0, 12.0]), st.sampled_from(["bread", "storm"])
    ),
)


@settings(max_examples=40)
@given(thumbs=st.lists(_THUMBS, max_size=8), cut=st.integers(0, 8))
def test_all_at_once_or_in_two_goes_is_the_same(
    thumbs: list[Thumb], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    once = Review.begin(folder / "once", [video("bread")])
    merged(once, *thumbs)
    twice = Review.begin(folder / "twice", [video("bread")])
    merged(twice, *thumbs[:cut])
    merged(twice, *thumbs)
    assert [(c.qid, c.state, c.gold) for c in once.cases if c.state == "accepted"] == [
        (c.qid, c.state, c.gold) for c in twice.cases if c.state == "accepted"
    ]
    assert {c.qid for c in once.cases} == {c.qid for c in twice.cases}
