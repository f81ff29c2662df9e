"""What of the passages fits a model's context: the weakest goes first.

A token is taken for three bytes of UTF-8. The tokenizers of present models take some four bytes of
English for one, and two to three of scripts that UTF-8 spells with two or three bytes a character,
so that a request is rather thought too long than cut off by its server without a word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from retrieval.answer.engine import Task
from retrieval.answer.reading.evidence import Evidence

BYTES_PER_TOKEN = 3
REPLY_TOKENS = 1024
"""Kept free for the reply."""
TEMPLATE_TOKENS = 32
"""What a server's chat template puts around two messages, at most."""

Fits = Callable[[tuple[Evidence, ...]], bool]


def request_tokens(texts: Sequence[str]) -> int:
    """How many tokens messages of these texts take with their reply, at most."""
    size = sum(len(text.encode(errors="replace")) for text in texts)
    return -(-size // BYTES_PER_TOKEN) + TEMPLATE_TOKENS + REPLY_TOKENS


def fitting(task: Task, fits: Fits) -> tuple[Evidence, ...]:
    """As much of a task's evidence as fits, in its order; none if not even the best does.

    For a moment whole passages go, the weakest first, and then the weakest units of the last one;
    for whole videos the weakest units wherever they are.

    Args:
        task: has the evidence.
        fits: whether some evidence fits; what is part of it does then, too.
    """
    evidence = task.evidence
    if task.kind == "moment":
        ranked = _passages(evidence)
        most = _most(len(ranked), lambda n: fits(_within(evidence, ranked[:n])))
        evidence = _within(evidence, ranked[: max(1, most)])
    best = sorted(range(len(evidence)), key=lambda n: -evidence[n].score)
    most = _most(len(best), lambda n: fits(_at(evidence, best[:n])))
    return _at(evidence, best[:most])


def _passages(evidence: Sequence[Evidence]) -> list[int]:
    """The numbers of the passages, that with the best unit first."""
    strength: dict[int, float] = {}
    for unit in evidence:
        strength[unit.passage] = max(unit.score, strength.get(unit.passage, unit.score))
    return sorted(strength, key=lambda passage: -strength[passage])


def _within(evidence: Sequence[Evidence], passages: Sequence[int]) -> tuple[Evidence, ...]:
    return tuple(unit for unit in evidence if unit.passage in passages)


def _at(evidence: Sequence[Evidence], places: Sequence[int]) -> tuple[Evidence, ...]:
    return tuple(evidence[place] for place in sorted(places))


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """The most of `count` things that fit."""
    return bisect_left(range(1, count + 1), x=True, key=lambda n: not fits(n))
