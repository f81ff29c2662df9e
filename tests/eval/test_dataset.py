"""Datasets read from folders, and everything that is no dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.build import segments_of_dataset
from eval.dataset import (
    Dataset,
    DatasetVideo,
    Question,
    Span,
    dataset_hash,
    is_relevant,
    read_dataset,
)
from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from playhead.types import Segment, Video
from tests.eval.small import question_row, video_row, write_lines


def test_what_is_written_is_read(tmp_path: Path) -> None:
    said = [
        {"id": 0, "start": 1, "end": 2.5, "text": "Hoist the sail."},
        {"id": 1, "start": 3, "end": 4, "text": "Why?", "speaker": "Ann"},
    ]
    folder = write_lines(
        tmp_path / "boats",
        [video_row("a", title="Boats", segments=said), video_row("b", url="https://x.example/b")],
        [
            question_row("1", video_id="a", split="dev"),
            question_row("2", video_id=None, answerable=False, gold=[]),
        ],
    )
    dataset = read_dataset(folder)
    assert dataset.name == "boats"
    assert [entry.video for entry in dataset.videos] == [
        Video("a", "Boats", "dataset:a", 60.0),
        Video("b", "T", "https://x.example/b", 60.0),
    ]
    assert dataset.videos[0].cues == (
        Cue(1.0, 2.5, "Hoist the sail."),
        Cue(3.0, 4.0, "Why?", "Ann"),
    )
    assert dataset.questions == (
        Question("1", "a", "What?", (Span(0.0, 20.0),), "dev"),
        Question("2", None, "What?", (), None),
    )


def test_numbers_are_ids_too(tmp_path: Path) -> None:
    folder = write_lines(tmp_path, [video_row(7)], [question_row(1, video_id=7)])  # type: ignore[arg-type]
    dataset = read_dataset(folder)
    assert (dataset.videos[0].video.id, dataset.questions[0].qid) == ("7", "1")
    assert dataset.questions[0].video_id == "7"


def test_line_separators_within_a_text_and_a_byte_order_mark(tmp_path: Path) -> None:
    texts = "one\u2028two\x85three"
    row = json.dumps(question_row(question=texts), ensure_ascii=False)
    folder = write_lines(tmp_path, [video_row()], [row, "", "  "])
    path = folder / "questions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert [question.text for question in read_dataset(folder).questions] == [texts]


def test_an_empty_question_is_kept(tmp_path: Path) -> None:
    """There is one in TutorialVQA. It cannot be asked, which is for who asks to see."""
    folder = write_lines(tmp_path, [video_row()], [question_row(question="")])
    assert read_dataset(folder).questions[0].text == ""


NAN, INFINITE = float("nan"), float("inf")
GOLD = {"start": 0.0, "end": 20.0}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{not JSON", "Expecting property name"),
        ("[1]", "it is no JSON object"),
        ('"text"', "it is no JSON object"),
        ("[" * 100_000, "nested too deep"),
        ({"qid": "1"}, "'gold' is missing"),
        (question_row(question=None), "None is no text"),
        (question_row(question="\ud800"), "surrogates not allowed"),
        (question_row(qid=""), "'' is no id"),
        (question_row(qid=True), "True is no id"),
        (question_row(qid=1.5), "1.5 is no id"),
        (question_row(video_id=["v"]), "is no id"),
        (question_row(video_id="w"), "there is no video 'w'"),
        (question_row(gold=[{**GOLD, "video_id": "w"}]), "there is no video 'w'"),
        (question_row(video_id="w", answerable=False, gold=[]), "there is no video 'w'"),
        (question_row(gold=[{"start": 5, "end": 4.5}]), "ends before it starts (5 to 4.5)"),
        (question_row(gold=[{**GOLD, "start": NAN}]), "nan is no time in seconds"),
        (question_row(gold=[{**GOLD, "end": INFINITE}]), "inf is no time in seconds"),
        (question_row(gold=[{**GOLD, "end": 10**400}]), "int too large"),
        (question_row(gold=[{**GOLD, "start": -1}]), "-1 is no time in seconds"),
        (question_row(gold=[{**GOLD, "start": "0:10"}]), "'0:10' is no time in seconds"),
        (question_row(gold=[{"start": 0}]), "'end' is missing"),
        (question_row(gold=[]), "'answerable' is true, but there is no gold span"),
        (question_row(answerable=False), "'answerable' is false, but there are gold spans"),
        (question_row(answerable="yes"), "'answerable' is \"yes\""),
        (question_row("other"), "'other' is in line 1 already"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_bad_question_is_named_by_file_and_line(tmp_path: Path, row: Any, reason: str) -> None:
    folder = write_lines(tmp_path, [video_row()], [question_row("other"), "", row])
    with pytest.raises(DatasetError) as failure:
        read_dataset(folder)
    assert f"{folder / 'questions.jsonl'}, line 3 is not as it should be: " in str(failure.value)
    assert reason in str(failure.value)
    assert len(str(failure.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (video_row("first"), "'first' is in line 1 already"),
        (video_row(title=3), "3 is no text"),
        (video_row(duration=NAN), "nan is no time"),
        (video_row(segments=[{"start": 0, "end": 1}]), "'text' is missing"),
        (video_row(segments=[{"start": 0, "end": None, "text": ""}]), "None is no time"),
        (video_row(segments=None), "not iterable"),
        (video_row(url=1), "1 is no URL"),
    ],
)
def test_a_bad_video_is_named_by_file_and_line(tmp_path: Path, row: Any, reason: str) -> None:
    folder = write_lines(tmp_path, [video_row("first"), row], [question_row()])
    with pytest.raises(DatasetError) as failure:
        read_dataset(folder)
    assert f"{folder / 'videos.jsonl'}, line 2 is not" in str(failure.value)
    assert reason in str(failure.value)


@pytest.mark.parametrize("name", ["videos.jsonl", "questions.jsonl"])
def test_a_file_that_is_not_there_or_empty_or_no_text(tmp_path: Path, name: str) -> None:
    folder = write_lines(tmp_path, [video_row()], [question_row()])
    (folder / name).write_text("\n\n")
    with pytest.raises(DatasetError, match=rf"{name} is empty"):
        read_dataset(folder)
    (folder / name).write_bytes(b"\xff\xfe")
    with pytest.raises(DatasetError, match=rf"{name} is not UTF-8"):
        read_dataset(folder)
    (folder / name).unlink()
    with pytest.raises(DatasetError, match=rf"{name} cannot be read: No such file"):
        read_dataset(folder)
    with pytest.raises(DatasetError, match="No such file"):
        dataset_hash(folder)


def test_the_hash_is_of_both_files(tmp_path: Path) -> None:
    folder = write_lines(tmp_path / "one", [video_row()], [question_row()])
    same = write_lines(tmp_path / "two", [video_row()], [question_row()])
    assert dataset_hash(folder) == dataset_hash(same)
    hashes = {dataset_hash(folder)}
    write_lines(same, [video_row(title="Other")], [question_row()])
    hashes.add(dataset_hash(same))
    write_lines(same, [video_row()], [question_row(question="Why?")])
    hashes.add(dataset_hash(same))
    assert len(hashes) == 3


TIMES = st.integers(min_value=0, max_value=1000).map(float)
SPANS = st.tuples(TIMES, TIMES).map(lambda ends: (min(ends), max(ends)))


@given(SPANS, SPANS)
def test_relevant_is_half_of_the_shorter(of_segment: tuple[float, float], gold: Any) -> None:
    segment = Segment("v:0", "v", 0, *of_segment, sentences=())
    question = Question("q", "v", "?", (Span(*gold),))
    shared = sorted([*of_segment, *gold])[1:3]
    overlap = shared[1] - shared[0] if max(of_segment[0], gold[0]) == shared[0] else 0.0
    apart = max(of_segment[0], gold[0]) > min(of_segment[1], gold[1])
    shorter = min(of_segment[1] - of_segment[0], gold[1] - gold[0])
    assert is_relevant(segment, question) == (not apart and overlap >= shorter / 2)
    # Whose span it is makes no difference, and another video's is never relevant.
    turned = Question("q", "v", "?", (Span(*of_segment),))
    assert is_relevant(Segment("v:0", "v", 0, *gold, sentences=()), turned) == is_relevant(
        segment, question
    )
    assert not is_relevant(segment, Question("q", "w", "?", (Span(*gold),)))


def test_any_gold_span_will_do() -> None:
    segment = Segment("v:0", "v", 0, 100.0, 130.0, ())
    spans = (Span(0.0, 10.0), Span(115.0, 400.0))
    assert is_relevant(segment, Question("q", "v", "?", spans))
    assert not is_relevant(segment, Question("q", "v", "?", spans[:1]))
    assert not is_relevant(segment, Question("q", "v", "?", (Span(115.5, 400.0),)))


def test_a_gold_span_meets_the_words_of_a_long_turn_that_others_interrupt() -> None:
    said = [f"Point number {n} of the agenda is taken now." for n in range(12)]
    murmurs = (Cue(5.0 + 7 * n, 5.4 + 7 * n, "Mm-hmm.", "Bob") for n in range(17))
    meeting = Video("v", "Meeting", "dataset:v", 120.0)
    cues = (Cue(0.0, 120.0, " ".join(said), "Ann"), *murmurs)
    dataset = Dataset("d", (DatasetVideo(meeting, cues),), ())
    segments = segments_of_dataset(dataset, 30.0)["v"]
    for n, sentence in enumerate(said):
        question = Question("q", "v", "?", (Span(10.0 * n, 10.0 * n + 10),))
        assert sentence in [
            s.text for g in segments if is_relevant(g, question) for s in g.sentences
        ]
