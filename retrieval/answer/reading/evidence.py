"""How well each sentence of some passages answers a question, and whether any does.

The score of a unit of sentences is the cosine of its embedding to the question's, plus a share of
the question's terms that occur in it: meaning first, and the words themselves for names and
numbers, which embeddings blur; less a little where the segment itself ranks low. Where somebody
asks the very question in the video, that proves nothing: the question's score counts for what is
said next.

`THRESHOLD` is set on data: the lowest score at which 99 % of questions about other subjects have
no such evidence (in TutorialVQA's videos). `sufficiency` judges better, where it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from playhead.types import Doubt, Passage, Segment, Video
from retrieval.bm25 import document_terms
from retrieval.store.protocol import FloatArray, QueryVectors, Store
from retrieval.units import (
    Unit,
    asks,
    doubt_of,
    hesitates,
    is_short,
    runs_of,
    unit_text,
    units_of,
)

COVERAGE_WEIGHT = 0.3
RANK_WEIGHT = 0.05
"""What a unit loses for each point by which its segment ranks behind the best: so the first
citation lies in a marked span in 43.5 % of TutorialVQA's questions, without it in 40.7 %."""
DOUBT_WEIGHT = 0.05
"""What a unit loses whose words may be made up: of two that fit alike the other one comes first."""
THRESHOLD = 0.58
ALONE_NOTHING = -1.0
"""The score of what proves nothing by itself: it is too short, or only asks."""


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
    def speaker(self) -> str | None:
        """Who says it, all of it, where that is known."""
        speakers = {sentence.speaker for sentence in self.sentences}
        return speakers.pop() if len(speakers) == 1 else None

    @property
    def doubt(self) -> Doubt | None:
        """Why some of it may be made up; None where nothing speaks for that."""
        return doubt_of(self.sentences)

    @property
    def start(self) -> float:
        """When its first word is said."""
        return self.sentences[0].start

    @property
    def end(self) -> float:
        """When its last word has been said."""
        return max(sentence.end for sentence in self.sentences)


def evidence_in(
    passages: Sequence[Passage],
    question: QueryVectors,
    store: Store,
    ranks: Mapping[tuple[str, int], float] | None = None,
) -> list[Evidence]:
    """All that is said in the passages, in their order, as units with their scores.

    Args:
        passages: what a search found.
        question: the question's vectors; `dense` must be there.
        store: has the sentences' vectors already, so that nothing is embedded here.
        ranks: the scores of segments in the search, by (video id, ordinal): what lies in a segment
            that ranks behind the best counts for a little less.
    """
    behind = _behind(ranks or {})
    keys = [(s.video_id, s.ordinal) for passage in passages for s in passage.segments]
    vectors = store.sentence_vectors(keys)
    found: list[Evidence] = []
    for number, passage in enumerate(passages):
        position = 0
        said: list[Evidence] = []
        for segment in passage.segments:
            rows = vectors.get((segment.video_id, segment.ordinal), ())
            scored = _scored(segment, rows, question, behind(segment))
            said += [
                Evidence(unit, segment, passage.hit.video, score, number, position + n)
                for n, (unit, score) in enumerate(scored)
            ]
            # What is left out was said in between: what follows it was not said right after.
            position += len(scored) or 1
        found += _answering(said)
    return found


def _behind(ranks: Mapping[tuple[str, int], float]) -> Callable[[Segment], float]:
    """What the units of a segment lose, for it ranks behind the best."""
    best, last = max(ranks.values(), default=0.0), min(ranks.values(), default=0.0)

    def loss(segment: Segment) -> float:
        return RANK_WEIGHT * (best - ranks.get((segment.video_id, segment.ordinal), last))

    return loss


def _scored(
    segment: Segment,
    rows: Sequence[FloatArray] | FloatArray,
    question: QueryVectors,
    loss: float,
) -> list[tuple[Unit, float]]:
    """A segment's runs of sentences with their scores, in order."""
    units = units_of(segment.sentences)
    if len(rows) != len(units):
        return []  # On a server somebody else may have replaced it since the search.
    terms = frozenset(question.bm25.indices)
    score_of = {
        unit: _similarity(row, question)
        + COVERAGE_WEIGHT * coverage(terms, unit_text(unit))
        - (DOUBT_WEIGHT if doubt_of(unit) else 0.0)
        - loss
        for unit, row in zip(units, rows, strict=True)
    }
    return [(run, score_of.get(run, ALONE_NOTHING)) for run in runs_of(segment.sentences)]


def _answering(said: Sequence[Evidence]) -> Iterator[Evidence]:
    """The units of a passage, each with the score of the questions that it answers, if higher."""
    asked: Evidence | None = None
    position = 0
    for unit in said:
        if unit.position != position:
            asked = None
        position = unit.position + 1
        if asks(unit.sentences):
            score = max(unit.score, asked.score) if asked else unit.score
            asked = replace(unit, score=score)
            yield replace(unit, score=ALONE_NOTHING)
        elif asked is None or not _replies(unit, asked):
            yield unit
        else:
            yield replace(unit, score=max(unit.score, asked.score))
            asked = None


def _replies(unit: Evidence, asked: Evidence) -> bool:
    """Whether it is more than a murmur, which says nothing or comes before the question ends."""
    murmurs = is_short(unit.sentences) and unit.start < asked.end
    return not murmurs and not hesitates(unit.sentences)


def _similarity(row: FloatArray, question: QueryVectors) -> float:
    return float(row @ question.dense) if question.dense is not None else 0.0


def coverage(terms: frozenset[int], text: str) -> float:
    """The share of a question's terms that a text has, 0 to 1; 0 for a question without terms."""
    if not terms:
        return 0.0
    return len(terms.intersection(document_terms(text).indices)) / len(terms)
