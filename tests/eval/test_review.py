"""Reviews: cases on the disk, and a dataset that says the same at any time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.dataset import QUESTIONS, VIDEOS, Dataset, DatasetVideo, Question, Span, read_dataset
from eval.dataset_files import REVIEW, read_rows, write_dataset
from eval.review import Case, Review, case_id
from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from playhead.types import Video

CUES = (Cue(0.0, 4.0, "Bread rises because yeast makes gas."), Cue(4.0, 8.0, "Salt goes in late."))
BREAD = DatasetVideo(Video("bread", "Bread", "/videos/bread.mp4", 8.0), CUES)
STORM = DatasetVideo(Video("storm", "Storm", "/videos/storm.mp4", 8.0), CUES)
CASE = Case(
    "llm-1", "Why does it rise?", "bread", (Span(0.0, 4.0),), "llm", (Span(0.0, 8.0, "bread"),)
)
ACCEPTED = replace(CASE, state="accepted", reviewed=True)


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return Review.begin(tmp_path / "set", [BREAD])


def reopened(review: Review) -> Review:
    return Review(review.folder)


def test_it_begins_empty_and_is_no_dataset_yet(review: Review) -> None:
    assert (review.cases, dict(review.questions)) == ([], {})
    assert review.dataset() == Dataset("set", (BREAD,), ())
    with pytest.raises(DatasetError, match=r"questions\.jsonl is empty"):
        read_dataset(review.folder)


def test_cases_are_kept_in_order(review: Review) -> None:
    other = replace(CASE, qid="llm-2", note="a note", state="rejected", gold=())
    review.add([CASE])
    review.add([other])
    review.add([replace(CASE, question="Why, then?")])
    assert reopened(review).cases == [replace(CASE, question="Why, then?"), other]
    assert dict(reopened(review).questions) == {}


def test_what_is_accepted_is_a_question_at_once(review: Review) -> None:
    review.add([ACCEPTED, replace(CASE, qid="llm-2")])
    assert read_dataset(review.folder).questions == (
        Question("llm-1", "bread", "Why does it rise?", (Span(0.0, 4.0),)),
    )
    (row,) = read_rows(review.folder / QUESTIONS)
    assert (row["origin"], row["reviewed"], row["answerable"]) == ("llm", True, True)


def test_accepted_without_gold_is_unanswerable(review: Review) -> None:
    review.add([replace(ACCEPTED, gold=())])
    (row,) = read_rows(review.folder / QUESTIONS)
    assert (row["answerable"], row["gold"]) == (False, [])
    assert read_dataset(review.folder).questions[0].gold == ()


def test_a_decision_can_be_taken_back(review: Review) -> None:
    review.add([ACCEPTED])
    review.add([replace(ACCEPTED, state="rejected")])
    assert read_rows(review.folder / QUESTIONS) == []


def test_other_questions_and_fields_stay(tmp_path: Path) -> None:
    own = Question("q1", "bread", "What is salt for?", (Span(4.0, 8.0),), "test")
    write_dataset(Dataset("set", (BREAD,), (own,)), tmp_path / "set")
    path = tmp_path / "set" / QUESTIONS
    path.write_text(json.dumps(json.loads(path.read_text()) | {"author": "me"}) + "\n")
    review = Review(tmp_path / "set")
    review.add([ACCEPTED])
    first, second = read_rows(path)
    assert (first["qid"], first["split"], first["author"]) == ("q1", "test", "me")
    path.write_text("\n".join(json.dumps(row | {"split": "dev"}) for row in (first, second)))
    reopened(review).add([replace(ACCEPTED, question="Why, then?")])
    assert [(row["question"], row["split"]) for row in read_rows(path)] == [
        ("What is salt for?", "dev"),
        ("Why, then?", "dev"),
    ]


def test_gold_in_several_videos(review: Review) -> None:
    review.add_videos([STORM, BREAD])
    spans = [Span(0.0, 4.0, "bread"), Span(4.0, 8.0, "storm")]
    review.add([replace(ACCEPTED.with_gold(spans), state="accepted")])
    (question,) = read_dataset(review.folder).questions
    assert (question.video_id, question.video_ids) == (None, ("bread", "storm"))
    (case,) = reopened(review).cases
    assert list(case.located_gold) == spans


def test_gold_in_one_video_names_it_once() -> None:
    case = replace(CASE, video_id=None).with_gold(
        [Span(1.0, 2.0, "storm"), Span(3.0, 4.0, "storm")]
    )
    assert (case.video_id, case.gold) == ("storm", (Span(1.0, 2.0), Span(3.0, 4.0)))


def test_videos_are_added_once(review: Review) -> None:
    review.add([CASE])
    review.add_videos([BREAD, STORM])
    review.add_videos([STORM])
    assert [row["video_id"] for row in read_rows(review.folder / VIDEOS)] == ["bread", "storm"]
    assert [entry.video.id for entry in reopened(review).videos] == ["bread", "storm"]


def test_what_came_to_nothing_leaves_nothing(tmp_path: Path) -> None:
    review = Review.begin(tmp_path / "set", [BREAD])
    review.abandon()
    assert not (tmp_path / "set").exists()


def test_what_came_to_something_or_was_there_before_stays(review: Review) -> None:
    reopened(review).abandon()
    review.add([CASE])
    review.abandon()
    assert reopened(review).cases == [CASE]


def test_it_begins_nowhere_where_something_is(review: Review) -> None:
    with pytest.raises(DatasetError, match="is there already"):
        Review.begin(review.folder, [STORM])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "perhaps"}, "line 1 is not as it should be"),
        ({"origin": None}, "line 1 is not as it should be"),
        ({"gold": [{"start": "soon"}]}, "line 1 is not as it should be"),
        ({"gold": 7}, "line 1 is not as it should be"),
        (
            {"shown": [{"start": 0, "end": 1, "video_id": "gone"}]},
            "'gone', no video of the dataset",
        ),
    ],
)
def test_a_damaged_review(review: Review, change: dict[str, object], words: str) -> None:
    review.add([CASE])
    path = review.folder / REVIEW
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DatasetError, match=words) as caught:
        reopened(review)
    assert REVIEW in str(caught.value)


def test_a_line_without_a_field(review: Review) -> None:
    (review.folder / REVIEW).write_text('{"qid": "x"}\n')
    with pytest.raises(DatasetError, match="line 1 is not as it should be"):
        reopened(review)


def test_a_folder_that_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        Review(tmp_path)


def test_case_ids_have_no_spaces_and_are_the_same_again() -> None:
    assert case_id("thumb", "Why, then?") == case_id("thumb", "Why, then?")
    assert case_id("thumb", "Why, then?") != case_id("thumb", "Why, now?")
    assert len(case_id("llm", "a b", 1.5, "\udcff").split()) == 1


_STATES = st.sampled_from(["open", "accepted", "rejected"])


@settings(max_examples=30)
@given(decisions=st.lists(st.tuples(st.integers(0, 3), _STATES, st.booleans()), max_size=8))
def test_the_dataset_always_has_what_is_accepted(
    decisions: list[tuple[int, str, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    review = Review.begin(tmp_path_factory.mktemp("any") / "set", [BREAD])
    for number, state, reviewed in decisions:
        review.add([replace(CASE, qid=f"llm-{number}", state=state, reviewed=reviewed)])  # type: ignore[arg-type]
    accepted = {case.qid for case in reopened(review).cases if case.state == "accepted"}
    assert {row["qid"] for row in read_rows(review.folder / QUESTIONS)} == accepted
