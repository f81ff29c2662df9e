"""The gate of `playhead eval retrieval`: a baseline written, kept to, and failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from eval.gate import baseline_of, gate
from eval.runs import read_run
from tests.ui.commandline import Playhead, Run
from ui.cli import exit_status
from ui.demo.make_dataset import DATASET

MEASURES = {"RR@10", "nDCG@10", "Success@1", "refused_unanswerable", "answered", "cited_right"}


@pytest.fixture(scope="module")
def made(quick_disk: Path | None) -> Iterator[Path]:
    """A folder with a set (of the demo's), its baseline, runs and cache."""
    with TemporaryDirectory(dir=quick_disk) as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("PLAYHEAD_HOME", str(folder / "home"))
        (folder / "demo").mkdir()
        (folder / "demo" / "videos.jsonl").write_bytes((DATASET / "videos.jsonl").read_bytes())
        questions = (DATASET / "questions.jsonl").read_text("utf-8").splitlines(keepends=True)
        # Every third, and all that have no answer: some of these must be answered for the gate.
        kept = [q for n, q in enumerate(questions) if n % 3 == 0 or not json.loads(q)["gold"]]
        (folder / "demo" / "questions.jsonl").write_text("".join(kept), "utf-8")
        keep = ["--write-baseline", str(folder / "baseline.json"), "--out", str(folder / "out")]
        assert exit_status(["eval", "retrieval", str(folder / "demo"), *keep]) == 0
        yield folder


@pytest.fixture
def measured(playhead: Playhead, made: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Measures the default configuration against a baseline."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(made / "cache"))

    def run(baseline: Path, *options: str | Path) -> Run:
        only = ("--config", "default", "--baseline", baseline)
        return playhead("eval", "retrieval", made / "demo", *only, *options)

    return run


def changed(made: Path, folder: Path, **scores: float) -> Path:
    """The baseline, but these scores for the first questions that have them, as many as given."""
    content = json.loads((made / "baseline.json").read_text("utf-8"))
    for measure, count in scores.items():
        having = [row for row in content["questions"].values() if row.get(measure) == 0]
        for row in having[: int(count)]:
            row[measure] = 1.0
    path = folder / "changed.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_a_baseline_keeps_every_question_with_retrieval_and_answers(made: Path) -> None:
    content = json.loads((made / "baseline.json").read_text("utf-8"))
    assert content["dataset"] == "demo"
    assert content["config"] == "default"
    assert len(content["questions"]) == 45
    assert {name for row in content["questions"].values() for name in row} >= MEASURES


def test_measuring_again_finds_nothing_changed(measured: Any, made: Path) -> None:
    report = measured(made / "baseline.json", "--fail-under", "--json").done().json["gate"]
    assert report["passed"]
    assert report["changed"] == []
    assert {row["measure"] for row in report["measures"]} >= MEASURES
    assert all(row["difference"] == 0 for row in report["measures"])


def test_a_drop_fails_with_one_line_after_the_figures(
    measured: Any, made: Path, tmp_path: Path
) -> None:
    path = changed(made, tmp_path, cited_right=8)
    run = measured(path, "--fail-under")
    assert run.status == 1
    line = run.complaint()
    assert f"below the baseline {path}: cited_right was" in line
    assert "95 % interval -0." in line
    assert "8 worse, 0 better" in line
    assert line.endswith(
        f"beyond noise. Mend it; if the drop is meant, write a new baseline with "
        f"--write-baseline {path}."
    )
    assert f"Against {path}: 8 questions changed" in run.out
    assert "FAILED: beyond noise" in run.out
    assert "cited_right 1.000 -> 0.000" in run.out


def test_without_fail_under_it_only_tells(measured: Any, made: Path, tmp_path: Path) -> None:
    run = measured(changed(made, tmp_path, cited_right=8), "--json").done()
    assert not run.json["gate"]["passed"]


def test_unanswerable_questions_that_are_answered_now_fail(
    measured: Any, made: Path, tmp_path: Path
) -> None:
    path = changed(made, tmp_path, refused_unanswerable=3)
    assert "refused_unanswerable was" in measured(path, "--fail-under").complaint()


def test_a_question_or_two_pass_and_are_told(measured: Any, made: Path, tmp_path: Path) -> None:
    run = measured(changed(made, tmp_path, cited_right=2), "--fail-under").done()
    assert "2 questions changed" in run.out
    assert "FAILED" not in run.out


def test_a_new_baseline_replaces_the_old_one(measured: Any, made: Path, tmp_path: Path) -> None:
    path = changed(made, tmp_path, cited_right=8)
    measured(path, "--write-baseline", path).done()
    assert path.read_bytes() == (made / "baseline.json").read_bytes()


def test_a_baseline_of_another_dataset_is_told_before_measuring(
    measured: Any, made: Path, tmp_path: Path
) -> None:
    content = json.loads((made / "baseline.json").read_text("utf-8"))
    (tmp_path / "other.json").write_text(json.dumps({**content, "dataset_sha256": "0" * 64}))
    line = measured(tmp_path / "other.json").failure()
    assert "is of another dataset" in line
    assert "--write-baseline" in line
    assert "cannot be read" in measured(tmp_path / "none.json").failure()


@pytest.mark.parametrize(
    "options",
    [["--fail-under"], ["--write-baseline", "b.json", "--split", "test"]],
)
def test_wrong_usage_is_told(playhead: Playhead, options: list[str]) -> None:
    assert playhead("eval", "retrieval", DATASET, *options).status == 2


def test_losing_a_leg_is_caught_and_the_default_itself_is_not(made: Path) -> None:
    runs = {name: read_run(made / "out" / name) for name in ("default", "bm25")}
    default = runs["default"]
    kept = baseline_of(default.questions, default.dataset, default.dataset_hash, "default")
    assert not any(finding.reason for finding in gate(default.questions, kept))
    failed = {
        finding.difference.measure
        for finding in gate(runs["bm25"].questions, kept)
        if finding.reason
    }
    assert {"Success@1", "RR@10", "nDCG@10"} <= failed
