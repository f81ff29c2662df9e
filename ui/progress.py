"""Progress on a terminal: a bar for each file at hand. Off a terminal, silence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

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
_IN_BYTES = ("fetch",)
_IN_QUESTIONS = ("embed questions", "search")


class ProgressDisplay:
    """The bars of several files at once; each shows the stage that its file is in.

    A context manager: the bars are there while it lasts, and leave nothing behind.
    """

    def __init__(self) -> None:
        # Not rich's own judgement: FORCE_COLOR makes that take every pipe for a terminal.
        self._progress = _bars() if sys.stderr.isatty() else None
        self._is_hidden = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Out of the way while something else is printed."""
        self._is_hidden = True
        self.__exit__()
        try:
            yield
        finally:
            self._is_hidden = False
            self._appear()

    def _appear(self) -> None:
        if self._progress is not None and self._progress.tasks and not self._is_hidden:
            self._progress.start()

    @contextmanager
    def of(self, name: str) -> Iterator[OnProgress]:
        """Show the events of the work on one file while it lasts."""
        progress = self._progress
        if progress is None:
            yield ignore_progress
            return
        tasks: dict[str, TaskID] = {}

        def show(event: ProgressEvent) -> None:
            if event.stage not in tasks:
                for other in tasks.values():
                    progress.update(other, visible=False)
                tasks[event.stage] = progress.add_task(event.stage, total=event.total, file=name)
            progress.update(tasks[event.stage], completed=event.done, total=event.total)
            self._appear()

        try:
            yield show
        finally:
            # What came last was not drawn yet.
            progress.refresh()
            for task in tasks.values():
                progress.remove_task(task)


@contextmanager
def shown_progress(name: str) -> Iterator[OnProgress]:
    """Show the events of the work on one file while it lasts."""
    with ProgressDisplay() as display, display.of(name) as on_progress:
        yield on_progress


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.fields[file]}", style="bold", markup=False),
        TextColumn("{task.description}"),
        BarColumn(),
        _Done(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


class _Done(ProgressColumn):
    """How much is done: media time with the speed, else MiB, segments or questions."""

    def render(self, task: Task) -> Text:
        """`12:30 of 59:58, 8.2x` or `64 of 120 segments`."""
        if task.description in _IN_BYTES:
            of = f" of {task.total / 2**20:.1f}" if task.total else ""
            return Text(f"{task.completed / 2**20:.1f}{of} MiB")
        if task.description not in _IN_SECONDS:
            unit = "questions" if task.description in _IN_QUESTIONS else "segments"
            return Text(f"{task.completed:.0f} of {task.total or 0:.0f} {unit}")
        of = f" of {clock(task.total)}" if task.total else ""
        speed = f", {task.completed / task.elapsed:.1f}x" if task.elapsed else ""
        return Text(f"{clock(task.completed)}{of}{speed}")
