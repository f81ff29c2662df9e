"""Runs to compare: results of questions, and folders as `playhead eval retrieval` writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.runs import QuestionResult, StoredRun

HASH = "ab" * 32


def results(
    scores: Sequence[float | None], measure: str = "RR@10", videos: int = 5
) -> tuple[QuestionResult, ...]:
    """One question for each score, spread over some videos; None: the measure is undefined."""
    return tuple(
        QuestionResult(
            f"q{i}", f"v{i % videos}", f"Why {i}?", {} if score is None else {measure: score}
        )
        for i, score in enumerate(scores)
    )


def stored(
    questions: Sequence[QuestionResult], name: str = "default", **fields: object
) -> StoredRun:
    """A run of these questions; `fields` override the defaults."""
    defaults = {"dataset": "demo", "dataset_hash": HASH, "scope": "library"}
    return StoredRun(name, questions=tuple(questions), **{**defaults, **fields})  # type: ignore[arg-type]


def write_run(folder: Path, questions: Sequence[QuestionResult], **head: object) -> Path:
    """A run's folder, as it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    whole: Mapping[str, object] = {
        "config": {"name": folder.name},
        "dataset": "demo",
        "dataset_sha256": HASH,
        "scope": "library",
        **head,
    }
    (folder / "run.json").write_text(json.dumps(whole), "utf-8")
    lines = [json.dumps(question.as_row(), ensure_ascii=False) + "\n" for question in questions]
    (folder / "queries.jsonl").write_text("".join(lines), "utf-8")
    return folder
