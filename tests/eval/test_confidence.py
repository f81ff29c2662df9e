"""Risk by coverage, and the AUROC, against values worked out by hand and by counting pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.answers import Judged
from eval.confidence import auroc, risk_coverage
from eval.dataset import Question, Span
from playhead.types import Answer

GOLD = Question("q", "v", "Why?", (Span(0, 1),))


def one(confidence: float, *, right: bool, reason: str | None = None) -> Judged:
    """An answer, or a refusal with its reason that would have been right or wrong."""
    row = ({"overlaps": right},)
    answer = Answer("Why?", (), (), bool(reason), reason, "x", (), confidence=confidence)
    return Judged(GOLD, answer, {}, () if reason else row, row if reason else ())


def test_the_curve_by_hand() -> None:
    curve = risk_coverage(
        [
            one(0.9, right=True),
            one(0.8, right=False),
            one(0.8, right=True),
            one(0.3, right=False, reason="no_evidence"),
        ]
    )
    # Those of one confidence come together.
    assert curve.coverage == (0.25, 0.75, 1)
    assert curve.risk == pytest.approx((0, 1 / 3, 1 / 2))
    assert curve.set_at == 0.75
    assert curve.risk_at(0.5) == pytest.approx(1 / 3)
    assert curve.auroc is not None
    assert curve.auroc.mean == pytest.approx(3.5 / 4)
    assert curve.auroc.low <= curve.auroc.mean <= curve.auroc.high


def test_what_the_model_refused_no_threshold_answers() -> None:
    curve = risk_coverage([one(0.9, right=True), one(0.8, right=False, reason="insufficient")])
    assert curve.coverage == (0.5,)
    assert curve.risk_at(1.0) is None
    assert curve.auroc is None


def test_nothing_answered_at_all() -> None:
    curve = risk_coverage([Judged(GOLD, None, {}, (), ())])
    assert (curve.coverage, curve.risk, curve.set_at, curve.auroc) == ((), (), 0, None)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40).filter(
        lambda pairs: len({right for _, right in pairs}) == 2
    )
)
def test_the_auroc_is_the_share_of_pairs_won(pairs: list[tuple[int, bool]]) -> None:
    scores = np.array([score / 6 for score, _ in pairs])
    right = np.array([right for _, right in pairs])
    won = [1.0 if a > b else 0.5 if a == b else 0.0 for a in scores[right] for b in scores[~right]]
    found = auroc(scores, right)
    assert found is not None
    assert found.mean == pytest.approx(np.mean(won))
    assert 0 <= found.low <= found.high <= 1
