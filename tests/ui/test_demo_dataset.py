"""The demo's evaluation set is in step with its talks, and its questions are what they claim."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import dataset_hash, read_dataset
from eval.gate import read_baseline
from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from playhead.errors import PlayheadError
from ui.demo.make_dataset import DATASET, HERE, write_dataset
from ui.demo.making.questions import resolve_questions
from ui.demo.making.timeline import Spoken

COMMITTED = read_dataset(DATASET)
QUESTIONS = [
    json.loads(line) for line in (DATASET / "questions.jsonl").read_text("utf-8").splitlines()
]
SENTENCES = {entry.video.id: entry.cues for entry in COMMITTED.videos}


def test_the_set_is_what_the_talks_and_their_questions_give(tmp_path: Path) -> None:
    write_dataset(tmp_path / "demo")
    for name in ("videos.jsonl", "questions.jsonl"):
        assert (tmp_path / "demo" / name).read_bytes() == (DATASET / name).read_bytes()


@pytest.mark.parametrize("name", ["sourdough", "vasa"])
def test_its_sentences_are_those_of_the_captions(name: str) -> None:
    cues = read_captions(HERE / "talks" / f"{name}.vtt")
    captions = transcript_of_cues(cues, "captions:sidecar", "en").sentences
    for said, kept in zip(captions, SENTENCES[name], strict=True):
        assert said.text == kept.text
        assert (said.start, said.end) == pytest.approx((kept.start, kept.end), abs=0.05)


def test_every_gold_span_is_whole_sentences_of_its_talk() -> None:
    for row in QUESTIONS:
        assert row["answerable"] == bool(row["gold"])
        for span in row["gold"]:
            covered = [
                sentence
                for sentence in SENTENCES[span.get("video_id", row["video_id"])]
                if span["start"] <= sentence.start and sentence.end <= span["end"]
            ]
            assert (covered[0].start, covered[-1].end) == (span["start"], span["end"])


def test_there_are_questions_on_every_talk_across_talks_and_without_an_answer() -> None:
    kinds = Counter(
        "none" if not question.gold else " ".join(sorted(question.video_ids))
        for question in COMMITTED.questions
    )
    assert all(kinds[name] >= 15 for name in [*SENTENCES, "none"])
    assert sum(count for kind, count in kinds.items() if " " in kind) >= 8
    assert all(
        1 <= len(question.video_ids) <= 2 for question in COMMITTED.questions if question.gold
    )
    assert len({row["qid"] for row in QUESTIONS}) == len(QUESTIONS)
    assert len({row["question"] for row in QUESTIONS}) == len(QUESTIONS)


def test_the_baseline_is_of_this_set() -> None:
    baseline = read_baseline(DATASET / "baseline.json", dataset_hash(DATASET))
    assert set(baseline.questions) == {row["qid"] for row in QUESTIONS}


FIRST, SECOND, THIRD = (
    Spoken("The bell rang once.", 0.5, 1.5),
    Spoken("The door opened twice.", 2.0, 3.0),
    Spoken("The door closed.", 4.0, 5.0),
)


def resolved(line: str) -> dict[str, Any]:
    [entry] = resolve_questions(line, {"a": (FIRST, SECOND, THIRD), "b": (FIRST,)})
    return entry


def test_answers_that_follow_each_other_are_one_span() -> None:
    gold = resolved("a | What happened? | opened twice; bell rang")["gold"]
    assert gold == [{"start": 0.5, "end": 3.0}]


def test_answers_apart_are_spans_apart() -> None:
    gold = resolved("a | What happened? | bell rang; door closed")["gold"]
    assert gold == [{"start": 0.5, "end": 1.5}, {"start": 4.0, "end": 5.0}]


def test_answers_of_several_talks_name_their_talk() -> None:
    entry = resolved("* | What happened? | b: bell rang; a: opened twice; a: bell rang")
    assert entry["video_id"] is None
    assert entry["answerable"]
    assert entry["gold"] == [
        {"start": 0.5, "end": 1.5, "video_id": "b"},
        {"start": 0.5, "end": 3.0, "video_id": "a"},
    ]


def test_a_question_without_an_answer_is_about_no_talk() -> None:
    entry = resolved("- | What is the capital of Australia?")
    assert (entry["video_id"], entry["answerable"], entry["gold"]) == (None, False, [])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a | What? | The door", "2 sentences"),
        ("a | What? | window", "0 sentences"),
        ("a | What?", "not in one"),
        ("c | What? | bell", "no talk is called 'c'"),
        ("* | What? | c: bell", "no talk is called 'c'"),
        ("* | What? | bell rang", "no talk is called 'bell rang'"),
        ("* | What?", "no talk is called ''"),
    ],
)
def test_a_question_that_cannot_be_resolved_is_an_error(line: str, problem: str) -> None:
    with pytest.raises(PlayheadError, match=problem):
        resolved(line)
