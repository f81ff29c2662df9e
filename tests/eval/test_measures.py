"""Measures for moments, by hand and by what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures.util import Qrel

from eval.dataset import Question, Span
from eval.measures import iou_at_1, landing, metrics_of, qrels_of, scored_docs, seek_error
from eval.runs import QuestionResult
from playhead.types import Hit
from retrieval.bm25 import query_terms
from retrieval.store.protocol import QueryVectors, Store
from tests.fakes import HashEmbedder, points, segments, video

TEN = segments("v", *[f"Segment {n}." for n in range(10)])


def hit(start: float, end: float, video_id: str = "v") -> Hit:
    (segment,) = segments(video_id, "x")
    moved = type(segment)(segment.id, video_id, 0, start, end, segment.sentences)
    return Hit(moved, 1.0, video(video_id))


def asked(*spans: tuple[float, float]) -> Question:
    return Question("q", "v", "?", tuple(Span(*span) for span in spans))


@pytest.mark.parametrize(
    ("found", "gold", "iou"),
    [
        ((0, 30), (0, 30), 1.0),
        ((0, 30), (10, 20), 1 / 3),
        ((10, 20), (0, 30), 1 / 3),
        ((0, 30), (20, 50), 0.2),
        ((0, 30), (30, 50), 0.0),
        ((0, 30), (40, 50), 0.0),
        ((5, 5), (5, 5), 1.0),
        ((5, 5), (6, 6), 0.0),
        ((0, 10), (5, 5), 0.0),
    ],
)
def test_iou(found: tuple[float, float], gold: tuple[float, float], iou: float) -> None:
    assert iou_at_1([hit(*found)], asked(gold)) == pytest.approx(iou)


def test_iou_is_of_the_first_hit_and_the_best_span() -> None:
    assert iou_at_1([hit(0, 10), hit(20, 30)], asked((20, 30))) == 0
    assert iou_at_1([hit(0, 10)], asked((50, 60), (0, 20), (8, 9))) == 0.5
    assert iou_at_1([hit(0, 10, "w")], asked((0, 10))) == 0
    assert iou_at_1([], asked((0, 10))) == 0


SPANS = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(
    lambda ends: (float(min(ends)), float(max(ends)))
)


@given(SPANS, SPANS)
def test_iou_is_a_share_and_symmetric(a: tuple[float, float], b: tuple[float, float]) -> None:
    iou = iou_at_1([hit(*a)], asked(b))
    assert 0 <= iou <= 1
    assert iou == iou_at_1([hit(*b)], asked(a))
    assert (iou == 1) == (a == b)


def test_the_seek_error_is_to_the_nearest_start() -> None:
    question = asked((10, 20), (100, 200))
    assert seek_error([hit(0, 30)], 12.5, question) == 2.5
    assert seek_error([hit(0, 30)], 80, question) == 20
    assert seek_error([hit(0, 30, "w")], 12.5, question) is None
    assert seek_error([], 0, question) is None


def test_a_click_lands_on_the_sentence_that_fits_best(edge_store: Store) -> None:
    (segment,) = segments(
        "v",
        "Knead the dough for ten minutes.|Hoist the main sail now.|Watch the wind out there.",
        seconds=30.0,
    )
    edge_store.upsert(points(video("v"), [segment]))
    found = Hit(segment, 1.0, video("v"))
    for text, start in (("Who hoists the main sail?", 10.0), ("the wind out there", 20.0)):
        vectors = QueryVectors(HashEmbedder().encode([text])[0], query_terms(text))
        assert landing(found, vectors, edge_store) == start
    # One that is not in the store (any more) has no sentence to choose by.
    (gone,) = segments("w", "Watch the wind.")
    assert landing(Hit(gone, 1.0, video("w")), vectors, edge_store) == gone.start


def test_qrels_name_what_is_relevant_and_every_question() -> None:
    questions = [
        Question("one", "v", "?", (Span(0, 20),)),
        Question("many", "v", "?", (Span(25, 75),)),
        Question("none", "v", "?", (Span(500, 510),)),
        Question("silent", "w", "?", (Span(0, 10),)),
        Question("two videos", None, "?", (Span(0, 20, "v"), Span(20, 40, "u"))),
    ]
    library = {"v": tuple(TEN), "u": tuple(segments("u", "a", "b"))}
    assert list(qrels_of(questions, library)) == [
        Qrel("one", "v:0", 1),
        Qrel("many", "v:1", 1),
        Qrel("many", "v:2", 1),
        Qrel("many", "v:3", 1),
        Qrel("none", "v:0", 0),
        Qrel("silent", "w:0", 0),
        Qrel("two videos", "v:0", 1),
        Qrel("two videos", "u:1", 1),
    ]


def test_scores_fall_with_the_rank_also_where_hits_tie() -> None:
    tied = [Hit(segment, 0.5, video("v")) for segment in TEN]
    docs = list(scored_docs("q", tied))
    assert [doc.doc_id for doc in docs] == [segment.id for segment in TEN]
    assert [doc.score for doc in docs] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]


NAMES = ("Success@1", "Success@3", "Success@5", "Success@10", "RR@10", "nDCG@10", "R@10", "IoU@1")


def result(score: float, seek: float | None) -> QuestionResult:
    measures = dict.fromkeys(NAMES, score) | ({} if seek is None else {"seek_error": seek})
    return QuestionResult("q", "v", "?", measures)


def test_the_seek_error_is_a_median_over_those_that_have_one() -> None:
    metrics = metrics_of([result(1, 4.0), result(0, None), result(0.5, 100.0), result(1, 2.0)])
    assert metrics["RR@10"] == 0.625
    assert metrics["seek_error"] == 4.0
    assert metrics["seek_error_defined"] == 0.75
    assert list(metrics) == [*NAMES, "seek_error", "seek_error_defined"]


def test_where_nothing_is_found_there_is_no_seek_error() -> None:
    metrics = metrics_of([result(0, None)])
    assert (metrics["seek_error"], metrics["seek_error_defined"]) == (None, 0)
