"""Suggested questions: a person could have typed them, and the library answers each."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.captions.cue import Cue
from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.segments import segments_of
from retrieval.answer.answerer import Answerer
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.suggesting import MAX_SUGGESTIONS, suggested_questions
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.index import SegmentIndexer
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.conftest import TALKS
from tests.fakes import HashEmbedder, points, segments, video

TITLES = {"vasa": "Why the Vasa sank", "sourdough": "Sourdough bread, step by step"}


def none_of(sentence: str) -> None:
    """No sentence answers a question."""


def loaf_of(sentence: str) -> str | None:
    """One sentence of the talk about bread answers a question."""
    return "How long does a loaf take?" if sentence.lower().startswith("a loaf takes") else None


def add(
    store: EdgeStore,
    embedder: SentenceTransformerEmbedder,
    name: str,
    cues: list[Cue],
    title: str,
) -> None:
    found = segments_of(name, transcript_of_cues(cues, "captions:sidecar", None).sentences)
    SegmentIndexer(store, embedder).index(video(name, title, duration=found[-1].end), found)


@pytest.fixture(params=["two talks", "one talk", "without punctuation"])
def talks(
    request: pytest.FixtureRequest, index_folder: Path, embedder: SentenceTransformerEmbedder
) -> Iterator[EdgeStore]:
    with closing(EdgeStore(index_folder, embedder.name)) as store:
        for name in TITLES if request.param != "one talk" else ["sourdough"]:
            cues = read_captions(TALKS / f"{name}.vtt")
            if request.param == "without punctuation":
                cues = [replace(c, text=re.sub(r"[^\w\s]", "", c.text).lower()) for c in cues]
            add(store, embedder, name, list(cues), TITLES[name])
        yield store


def test_each_is_answered_and_spread(
    talks: EdgeStore, embedder: SentenceTransformerEmbedder
) -> None:
    searcher = Searcher(talks, embedder)
    found = suggested_questions(talks, searcher, loaf_of)
    assert 4 <= len(found) <= MAX_SUGGESTIONS
    assert len(set(found)) == len(found)
    assert "How long does a loaf take?" in found
    answerer = Answerer(talks, searcher, ExtractiveEngine())
    answers = [answerer.ask(question) for question in found]
    assert not any(answer.refused for answer in answers)
    assert "summary" in {answer.kind for answer in answers}
    assert {c.video_id for a in answers for c in a.citations} == set(talks.video_counts())
    for question in found:
        assert re.fullmatch(r"[A-Z][^?]*(?:\?|”|\w)", question)
    assert found == suggested_questions(talks, searcher, loaf_of)


def test_an_empty_library(index_folder: Path, embedder: SentenceTransformerEmbedder) -> None:
    with closing(EdgeStore(index_folder, embedder.name)) as store:
        assert suggested_questions(store, Searcher(store, embedder), none_of) == []


def test_a_question_that_a_speaker_asks_and_answers(
    index_folder: Path, embedder: SentenceTransformerEmbedder
) -> None:
    """As it is typed, not as it is said; and none that needs what was said before."""
    talk = segments(
        "tide",
        "Look at the tide table.|It changes by the hour.|What is it for?|For sailors.",
        "So, why does the tide rise twice a day?|Because the moon pulls the water of the oceans "
        "on both sides of the earth, and the earth turns below it.",
        "That is the tide, then.|A spring tide is higher.|Why is that so with the tide?|Ask me.",
    )
    with closing(EdgeStore(index_folder, embedder.name)) as store:
        SegmentIndexer(store, embedder).index(video("tide", "Tides"), talk)
        found = suggested_questions(store, Searcher(store, embedder), none_of)
    assert "Why does the tide rise twice a day?" in found
    assert not any("it" in question.split() or "that" in question for question in found)


@pytest.mark.parametrize("title", ['Tides “and” "moons"', "<b>Tides</b>", "T" * 100, "", "..."])
def test_a_title_that_does_not_fit_into_a_question(
    title: str, index_folder: Path, embedder: SentenceTransformerEmbedder
) -> None:
    said = "The moon pulls the water.|Twice a day the sea rises and falls."
    with closing(EdgeStore(index_folder, embedder.name)) as store:
        for name in ("ebb", "flood"):
            SegmentIndexer(store, embedder).index(video(name, title), segments(name, said))
        found = suggested_questions(store, Searcher(store, embedder), none_of)
    assert not any(title in question for question in found if title)


def test_a_large_library_takes_no_longer(index_folder: Path) -> None:
    """Forty meetings of an hour: a bounded part is read, and a bounded number of times asked."""
    things = ["river", "bridge", "harbour", "forest", "castle", "market", "railway", "mountain"]
    embedder = HashEmbedder(words=True)
    with closing(EdgeStore(index_folder, embedder.name)) as store:
        for n in range(40):
            texts = [
                f"The {things[(n + m // 15) % 8]} was built by {m} people.|We spoke about the "
                f"{things[(n + m // 15) % 8]} and the {things[m % 8]} of the old town."
                for m in range(120)
            ]
            talk = segments(f"v{n:02}", *texts, seconds=30.0)
            store.upsert(points(video(f"v{n:02}", f"Meeting {n}", duration=3600.0), talk))
        searcher = Searcher(store, embedder)
        started = time.perf_counter()
        found = suggested_questions(store, searcher, none_of)
        assert time.perf_counter() - started < 10.0
    assert len(found) >= 4


def test_nothing_is_suggested_that_what_may_be_made_up_answers(
    edge_store: EdgeStore, embedder: SentenceTransformerEmbedder
) -> None:
    cues = read_captions(TALKS / "sourdough.vtt")
    said = transcript_of_cues(cues, "captions:sidecar", None).sentences
    doubted = [replace(sentence, doubt="unsure") for sentence in said]
    found = segments_of("v", doubted)
    SegmentIndexer(edge_store, embedder).index(video("v", "Bread", duration=600.0), found)
    assert suggested_questions(edge_store, Searcher(edge_store, embedder), loaf_of) == []
