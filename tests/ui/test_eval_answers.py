"""`playhead eval answers` on the demo's talks: its figures, and what went wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.openai_server import OpenAIServer
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


def test_every_figure_with_its_interval(playhead: Playhead, dataset: Path) -> None:
    report = playhead("eval", "answers", dataset, "--json").done().json
    assert (report["dataset"], report["worst"]) == ("talks", [])
    assert report["questions"] == {"answerable": 19, "unanswerable": 5}
    (run,) = report["runs"]
    assert run["engine"] == "extractive"
    shares = [*run["measures"].values(), *run["refused"].values()]
    for row in shares:
        assert 0 <= row["low"] <= row["mean"] <= row["high"] <= 1
    assert run["measures"]["citation_hit@1"]["n"] == run["refused"]["answerable"]["n"] == 19
    assert run["measures"]["citation_hit@1"]["mean"] >= run["measures"]["cited_right"]["mean"] > 0
    assert set(run["refused"]) == {"answerable", "unanswerable"}
    assert run["curve"]["coverage"] == sorted(run["curve"]["coverage"])
    assert set(run["latency_ms"]) == {"understand", "embed", "search", "answer", "total"}


def test_people_read_it_in_words(playhead: Playhead, dataset: Path) -> None:
    lines = playhead("eval", "answers", dataset, "--worst", "50").done().out.splitlines()
    assert lines[:3] == ["talks: 19 questions with an answer, 5 without", "", "extractive"]
    assert any(line.endswith("refused, of unanswerable ones") for line in lines)
    end = lines.index("", 3)
    told = [line.strip() for line in lines[end:] if line.startswith("  ")]
    faults = [line for line in told if "“" not in line]
    # Worst first; of what was answered the first citation is shown.
    kinds = ["answered, though no video answers it", "refused", "answered from elsewhere"]
    assert faults
    assert faults == sorted(faults, key=kinds.index)
    assert len(told) - len(faults) == len(faults) - faults.count("refused")


def test_the_library_s_own_words_stand_beside_a_language_model(
    playhead: Playhead, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, plot = tmp_path / "out", tmp_path / "risk.png"
    silence = json.dumps({"sufficient": False, "claims": []})
    with OpenAIServer(lambda _: silence) as server:
        monkeypatch.setenv("PLAYHEAD_LLM", "openai")
        monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "m")
        monkeypatch.setenv("PLAYHEAD_LLM_BASE_URL", server.url)
        options = ["--limit", "8", "--out", out, "--plot", plot, "--json"]
        report = playhead("eval", "answers", dataset, *options).done().json
    assert sum(report["questions"].values()) == 8
    model_run, own = report["runs"]
    assert (model_run["engine"], own["engine"]) == ("llm:m", "extractive")
    assert model_run["refused"]["answerable"]["mean"] == 1
    assert model_run["reasons"]["insufficient"] > 0
    assert own["refused"]["answerable"]["mean"] < 1
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert plot.with_suffix(".svg").is_file()
    compared = playhead("eval", "compare", out / "llm_m", out / "extractive", "--json").done().json
    measures = {row["measure"]: row for row in compared["measures"]}
    assert measures["answered"]["b"] > measures["answered"]["a"] == 0


def test_a_folder_that_is_no_dataset_is_one_line(playhead: Playhead, tmp_path: Path) -> None:
    assert "cannot be read" in playhead("eval", "answers", tmp_path).failure()


def test_where_nothing_can_be_written_nothing_is_measured(
    playhead: Playhead, dataset: Path, tmp_path: Path
) -> None:
    plot = tmp_path / "nowhere" / "risk.png"
    assert "is no folder" in playhead("eval", "answers", dataset, "--plot", plot).failure()
    assert "no result" in playhead("eval", "answers", dataset, "--out", dataset).failure()
