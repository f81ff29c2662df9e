"""The gate: what it goes by, and that it tells what the videos answer from what they do not."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from retrieval.answer.reading.evidence import THRESHOLD, Evidence, evidence_in
from retrieval.answer.reading.reader import Reader
from retrieval.answer.reading.sufficiency import (
    SIGNALS,
    SUFFICIENT,
    confidence,
    learned_weights,
    signals,
)
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import Candidate, QueryVectors, SparseVector
from tests.fakes import segments, video

NO_QUESTION = QueryVectors(None, SparseVector([], []))


def unit(score: float) -> Evidence:
    (segment,) = segments("v", "One whole unit.")
    return Evidence(segment.sentences, segment, video("v"), score, 0, 0)


def candidate(**scores: float) -> Candidate:
    return Candidate("v", 0, scores)  # type: ignore[arg-type]  # legs are strings


def test_there_is_a_weight_for_every_signal() -> None:
    assert learned_weights().keys() == {*SIGNALS, "bias"}


def test_each_signal_is_the_best_there_is() -> None:
    found = signals(
        replace(NO_QUESTION, unknown=0.25),
        [
            candidate(dense=0.2, sentences=0.7, words=0.1),
            candidate(dense=0.4, sentences=0, words=0.3),
        ],
        [unit(0.5)],
    )
    assert found == {
        "dense": 0.4, "sentences": 0.7, "words": 0.3, "covered": 0.0, "unknown": 0.25,
    }  # fmt: skip


def test_the_closer_the_more_confident() -> None:
    low = [candidate(dense=0.1, sentences=0.2, words=0.2)]
    high = [candidate(dense=0.8, sentences=0.9, words=0.9)]
    none, some = (confidence(NO_QUESTION, found, [unit(0.5)]) for found in (low, high))
    assert 0 < none < SUFFICIENT < some < 1


def test_what_is_unknown_lowers_it() -> None:
    found = [candidate(dense=0.5, sentences=0.5, words=0.5)]
    known, unknown = (
        confidence(replace(NO_QUESTION, unknown=share), found, [unit(0.5)]) for share in (0.0, 1.0)
    )
    assert unknown < known


def test_without_word_vectors_the_best_score_decides() -> None:
    assert confidence(NO_QUESTION, [], [unit(THRESHOLD)]) == pytest.approx(SUFFICIENT)
    assert confidence(NO_QUESTION, [], [unit(THRESHOLD - 0.01), unit(-1)]) < SUFFICIENT
    assert confidence(NO_QUESTION, [], [unit(THRESHOLD + 0.01)]) > SUFFICIENT


def test_nothing_found_answers_nothing() -> None:
    assert confidence(NO_QUESTION, [candidate(dense=1, sentences=1, words=1)], []) == 0.0


def test_no_score_overflows() -> None:
    huge = [candidate(dense=1e6, sentences=1e6, words=1e6)]
    assert math.isfinite(confidence(NO_QUESTION, huge, [unit(1e6)]))


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("How long does the loaf bake?", True),
        ("Who sailed around the world alone?", True),
        ("What is the capital of France?", False),
        ("How do I renew my passport?", False),
    ],
)
def test_of_a_library(
    question: str, answered: bool, library: EdgeStore, searcher: Searcher
) -> None:
    assert (Reader(library, searcher).read(question).confidence >= SUFFICIENT) == answered


def test_terms_that_no_segment_has_are_unknown(library: EdgeStore, searcher: Searcher) -> None:
    vectors = {text: searcher.vectors(text) for text in ("loaf", "zebra", "loaf zebra", "of the")}
    assert vectors["loaf"].unknown == 0
    assert vectors["zebra"].unknown == 1
    assert 0.5 < vectors["loaf zebra"].unknown < 1  # What is nowhere is rarer than what is rare.
    assert vectors["of the"].unknown == 0
    found = searcher.look(vectors["zebra"])
    evidence = evidence_in(passages_of(found.hits, library), vectors["zebra"], library)
    assert signals(vectors["zebra"], found.candidates, evidence)["covered"] == 0
