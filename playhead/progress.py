"""How long work tells that it goes on: events in, nothing known of who shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stage = Literal[
    "fetch", "decode", "transcribe", "embed", "index", "convert", "embed questions", "search"
]


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """`done` of `total` in one stage of the work on one item.

    The unit is bytes for fetch, seconds of media for decode, transcribe and convert, segments for
    embed and index, questions for embed questions and search.
    `total` is None where it is not known.
    """

    stage: Stage
    done: float
    total: float | None = None


OnProgress = Callable[[ProgressEvent], None]


def ignore_progress(_event: ProgressEvent) -> None:
    """For callers that do not watch."""
