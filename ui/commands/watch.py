"""`playhead watch`: what appears in folders becomes searchable."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from ingest.watching import Settling, media_below
from playhead.errors import PlayheadError
from ui.commands.ingest import print_outcome, transcription

_LOOKS_WHILE_SETTLING = 3
_MAX_PAUSE_SECONDS = 2.0
# At least so many times as long as looking takes, which on a slow network is long.
_LEAST_PAUSE = 20


@click.command(short_help="Add what appears in folders.")
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--settle",
    type=click.FloatRange(0.1, 3600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="A file is whole when it did not change for so long.",
)
@transcription
@click.pass_obj
def watch(
    obj: dict[str, str | None],
    /,
    folders: tuple[Path, ...],
    *,
    settle: float,
    model: str | None,
    jobs: int,
    **how: Any,  # noqa: ANN401 - the options that `ingest_options` takes
) -> None:
    """Add the videos and recordings in FOLDERS to the library, and what appears there later.

    It goes on until Ctrl-C. A file that fails is tried again when it changes, or when captions
    appear beside it. A file that is deleted stays in the library; one that is renamed is found
    where it is now.
    """
    from ui.batch import Failed, ingest_paths
    from ui.wiring import ingest_options, open_playhead

    # As Ctrl-C: whoever stops a service wants the index closed, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), open_playhead(**obj, whisper_model=model) as app:
        options = ingest_options(app, **how)
        app.library.check_writable()
        app.store.count()
        app.store.close()

        def take_in(paths: Sequence[Path]) -> None:
            try:
                for outcome in ingest_paths(app, paths, options, jobs=jobs):
                    if isinstance(outcome, Failed) or outcome.status != "unchanged":
                        print_outcome(outcome)
            finally:
                # Others may use the index while nothing is done here.
                app.store.close()

        names = ", ".join(map(str, folders))
        click.echo(f"Watching {names} (Ctrl-C ends it)", err=True)
        _Watch(folders, settle, take_in).go_on()


class _Watch:
    """Looks at folders again and again, and has taken in what is whole.

    Args:
        folders: where to look.
        settle: seconds that a file must not have changed for.
        take_in: takes in files.
    """

    def __init__(
        self, folders: Sequence[Path], settle: float, take_in: Callable[[Sequence[Path]], None]
    ) -> None:
        self._files = {folder: Settling(settle) for folder in folders}
        self._pause = min(settle / _LOOKS_WHILE_SETTLING, _MAX_PAUSE_SECONDS)
        self._take_in = take_in
        self._gone: set[Path] = set()
        self._trouble = ""

    def go_on(self) -> NoReturn:
        """Until it is interrupted."""
        while True:
            started = time.monotonic()
            whole = self._whole(started)
            if whole:
                self._taken_in(whole)
            else:
                looked = time.monotonic() - started
                time.sleep(max(self._pause, _LEAST_PAUSE * looked))

    def _whole(self, now: float) -> list[str]:
        whole: list[str] = []
        for folder, files in self._files.items():
            found = media_below(folder)
            self._tell(folder, is_gone=found is None)
            # What was known of a folder that is gone, a disk that went to sleep, say, stays so.
            if found is not None:
                whole += files.ready(found, now)
        return whole

    def _tell(self, folder: Path, *, is_gone: bool) -> None:
        if is_gone != (folder in self._gone):
            self._gone ^= {folder}
            now = "is gone: waiting until it is back" if is_gone else "is back"
            click.echo(f"playhead: the folder {folder} {now}.", err=True)

    def _taken_in(self, whole: Sequence[str]) -> None:
        try:
            self._take_in([Path(path) for path in whole])
            self._trouble = ""
        except PlayheadError as error:
            # Of the library or the index, not of a file: a full disk, say. It may pass.
            for files in self._files.values():
                files.again(whole)
            if self._trouble != str(error):
                self._trouble = str(error)
                click.echo(f"playhead: {error} Trying again until it works.", err=True)
