"""Answers judged: refusals, citations by overlap, seek errors, dropped claims, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.answers import in_gold, judge_answers
from eval.dataset import Question, Span
from playhead.types import Answer, Citation, Claim, Dropped
from retrieval.question import clean_question

HERE, THERE = "here", "there"
GOLD = Question("q", HERE, "Why?", (Span(10, 20),))
NONE = Question("q", None, "Why?", ())
RIGHT = {"answered": 1, "cited_right": 1, "citation_hit@1": 1, "citation_recall": 1}


def citation(n: int, start: float, end: float, video_id: str = HERE) -> Citation:
    return Citation(n, video_id, "Talk", start, end, "So it was.", f"{video_id}:0", "/a.mp4")


def reply(*citations: Citation, **fields: object) -> Answer:
    claims = tuple(Claim("So.", (cited.n,)) for cited in citations)
    answer = Answer("Why?", claims, citations, not claims, None, "extractive", ())
    return replace(answer, **fields)  # type: ignore[arg-type]


def judged(question: Question, answer: Answer):
    (result,) = judge_answers([question], lambda _: answer)
    return result


def test_an_answer_from_the_gold_span_is_right() -> None:
    result = judged(GOLD, reply(citation(1, 12, 15), citation(2, 40, 45)))
    seek = {"citation_precision": 0.5, "citation_seek_error": 2}
    assert result.measures == {**RIGHT, **seek}
    assert [row["overlaps"] for row in result.found] == [True, False]
    assert result.right
    assert not result.refused


def test_overlap_is_enough_for_a_hit_but_not_to_be_cited_right() -> None:
    result = judged(GOLD, reply(citation(1, 2, 11)))
    assert result.measures["citation_hit@1"] == result.measures["citation_precision"] == 1
    assert result.measures["cited_right"] == 0
    assert result.measures["citation_seek_error"] == 8


@pytest.mark.parametrize(("start", "end"), [(0, 10), (20, 30)])
def test_touching_is_no_overlap(start: float, end: float) -> None:
    assert judged(GOLD, reply(citation(1, start, end))).measures["citation_hit@1"] == 0


def test_the_first_citation_alone_decides_hit_and_seek_error() -> None:
    result = judged(GOLD, reply(citation(1, 40, 45), citation(2, 12, 15)))
    assert result.measures["citation_hit@1"] == result.measures["cited_right"] == 0
    assert result.measures["citation_recall"] == 1
    assert result.measures["citation_seek_error"] == 30
    assert not result.right


def test_another_video_is_wrong_and_has_no_seek_error() -> None:
    measures = judged(GOLD, reply(citation(1, 12, 15, THERE))).measures
    assert measures["citation_hit@1"] == measures["citation_precision"] == 0
    assert "citation_seek_error" not in measures


def test_spans_of_several_videos() -> None:
    both = Question("q", None, "Why?", (Span(10, 20, HERE), Span(0, 5, THERE)))
    measures = judged(both, reply(citation(1, 1, 4, THERE))).measures
    assert (measures["citation_hit@1"], measures["citation_recall"]) == (1, 0.5)
    assert measures["citation_seek_error"] == 1
    assert judged(both, reply(citation(1, 1, 4, HERE))).measures["citation_hit@1"] == 0


def test_seek_error_is_to_the_nearest_span() -> None:
    two = Question("q", HERE, "Why?", (Span(10, 20), Span(50, 60)))
    assert judged(two, reply(citation(1, 47, 49))).measures["citation_seek_error"] == 3


def test_a_refusal_is_right_only_where_nothing_answers() -> None:
    nothing = dict.fromkeys(RIGHT, 0)
    assert judged(GOLD, reply()).measures == nothing
    assert judged(NONE, reply()).measures == {"refused_unanswerable": 1}
    assert judged(NONE, reply(citation(1, 12, 15))).measures == {"refused_unanswerable": 0}


def test_a_refusal_would_have_been_right_by_what_is_closest() -> None:
    assert judged(GOLD, reply(closest=(citation(1, 12, 15),))).right
    assert not judged(GOLD, reply(closest=(citation(1, 40, 45), citation(2, 12, 15)))).right
    assert not judged(NONE, reply(closest=(citation(1, 12, 15),))).right


def test_a_question_that_cannot_be_asked_is_refused() -> None:
    def strict(question: Question) -> Answer:
        return reply(citation(1, 12, 15), question=clean_question(question.text))

    questions = [Question("gold", HERE, " ", (Span(10, 20),)), Question("none", None, "", ())]
    results = list(judge_answers(questions, strict))
    assert [result.refused for result in results] == [True, True]
    assert [result.measures.get("answered") for result in results] == [0, None]
    assert [result.as_row()["answer"] for result in results] == [None, None]


def test_the_share_of_a_model_s_claims_that_were_dropped() -> None:
    dropped = (Dropped("It was not.", "negates"), Dropped("It was 5.", "numbers"))
    proven = reply(citation(1, 12, 15), engine="llm:m", way="schema", dropped=dropped)
    assert judged(GOLD, proven).measures["claims_dropped"] == pytest.approx(2 / 3)
    assert judged(GOLD, replace(proven, dropped=())).measures["claims_dropped"] == 0
    # Where nothing was proven, what is shown is not the model's.
    fallen = replace(proven, engine="extractive")
    assert judged(GOLD, fallen).measures["claims_dropped"] == 1
    assert "claims_dropped" not in judged(GOLD, reply(citation(1, 12, 15))).measures


def test_a_row_tells_what_the_answer_was() -> None:
    answer = reply(
        citation(1, 12, 15),
        confidence=0.875,
        dropped=(Dropped("No.", "says nothing"),),
        timings_ms={"answer": 1.5},
    )
    row = judged(GOLD, answer).as_row()
    assert (row["qid"], row["video_id"], row["question"]) == ("q", HERE, "Why?")
    assert row["found"][0]["quote"] == "So it was."
    assert row["answer"]["confidence"] == 0.875
    assert row["answer"]["claims"] == ["So."]
    assert row["answer"]["dropped"] == [{"text": "No.", "reason": "says nothing"}]
    assert row["answer"]["timings_ms"] == {"answer": 1.5}


@pytest.mark.parametrize(
    ("start", "end", "inside"), [(5, 15, True), (4, 15, False), (10, 20, True), (0, 60, False)]
)
def test_half_of_what_is_cited_must_lie_in_gold(start: float, end: float, *, inside: bool) -> None:
    assert in_gold(HERE, start, end, GOLD) is inside
