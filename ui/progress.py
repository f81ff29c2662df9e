"""Progress on a terminal: one bar for the stage of the file at hand. Off a terminal, silence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.timecodes import clock

_IN_SECONDS = ("decode", "transcribe", "convert")
_IN_QUESTIONS = ("embed questions", "search")


@contextmanager
def shown_progress(name: str) -> Iterator[OnProgress]:
    """Show the events of the work on one file while it lasts."""
    # Not rich's own judgement: FORCE_COLOR makes that take every pipe for a terminal.
    if not sys.stderr.isatty():
        yield ignore_progress
        return
    columns = (
        TextColumn("{task.fields[file]}", style="bold", markup=False),
        TextColumn("{task.description}"),
        BarColumn(),
        _Done(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def show(event: ProgressEvent) -> None:
            if event.stage not in tasks:
                for other in tasks.values():
                    progress.update(other, visible=False)
                tasks[event.stage] = progress.add_task(event.stage, total=event.total, file=name)
            progress.update(tasks[event.stage], completed=event.done, total=event.total)

        yield show


class _Done(ProgressColumn):
    """How much is done: media time with the speed, or segments or questions."""

    def render(self, task: Task) -> Text:
        """`12:30 of 59:58, 8.2x` or `64 of 120 segments`."""
        if task.description not in _IN_SECONDS:
            unit = "questions" if task.description in _IN_QUESTIONS else "segments"
            return Text(f"{task.completed:.0f} of {task.total or 0:.0f} {unit}")
        of = f" of {clock(task.total)}" if task.total else ""
        speed = f", {task.completed / task.elapsed:.1f}x" if task.elapsed else ""
        return Text(f"{clock(task.completed)}{of}{speed}")
