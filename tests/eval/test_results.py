"""Reports: folders that other programs read, whole or not at all, and never over others' files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from eval.configs import CONFIGS, DEFAULT
from eval.dataset import Dataset, Question, Span
from eval.measures import RANKED
from eval.results import Report, check_out, write_report
from eval.retrieval import measure, prepare
from eval.runs import read_run
from playhead.errors import DatasetError
from tests.eval.small import SMALL, CountingEmbedder, entry

HASH = "ab" * 32
FILES = {"report.json", "report.md", "report.png", "report.svg"}


def report_of(cache: Path, dataset: Dataset = SMALL, rates: tuple[float, ...] = (0.0,)) -> Report:
    embedder = CountingEmbedder()
    task = prepare(dataset.questions, "library", embedder, cache)
    runs = [
        measure(dataset, config, task, embedder, cache, noise=rate)
        for rate in rates
        for config in (DEFAULT, CONFIGS["bm25"])
    ]
    return Report(dataset.name, HASH, "library", None, 7, "hash", 5, 1, tuple(runs))


@pytest.fixture
def report(cache: Path) -> Report:
    return report_of(cache)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_folder_of_a_report(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    write_report(report, out)
    assert {path.name for path in out.iterdir()} == FILES | {"default", "bm25"}
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert json.loads((out / "report.json").read_text("utf-8")) == json.loads(
        json.dumps(report.as_json())
    )
    assert (out / "report.png").read_bytes().startswith(b"\x89PNG")
    text = (out / "report.md").read_text("utf-8")
    assert text.startswith("# small\n\n5 questions with an answer (and 1 without")
    assert "| **default** | " in text
    assert f"SHA-256 {HASH}, seed 7; playhead " in text


def test_the_form_of_the_json(report: Report) -> None:
    content = report.as_json()
    assert (content["dataset"], content["dataset_sha256"]) == ("small", HASH)
    assert (content["scope"], content["split"], content["seed"]) == ("library", None, 7)
    assert content["questions"] == {"answerable": 5, "unanswerable": 1}
    assert {"playhead", "python", "torch", "ir-measures"} <= content["versions"].keys()
    default, bm25 = content["runs"]
    assert (default["config"], bm25["config"]) == ("default", "bm25")
    assert default["settings"]["segment_seconds"] == 30.0
    assert bm25["metrics"]["RR@10"] == 0.5
    assert default["latency_ms"].keys() == {"p50", "p95", "p99"}
    assert default["segments"] == 5
    assert default["index_bytes"] > 0


def test_trec_files_give_the_same_figures(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "out")
    for run in report.runs:
        folder = tmp_path / "out" / run.config.name
        qrels = list(ir_measures.read_trec_qrels(str(folder / "qrels.trec")))
        found = list(ir_measures.read_trec_run(str(folder / "run.trec")))
        again = ir_measures.calc_aggregate(RANKED, qrels, found)
        assert {str(name): value for name, value in again.items()} == pytest.approx(
            {str(name): run.metrics[str(name)] for name in RANKED}, abs=1e-6
        )
    lines = (tmp_path / "out" / "bm25" / "run.trec").read_text("ascii").splitlines()
    assert lines[:3] == [
        "first Q0 cooking:1 1 10 bm25",
        "second Q0 cooking:1 1 10 bm25",
        "second Q0 cooking:2 2 9 bm25",
    ]
    qrels_lines = (tmp_path / "out" / "bm25" / "qrels.trec").read_text("ascii").splitlines()
    assert qrels_lines[:2] == ["first 0 cooking:1 1", "second 0 cooking:2 1"]


def test_ids_of_any_text_survive_trec(cache: Path, tmp_path: Path) -> None:
    odd = 'Tāl k 100%/\u2028 "x"'
    question = Question("q one\t%", odd, "sail", (Span(0, 20),))
    report = report_of(cache, Dataset("odd", (entry(odd, ["Hoist the sail."]),), (question,)))
    write_report(report, tmp_path / "out")
    folder = tmp_path / "out" / "default"
    qrels = list(ir_measures.read_trec_qrels(str(folder / "qrels.trec")))
    found = list(ir_measures.read_trec_run(str(folder / "run.trec")))
    assert ir_measures.calc_aggregate(RANKED, qrels, found)[RANKED[0]] == 1
    assert read_run(folder).questions[0].qid == "q one\t%"


def test_a_run_can_be_read_back(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "out")
    stored = read_run(tmp_path / "out" / "default")
    assert stored.questions == report.runs[0].results
    assert (stored.config, stored.dataset, stored.dataset_hash) == ("default", "small", HASH)
    assert (stored.scope, stored.noise) == ("library", 0.0)
    head = json.loads((tmp_path / "out" / "default" / "run.json").read_text("utf-8"))
    assert head["config"] == {
        "name": "default",
        "legs": ["dense", "sentences", "words", "bm25"],
        "fusion": "learned",
        "context": True,
        "segment_seconds": 30.0,
        "titles": False,
        "reranker": None,
    }
    assert {"versions", "seed", "metrics", "index_bytes", "build_seconds"} <= head.keys()


def test_runs_at_several_rates_have_a_curve(cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(report_of(cache, rates=(0.0, 0.1)), out)
    names = {path.name for path in out.iterdir()}
    assert names == FILES | {
        "noise.png", "noise.svg", "default", "bm25", "default@0.1", "bm25@0.1"
    }  # fmt: skip
    assert read_run(out / "bm25@0.1").noise == 0.1
    text = (out / "report.md").read_text("utf-8")
    assert text.index("## Word error rate 0 %") < text.index("## Word error rate 10 %")


def test_earlier_results_are_replaced_whole(cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(report_of(cache, rates=(0.0, 0.1)), out)
    write_report(report_of(cache), out)
    assert {path.name for path in out.iterdir()} == FILES | {"default", "bm25"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_an_empty_folder_may_be_written_to(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    check_out(out)
    write_report(report, out)
    assert (out / "report.json").is_file()


def add_file(out: Path) -> str:
    (out / "notes.txt").write_text("mine")
    return "notes.txt"


def add_folder(out: Path) -> str:
    (out / "photos").mkdir()
    return "photos"


def add_to_a_run(out: Path) -> str:
    (out / "default" / "notes.txt").write_text("mine")
    return "default"


def add_folder_of_a_known_name(out: Path) -> str:
    (out / "report.md").unlink()
    (out / "report.md").mkdir()
    return "report.md"


@pytest.mark.parametrize("add", [add_file, add_folder, add_to_a_run, add_folder_of_a_known_name])
def test_a_folder_with_anything_else_is_left_alone(
    report: Report, tmp_path: Path, add: Any
) -> None:
    out = tmp_path / "out"
    write_report(report, out)
    name = add(out)
    before = contents(out)
    for attempt in (lambda: check_out(out), lambda: write_report(report, out)):
        with pytest.raises(DatasetError, match=rf"holds {name}, which is no result"):
            attempt()
    assert contents(out) == before


def test_a_file_or_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link", "broken"):
        with pytest.raises(DatasetError, match="is no folder"):
            check_out(tmp_path / name)
    with pytest.raises(DatasetError, match="cannot be written"):
        check_out(tmp_path / "file" / "out")


def test_what_fails_leaves_the_earlier_results(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(report, out)
    before = contents(out)
    broken = replace(report, runs=(report.runs[0], report.runs[0]))  # One folder for two.
    with pytest.raises(DatasetError, match="cannot be written: File exists"):
        write_report(broken, out)
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []
