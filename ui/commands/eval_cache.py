"""Where evaluations keep indexes and embeddings: for the next time, or only for now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Index and embed anew, and keep nothing."
)


@contextmanager
def open_cache(*, keep: bool) -> Iterator[Path]:
    """The folder to keep them in."""
    from tempfile import TemporaryDirectory

    from eval.build import cache_folder

    if keep:
        yield cache_folder()
    else:
        with TemporaryDirectory(prefix="playhead-eval-") as folder:
            yield Path(folder)
