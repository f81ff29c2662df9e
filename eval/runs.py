"""Runs as they lie on the disk: what each question scored under one configuration.

A run is a folder with `run.json` (configuration, dataset, versions) and `queries.jsonl`, one line a
question:

    {"qid", "video_id", "question", "measures": {"RR@10": 0.5, ...}, "found": [...]}

A measure that does not exist for a question (the seek error where nothing was found) is left out
or null; it is never taken for 0.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playhead.errors import DatasetError

Matrix = NDArray[np.float64]

LOWER_IS_BETTER = frozenset({"seek_error", "citation_seek_error", "claims_dropped"})
"""Measures of which less is better; of every other, more is."""

UNITS = {"seek_error": "s", "citation_seek_error": "s"}
"""What a measure counts in, where it is no share between 0 and 1."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one question scored: its measures by name, undefined ones left out.

    `found` is what was found, best first, as rows of JSON: at least `segment_id`, `start`, `end`
    (seconds) and `relevant`.
    """

    qid: str
    video_id: str | None
    question: str
    measures: Mapping[str, float]
    found: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> QuestionResult:
        """From a line of `queries.jsonl`.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        measures = {
            str(name): float(value) for name, value in row["measures"].items() if value is not None
        }
        if not all(math.isfinite(value) for value in measures.values()):
            raise ValueError("a measure is no finite number")
        found = tuple(row.get("found", ()))
        return cls(str(row["qid"]), row["video_id"], str(row["question"]), measures, found)

    def as_row(self) -> dict[str, Any]:
        """As a line of `queries.jsonl`."""
        return {
            "qid": self.qid,
            "video_id": self.video_id,
            "question": self.question,
            "measures": dict(self.measures),
            "found": [dict(hit) for hit in self.found],
        }


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One configuration's results on one dataset, as written.

    `dataset_hash` is the SHA-256 of the dataset's files. `noise` is the word error rate (0 to 1) at
    which the transcripts were corrupted; 0 where they were not.
    """

    config: str
    dataset: str
    dataset_hash: str
    scope: str
    questions: tuple[QuestionResult, ...]
    noise: float = 0.0
    latency_ms: Mapping[str, float] | None = None

    @property
    def label(self) -> str:
        """What tells it from the others: its configuration, and the noise if there was any."""
        return f"{self.config}, {100 * self.noise:g} % errors" if self.noise else self.config

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some question has, in order of first appearance."""
        names = (name for question in self.questions for name in question.measures)
        return tuple(dict.fromkeys(names))


def read_run(folder: Path) -> StoredRun:
    """Read a run's folder.

    Raises:
        DatasetError: it is no run's folder, or a line is not what it should be.
    """
    if not (folder / "run.json").is_file():
        raise DatasetError(*_no_run(folder))
    try:
        head = json.loads((folder / "run.json").read_text("utf-8"))
        config = head["config"]
        return StoredRun(
            config=str(config["name"] if isinstance(config, dict) else config),
            dataset=str(head["dataset"]),
            dataset_hash=str(head["dataset_sha256"]),
            scope=str(head.get("scope", "library")),
            questions=read_questions(folder / "queries.jsonl"),
            noise=float(head.get("noise") or 0.0),
            latency_ms=head.get("latency_ms"),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{folder / 'run.json'} is not as it should be: {error!r}", "Measure again"
        ) from error


def read_questions(path: Path) -> tuple[QuestionResult, ...]:
    """Read `queries.jsonl`; each question once.

    Raises:
        DatasetError: it cannot be read, a line is not what it should be, or a question is twice.
    """
    results: dict[str, QuestionResult] = {}
    for result in _results(path):
        if result.qid in results:
            raise DatasetError(f"{path} has the question {result.qid} twice", "Measure again")
        results[result.qid] = result
    return tuple(results.values())


def _results(path: Path) -> Iterator[QuestionResult]:
    try:
        # Not splitlines: that also splits at characters which JSON allows within a string.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}", "Measure again") from error
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                yield QuestionResult.of_row(json.loads(line))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                problem = f"{path}, line {number} is not as it should be: {error!r}"
                raise DatasetError(problem, "Measure again") from error


def values_of(questions: Sequence[QuestionResult], measures: Sequence[str]) -> Matrix:
    """Scores of shape (questions, measures); NaN where a question has no such measure."""
    rows = [[question.measures.get(name, math.nan) for name in measures] for question in questions]
    return np.array(rows, dtype=np.float64).reshape(len(questions), len(measures))


def _no_run(folder: Path) -> tuple[str, str]:
    """Problem and remedy: often the folder above is named, which holds one run or several."""
    if not folder.is_dir():
        return f"{folder} is no folder", "Name the folder of one configuration"
    inner = sorted(path.parent.name for path in folder.glob("*/run.json"))
    if not inner:
        remedy = "Make one with: playhead eval retrieval DATASET --out DIR"
        return f"{folder} holds no run (there is no run.json in it)", remedy
    return f"{folder} holds the runs {', '.join(inner)}", f"Name one: {folder / inner[0]}"
