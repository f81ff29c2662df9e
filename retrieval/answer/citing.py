"""Proven claims become an answer's claims with marks, and the citations behind the marks."""

from __future__ import annotations

from collections.abc import Sequence

from playhead.types import Citation, Claim
from retrieval.answer.engine import ProvenClaim
from retrieval.answer.reading.evidence import Evidence

MAX_CLOSEST = 3


def cited(proven: Sequence[ProvenClaim]) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Claims with marks, and the citations behind them: one number for one piece of evidence.

    Numbers are given in the order of the claims, so that those of the first claims stay what they
    are when more come.
    """
    numbers: dict[Evidence, int] = {}
    claims = tuple(
        Claim(
            claim.text,
            tuple(numbers.setdefault(unit, len(numbers) + 1) for unit in claim.evidence),
        )
        for claim in proven
    )
    return claims, tuple(_citation(n, unit) for unit, n in numbers.items())


def closest(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """The nearest moments of what answers nothing: the best unit of each of the best passages."""
    best: dict[int, Evidence] = {}
    for unit in sorted(evidence, key=lambda unit: -unit.score):
        best.setdefault(unit.passage, unit)
    return tuple(_citation(n, unit) for n, unit in enumerate(list(best.values())[:MAX_CLOSEST], 1))


def _citation(n: int, unit: Evidence) -> Citation:
    return Citation(
        n=n,
        video_id=unit.video.id,
        title=unit.video.title,
        start=unit.start,
        end=unit.end,
        quote=unit.text,
        segment_id=unit.segment.id,
        source=unit.video.source,
        draft=unit.video.draft,
        speaker=unit.speaker,
        doubt=unit.doubt,
    )
