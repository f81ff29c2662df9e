"""`playhead eval compare` as its users meet it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.runs import QuestionResult
from tests.eval.run_folders import results, write_run
from tests.ui.commandline import Playhead

HITS = (
    {"segment_id": "v0:3", "start": 90.0, "end": 120.0, "relevant": False},
    {"segment_id": "v0:1", "start": 30.0, "end": 60.0, "relevant": True},
)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Forty questions; ten of them did worse in the second run, and one was left out."""
    before = results([1.0] * 40)
    after = results([0.5] * 10 + [1.0] * 29)
    worst = QuestionResult("q0", "v0", "Why 0?", {"RR@10": 0.0}, HITS)
    return (
        write_run(tmp_path / "out" / "default", before),
        write_run(tmp_path / "out" / "bm25", [worst, *after[1:]]),
    )


def test_it_tells_means_difference_interval_and_verdict(
    playhead: Playhead, runs: tuple[Path, Path]
) -> None:
    lines = playhead("eval", "compare", *runs).done().out.splitlines()
    assert lines[0].startswith("A: default (")
    assert lines[1].startswith("B: bm25 (")
    assert lines[2] == (
        "39 questions of demo asked by both; 95 % intervals of 10,000 resamples by question, seed 0"
    )
    assert lines[3] == "Left out: 1 questions that only A asked"
    row = lines[-1].split()
    assert row[:4] == ["RR@10", "1.000", "0.859", "-0.141"]
    assert row[5] == "to"
    assert float(row[4]) < -0.141 < float(row[6]) < 0
    assert row[7:] == ["0", "10", "29", "worse"]


def test_the_worst_are_listed_with_what_was_found(
    playhead: Playhead, runs: tuple[Path, Path]
) -> None:
    out = playhead("eval", "compare", *runs, "--worst", "2").done().out
    assert "RR@10 1.000 -> 0.000  q0\n  Why 0?\n  A found nothing\n  B found v0:3, v0:1*\n" in out
    assert "RR@10 1.000 -> 0.500  q1" in out
    assert "q2" not in out


def test_json_has_everything(playhead: Playhead, runs: tuple[Path, Path]) -> None:
    report = playhead("eval", "compare", *runs, "--worst", "1", "--json").done().json
    (row,) = report.pop("measures")
    (loss,) = report.pop("worst")
    assert report == {
        "dataset": "demo",
        "a": "default",
        "b": "bm25",
        "questions": 39,
        "only_a": 1,
        "only_b": 0,
        "by": "question",
        "units": 39,
        "confidence": 0.95,
        "resamples": 10_000,
        "seed": 0,
    }
    assert row["measure"] == "RR@10"
    assert row["verdict"] == "worse"
    assert row["low"] < row["difference"] < row["high"] < 0
    assert (row["better"], row["worse"], row["same"]) == (0, 10, 29)
    assert (loss["qid"], loss["a"], loss["b"]) == ("q0", 1.0, 0.0)
    assert loss["found_b"] == list(HITS)


def test_the_seed_moves_the_interval_and_not_the_difference(
    playhead: Playhead, tmp_path: Path
) -> None:
    a = write_run(tmp_path / "a", results([i / 40 for i in range(40)]))
    b = write_run(tmp_path / "b", results([(i / 40) ** 2 for i in range(40)]))
    (one,), (same,), (other,) = (
        playhead("eval", "compare", a, b, "--seed", seed, "--json").done().json["measures"]
        for seed in ("1", "1", "2")
    )
    assert one == same
    assert one["low"] != other["low"]
    assert one["difference"] == other["difference"]


def test_by_video_few_videos_are_told(playhead: Playhead, runs: tuple[Path, Path]) -> None:
    out = playhead("eval", "compare", *runs, "--by", "video").done().out
    assert "resamples by video" in out
    assert "Only 5 videos: the intervals are narrower than they should be" in out


def test_what_is_undefined_somewhere_is_told(playhead: Playhead, tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", results([2.0] * 9 + [None], "seek_error"))
    b = write_run(tmp_path / "b", results([4.0] * 8 + [None, 1.0], "seek_error"))
    out = playhead("eval", "compare", a, b).done().out
    assert "of the 8 questions that have it in both; 1 only in A, 1 in B" in out
    assert "means, in s" in out
    assert out.splitlines()[-3].endswith("worse")


def test_too_few_changes_are_told(playhead: Playhead, tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", results([1.0] * 40))
    b = write_run(tmp_path / "b", results([0.0] * 5 + [1.0] * 35))
    lines = playhead("eval", "compare", a, b).done().out.splitlines()
    assert lines[-2].endswith("no difference")
    assert lines[-1].strip() == "too few changed to tell it from chance"


def test_a_run_does_not_differ_from_itself(playhead: Playhead, runs: tuple[Path, Path]) -> None:
    out = playhead("eval", "compare", runs[0], runs[0], "--worst", "3").done().out
    assert out.splitlines()[-1].endswith("no difference")


def test_one_line_says_what_cannot_be_compared(
    playhead: Playhead, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    other = write_run(tmp_path / "other", results([1.0]), dataset_sha256="cd" * 32)
    assert "different datasets" in playhead("eval", "compare", runs[0], other).failure()
    strangers = write_run(tmp_path / "strangers", results([1.0] * 41)[40:])
    assert "share no question" in playhead("eval", "compare", runs[0], strangers).failure()
    above = playhead("eval", "compare", runs[0].parent, runs[1]).failure()
    assert "holds the runs bm25, default. Name one" in above
    nowhere = playhead("eval", "compare", tmp_path / "nowhere", runs[1]).failure()
    assert "is no folder" in nowhere
    missing = playhead("eval", "compare", *runs, "--measure", "nDCG@10").failure()
    assert "nDCG@10. Both have RR@10" in missing
