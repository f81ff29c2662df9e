"""Answers, end to end with the real model: the right words first, or a refusal; never a citation
that is not there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playhead.errors import QuestionError
from playhead.types import Answer, Segment
from retrieval.answer.answerer import Answerer
from retrieval.answer.citing import MAX_CLOSEST
from retrieval.answer.engine import REASONS
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore

# What is asked, the sentence that answers, and the one that was said next.
ANSWERED = [
    (
        "How long does the loaf bake?",
        "Bake the loaf for forty minutes until it is dark brown.",
        "Let it cool on a rack before you cut it.",
    ),
    (
        "When is the salt added?",
        "Now add ten grams of salt.",
        "Never add the salt together with the starter.",
    ),
    (
        "How long should the dough rest?",
        "Cover the bowl and let the dough rest for one hour.",
        "Now add ten grams of salt.",
    ),
    (
        "Who sailed around the world alone?",
        "Captain Joshua Slocum sailed alone around the world in 1898.",
        "His boat was called Spray.",
    ),
    (
        "What do I do in a squall?",
        "When a squall comes, let the mainsheet out at once.",
        "That spills the wind and keeps the boat upright.",
    ),
    ("Which knot do I use?", "This knot never slips and is easy to untie.", None),
]
FOREIGN = [
    "What is the capital of France?",
    "Who won the football world cup in 2018?",
    "How do I change a car tyre?",
    "What is photosynthesis?",
    "Explain quantum entanglement.",
    "What is the best programming language?",
    "What does a graphics card cost?",
    "When did the Roman empire fall?",
]
ODD = ["the of and to", "?", "🎬", "a\0b", "\0", "面包怎么做？", "Wie backe ich Brot?", "x" * 2_000]


@pytest.fixture(scope="module")
def answerer(library: EdgeStore, searcher: Searcher) -> Answerer:
    """Answers from the library, without a language model."""
    return Answerer(library, searcher, ExtractiveEngine())


def check(answer: Answer, spoken: dict[str, Segment]) -> None:
    """What holds of every answer, whatever was asked."""
    assert answer.refused == (not answer.claims) == (not answer.citations)
    assert (answer.reason is not None) == answer.refused
    assert answer.reason is None or answer.reason in REASONS
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(claim.citations for claim in answer.claims)
    assert {n for claim in answer.claims for n in claim.citations} == set(numbers)
    shown = {segment.id for passage in answer.passages for segment in passage.segments}
    assert len(answer.closest) <= MAX_CLOSEST
    assert answer.refused or not answer.closest
    assert [moment.n for moment in answer.closest] == list(range(1, len(answer.closest) + 1))
    for citation in (*answer.citations, *answer.closest):
        segment = spoken[citation.segment_id]
        assert citation.segment_id in shown
        assert citation.video_id == segment.video_id
        # A third of twenty seconds is not quite the same in the store.
        said = [
            sentence
            for sentence in segment.sentences
            if sentence.start > citation.start - 0.01 and sentence.end < citation.end + 0.01
        ]
        assert said[0].start == pytest.approx(citation.start)
        assert said[-1].end == pytest.approx(citation.end)
        assert citation.quote == " ".join(sentence.text for sentence in said)


@pytest.mark.parametrize(("question", "best", "following"), ANSWERED)
def test_the_right_sentence_first_and_what_was_said_next(
    question: str,
    best: str,
    following: str | None,
    answerer: Answerer,
    spoken: dict[str, Segment],
) -> None:
    answer = answerer.ask(question)
    check(answer, spoken)
    assert answer.claims[0].text == best
    assert answer.claims[0].citations == (1,)
    if following:
        assert answer.claims[1].text == following
    assert (answer.engine, answer.notice, answer.question) == ("extractive", None, question)


def test_a_citation_has_all_that_a_click_needs(answerer: Answerer) -> None:
    citation = answerer.ask("Who sailed around the world alone?").citations[0]
    assert (citation.video_id, citation.title) == ("sails", "How to sail")
    assert citation.source == "/videos/How to sail.mp4"
    assert (citation.segment_id, citation.start, citation.end) == ("sails:3", 60.0, 70.0)
    assert citation.draft
    assert not answerer.ask("When is the salt added?").citations[0].draft


@pytest.mark.parametrize("question", FOREIGN)
def test_what_the_videos_do_not_answer_is_refused(
    question: str, answerer: Answerer, spoken: dict[str, Segment]
) -> None:
    answer = answerer.ask(question)
    check(answer, spoken)
    assert (answer.refused, answer.reason) == (True, "no_evidence")
    assert answer.passages
    assert answer.closest


@pytest.mark.parametrize("question", ODD, ids=lambda question: ascii(question)[:20])
def test_whatever_is_asked_is_answered_or_refused(
    question: str, answerer: Answerer, spoken: dict[str, Segment]
) -> None:
    answer = answerer.ask(question)
    check(answer, spoken)
    assert answer.refused


@pytest.mark.parametrize("question", ["", " \n", "x" * 2_001, "x" * 100_000, "\udcff"])
def test_what_is_no_question(question: str, answerer: Answerer) -> None:
    with pytest.raises(QuestionError):
        answerer.ask(question)


def test_an_empty_library_has_a_reason_of_its_own(
    edge_store: EdgeStore, embedder: SentenceTransformerEmbedder, index_folder: Path
) -> None:
    empty = Answerer(edge_store, Searcher(edge_store, embedder), ExtractiveEngine())
    answer = empty.ask("How long does the loaf bake?")
    assert (answer.refused, answer.reason, answer.passages) == (True, "empty_library", ())
    assert answer.closest == ()
    assert not index_folder.exists()


def test_only_the_videos_asked_for(answerer: Answerer, spoken: dict[str, Segment]) -> None:
    question = "How long does the loaf bake?"
    bread = answerer.ask(question, video_ids=["bread"])
    check(bread, spoken)
    assert {citation.video_id for citation in bread.citations} == {"bread"}
    sails = answerer.ask(question, video_ids=["sails"])
    assert (sails.refused, sails.reason) == (True, "no_evidence")
    assert {passage.hit.video.id for passage in sails.passages} == {"sails"}


def test_how_long_each_step_took(answerer: Answerer) -> None:
    timings = answerer.ask("How long does the loaf bake?").timings_ms
    assert list(timings) == ["understand", "embed", "search", "answer"]
    assert all(milliseconds >= 0 for milliseconds in timings.values())


WORDS = sorted(
    {word for question, best, _ in ANSWERED for word in f"{question} {best}".split()}
    | {"not", "who", "?", "1898", "世界", "🎬"}
)
ASKED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join) | st.text(
    st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=30
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(question=ASKED)
def test_every_citation_of_every_answer_resolves(
    question: str, answerer: Answerer, spoken: dict[str, Segment]
) -> None:
    check(answerer.ask(question), spoken)


WIDER = [
    "Which talks mention salt?",
    "Summarise the sailing talk",
    "What is this library about?",
    "How long does the loaf bake?",
]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(question=ASKED | st.sampled_from(WIDER))
def test_every_answer_on_the_way_is_a_beginning_of_the_last(
    question: str, answerer: Answerer, spoken: dict[str, Segment]
) -> None:
    *partial, whole = answerer.stream(question)
    check(whole, spoken)
    assert [len(answer.claims) for answer in partial] == list(range(1, len(whole.claims) + 1))
    for answer in partial:
        assert answer.claims == whole.claims[: len(answer.claims)]
        assert answer.citations == whole.citations[: len(answer.citations)]
        assert (answer.question, answer.kind) == (whole.question, whole.kind)
        assert not answer.refused
