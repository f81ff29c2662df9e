"""Answers measured: refusals, first citations, and what does not apply."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.answers import MEASURES, evaluate_answers, in_gold, measure_answers
from eval.dataset import Dataset, DatasetVideo, Question, Span
from eval.runs import QuestionResult
from ingest.captions.cue import Cue
from playhead.types import Answer, Citation, Claim
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.question import clean_question
from tests.fakes import video

HERE, THERE = "here", "there"
GOLD = Question("q", HERE, "Why?", (Span(10, 20),))
NONE = Question("q", None, "Why?", ())


def citation(n: int, start: float, end: float, video_id: str = HERE) -> Citation:
    return Citation(n, video_id, "Talk", start, end, "So it was.", f"{video_id}:0", "/a.mp4")


class Replies:
    """Answers every question alike: with these citations, or without any it refuses."""

    def __init__(self, *citations: Citation) -> None:
        self._citations = citations

    def ask(self, question: str) -> Answer:
        claims = tuple(Claim("So.", (cited.n,)) for cited in self._citations)
        return Answer(question, claims, self._citations, not claims, None, "extractive", ())


def measured(question: Question, *citations: Citation) -> QuestionResult:
    (result,) = measure_answers([question], Replies(*citations))
    return result


def test_an_answer_from_the_gold_span_is_right() -> None:
    result = measured(GOLD, citation(1, 12, 15), citation(2, 40, 45))
    assert result.measures == {"answered": 1, "cited_right": 1}
    assert [cited["relevant"] for cited in result.found] == [True, False]


def test_only_the_first_citation_counts() -> None:
    result = measured(GOLD, citation(1, 40, 45), citation(2, 12, 15))
    assert result.measures == {"answered": 1, "cited_right": 0}


def test_the_same_seconds_of_another_video_are_wrong() -> None:
    assert measured(GOLD, citation(1, 12, 15, THERE)).measures["cited_right"] == 0


def test_a_span_of_another_video_counts_where_it_is_gold() -> None:
    both = Question("q", None, "Why?", (Span(10, 20, HERE), Span(0, 5, THERE)))
    assert measured(both, citation(1, 1, 4, THERE)).measures["cited_right"] == 1
    assert measured(both, citation(1, 1, 4, HERE)).measures["cited_right"] == 0


def test_a_refusal_is_right_only_where_nothing_answers() -> None:
    assert measured(GOLD).measures == {"answered": 0, "cited_right": 0}
    assert measured(NONE).measures == {"refused_unanswerable": 1}
    assert measured(NONE, citation(1, 12, 15)).measures == {"refused_unanswerable": 0}


def test_a_question_that_cannot_be_asked_is_refused() -> None:
    class Strict(Replies):
        def ask(self, question: str) -> Answer:
            return super().ask(clean_question(question))

    questions = [Question("gold", HERE, " ", (Span(10, 20),)), Question("none", None, "", ())]
    results = measure_answers(questions, Strict(citation(1, 12, 15)))
    assert [dict(result.measures) for result in results] == [
        {"answered": 0, "cited_right": 0},
        {"refused_unanswerable": 1},
    ]


@pytest.mark.parametrize(
    ("start", "end", "inside"), [(5, 15, True), (4, 15, False), (10, 20, True), (0, 60, False)]
)
def test_half_of_what_is_cited_must_lie_in_gold(start: float, end: float, *, inside: bool) -> None:
    assert in_gold(HERE, start, end, GOLD) is inside


def test_the_project_s_own_answerer_is_asked(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    said = [
        "The keeper lights the lamp of the lighthouse at dusk.",
        "The lens was ground in Paris by Fresnel.",
        "Bread rises because yeast makes gas.",
    ]
    cues = tuple(Cue(10.0 * n, 10.0 * n + 9, text) for n, text in enumerate(said))
    questions = (
        Question("when", HERE, "When does the keeper light the lamp?", (Span(0, 9),)),
        Question("who", HERE, "Who ground the lens?", (Span(20, 29),)),
        Question("cup", None, "Who won the football World Cup in 1998?", ()),
    )
    dataset = Dataset("small", (DatasetVideo(video(HERE), cues),), questions)
    results = evaluate_answers(dataset, embedder, ExtractiveEngine(), tmp_path)
    assert [dict(result.measures) for result in results] == [
        {"answered": 1, "cited_right": 1},
        {"answered": 1, "cited_right": 0},  # The gold span is wrong, the citation is not.
        {"refused_unanswerable": 1},
    ]
    assert results[1].found[0]["quote"] == said[1]
    assert set(MEASURES) == {name for result in results for name in result.measures}
