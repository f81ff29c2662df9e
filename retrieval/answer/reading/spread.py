"""A choice of what was said that is spread over the running time, the topics and the videos.

Coarse to fine: first one unit of the whole video, then one in each third, sixth, twelfth, and so
on; so the first few of a choice are spread as well as all of it. What is like something that was
chosen counts for less (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

import numpy as np

from retrieval.store.protocol import FloatArray

ALIKE_COUNTS_LESS = 0.6
POOR = 0.35
"""Below this share of the best score nothing is taken for the sake of its time."""

_FIRST_SHARES = 3
_FINEST = 10_000

Span = tuple[int, int]


class Spread:
    """The units of one video, handed out one by one, coarse to fine.

    Args:
        times: where each starts, as a share of the running time (0 to 1), shape (n,), n >= 1.
        scores: how telling each is, shape (n,).
        vectors: of unit length, shape (n, d).
        spans: first and last of the sentences (by any count) in each; no two that share one are
            chosen.
    """

    def __init__(
        self, times: FloatArray, scores: FloatArray, vectors: FloatArray, spans: Sequence[Span]
    ) -> None:
        self._times = times
        self._scores = scores
        self._vectors = vectors
        self._spans = np.array(spans)
        self._free = np.asarray(scores >= POOR * scores.max())
        self._alike = np.zeros(len(scores), dtype=np.float32)
        self._seen = 0
        self._shares = 1
        self._chosen: list[int] = []

    def best(self, chosen: Sequence[FloatArray]) -> tuple[float, int] | None:
        """The next one, as (worth, index); None where all that is worth it is chosen.

        `chosen` are the vectors of all that was chosen, of other videos too; it only grows.
        """
        for vector in chosen[self._seen :]:
            self._alike = np.maximum(self._alike, self._vectors @ vector)
        self._seen = len(chosen)
        while self._free.any():
            share = (self._times * self._shares).astype(int)
            there = self._free & ~np.isin(share, share[self._chosen])
            if self._shares > _FINEST:
                there = self._free
            if there.any():
                worth = self._scores * (1 - ALIKE_COUNTS_LESS * np.clip(self._alike, 0.0, 1.0))
                worth = worth * np.minimum(1.0, 0.5 + self._gaps())
                index = int(np.where(there, worth, -1.0).argmax())
                return float(worth[index]), index
            self._shares = _FIRST_SHARES if self._shares == 1 else 2 * self._shares
        return None

    def choose(self, index: int) -> FloatArray:
        """Take one, and give its vector back."""
        first, last = self._spans[index]
        self._free &= (self._spans[:, 1] < first) | (self._spans[:, 0] > last)
        self._chosen.append(index)
        return np.asarray(self._vectors[index])

    def _gaps(self) -> FloatArray:
        """How far each is from what was chosen, as a share of a share."""
        if not self._chosen:
            return np.ones(len(self._times), dtype=np.float32)
        apart = np.abs(self._times[:, None] - self._times[None, self._chosen])
        return np.asarray(apart.min(axis=1) * self._shares)


def choices(spreads: Sequence[Spread], weights: Sequence[float], most: int) -> list[Span]:
    """What is chosen of several videos, as (video, index), most telling first.

    Each has one before any has two, as far as `most` goes. Further ones go by weight, in the order
    of Sainte-Laguë's method, so that a video of twice the weight has about twice as many.
    """
    found: list[Span] = []
    vectors: list[FloatArray] = []
    for video, index in _firsts(spreads, vectors):
        if len(found) == most:
            return found
        vectors.append(spreads[video].choose(index))
        found.append((video, index))
    turns = [(-weight / 3, video, 3) for video, weight in enumerate(weights)]
    heapq.heapify(turns)
    while turns and len(found) < most:
        _, video, divisor = heapq.heappop(turns)
        if best := spreads[video].best(vectors):
            vectors.append(spreads[video].choose(best[1]))
            found.append((video, best[1]))
            heapq.heappush(turns, (-weights[video] / (divisor + 2), video, divisor + 2))
    return found


def _firsts(spreads: Sequence[Spread], chosen: Sequence[FloatArray]) -> Iterator[Span]:
    """The best of each video, the best of all first.

    What is chosen only lowers the worth of the rest, so that one that is still worth most when it
    is looked at again is the next (lazy evaluation: Minoux, 1978).
    """
    bests = [(spread.best(chosen), video) for video, spread in enumerate(spreads)]
    waiting = [(-best[0], video, best[1]) for best, video in bests if best]
    heapq.heapify(waiting)
    while waiting:
        _, video, _ = heapq.heappop(waiting)
        if (best := spreads[video].best(chosen)) is None:
            continue
        if waiting and -best[0] > waiting[0][0]:
            heapq.heappush(waiting, (-best[0], video, best[1]))
        else:
            yield video, best[1]


def quotas(counts: Sequence[int], total: int) -> list[int]:
    """How many of each to read where only `total` can be: at least one, else by their number.

    Args:
        counts: how many there are of each, at least 1.
        total: of all; where there are more than so many counts, there is one of each.
    """
    given = [1] * len(counts)
    turns = [(-count / 3, n) for n, count in enumerate(counts) if count > 1]
    heapq.heapify(turns)
    for _ in range(total - len(counts)):
        if not turns:
            break
        _, n = heapq.heappop(turns)
        given[n] += 1
        if given[n] < counts[n]:
            heapq.heappush(turns, (-counts[n] / (2 * given[n] + 1), n))
    return given


def evenly(count: int, chosen: int) -> list[int]:
    """`chosen` of the numbers below `count`, evenly spaced, ascending."""
    return [int((n + 0.5) * count / chosen) for n in range(chosen)]
