"""How to search: which legs are asked, and how what they find becomes one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Leg = Literal["dense", "sentences", "words", "bm25"]
Fusion = Literal["learned", "dbsf", "rrf"]

LEGS: tuple[Leg, ...] = get_args(Leg)
FUSIONS: tuple[Fusion, ...] = get_args(Fusion)

CANDIDATES = 100
"""How many candidates each leg hands to the fusion, or to the second look."""

RRF_K = 60
"""The constant of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009."""


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """The legs of a search and how they are fused; one leg alone is not.

    Legs:
        dense: the segment's embedding.
        sentences: its best sentence (MaxSim).
        words: each word of the question against its most similar word, in their contexts, rare
            words counting for more (late interaction). Only where the embedding model gives them.
        bm25: its words as they are written.

        `sentences` and `words` are a second look, not searches of their own: over what dense
        finds, and bm25 where that is a leg too.

    Fusions:
        learned: the weights of `retrieval.ranking`.
        dbsf: the sum of scores, normalised by the distribution of each leg's
            (https://qdrant.tech/documentation/concepts/hybrid-queries/).
        rrf: the sum of 1 / (`RRF_K` + rank), ranks from 0.

    `context` is whether a segment's neighbours and video count too, which `learned` alone knows.

    Raises:
        ValueError: no leg, one that does not exist, one named twice, or no such fusion.
    """

    legs: tuple[Leg, ...]
    fusion: Fusion = "dbsf"
    context: bool = True

    def __post_init__(self) -> None:
        if not self.legs:
            raise ValueError(f"a plan needs a leg: {', '.join(LEGS)}")
        for leg in self.legs:
            if leg not in LEGS:
                raise ValueError(f"there is no leg {leg!r}, only {', '.join(LEGS)}")
        if len(set(self.legs)) < len(self.legs):
            raise ValueError(f"a leg is named twice: {', '.join(self.legs)}")
        if self.fusion not in FUSIONS:
            raise ValueError(f"there is no fusion {self.fusion!r}, only {', '.join(FUSIONS)}")

    @property
    def embeds(self) -> bool:
        """Whether the question must be embedded."""
        return self.legs != ("bm25",)

    @property
    def is_weighed(self) -> bool:
        """Whether what was learned ranks its candidates; one leg alone needs no fusion."""
        return self.fusion == "learned" and len(self.legs) > 1

    @property
    def first_looks(self) -> tuple[Leg, ...]:
        """The legs whose finds `sentences` and `words` look at again."""
        return ("dense", "bm25") if "bm25" in self.legs else ("dense",)

    @property
    def without_words(self) -> SearchPlan:
        """The plan for an embedding model without words, for which nothing was learned either."""
        legs = tuple(leg for leg in self.legs if leg != "words")
        return SearchPlan(legs or ("dense",), "dbsf" if self.fusion == "learned" else self.fusion)


PLANS: dict[str, SearchPlan] = {
    "hybrid": SearchPlan(LEGS, "learned"),
    "dense": SearchPlan(("dense",)),
    "bm25": SearchPlan(("bm25",)),
}
DEFAULT_PLAN = PLANS["hybrid"]
