"""`playhead eval answers` on the demo's talks: three shares, and what went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.commandline import Playhead
from ui.demo.make_dataset import DATASET


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The demo's talks with every fourth question."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for name, step in (("videos", 1), ("questions", 4)):
        lines = (DATASET / f"{name}.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / f"{name}.jsonl").write_text("".join(lines[::step]), "utf-8")
    return folder


def test_three_shares_with_intervals_and_numbers(playhead: Playhead, dataset: Path) -> None:
    report = playhead("eval", "answers", dataset, "--json").done().json
    assert (report["dataset"], report["engine"], report["worst"]) == ("talks", "extractive", [])
    measures = report["measures"]
    assert list(measures) == ["refused_unanswerable", "answered", "cited_right"]
    assert measures["answered"]["n"] == measures["cited_right"]["n"] == 19
    assert measures["refused_unanswerable"]["n"] == 5
    for row in measures.values():
        assert 0 <= row["low"] <= row["mean"] <= row["high"] <= 1
    assert measures["answered"]["mean"] >= measures["cited_right"]["mean"] > 0


def test_people_read_it_in_words(playhead: Playhead, dataset: Path) -> None:
    lines = playhead("eval", "answers", dataset, "--worst", "50").done().out.splitlines()
    assert lines[0] == "talks: 24 questions, answered by extractive"
    assert lines[2].endswith("unanswerable questions refused")
    told = [line.strip() for line in lines if line.startswith("  ")]
    faults = [line for line in told if "“" not in line]
    # Worst first; of what was answered the first citation is shown.
    kinds = ["answered, though no video answers it", "refused", "answered from elsewhere"]
    assert faults
    assert faults == sorted(faults, key=kinds.index)
    assert len(told) - len(faults) == len(faults) - faults.count("refused")


def test_a_folder_that_is_no_dataset_is_one_line(playhead: Playhead, tmp_path: Path) -> None:
    assert "cannot be read" in playhead("eval", "answers", tmp_path).failure()
