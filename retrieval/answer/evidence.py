"""How well each sentence of some passages answers a question, and whether any does.

The score of a unit of sentences is the cosine of its embedding to the question's, plus a share of
the question's terms that occur in it: meaning first, and the words themselves for names and
numbers, which embeddings blur. It needs no statistics of the library, so it is the same in a
library of one video and of a thousand.

`THRESHOLD` is set on data (`eval/refusal.py` prints the curve): the lowest score at which 99 % of
questions about other subjects are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playhead.types import Passage, Segment, Video
from retrieval.bm25 import document_terms
from retrieval.store.protocol import QueryVectors, Store
from retrieval.units import Unit, unit_text, units_of

COVERAGE_WEIGHT = 0.3
THRESHOLD = 0.58


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit of sentences that may prove something, where it is, and how well it fits.

    `passage` and `position` say the how-manieth unit of which passage it is, so that what was said
    next can be found.
    """

    sentences: Unit
    segment: Segment
    video: Video
    score: float
    passage: int
    position: int

    @property
    def text(self) -> str:
        """What is said."""
        return unit_text(self.sentences)

    @property
    def start(self) -> float:
        """When its first word is said."""
        return self.sentences[0].start

    @property
    def end(self) -> float:
        """When its last word has been said."""
        return self.sentences[-1].end


def evidence_in(
    passages: Sequence[Passage], question: QueryVectors, store: Store
) -> list[Evidence]:
    """All units of the passages with their scores, in the order of the passages.

    Args:
        passages: what a search found.
        question: the question's vectors; `dense` must be there.
        store: has the sentences' vectors already, so that nothing is embedded here.
    """
    keys = [(s.video_id, s.ordinal) for passage in passages for s in passage.segments]
    vectors = store.sentence_vectors(keys)
    terms = frozenset(question.bm25.indices)
    found: list[Evidence] = []
    for number, passage in enumerate(passages):
        position = 0
        for segment in passage.segments:
            units = units_of(segment.sentences)
            rows = vectors.get((segment.video_id, segment.ordinal), ())
            if len(rows) != len(units):
                continue  # On a server somebody else may have replaced it since the search.
            for unit, row in zip(units, rows, strict=True):
                similarity = float(row @ question.dense) if question.dense is not None else 0.0
                score = similarity + COVERAGE_WEIGHT * coverage(terms, unit_text(unit))
                video = passage.hit.video
                found.append(Evidence(unit, segment, video, score, number, position))
                position += 1
    return found


def coverage(terms: frozenset[int], text: str) -> float:
    """The share of a question's terms that a text has, 0 to 1; 0 for a question without terms."""
    if not terms:
        return 0.0
    return len(terms.intersection(document_terms(text).indices)) / len(terms)
