"""`playhead eval thumbs`: answers of this very library, with thumbs, become a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import read_dataset
from eval.dataset_files import REVIEW, read_rows
from tests.ui.commandline import LENS, Playhead, files_of

WHERE = "Where was the lens ground?"
WHY = "Why does bread rise?"


@pytest.fixture
def feedback(playhead: Playhead, library: Path, tmp_path: Path) -> Path:
    """What two people thought of two answers of the ready library."""
    path = tmp_path / "feedback.jsonl"
    rows = [thumb(playhead, WHERE, "up"), thumb(playhead, WHY, "down")]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def thumb(playhead: Playhead, question: str, which: str) -> dict[str, Any]:
    answer = playhead("ask", question, "--json").done().json
    time = "2026-11-21T10:15:00+00:00"
    return {"time": time, "thumb": which, "word": None, "question": question, "answer": answer}


def test_thumbs(playhead: Playhead, library: Path, feedback: Path, tmp_path: Path) -> None:
    run = playhead("eval", "thumbs", feedback, tmp_path / "set")
    assert run.status == 0
    assert run.out == f"{tmp_path / 'set'}: 2 added, 0 changed, 0 there already\n"
    assert run.err == f"To review: playhead eval init {tmp_path / 'set'}\n"
    dataset = read_dataset(tmp_path / "set")
    (question,) = dataset.questions
    assert question.text == WHERE
    entry = next(e for e in dataset.videos if e.video.id == question.video_id)
    (gold,) = question.gold
    assert LENS in [cue.text for cue in entry.cues if cue.start <= gold.start < cue.end]
    _, bread = read_rows(tmp_path / "set" / REVIEW)
    assert (bread["question"], bread["state"], bread["note"]) == (WHY, "open", "thumb down")
    report = playhead("eval", "retrieval", tmp_path / "set", "--json").json
    assert report["runs"][0]["metrics"]["Success@1"] == 1.0


def test_again(playhead: Playhead, library: Path, feedback: Path, tmp_path: Path) -> None:
    playhead("eval", "thumbs", feedback, tmp_path / "set")
    before = files_of(tmp_path / "set")
    run = playhead("eval", "thumbs", feedback, tmp_path / "set", "--json")
    assert run.json == {
        "dataset": str(tmp_path / "set"),
        "added": 0,
        "changed": 0,
        "there_already": 2,
    }
    assert files_of(tmp_path / "set") == before


def test_thumbs_that_need_a_person_are_not_taken_unseen(
    playhead: Playhead, library: Path, feedback: Path, tmp_path: Path
) -> None:
    with feedback.open("a") as file:
        file.write(json.dumps(thumb(playhead, WHERE, "down")) + "\n")
    playhead("eval", "thumbs", feedback, tmp_path / "set")
    run = playhead("eval", "init", tmp_path / "set", "--yes", "--json").done()
    assert (run.json["questions"], run.json["open"]) == (0, 2)


def test_into_a_dataset_of_other_videos(
    playhead: Playhead, library: Path, feedback: Path, tmp_path: Path
) -> None:
    ids = {v["title"]: v["id"] for v in playhead("library", "list", "--json").json["videos"]}
    (tmp_path / "set").mkdir()
    video = {"video_id": "own", "title": "Own", "duration": 9.0}
    video["segments"] = [{"id": 0, "start": 0.0, "end": 9.0, "text": "Something else."}]
    own = {"qid": "q1", "video_id": "own", "question": "What else?", "answerable": True}
    own |= {"gold": [{"start": 0.0, "end": 9.0}], "reference_answer": "Something."}
    (tmp_path / "set" / "videos.jsonl").write_text(json.dumps(video))
    (tmp_path / "set" / "questions.jsonl").write_text(json.dumps(own))
    playhead("eval", "thumbs", feedback, tmp_path / "set")
    dataset = read_dataset(tmp_path / "set")
    assert [question.text for question in dataset.questions] == ["What else?", WHERE]
    assert {entry.video.id for entry in dataset.videos} >= {"own", ids["lighthouse"]}
    assert read_rows(tmp_path / "set" / "questions.jsonl")[0] == own


def test_lines_that_are_no_thumbs(
    playhead: Playhead, library: Path, feedback: Path, tmp_path: Path
) -> None:
    with feedback.open("a") as file:
        file.write('{"thumb": "sideways"}\n')
    run = playhead("eval", "thumbs", feedback, tmp_path / "set")
    assert run.status == 1
    assert f"playhead: {feedback}, line 3: it is not a thumb" in run.err
    assert len(read_dataset(tmp_path / "set").questions) == 1


def test_nothing_stays_of_nothing(playhead: Playhead, library: Path, tmp_path: Path) -> None:
    playhead("eval", "thumbs", tmp_path / "none.jsonl", tmp_path / "set").failure()
    (tmp_path / "empty.jsonl").write_text("")
    playhead("eval", "thumbs", tmp_path / "empty.jsonl", tmp_path / "set")
    assert not (tmp_path / "set").exists()
