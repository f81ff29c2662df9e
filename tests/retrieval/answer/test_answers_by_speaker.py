"""Answers in one speaker's own words, and answers from words that may be made up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from playhead.errors import QuestionError
from playhead.types import Answer, Segment
from retrieval.answer.answerer import Answerer
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llamaindex import PlayheadQueryEngine
from retrieval.answer.wording import LOW_CONFIDENCE, marked_text
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.index import SegmentIndexer
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.fakes import segments, video

BAKES = "Bake the loaf for forty minutes until it is dark brown."
TURNS = [
    [("Bob", "How long does the loaf bake?"), ("Ann Lee", BAKES)],
    [("Bob", "I bake my loaf for sixty minutes, and it is never dark."), (None, "Never.")],
    [("Ann Lee", "Salt makes the dough firm and slow."), ("Bob", "I forgot the salt once.")],
    [("Ann Lee", "Steam makes the crust of a loaf crisp."), ("Ann Lee", "Yes.")],
]


def meeting() -> list[Segment]:
    made = segments("meeting", *["|".join(text for _, text in turns) for turns in TURNS])
    return [
        replace(
            segment,
            sentences=tuple(
                replace(sentence, speaker=speaker)
                for sentence, (speaker, _) in zip(segment.sentences, turns, strict=True)
            ),
        )
        for segment, turns in zip(made, TURNS, strict=True)
    ]


@pytest.fixture(scope="module")
def store(embedder: SentenceTransformerEmbedder, quick_disk: Path | None) -> Iterator[EdgeStore]:
    """A meeting; and a recording in which the same sentence is surely said, and made up."""
    with (
        TemporaryDirectory(dir=quick_disk) as folder,
        closing(EdgeStore(Path(folder) / "index", embedder.name)) as store,
    ):
        indexer = SegmentIndexer(store, embedder)
        indexer.index(video("meeting", "Baking meeting"), meeting())
        said = "The ferry leaves at nine."
        made_up, sure = segments("a", said)[0], segments("b", said)[0]
        doubted = tuple(replace(s, doubt="silence") for s in made_up.sentences)
        indexer.index(video("a", "A ferry"), [replace(made_up, sentences=doubted)])
        indexer.index(video("b", "B ferry"), [sure])
        yield store


@pytest.fixture(scope="module")
def searcher(store: EdgeStore, embedder: SentenceTransformerEmbedder) -> Searcher:
    return Searcher(store, embedder)


@pytest.fixture(scope="module")
def answerer(store: EdgeStore, searcher: Searcher) -> Answerer:
    return Answerer(store, searcher, ExtractiveEngine())


ASKED = [
    "How long does the loaf bake?",
    "What did Bob say about the loaf?",
    "Which videos mention the loaf?",
    "Which videos mention salt?",
    "Summarise the baking meeting",
    "What is this about?",
    "Who won the football world cup in 2018?",
]


@pytest.mark.parametrize("speaker", ["Ann Lee", "Bob"])
@pytest.mark.parametrize("question", ASKED)
def test_nobody_else_is_quoted(question: str, speaker: str, answerer: Answerer) -> None:
    first = answerer.ask(question, speakers=[speaker])
    then = answerer.ask("And what was said after that?", turns=[first], speakers=[speaker])
    for answer in (first, then):
        for citation in (*answer.citations, *answer.closest):
            assert citation.speaker == speaker
            own = [text for turns in TURNS for who, text in turns if who == speaker]
            assert all(part in own for part in quoted_parts(citation.quote))


def quoted_parts(quote: str) -> list[str]:
    """The sentences of a quote."""
    texts = [text for turns in TURNS for _, text in turns]
    return [text for text in texts if text in quote]


def test_the_same_question_to_each(answerer: Answerer) -> None:
    def best(**only: list[str]) -> str:
        return answerer.ask("How long does the loaf bake?", **only).claims[0].text

    assert best() == best(speakers=["Ann Lee"]) == BAKES
    assert best(speakers=["Bob"]) == "I bake my loaf for sixty minutes, and it is never dark."


@pytest.mark.parametrize("question", ["Which videos mention salt?", "What is this about?"])
@pytest.mark.parametrize("speaker", ["Ann Lee", "Bob"])
def test_of_whole_videos_too(question: str, speaker: str, answerer: Answerer) -> None:
    answer = answerer.ask(question, speakers=[speaker])
    assert not answer.refused
    assert {citation.video_id for citation in answer.citations} == {"meeting"}


@pytest.mark.parametrize("question", [*ASKED, "Summarise the ferry", "Which videos mention ferry?"])
def test_where_a_speaker_says_nothing_there_is_no_answer(question: str, answerer: Answerer) -> None:
    answer = answerer.ask(question, video_ids=["a", "b"], speakers=["Bob"])
    assert (answer.refused, answer.closest) == (True, ())


def test_citations_say_who_speaks(answerer: Answerer) -> None:
    (first, *_) = answerer.ask("How long does the loaf bake?").citations
    assert (first.quote, first.speaker, first.doubt) == (BAKES, "Ann Lee", None)


def test_a_search_finds_their_own_words(searcher: Searcher) -> None:
    hits = searcher.search("salt", speakers=["Bob"])
    assert {s.speaker for hit in hits for s in hit.segment.sentences} == {"Bob"}
    assert hits[0].segment.text == "I forgot the salt once."
    assert (hits[0].segment.start, hits[0].segment.end) == (50.0, 60.0)
    assert len(hits) == 3


def test_who_is_meant(searcher: Searcher) -> None:
    assert searcher.speakers_named("ann") == ["Ann Lee"]
    assert searcher.speakers_named("BOB", ["meeting"]) == ["Bob"]
    assert searcher.speakers_named(None) == []
    with pytest.raises(QuestionError, match=r"'Olga'.*Those who do: Ann Lee, Bob\.$"):
        searcher.speakers_named("Olga")
    with pytest.raises(QuestionError, match="not known who speaks"):
        searcher.speakers_named("ann", ["a"])


def test_in_an_empty_index_nobody_is_missed(
    edge_store: EdgeStore, embedder: SentenceTransformerEmbedder
) -> None:
    assert Searcher(edge_store, embedder).speakers_named("ann") == []


FERRY = "When does the ferry leave?"


@pytest.mark.parametrize("question", [FERRY, "Which videos mention the ferry?"])
def test_of_two_that_say_the_same_the_sure_one_comes_first(
    question: str, answerer: Answerer
) -> None:
    answer = answerer.ask(question)
    assert (answer.citations[0].video_id, answer.citations[0].doubt) == ("b", None)


@pytest.mark.parametrize(
    "question", [FERRY, "Which videos mention the ferry?", "Summarise the video"]
)
def test_what_may_be_made_up_is_cited_as_that(question: str, answerer: Answerer) -> None:
    answer = answerer.ask(question, video_ids=["a"])
    assert [citation.doubt for citation in answer.citations] == ["silence"]
    assert marked_text(answer) == f"The ferry leaves at nine. [1] ({LOW_CONFIDENCE})"


def test_of_a_refusal_the_closest_says_so_too(answerer: Answerer) -> None:
    answer: Answer = answerer.ask("Who won the world cup in 2018?", video_ids=["a"])
    assert [moment.doubt for moment in answer.closest] == ["silence"]


def test_llamaindex_is_told_as_well(answerer: Answerer) -> None:
    doubted = PlayheadQueryEngine(answerer, ["a"]).query(FERRY)
    assert str(doubted).count(LOW_CONFIDENCE) == 2
    assert (doubted.metadata or {})["citations"][0]["doubt"] == "silence"
    assert doubted.source_nodes[0].metadata["doubt"] == "silence"
    spoken = PlayheadQueryEngine(answerer, ["meeting"]).query("How long does the loaf bake?")
    assert "[1] Baking meeting, 0:10, Ann Lee: " in str(spoken)
    assert (spoken.metadata or {})["citations"][0]["speaker"] == "Ann Lee"
    assert "doubt" not in spoken.source_nodes[0].metadata
