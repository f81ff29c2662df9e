"""Datasets written: read back as they were, whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.dataset import (
    QUESTIONS,
    VIDEOS,
    Dataset,
    DatasetVideo,
    Question,
    Span,
    read_dataset,
)
from eval.dataset_files import REVIEW, read_rows, write_dataset, write_folder
from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from playhead.types import Video

CUE = Cue(1.0, 2.5, "Bread rises because yeast makes gas.", "Ann")
BREAD = DatasetVideo(Video("bread", "Bread", "https://videos.example/bread.mp4", 60.0), (CUE,))
WHY = Question("q1", "bread", "Why does bread rise?", (Span(1.0, 2.5),), "test")
NOT = Question("q2", None, "What is the capital of Mongolia?", ())
DATASET = Dataset("kitchen", (BREAD,), (WHY, NOT))

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
_IDS = st.from_regex(r"[^\s]{1,8}", fullmatch=True).filter(lambda text: text.isprintable())
_SPAN = st.tuples(st.floats(0, 500), st.floats(0.01, 100)).map(lambda p: Span(p[0], p[0] + p[1]))


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    ids = draw(st.lists(_IDS, min_size=1, max_size=3, unique=True))
    videos = []
    for video_id in ids:
        spans = draw(st.lists(_SPAN, min_size=1, max_size=4))
        cues = tuple(
            Cue(s.start, s.end, draw(_TEXT.filter(str.strip)), draw(st.none() | _TEXT))
            for s in spans
        )
        source = draw(st.sampled_from([f"dataset:{video_id}", "https://x.example/v", "/v/a b.mp4"]))
        title = draw(_TEXT.filter(str.strip))
        videos.append(DatasetVideo(Video(video_id, title, source, 600.0), cues))
    questions = []
    for number in range(draw(st.integers(1, 4))):
        own = draw(st.sampled_from([None, *ids]))
        gold = draw(st.lists(_SPAN, max_size=3))
        named = [replace(s, video_id=draw(st.sampled_from(ids))) if not own else s for s in gold]
        text, split = draw(_TEXT.filter(str.strip)), draw(st.none() | st.just("dev"))
        questions.append(Question(f"q{number}", own, text, tuple(named), split))
    return Dataset("set", tuple(videos), tuple(questions))


@settings(max_examples=60)
@given(datasets())
def test_what_is_written_is_read(dataset: Dataset) -> None:
    with TemporaryDirectory() as parent:
        folder = Path(parent) / "set"
        write_dataset(dataset, folder)
        assert read_dataset(folder) == dataset


def test_the_format(tmp_path: Path) -> None:
    write_dataset(DATASET, tmp_path / "kitchen")
    (video,) = read_rows(tmp_path / "kitchen" / VIDEOS)
    why, capital = read_rows(tmp_path / "kitchen" / QUESTIONS)
    assert video == {
        "video_id": "bread",
        "title": "Bread",
        "url": "https://videos.example/bread.mp4",
        "duration": 60.0,
        "segments": [{"id": 0, "start": 1.0, "end": 2.5, "text": CUE.text, "speaker": "Ann"}],
    }
    assert (why["answerable"], why["gold"]) == (True, [{"start": 1.0, "end": 2.5}])
    assert (capital["answerable"], capital["gold"]) == (False, [])


def test_a_line_for_each_row_whatever_breaks_are_in_it(tmp_path: Path) -> None:
    odd = replace(WHY, text="a\u2028b\x85c\x0bd\ne")
    write_dataset(replace(DATASET, questions=(odd,)), tmp_path / "out")
    text = (tmp_path / "out" / QUESTIONS).read_text("utf-8")
    assert len(text.splitlines()) == 1
    assert json.loads(text)["question"] == odd.text


def test_a_source_that_is_no_text(tmp_path: Path) -> None:
    video = replace(BREAD.video, source="/videos/talk\udcff.mp4")
    write_dataset(replace(DATASET, videos=(replace(BREAD, video=video),)), tmp_path / "out")
    assert read_dataset(tmp_path / "out").videos[0].video.source == "/videos/talk?.mp4"


def test_what_is_there_stays_without_force(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_dataset(DATASET, out)
    before = (out / QUESTIONS).read_bytes()
    with pytest.raises(DatasetError, match="is there already"):
        write_dataset(replace(DATASET, questions=()), out)
    assert (out / QUESTIONS).read_bytes() == before


def test_force_replaces_the_dataset_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_dataset(DATASET, out)
    (out / REVIEW).write_text("")
    (out / "notes.txt").write_text("mine")
    write_dataset(replace(DATASET, questions=(NOT,)), out, force=True)
    assert read_dataset(out).questions == (NOT,)
    assert sorted(path.name for path in out.iterdir()) == ["notes.txt", QUESTIONS, VIDEOS]


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_dataset(DATASET, tmp_path / "out")
    assert read_dataset(tmp_path / "out").questions == DATASET.questions


def test_folders_above_are_made(tmp_path: Path) -> None:
    write_dataset(DATASET, tmp_path / "a" / "b" / "out")
    assert read_dataset(tmp_path / "a" / "b" / "out").name == "out"


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("something")
    with pytest.raises(DatasetError, match="cannot be written"):
        write_dataset(DATASET, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "something"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("there", [False, True])
def test_nothing_half_written_stays(tmp_path: Path, *, there: bool) -> None:
    out = tmp_path / "out"
    if there:
        write_dataset(DATASET, out)
    before = sorted(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
    rows = {VIDEOS: [{"fine": 1}], QUESTIONS: [{"not JSON": float("nan")}]}
    with pytest.raises(ValueError, match="JSON"):
        write_folder(out, rows, force=True)
    assert sorted(path.read_bytes() for path in tmp_path.rglob("*.jsonl")) == before
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if there else [])
    assert len(list(tmp_path.rglob("*"))) == (3 if there else 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DatasetError, match="cannot be written"):
        write_dataset(DATASET, tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}\n[1]\n", "line 2 is not a JSON object"), ("{}\n\n{\n", "line 3 is not JSON")],
)
def test_rows_that_are_none(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "x.jsonl").write_text(content)
    with pytest.raises(DatasetError, match=words):
        read_rows(tmp_path / "x.jsonl")


def test_rows_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No such file"):
        read_rows(tmp_path / "x.jsonl")
