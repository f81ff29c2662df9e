"""What was measured of answers, as a report and as a folder that other programs can read.

    <out>/report.json              what `--json` prints
          risk.png, risk.svg       the risk-coverage curves
          <engine>/run.json        engine, dataset, versions, figures
                   queries.jsonl   one line a question: measures, what was cited, the answer

`playhead eval compare` reads an engine's folder as it reads that of a search configuration. In a
folder's name, what is no letter, digit, point or hyphen of an engine's is an underscore.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.answer_plot import plot_risk
from eval.answer_runs import AnswerRun
from eval.answer_summary import Summary, summary_of
from eval.bootstrap import SEED
from eval.results import replace_results, versions, write_json, write_lines

_PLAIN = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """Engines on one dataset, the one that the settings name first."""

    dataset: str
    dataset_hash: str
    embedding_model: str
    runs: tuple[AnswerRun, ...]
    summaries: tuple[Summary, ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json` and `report.json`."""
        return {**self._head(), "runs": [summary.as_json() for summary in self.summaries]}

    @property
    def asked(self) -> tuple[int, int]:
        """How many of the questions asked have an answer, and how many have none."""
        judged = self.runs[0].judged
        answerable = sum(bool(one.question.gold) for one in judged)
        return answerable, len(judged) - answerable

    @property
    def caption(self) -> str:
        """What was asked, in short."""
        return f"{self.dataset}, {sum(self.asked):,} questions"

    def run_json(self, summary: Summary) -> dict[str, Any]:
        """For an engine's `run.json`, in the form of every run (`eval.runs`)."""
        total = summary.latency_ms.get("total")
        return {
            **self._head(),
            "config": summary.engine,
            "scope": "answers",
            "latency_ms": total,
            "summary": summary.as_json(),
        }

    def _head(self) -> dict[str, Any]:
        answerable, unanswerable = self.asked
        return {
            "dataset": self.dataset,
            "dataset_sha256": self.dataset_hash,
            "questions": {"answerable": answerable, "unanswerable": unanswerable},
            "seed": SEED,
            "embedding_model": self.embedding_model,
            "versions": versions(),
        }


def report_of(
    dataset: str, dataset_hash: str, embedding_model: str, runs: Sequence[AnswerRun]
) -> AnswerReport:
    """Sum up runs (at least one) on a dataset."""
    summaries = tuple(summary_of(run) for run in runs)
    return AnswerReport(dataset, dataset_hash, embedding_model, tuple(runs), summaries)


def write_answer_report(report: AnswerReport, out: Path) -> None:
    """Write a report's folder whole, in the place of earlier results if there are any.

    Raises:
        DatasetError: something else than earlier results is there, or it cannot be written.
    """
    replace_results(out, lambda fresh: _write_all(report, fresh))


def engine_folder(engine: str) -> str:
    """The folder of an engine within a report's."""
    return _PLAIN.sub("_", engine)


def _write_all(report: AnswerReport, out: Path) -> None:
    write_json(out / "report.json", report.as_json())
    plot_risk(report.summaries, report.caption, out / "risk")
    for run, summary in zip(report.runs, report.summaries, strict=True):
        folder = out / engine_folder(run.engine)
        folder.mkdir()
        write_json(folder / "run.json", report.run_json(summary))
        rows = (json.dumps(one.as_row(), ensure_ascii=False) for one in run.judged)
        write_lines(folder / "queries.jsonl", rows)
