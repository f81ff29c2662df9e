"""How well sentences answer a question: meaning, and a share for the words themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playhead.types import Hit, Passage
from retrieval.answer.evidence import COVERAGE_WEIGHT, TOO_SHORT, coverage, evidence_in
from retrieval.bm25 import query_terms
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import QueryVectors, SparseVector
from retrieval.units import is_short
from tests.fakes import HashEmbedder, points, segments, video

QUESTION = "How long does the loaf bake?"


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("bake the loaf", "Baking a loaf takes an hour.", 1.0),
        ("bake the loaf", "It bakes for an hour.", 0.5),
        ("bake the loaf", "Tie a knot.", 0.0),
        ("bake the loaf", "", 0.0),
        ("the of and", "The of and.", 0.0),
    ],
)
def test_coverage_is_the_share_of_the_questions_terms(
    question: str, text: str, share: float
) -> None:
    assert coverage(frozenset(query_terms(question).indices), text) == share


def test_evidence_is_every_unit_of_every_passage_in_order(
    library: EdgeStore, searcher: Searcher
) -> None:
    vectors = searcher.vectors(QUESTION)
    passages = passages_of(library.query(vectors, limit=3), library)
    found = evidence_in(passages, vectors, library)
    for number, passage in enumerate(passages):
        units = [unit for unit in found if unit.passage == number]
        assert [unit.position for unit in units] == list(range(len(units)))
        said = [sentence for segment in passage.segments for sentence in segment.sentences]
        assert [sentence for unit in units for sentence in unit.sentences] == said
        assert {unit.video for unit in units} == {passage.hit.video}
        assert all(set(unit.sentences) <= set(unit.segment.sentences) for unit in units)


def test_a_score_is_the_cosine_and_a_share_of_the_terms(
    library: EdgeStore, searcher: Searcher
) -> None:
    vectors = searcher.vectors(QUESTION)
    assert vectors.dense is not None
    terms = frozenset(vectors.bm25.indices)
    for unit in evidence_in(passages_of(library.query(vectors), library), vectors, library):
        if is_short(unit.sentences):
            assert unit.score == TOO_SHORT
            continue
        said = searcher.vectors(unit.text).dense
        assert said is not None
        cosine = float(said @ vectors.dense)
        expected = cosine + COVERAGE_WEIGHT * coverage(terms, unit.text)
        assert unit.score == pytest.approx(expected, abs=2e-3)


def test_evidence_starts_with_its_own_first_word(library: EdgeStore) -> None:
    (segment,) = library.segments([("bread", 5)]).values()
    passage = Passage(Hit(segment, 1.0, video("bread")))
    nothing = QueryVectors(None, SparseVector([], []))
    murmurs, unit = evidence_in([passage], nothing, library)
    assert (murmurs.text, murmurs.score) == ("Okay. Yes.", TOO_SHORT)
    assert unit.text == "Thanks for watching, and see you next week."
    assert (murmurs.start, murmurs.end) == (segment.start, unit.start)
    assert unit.end == segment.end


def test_nobody_is_quoted_with_words_of_another(edge_store: EdgeStore) -> None:
    (plain,) = segments("v", "Okay.|Yes.|So what is the budget?|Hm.|Twelve fifty.|Euros.|I see.")
    who = ["Ann", "Bob", "Ann", "Bob", "Cleo", "Cleo", "Ann"]
    said = tuple(replace(s, speaker=n) for s, n in zip(plain.sentences, who, strict=True))
    talk = [replace(plain, sentences=said)]
    edge_store.upsert(points(video("v"), talk))
    passage = Passage(Hit(talk[0], 1.0, video("v")))
    nothing = QueryVectors(None, SparseVector([], []))
    found = evidence_in([passage], nothing, edge_store)
    assert [unit.text for unit in found] == [
        "Okay.", "Yes.", "So what is the budget?", "Hm.", "Twelve fifty. Euros.", "I see."
    ]  # fmt: skip
    assert [unit.score for unit in found] == [-1.0, -1.0, 0.0, -1.0, -1.0, -1.0]


def test_a_segment_that_was_replaced_since_the_search_is_left_out(edge_store: EdgeStore) -> None:
    talk = segments("v", "Bake the loaf now.|Let it cool down.", "Cut it.", "Eat it.")
    edge_store.upsert(points(video("v"), talk))
    asked = QueryVectors(HashEmbedder().encode(["loaf"])[0], query_terms("loaf"))
    passages = passages_of(edge_store.query(asked), edge_store)
    edge_store.upsert(points(video("v"), segments("v", "Something else is here.")))
    edge_store.delete("v", from_ordinal=2)
    (left,) = evidence_in(passages, asked, edge_store)
    assert (left.text, left.position) == ("Cut it.", 1)
