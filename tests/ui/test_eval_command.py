"""`playhead eval retrieval` as its users meet it, with the real model."""

from __future__ import annotations

import os
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from eval.dataset_files import question_row, video_row
from tests.eval.small import SMALL, write_lines
from tests.ui.commandline import Playhead, files_of
from tests.ui.test_progress import Terminal

MEASURES = [
    "Success@1", "Success@3", "Success@5", "Success@10", "RR@10", "nDCG@10", "R@10", "IoU@1",
    "seek_error", "seek_error_defined",
]  # fmt: skip


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The small dataset as a folder."""
    videos = [video_row(entry) for entry in SMALL.videos]
    questions = [question_row(question) for question in SMALL.questions]
    return write_lines(tmp_path / "small", videos, questions)


def cached() -> set[str]:
    """What is in the cache: indexes, and the folder of the questions' vectors."""
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "playhead" / "eval"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_json(playhead: Playhead, dataset: Path) -> None:
    report = playhead("eval", "retrieval", dataset, "--json").done().json
    assert (report["dataset"], report["scope"]) == ("small", "library")
    assert report["questions"] == {"answerable": 5, "unanswerable": 1}
    assert [run["config"] for run in report["runs"]] == ["default", "dense", "bm25"]
    for run in report["runs"]:
        assert list(run["metrics"]) == MEASURES
        assert list(run["latency_ms"]) == ["p50", "p95", "p99"]
        assert run["noise"] == 0
    bm25 = report["runs"][2]["metrics"]
    assert (bm25["Success@1"], bm25["Success@10"], bm25["RR@10"]) == (0.4, 0.6, 0.5)
    assert "worst" not in report


def test_a_table_for_people(playhead: Playhead, dataset: Path) -> None:
    lines = playhead("eval", "retrieval", dataset, "--config", "bm25").done().out.splitlines()
    assert lines[0] == "small: 5 questions with an answer; 1 without one left out"
    assert lines[2].split() == [
        "Success@1", "Success@5", "Success@10", "RR@10", "nDCG@10", "R@10", "IoU@1",
        "seek", "s", "p50", "ms", "p99", "ms",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines[3:]] == ["default", "bm25"]
    assert lines[4].split()[1:5] == ["0.400", "0.600", "0.600", "0.500"]
    assert max(map(len, lines)) <= 115


def test_the_library_is_neither_read_nor_written(
    playhead: Playhead, dataset: Path, library: Path
) -> None:
    before = files_of(library)
    report = playhead("eval", "retrieval", dataset, "--json").done().json
    assert report["runs"][0]["segments"] == 5
    assert files_of(library) == before


def test_the_index_is_kept_for_the_next_time(playhead: Playhead, dataset: Path) -> None:
    first = playhead("eval", "retrieval", dataset, "--json").done().json
    kept = cached()
    assert len(kept) == 2
    second = playhead("eval", "retrieval", dataset, "--json").done().json
    assert cached() == kept
    for before, after in zip(first["runs"], second["runs"], strict=True):
        for name in ("config", "metrics", "build_seconds", "index_bytes"):
            assert before[name] == after[name]


def test_without_the_cache_nothing_is_kept(playhead: Playhead, dataset: Path) -> None:
    playhead("eval", "retrieval", dataset, "--no-cache", "--config", "bm25").done()
    assert cached() == set()


def test_results_in_a_folder_and_comparable(
    playhead: Playhead, dataset: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = playhead("eval", "retrieval", dataset, "--out", out, "--json").done().json
    assert {path.name for path in out.iterdir() if path.is_dir()} == {"default", "dense", "bm25"}
    compared = playhead("eval", "compare", out / "bm25", out / "default", "--json").done().json
    rows = {row["measure"]: row for row in compared["measures"]}
    assert rows["RR@10"]["a"] == pytest.approx(report["runs"][2]["metrics"]["RR@10"])
    assert rows["RR@10"]["b"] == pytest.approx(report["runs"][0]["metrics"]["RR@10"])
    playhead("eval", "retrieval", dataset, "--out", out, "--config", "bm25").done()
    assert {path.name for path in out.iterdir() if path.is_dir()} == {"default", "bm25"}


def test_a_folder_of_something_else_is_told_before_anything_is_measured(
    playhead: Playhead, dataset: Path
) -> None:
    before = files_of(dataset)
    line = playhead("eval", "retrieval", dataset, "--out", dataset).failure()
    assert "holds questions.jsonl, which is no result of an evaluation" in line
    assert files_of(dataset) == before
    assert cached() == set()


def test_the_hardest_questions(playhead: Playhead, dataset: Path) -> None:
    arguments = ("eval", "retrieval", dataset, "--scope", "video", "--worst", "6")
    out = playhead(*arguments).done().out
    assert "missed  zeppelin" in out
    assert "  expected  On sailing, 0:00-0:20 “Hoist the sail.”" in out
    assert "  found     On sailing, 0:20-0:40 “Watch the wind and the sail.”" in out
    worst = playhead(*arguments, "--json").done().json["worst"]
    assert len(worst) == 5
    scores = [question["measures"]["RR@10"] for question in worst]
    assert scores == sorted(scores)


def test_only_one_split(playhead: Playhead, dataset: Path) -> None:
    arguments = ("eval", "retrieval", dataset, "--config", "bm25", "--split")
    report = playhead(*arguments, "dev", "--json").done().json
    assert (report["split"], report["questions"]["answerable"]) == ("dev", 2)
    assert report["runs"][1]["metrics"]["RR@10"] == 0.75
    assert "no split 'train'. There are dev, test." in playhead(*arguments, "train").failure()


def test_each_configuration_at_each_rate(playhead: Playhead, dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["--config", "bm25", "--noise", "0", "--noise", "0.5", "--noise", "0.5"]
    report = playhead("eval", "retrieval", dataset, *arguments, "--out", out, "--json").done().json
    assert [(run["config"], run["noise"]) for run in report["runs"]] == [
        ("default", 0), ("bm25", 0), ("default", 0.5), ("bm25", 0.5)
    ]  # fmt: skip
    assert {path.name for path in out.iterdir() if path.is_dir()} == {
        "default", "bm25", "default@0.5", "bm25@0.5"
    }  # fmt: skip
    assert (out / "noise.svg").is_file()
    lines = playhead("eval", "retrieval", dataset, *arguments).done().out.splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["default", "bm25", "default@0.5", "bm25@0.5"]


def test_ablations_and_a_file(playhead: Playhead, dataset: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('legs = ["bm25"]\nsegment_seconds = 60\n')
    arguments = ("eval", "retrieval", dataset, "--ablations", "--config", mine, "--json")
    runs = {run["config"]: run for run in playhead(*arguments).done().json["runs"]}
    assert next(iter(runs)) == "default"
    assert {"dense", "bm25", "words", "dbsf-4", "no-context", "segments-120s", "mine"} <= set(runs)
    assert runs["mine"]["settings"] == {
        "legs": ["bm25"],
        "fusion": "learned",
        "context": True,
        "segment_seconds": 60.0,
        "titles": False,
        "reranker": None,
    }
    assert (runs["default"]["segments"], runs["mine"]["segments"]) == (5, 2)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--config", "best"], "there is no configuration 'best'. There are default, dense, bm25"),
        (["--config", "no.toml"], "no.toml cannot be read: No such file"),
        (["--noise", "0.9"], "a word error rate of 0.9 cannot be made"),
        (["--noise", "nan"], "a word error rate of nan cannot be made"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    playhead: Playhead, dataset: Path, arguments: list[str], complaint: str
) -> None:
    assert complaint in playhead("eval", "retrieval", dataset, *arguments).failure()
    assert cached() == set()


@pytest.mark.parametrize(
    "arguments", [["--noise", "2"], ["--noise", "-1"], ["--scope", "all"], ["--worst", "-1"]]
)
def test_wrong_usage(playhead: Playhead, dataset: Path, arguments: list[str]) -> None:
    assert playhead("eval", "retrieval", dataset, *arguments).status == 2


def test_a_folder_that_is_no_dataset(playhead: Playhead, tmp_path: Path, dataset: Path) -> None:
    line = playhead("eval", "retrieval", tmp_path / "none").failure()
    assert "videos.jsonl cannot be read: No such file or directory" in line
    with (dataset / "questions.jsonl").open("a") as file:
        file.write('{"qid": 1}\n')
    line = playhead("eval", "retrieval", dataset).failure()
    assert "questions.jsonl, line 7 is not as it should be: 'gold' is missing" in line


def test_control_characters_do_not_reach_the_terminal(playhead: Playhead, tmp_path: Path) -> None:
    row = video_row(SMALL.videos[0]) | {"title": "\x1b[2Jgone"}
    question = question_row(SMALL.questions[0]) | {"question": "\x1b[2J?", "qid": "\x1b"}
    folder = write_lines(tmp_path / "odd", [row], [question])
    run = playhead("eval", "retrieval", folder, "--config", "bm25", "--worst", "1").done()
    assert "\x1b" not in run.out


def test_progress_on_a_terminal(
    playhead: Playhead, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "150")
    with redirect_stderr(Terminal()) as terminal:
        run = playhead("eval", "retrieval", dataset, "--config", "bm25", "--json")
    assert run.status == 0
    assert run.json["dataset"] == "small"
    shown = terminal.getvalue()
    for words in ("of 5 segments", "5 of 5 questions", "embed questions", "default", "bm25"):
        assert words in shown
