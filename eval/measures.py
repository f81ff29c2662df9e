"""The measures of retrieval: those of ir-measures, and two for moments in videos.

ir-measures (MacAvaney, Macdonald & Ounis, ECIR 2022; https://ir-measur.es), over the first k hits:

    Success@k   1 if one of them is relevant, else 0 ("hit@k")
    RR@10       1 / rank of the first relevant one, 0 if there is none; its mean is MRR@10
    nDCG@10     sum of 1 / log2(rank + 1) over the relevant ones, over the most that could be
                (Järvelin & Kekäläinen, TOIS 2002)
    R@10        share of all relevant segments that are among them

For moments, of the first hit:

    IoU@1       length of its intersection with a gold span over that of their union, the best of
                its video's spans; 0 where it lies in another video. The measure of temporal
                grounding (Gao et al., "TALL", ICCV 2017).
    seek_error  seconds between where a click lands and the start of the nearest gold span. It
                lands on the sentence of the hit that an answer would cite (`landing`). Defined
                only where the hit lies in a video that answers the question: the median is taken
                over those, and `seek_error_defined` is their share.

A question that finds nothing scores 0 and stays in the mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median

from ir_measures import RR, Measure, R, Success, nDCG
from ir_measures.util import Qrel, ScoredDoc

from eval.build import Segments
from eval.dataset import Question, Span, is_relevant
from eval.runs import QuestionResult
from playhead.types import Hit, Passage
from retrieval.answer.reading.evidence import evidence_in
from retrieval.store.protocol import QueryVectors, Store

DEPTH = 10
RANKED: tuple[Measure, ...] = (
    Success @ 1,
    Success @ 3,
    Success @ 5,
    Success @ 10,
    RR @ 10,
    nDCG @ 10,
    R @ 10,
)
IOU = "IoU@1"
SEEK = "seek_error"
SEEK_DEFINED = "seek_error_defined"

_DIGITS = 6


def qrels_of(questions: Sequence[Question], segments: Segments) -> Iterator[Qrel]:
    """Which segments are relevant to which question (1); one that is not where none is (0).

    So every question is among them, and one that no segment answers scores 0.
    """
    for question in questions:
        relevant = [
            segment.id
            for video_id in question.video_ids
            for segment in segments.get(video_id, ())
            if is_relevant(segment, question)
        ]
        yield from (Qrel(question.qid, segment_id, 1) for segment_id in relevant)
        if not relevant:
            yield Qrel(question.qid, f"{question.video_ids[0]}:0", 0)


def scored_docs(qid: str, hits: Sequence[Hit]) -> Iterator[ScoredDoc]:
    """Hits for ir-measures, scored by rank: so the order is the search's also where scores tie."""
    for rank, hit in enumerate(hits):
        yield ScoredDoc(qid, hit.segment.id, float(DEPTH - rank))


def iou_at_1(hits: Sequence[Hit], question: Question) -> float:
    """IoU@1, 0 to 1."""
    if not hits:
        return 0.0
    first = Span(hits[0].segment.start, hits[0].segment.end)
    spans = question.gold_in(hits[0].segment.video_id)
    return max((_iou(first, span) for span in spans), default=0.0)


def seek_error(hits: Sequence[Hit], land: float, question: Question) -> float | None:
    """The seek error in seconds, of a click that lands at `land`; None where it is not defined."""
    spans = question.gold_in(hits[0].segment.video_id) if hits else ()
    return min((abs(land - span.start) for span in spans), default=None)


def landing(hit: Hit, question: QueryVectors, store: Store) -> float:
    """Where a click on a hit lands (seconds): on the start of the sentence that fits best."""
    evidence = evidence_in([Passage(hit)], question, store)
    best = max(evidence, key=lambda unit: unit.score, default=None)
    return best.start if best else hit.segment.start


def metrics_of(results: Sequence[QuestionResult]) -> dict[str, float | None]:
    """Measures over questions (at least one): means, and for the seek error median and share."""
    names = [*map(str, RANKED), IOU]
    means = {name: fmean(result.measures[name] for result in results) for name in names}
    errors = [result.measures[SEEK] for result in results if SEEK in result.measures]
    return {
        **{name: round(mean, _DIGITS) for name, mean in means.items()},
        SEEK: round(median(errors), _DIGITS) if errors else None,
        SEEK_DEFINED: round(len(errors) / len(results), _DIGITS),
    }


def rounded(measures: Mapping[str, float]) -> dict[str, float]:
    """Measures of a question as they are kept."""
    return {name: round(float(value), _DIGITS) for name, value in measures.items()}


def _iou(first: Span, second: Span) -> float:
    """Intersection over union of two spans; of two moments, whether they are the same."""
    intersection = max(0.0, min(first.end, second.end) - max(first.start, second.start))
    union = (first.end - first.start) + (second.end - second.start) - intersection
    return intersection / union if union else float(first == second)
