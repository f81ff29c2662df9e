"""Gold spans that name their video: questions that several videos answer together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.dataset import Question, Span, is_relevant, read_dataset
from playhead.errors import DatasetError
from tests.fakes import segments

HERE, THERE = "here", "there"


def dataset_of(folder: Path, *questions: dict[str, object]) -> Path:
    rows = [
        {
            "video_id": video_id,
            "title": video_id,
            "duration": 60.0,
            "segments": [{"id": "0", "start": 0, "end": 60, "text": "Something is said."}],
        }
        for video_id in (HERE, THERE)
    ]
    for name, lines in (("videos", rows), ("questions", questions)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


def asked(folder: Path, video_id: str | None, *gold: dict[str, object]) -> Question:
    row = {"qid": "q", "video_id": video_id, "question": "?", "answerable": True, "gold": gold}
    (question,) = read_dataset(dataset_of(folder, row)).questions
    return question


def test_a_span_lies_in_the_question_s_video_unless_it_names_its_own(tmp_path: Path) -> None:
    question = asked(
        tmp_path, HERE, {"start": 1, "end": 2}, {"start": 3, "end": 4, "video_id": THERE}
    )
    assert question.gold_in(HERE) == (Span(1, 2),)
    assert question.gold_in(THERE) == (Span(3, 4, THERE),)
    assert question.video_ids == (HERE, THERE)


def test_a_question_about_no_single_video_names_one_in_every_span(tmp_path: Path) -> None:
    question = asked(tmp_path, None, {"start": 3, "end": 4, "video_id": THERE})
    assert question.video_ids == (THERE,)
    with pytest.raises(DatasetError, match=r"line 1 .* names no video"):
        asked(tmp_path, None, {"start": 3, "end": 4})


def test_an_unanswerable_question_has_its_own_video_or_none() -> None:
    assert Question("q", HERE, "?", ()).video_ids == (HERE,)
    assert Question("q", None, "?", ()).video_ids == ()


def test_a_segment_is_relevant_only_by_the_spans_of_its_own_video() -> None:
    question = Question("q", HERE, "?", (Span(0, 20), Span(20, 40, THERE)))
    of_here, of_there = (
        [is_relevant(segment, question) for segment in segments(video_id, "one", "two", "three")]
        for video_id in (HERE, THERE)
    )
    assert of_here == [True, False, False]
    assert of_there == [False, True, False]
