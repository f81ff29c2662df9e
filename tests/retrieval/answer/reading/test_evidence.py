"""How well sentences answer a question: meaning, and a share for the words themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playhead.types import Hit, Passage
from retrieval.answer.reading.evidence import (
    ALONE_NOTHING,
    COVERAGE_WEIGHT,
    DOUBT_WEIGHT,
    RANK_WEIGHT,
    Evidence,
    coverage,
    evidence_in,
)
from retrieval.bm25 import query_terms
from retrieval.passages import passages_of
from retrieval.plan import PLANS
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
    passages = passages_of(searcher.find(vectors, limit=3), library)
    found = evidence_in(passages, vectors, library)
    for number, passage in enumerate(passages):
        units = [unit for unit in found if unit.passage == number]
        assert [unit.position for unit in units] == list(range(len(units)))
        said = [sentence for segment in passage.segments for sentence in segment.sentences]
        assert [sentence for unit in units for sentence in unit.sentences] == said
        assert {unit.video for unit in units} == {passage.hit.video}
        assert all(set(unit.sentences) <= set(unit.segment.sentences) for unit in units)


def test_what_ranks_behind_the_best_counts_for_less(library: EdgeStore, searcher: Searcher) -> None:
    vectors = searcher.vectors(QUESTION)
    found = searcher.look(vectors, limit=3)
    passages = passages_of(found.hits, library)
    plain = evidence_in(passages, vectors, library)
    best, last = max(found.scores.values()), min(found.scores.values())
    assert found.scores[found.hits[0].segment.video_id, found.hits[0].segment.ordinal] == best
    for unit, ranked in zip(
        plain, evidence_in(passages, vectors, library, found.scores), strict=True
    ):
        rank = found.scores.get((unit.segment.video_id, unit.segment.ordinal), last)
        loss = 0.0 if unit.score == ALONE_NOTHING else RANK_WEIGHT * (best - rank)
        assert ranked.score == pytest.approx(unit.score - loss)
        assert replace(ranked, score=unit.score) == unit


def test_a_score_is_the_cosine_and_a_share_of_the_terms(
    library: EdgeStore, searcher: Searcher
) -> None:
    vectors = searcher.vectors(QUESTION)
    assert vectors.dense is not None
    terms = frozenset(vectors.bm25.indices)
    for unit in evidence_in(passages_of(searcher.find(vectors), library), vectors, library):
        if is_short(unit.sentences):
            assert unit.score == ALONE_NOTHING
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
    assert (murmurs.text, murmurs.score) == ("Okay. Yes.", ALONE_NOTHING)
    assert unit.text == "Thanks for watching, and see you next week."
    assert (murmurs.start, murmurs.end) == (segment.start, unit.start)
    assert unit.end == segment.end


def meeting(store: EdgeStore, question: str, *texts: str, who: str = "") -> list[Evidence]:
    """The evidence in a video of several segments; `who` has a letter for each sentence."""
    names = iter(who)
    talk = [
        replace(g, sentences=tuple(replace(s, speaker=next(names, None)) for s in g.sentences))
        for g in segments("v", *texts)
    ]
    store.upsert(points(video("v"), talk))
    asked = QueryVectors(HashEmbedder().encode([question])[0], query_terms(question))
    passage = Passage(Hit(talk[0], 1.0, video("v")), (), tuple(talk[1:]))
    return evidence_in([passage], asked, store)


def scores(found: list[Evidence]) -> dict[str, float]:
    return {unit.text: unit.score for unit in found}


BUDGET = "What is the budget for the remote control?"


def test_nobody_is_quoted_with_words_of_another(edge_store: EdgeStore) -> None:
    said = "Okay.|Yes.|So we take the red one.|Hm.|Twelve fifty.|Euros.|I see."
    found = meeting(edge_store, BUDGET, said, who="ABABCCA")
    assert [unit.text for unit in found] == [
        "Okay.", "Yes.", "So we take the red one.", "Hm.", "Twelve fifty. Euros.", "I see."
    ]  # fmt: skip
    assert [unit.score == ALONE_NOTHING for unit in found] == [True, True, False, True, True, True]


def test_a_question_is_no_evidence_and_counts_for_what_is_said_next(edge_store: EdgeStore) -> None:
    said = f"We begin with the first point.|{BUDGET}|Twelve fifty.|I would rather spend ten."
    found = scores(meeting(edge_store, BUDGET, said))
    assert found[BUDGET] == ALONE_NOTHING
    assert found["Twelve fifty."] == pytest.approx(1 + COVERAGE_WEIGHT, abs=2e-3)
    assert found["I would rather spend ten."] < 0.8
    assert found["We begin with the first point."] < 0.8


def test_questions_in_a_row_count_for_one_answer(edge_store: EdgeStore) -> None:
    again, answer = "Does anybody here know?", "It is twelve fifty in all."
    found = scores(meeting(edge_store, BUDGET, f"{BUDGET}|{again}", answer))
    assert found[again] == ALONE_NOTHING
    assert found[answer] == pytest.approx(1 + COVERAGE_WEIGHT, abs=2e-3)


def test_an_answer_that_fits_better_keeps_its_score(edge_store: EdgeStore) -> None:
    answer = "The budget for the remote control is twelve fifty."
    (alone,) = meeting(edge_store, BUDGET, answer)
    found = scores(meeting(edge_store, BUDGET, f"What about the budget for it?|{answer}"))
    assert found[answer] == pytest.approx(alone.score)


def test_a_question_that_nobody_answers_leaves_no_evidence(edge_store: EdgeStore) -> None:
    (unit,) = meeting(edge_store, BUDGET, BUDGET)
    assert unit.score == ALONE_NOTHING


def test_who_murmurs_before_the_question_has_ended_does_not_answer_it(
    edge_store: EdgeStore,
) -> None:
    (plain,) = segments("v", f"{BUDGET}|Yeah.|Twelve fifty.")
    question, murmur, answer = plain.sentences
    murmur = replace(murmur, start=question.end - 1, end=question.end - 0.5, speaker="Bob")
    answer = replace(answer, speaker="Cleo")
    talk = [replace(plain, sentences=(question, murmur, answer))]
    edge_store.upsert(points(video("v"), talk))
    asked = QueryVectors(HashEmbedder().encode([BUDGET])[0], query_terms(BUDGET))
    passage = Passage(Hit(talk[0], 1.0, video("v")))
    found = scores(evidence_in([passage], asked, edge_store))
    assert found["Yeah."] == ALONE_NOTHING
    assert found["Twelve fifty."] == pytest.approx(1 + COVERAGE_WEIGHT, abs=2e-3)


def test_who_hesitates_does_not_answer(edge_store: EdgeStore) -> None:
    found = scores(meeting(edge_store, BUDGET, f"{BUDGET}|Hm.|Twelve fifty.", who="ABC"))
    assert found["Hm."] == ALONE_NOTHING
    assert found["Twelve fifty."] == pytest.approx(1 + COVERAGE_WEIGHT, abs=2e-3)


def test_what_follows_a_gap_answers_nothing(edge_store: EdgeStore) -> None:
    talk = segments("v", BUDGET, "Whatever was said here.", "It was sold in all countries.")
    edge_store.upsert(points(video("v"), talk))
    edge_store.upsert(
        points(video("v"), segments("v", "", "This is new here.|As is this one.")[1:])
    )
    asked = QueryVectors(HashEmbedder().encode([BUDGET])[0], query_terms(BUDGET))
    passage = Passage(Hit(talk[0], 1.0, video("v")), (), tuple(talk[1:]))
    units = evidence_in([passage], asked, edge_store)
    assert [unit.position for unit in units] == [0, 2]
    assert units[1].score < 0.8


def test_a_segment_that_was_replaced_since_the_search_is_left_out(edge_store: EdgeStore) -> None:
    talk = segments("v", "Bake the loaf now.|Let it cool down.", "Cut it.", "Eat it.")
    edge_store.upsert(points(video("v"), talk))
    asked = QueryVectors(HashEmbedder().encode(["loaf"])[0], query_terms("loaf"))
    passages = passages_of(edge_store.query(asked, PLANS["dense"]), edge_store)
    edge_store.upsert(points(video("v"), segments("v", "Something else is here.")))
    edge_store.delete("v", from_ordinal=2)
    (left,) = evidence_in(passages, asked, edge_store)
    assert (left.text, left.position) == ("Cut it.", 1)


@pytest.mark.parametrize(
    ("speakers", "speaker"),
    [
        (["Ann", "Ann"], "Ann"),
        (["Ann", None], None),
        ([None, "Ann"], None),
        ([None, None], None),
    ],
)
def test_a_unit_is_of_a_speaker_who_says_all_of_it(
    speakers: list[str | None], speaker: str | None
) -> None:
    (segment,) = segments("v", "So it.|Is sold.")
    said = zip(segment.sentences, speakers, strict=True)
    unit = tuple(replace(sentence, speaker=who) for sentence, who in said)
    assert Evidence(unit, segment, video("v"), 0.5, 0, 0).speaker == speaker


def test_a_unit_is_in_doubt_with_any_of_its_sentences() -> None:
    (segment,) = segments("v", "So it.|Is sold.|Today.")
    first, second, third = segment.sentences
    third = replace(third, doubt="unsure")
    for unit, doubt in (
        ((first, second), None),
        ((first, replace(second, doubt="silence"), third), "silence"),
    ):
        assert Evidence(unit, segment, video("v"), 0.5, 0, 0).doubt == doubt


def test_what_may_be_made_up_counts_a_little_less(edge_store: EdgeStore) -> None:
    (sure,) = segments("sure", "Bake the loaf for an hour.")
    doubted = replace(sure.sentences[0], doubt="repetition")
    made_up = replace(sure, id="made:0", video_id="made", sentences=(doubted,))
    edge_store.upsert([*points(video("sure"), [sure]), *points(video("made"), [made_up])])
    vectors = Searcher(edge_store, HashEmbedder()).vectors(QUESTION)
    passages = [Passage(Hit(segment, 1.0, video(segment.video_id))) for segment in (sure, made_up)]
    first, second = evidence_in(passages, vectors, edge_store)
    assert first.score - second.score == pytest.approx(DOUBT_WEIGHT)
