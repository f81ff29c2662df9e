"""Candidates become a ranking, by weights that were learned from questions with known answers.

A segment's score is a weighted sum of a few features, all of them comparable between questions and
between libraries of any size: cosines, and shares of what BM25 could give at most. The weights lie
in `ranking.json` beside this file; `python -m eval.learn` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from retrieval.plan import LEGS, Leg, SearchPlan
from retrieval.store.protocol import Candidate, FloatArray

Key = tuple[str, int]


def ranked(
    candidates: Sequence[Candidate], plan: SearchPlan, terms_idf: float
) -> list[tuple[Candidate, float]]:
    """Candidates with their scores, best first; of equal ones the earlier in its video.

    Args:
        candidates: with a score in each leg of the plan.
        plan: whose weights are used.
        terms_idf: the sum of the IDF of the question's terms.

    Raises:
        KeyError: nothing was learned for such a plan.
    """
    if not candidates:
        return []
    weights = learned_weights()[variant(plan)]
    scores = features(candidates, plan, terms_idf) @ np.array(
        [weights[name] for name in feature_names(plan)]
    )
    order = np.argsort(-scores, kind="stable")
    return [(candidates[n], float(scores[n])) for n in order]


def variant(plan: SearchPlan) -> str:
    """Which of the learned weights a plan uses, whatever the order of its legs."""
    legs = [leg for leg in LEGS if leg in plan.legs]
    return "+".join(legs) + ("" if plan.context else " alone")


def is_learned(plan: SearchPlan) -> bool:
    """Whether there are weights for a plan."""
    return variant(plan) in learned_weights()


@cache
def learned_weights() -> dict[str, dict[str, float]]:
    """The weights of each variant, by feature."""
    content = json.loads(files("retrieval").joinpath("ranking.json").read_text("utf-8"))
    weights: dict[str, dict[str, float]] = content["weights"]
    return weights


def feature_names(plan: SearchPlan) -> list[str]:
    """The features of a plan, in the order of `features`' columns."""
    names: list[str] = list(plan.legs)
    if plan.context:
        second = _second_looks(plan)
        names += [f"{leg}, neighbours" for leg in second] + [f"{leg}, video" for leg in second]
    return names


def features(candidates: Sequence[Candidate], plan: SearchPlan, terms_idf: float) -> FloatArray:
    """What the ranking knows of each candidate, shape (n, number of `feature_names`).

    A leg's score: a cosine; for bm25, its share of the sum of the terms' IDF. "neighbours": the sum
    of the scores of the segments before and after; one that is no candidate has the lowest score
    of all that are. "video": the best score in the candidate's video.
    """
    columns = {leg: np.array([c.scores[leg] for c in candidates]) for leg in plan.legs}
    if "bm25" in columns:
        columns["bm25"] = columns["bm25"] / max(terms_idf, 1e-6)
    table = list(columns.values())
    if plan.context:
        second = [columns[leg] for leg in _second_looks(plan)]
        keys = [candidate.key for candidate in candidates]
        table += [_neighbours(keys, scores) for scores in second]
        table += [_best_in_video(keys, scores) for scores in second]
    return np.stack(table, axis=1).astype(np.float32)


def _second_looks(plan: SearchPlan) -> list[Leg]:
    """The legs whose scores of other segments count too."""
    return [leg for leg in plan.legs if leg in ("sentences", "words")]


def _neighbours(keys: Sequence[Key], scores: FloatArray) -> FloatArray:
    known = dict(zip(keys, scores, strict=True))
    floor = scores.min()
    sums = [known.get((v, n - 1), floor) + known.get((v, n + 1), floor) for v, n in keys]
    return np.array(sums)


def _best_in_video(keys: Sequence[Key], scores: FloatArray) -> FloatArray:
    best: dict[str, float] = {}
    for (video, _), score in zip(keys, scores, strict=True):
        best[video] = max(score, best.get(video, score))
    return np.array([best[video] for video, _ in keys])
