"""The gate of `playhead eval retrieval`: its options, what it reads and writes, and when it fails.

    @gate_options
    def retrieval(..., gate: Gate): ...

`gate.open()` before anything is measured, so that a baseline that cannot be used is told at once;
`gate.close()` with what was measured; `enforce()` when everything has been printed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from playhead.errors import PlayheadError

if TYPE_CHECKING:
    from eval.gate import Baseline, Change, Finding
    from eval.runs import QuestionResult

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE = click.Path(dir_okay=False, readable=False, path_type=Path)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate found, measure by measure, and every question that changed."""

    path: Path
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]

    @property
    def failed(self) -> list[Finding]:
        """The measures that fell too far."""
        return [finding for finding in self.findings if finding.reason]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        from dataclasses import asdict

        return {
            "baseline": str(self.path),
            "passed": not self.failed,
            "measures": [
                {**asdict(finding.difference), "failed": finding.reason}
                for finding in self.findings
            ],
            "changed": [asdict(change) for change in self.changes],
        }

    def show(self) -> None:
        """For people: what changed, and whether that is too much."""
        click.echo(f"\nAgainst {self.path}: {len(self.changes)} questions changed")
        for finding in self.findings:
            if finding.difference.better or finding.difference.worse:
                mark = f"  FAILED: {finding.reason}" if finding.reason else ""
                click.echo(f"  {finding}{mark}")
        for change in self.changes[:_SHOWN]:
            moved = ", ".join(
                f"{name} {_score(was)} -> {_score(now)}"
                for name, (was, now) in change.scores.items()
            )
            click.echo(f"  {change.qid}  {change.question}\n    {moved}")
        if len(self.changes) > _SHOWN:
            click.echo(f"  and {len(self.changes) - _SHOWN} more (--json lists all)")


@dataclass(frozen=True, slots=True)
class Gate:
    """What the options said: a baseline to compare with, one to write, and whether to fail."""

    baseline: Path | None
    write: Path | None
    fail_under: bool

    @property
    def wanted(self) -> bool:
        """Whether there is anything to compare or to write."""
        return self.baseline is not None or self.write is not None

    def open(self, dataset_hash: str) -> Baseline | None:
        """Read the baseline, if one is to be compared with.

        Raises:
            DatasetError: it cannot be read, is no baseline, or is one of another dataset.
        """
        from eval.gate import read_baseline

        return None if self.baseline is None else read_baseline(self.baseline, dataset_hash)

    def close(
        self, known: Baseline | None, measured: Sequence[QuestionResult], now: Baseline
    ) -> Judgement | None:
        """Compare, and write a new baseline where one is wanted.

        Args:
            known: what `open` read.
            measured: the results of the default configuration (see `eval.gate.merged`).
            now: the same as a baseline (`eval.gate.baseline_of`).

        Raises:
            DatasetError: something of the baseline was not measured, or a file cannot be written.
        """
        from eval.gate import changes, gate, write_baseline

        judged = None
        if known is not None and self.baseline is not None:
            found = tuple(gate(measured, known))
            judged = Judgement(self.baseline, found, tuple(changes(measured, known)))
        if self.write is not None:
            write_baseline(self.write, now)
        return judged

    def enforce(self, judged: Judgement | None) -> None:
        """Fail if a measure fell too far and failing is wanted.

        Raises:
            PlayheadError: it did.
        """
        if judged is None or not self.fail_under or not judged.failed:
            return
        fallen = "; ".join(f"{finding}, {finding.reason}" for finding in judged.failed)
        raise PlayheadError(
            f"below the baseline {judged.path}: {fallen}",
            "Mend it; if the drop is meant, write a new baseline with --write-baseline "
            f"{judged.path}",
        )


def gate_options(command: Command) -> Command:
    """Adds the options; the command takes them as one argument, `gate: Gate`."""

    @click.option(
        "--baseline",
        type=_FILE,
        metavar="FILE",
        help="Compare the default configuration, question by question, with this earlier result.",
    )
    @click.option(
        "--fail-under",
        is_flag=True,
        help="Exit 1 where a measure fell below the baseline by more than chance.",
    )
    @click.option(
        "--write-baseline", type=_FILE, metavar="FILE", help="Keep this result as a baseline."
    )
    @functools.wraps(command)
    def with_gate(
        *args: Any,  # noqa: ANN401 - whatever the command takes
        baseline: Path | None,
        fail_under: bool,
        write_baseline: Path | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if fail_under and baseline is None:
            raise click.UsageError("--fail-under needs a --baseline to compare with")
        return command(*args, gate=Gate(baseline, write_baseline, fail_under), **kwargs)

    return with_gate  # type: ignore[return-value]  # the same command, but for these options


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
