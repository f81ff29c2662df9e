"""What became of claims of known truth, by their kind: shown, or dropped and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.answer_summary import drop_kind
from eval.estimates import Estimate

Z = 1.959963984540054
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One claim, and why it was dropped; `reason` is None if it was shown.

    `said` is what it cites, or was made from.
    """

    kind: str
    true: bool
    text: str
    said: str
    reason: str | None

    @property
    def shown(self) -> bool:
        """Whether it passed every check."""
        return self.reason is None

    @property
    def wrong(self) -> bool:
        """Whether the checks erred: a lie was shown, or a truth dropped."""
        return self.shown is not self.true

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "kind": self.kind,
            "true": self.true,
            "text": self.text,
            "said": self.said,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class KindResult:
    """What became of the claims of one kind: so many tries, so many errors, and the drops' reasons.

    An error is a lie that was shown, or a truth that was dropped.
    """

    kind: str
    true: bool
    errors: Estimate
    drops: Mapping[str, int]

    @property
    def tries(self) -> int:
        """How many claims there were."""
        return self.errors.n

    @property
    def count(self) -> int:
        """How many errors."""
        return round(self.errors.mean * self.tries)

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "kind": self.kind,
            "true": self.true,
            "tries": self.tries,
            "shown" if not self.true else "dropped": self.count,
            "share": self.errors.mean,
            "low": self.errors.low,
            "high": self.errors.high,
            "reasons": dict(self.drops),
        }


def by_kind(judged: Iterable[Judgement]) -> list[KindResult]:
    """The results of each kind, lies first, in order of first appearance; then of all together."""
    kinds: dict[tuple[bool, str], list[Judgement]] = {}
    for one in sorted(judged, key=lambda one: one.true):
        kinds.setdefault((one.true, one.kind), []).append(one)
    rows = [_result(kind, true, of_kind) for (true, kind), of_kind in kinds.items()]
    for true, title in ((False, ALL_FALSE), (True, ALL_TRUE)):
        every = [one for (truth, _), of in kinds.items() if truth is true for one in of]
        if every:
            rows.append(_result(title, true, every))
    return rows


ALL_FALSE, ALL_TRUE = "all false claims", "all true claims"


def wilson(count: int, n: int) -> Estimate:
    """A share with its 95 % score interval (Wilson, J. Am. Stat. Assoc. 1927); n is at least 1."""
    share = count / n
    scale = 1 + Z**2 / n
    centre = (share + Z**2 / (2 * n)) / scale
    half = Z / scale * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == n else centre + half
    return Estimate(share, low, high, n)


def _result(kind: str, true: bool, judged: list[Judgement]) -> KindResult:  # noqa: FBT001
    drops = Counter(drop_kind(one.reason) for one in judged if one.reason is not None)
    errors = wilson(sum(one.wrong for one in judged), len(judged))
    return KindResult(kind, true, errors, dict(drops.most_common()))
