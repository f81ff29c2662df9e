"""Questions with known answers become examples: candidates with their features, right or not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eval.build import Index
from eval.dataset import Question, is_relevant
from playhead.errors import QuestionError
from playhead.text import split_words
from playhead.types import Segment
from retrieval.bm25 import query_terms
from retrieval.plan import LEGS, SearchPlan
from retrieval.ranking import features
from retrieval.search import Searcher
from retrieval.store.protocol import Candidate, FloatArray

ALL = SearchPlan(LEGS, "learned")

Keep = Callable[[str], bool]
"""Whether a video, by its id, takes part."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, its candidates, and which of them are relevant, shape (n,).

    `weight` is how much the question counts beside others.
    """

    question: Question
    candidates: tuple[Candidate, ...]
    relevant: NDArray[np.bool_]
    terms_idf: float
    weight: float

    def features(self, plan: SearchPlan) -> FloatArray:
        """What a ranking by `plan` knows of the candidates, shape (n, features)."""
        return features(self.candidates, plan, self.terms_idf)

    def among(self, keep: Keep) -> Example:
        """The example without the candidates of videos that do not take part."""
        kept = np.array([keep(candidate.video_id) for candidate in self.candidates], dtype=bool)
        chosen = tuple(c for c, there in zip(self.candidates, kept, strict=True) if there)
        return replace(self, candidates=chosen, relevant=self.relevant[kept])


def examples_of(
    questions: Iterable[Question], index: Index, searcher: Searcher, weight: float
) -> list[Example]:
    """Search with every question that can be asked; one that finds nothing right is kept too."""
    by_key = {(s.video_id, s.ordinal): s for found in index.segments.values() for s in found}
    made = []
    for question in questions:
        try:
            vectors = searcher.vectors(question.text, ALL)
        except QuestionError:
            continue
        found = searcher.candidates(vectors, ALL)
        relevant = np.array([is_relevant(by_key[c.key], question) for c in found], dtype=bool)
        made.append(Example(question, tuple(found), relevant, vectors.terms_idf, weight))
    return made


def quoting(
    questions: Sequence[Question],
    segments: Mapping[str, Sequence[Segment]],
    words: int,
    seed: int,
) -> list[Question]:
    """The questions of somebody who remembers some words: each with words of its answer added.

    Args:
        questions: answerable ones.
        segments: of each video.
        words: how many to add; less where fewer carry meaning.
        seed: which.
    """
    generator = random.Random(seed)  # noqa: S311  # no secrets here
    made = []
    for question in questions:
        right = [s for v in question.video_ids for s in segments[v] if is_relevant(s, question)]
        said = {word.strip(".,?!;:\"'—-") for s in right for word in split_words(s.text)}
        known = sorted(word for word in said if query_terms(word).indices)
        chosen = generator.sample(known, min(words, len(known)))
        made.append(replace(question, text=" ".join([question.text, *chosen])))
    return made
