"""A sample of questions that has every video, and answerable and unanswerable ones, in its share.

Within a stratum (a video's answerable questions, say) the order is by a hash of the ids: as good as
drawn by lot, and the same every time. The sample takes every stratum to the same depth, so that
a larger sample holds the smaller one whole, and a stratum of 5 % of the questions is 5 % of it, as
far as whole numbers go (systematic sampling; Cochran, "Sampling Techniques", 1977, ch. 8).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from eval.dataset import Question


def sample_of(questions: Sequence[Question], limit: int | None) -> tuple[Question, ...]:
    """At most so many questions, in their order; all of them if `limit` is None."""
    if limit is None or limit >= len(questions):
        return tuple(questions)
    strata: dict[tuple[bool, str | None], list[Question]] = defaultdict(list)
    for question in sorted(questions, key=lot):
        strata[_stratum(question)].append(question)
    depth = {
        question.qid: ((place + 0.5) / len(stratum), lot(question))
        for stratum in strata.values()
        for place, question in enumerate(stratum)
    }
    chosen = set(sorted(depth, key=depth.__getitem__)[:limit])
    return tuple(question for question in questions if question.qid in chosen)


def _stratum(question: Question) -> tuple[bool, str | None]:
    return bool(question.gold), next(iter(question.video_ids), None)


def lot(question: Question) -> str:
    """What to sort by for an order that is as good as drawn by lot, and the same every time."""
    return hashlib.sha256(question.qid.encode()).hexdigest()
