"""What was measured, as a report and as a folder that other programs can read.

    <out>/report.json              what `--json` prints
          report.md                tables; report.png, report.svg: the same as a plot
          noise.png, noise.svg     measures against the word error rate, where there are several
          <config>/run.json        configuration, dataset, versions, seed, measures, latency, cost
                   queries.jsonl   one line a question: measures, and what was found
                   qrels.trec      TREC qrels: qid 0 docid relevance
                   run.trec        TREC run: qid Q0 docid rank score tag

Answers (`eval.answer_report`) lie in such a folder too: an engine instead of a configuration, risk
plots instead of the others, and no TREC files.

A configuration measured on corrupted transcripts lies in `<config>@<WER>`. Ids in TREC files are
percent-encoded where they hold anything but printable ASCII. A run's scores are 10, 9, 8...: TREC
tools sort by score, and the order is to be the search's also where scores tie (the scores
themselves are in `queries.jsonl`).
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eval.measures import DEPTH
from eval.plots import plot_noise, plot_runs
from eval.retrieval import Run, Scope
from eval.runs import StoredRun, read_run
from eval.tables import markdown_table
from playhead import __version__
from playhead.errors import DatasetError

_PACKAGES = ("torch", "sentence-transformers", "qdrant-edge-py", "ir-measures", "numpy")
_KINDS = ("png", "svg")
_PLOTS = ("report", "noise", "risk")
_FILES = ("report.json", "report.md", *(f"{name}.{kind}" for name in _PLOTS for kind in _KINDS))
_RUN = {"run.json", "queries.jsonl"}
# All printable ASCII, less space and the sign of the encoding itself.
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")


@dataclass(frozen=True, slots=True)
class Report:
    """Runs on one dataset, the default configuration first.

    `answerable` questions were asked; `unanswerable` ones were left out.
    """

    dataset: str
    dataset_hash: str
    scope: Scope
    split: str | None
    seed: int
    embedding_model: str
    answerable: int
    unanswerable: int
    runs: tuple[Run, ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json` and `report.json`."""
        return {**self._head(), "runs": [_run_row(run) for run in self.runs]}

    def run_json(self, run: Run) -> dict[str, Any]:
        """For a run's `run.json`."""
        row = _run_row(run)
        del row["settings"]
        return {**self._head(), **row, "config": asdict(run.config)}

    def _head(self) -> dict[str, Any]:
        return {
            "dataset": self.dataset,
            "dataset_sha256": self.dataset_hash,
            "scope": self.scope,
            "split": self.split,
            "questions": {"answerable": self.answerable, "unanswerable": self.unanswerable},
            "seed": self.seed,
            "embedding_model": self.embedding_model,
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """What decides the figures, besides the data."""
    own = {"playhead": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in _PACKAGES}


def check_out(out: Path) -> None:
    """Make sure that results can be written to a folder, before hours of measuring.

    Raises:
        DatasetError: something else than earlier results is there, or it cannot be written.
    """
    if out.exists() or out.is_symlink():
        _check_ours(out)
    with _telling(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = _fresh(out)
        fresh.mkdir()
        fresh.rmdir()


def write_report(report: Report, out: Path) -> None:
    """Write a report's folder whole, in the place of earlier results if there are any.

    Raises:
        DatasetError: something else than earlier results is there, or it cannot be written.
    """
    replace_results(out, lambda fresh: _write_all(report, fresh))


def replace_results(out: Path, write: Callable[[Path], None]) -> None:
    """Write a folder of results whole, in the place of earlier ones if there are any.

    Args:
        out: where to.
        write: is given an empty folder to write to.

    Raises:
        DatasetError: something else than earlier results is there, or it cannot be written.
    """
    check_out(out)
    fresh = _fresh(out)
    with _telling(out):
        try:
            fresh.mkdir()
            write(fresh)
            if out.exists():
                old = fresh.with_name(f"{fresh.name}.old")
                out.rename(old)
                fresh.rename(out)
                shutil.rmtree(old, ignore_errors=True)
            else:
                fresh.rename(out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def folder_name(run: Run) -> str:
    """The folder of a run within a report's."""
    return f"{run.config.name}@{run.noise:g}" if run.noise else run.config.name


def _write_all(report: Report, folder: Path) -> None:
    stored = []
    for run in report.runs:
        _write_run(report, run, folder / folder_name(run))
        stored.append(read_run(folder / folder_name(run)))
    write_json(folder / "report.json", report.as_json())
    rates = list(dict.fromkeys(run.noise for run in stored))
    plot_runs([run for run in stored if run.noise == rates[0]], folder / "report")
    if len(rates) > 1:
        plot_noise(stored, folder / "noise")
    (folder / "report.md").write_text("".join(_markdown(report, stored, rates)), "utf-8")


def _write_run(report: Report, run: Run, folder: Path) -> None:
    folder.mkdir()
    write_json(folder / "run.json", report.run_json(run))
    queries = (json.dumps(result.as_row(), ensure_ascii=False) for result in run.results)
    write_lines(folder / "queries.jsonl", queries)
    write_lines(
        folder / "qrels.trec",
        (f"{_id(q.query_id)} 0 {_id(q.doc_id)} {q.relevance}" for q in run.qrels),
    )
    write_lines(
        folder / "run.trec",
        (
            f"{_id(doc.query_id)} Q0 {_id(doc.doc_id)} {DEPTH + 1 - doc.score:.0f} "
            f"{doc.score:.0f} {run.config.name}"
            for doc in run.scored
        ),
    )


def _run_row(run: Run) -> dict[str, Any]:
    config = asdict(run.config)
    return {
        "config": config.pop("name"),
        "noise": run.noise,
        "settings": config,
        "metrics": dict(run.metrics),
        "latency_ms": dict(run.latency_ms),
        "latency_with_embedding_ms": dict(run.latency_with_embedding_ms),
        "segments": sum(len(of_video) for of_video in run.segments.values()),
        "index_bytes": run.index_bytes,
        "build_seconds": run.build_seconds,
    }


def _markdown(report: Report, stored: Sequence[StoredRun], rates: Sequence[float]) -> Iterator[str]:
    """The report for people: what, how good, how fast."""
    yield f"# {report.dataset}\n\n"
    split = f", split {report.split}" if report.split is not None else ""
    yield f"{report.answerable:,} questions with an answer{split} (and {report.unanswerable:,} "
    yield f"without, which were left out), scope {report.scope}. Embeddings: "
    yield f"{report.embedding_model}. Means with 95 % intervals.\n"
    for rate in rates:
        if len(rates) > 1:
            yield f"\n## Word error rate {100 * rate:g} %\n"
        yield f"\n{markdown_table([run for run in stored if run.noise == rate])}"
    yield "\n![measures by configuration](report.svg)\n"
    if len(rates) > 1:
        yield "\n![measures against the word error rate](noise.svg)\n"
    yield from _costs(report)
    made = ", ".join(f"{name} {number}" for name, number in versions().items())
    yield f"\nDataset SHA-256 {report.dataset_hash}, seed {report.seed}; {made}.\n"


def _costs(report: Report) -> Iterator[str]:
    """What it takes: milliseconds of a search, the index."""
    yield "\n| | p50 | p95 | p99 | with embedding: p50 | p95 | p99 "
    yield "| segments | index | built in |\n"
    yield f"| --- |{' ---: |' * 9}\n"
    for run in report.runs:
        row = _run_row(run)
        times = [*run.latency_ms.values(), *run.latency_with_embedding_ms.values()]
        cells = [f"{time:.1f} ms" for time in times]
        cells += [f"{row['segments']:,}", f"{run.index_bytes / 1e6:.1f} MB"]
        yield f"| {folder_name(run)} | {' | '.join(cells)} | {run.build_seconds:.1f} s |\n"


def _check_ours(out: Path) -> None:
    """Make sure that a folder holds results of ours and nothing else, for it will be replaced."""
    with _telling(out):
        if not out.is_dir() or out.is_symlink():
            raise DatasetError(f"{out} is no folder", "Name another one")
        for path in sorted(out.iterdir()):
            if not (_is_run(path) if path.is_dir() else path.name in _FILES):
                raise DatasetError(
                    f"{out} holds {path.name}, which is no result of an evaluation",
                    "Name another folder",
                )


def _is_run(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    return names in (_RUN, _RUN | {"qrels.trec", "run.trec"})


def _fresh(out: Path) -> Path:
    return out.parent / f".{out.name}.{os.getpid()}"


def _id(text: str) -> str:
    return quote(text, safe=_PLAIN)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON for people to read."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines that end alike everywhere."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


@contextmanager
def _telling(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            f"{out} cannot be written: {error.strerror or error}", "Name another folder"
        ) from error
