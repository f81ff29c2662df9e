"""Which videos speak of something: all of them, each with its best unit."""

from __future__ import annotations

import random

import pytest

from playhead.errors import QuestionError
from retrieval.answer.reading import mentions
from retrieval.answer.reading.mentions import mentions_evidence
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.fakes import HashEmbedder, points, segments, video

WORDS = ["river", "bridge", "harbour", "forest", "castle", "market", "railway", "mountain"]


def filler(chance: random.Random, *more: str) -> str:
    return f"The {' and the '.join([*chance.sample(WORDS, 4), *more])} are what we speak of."


@pytest.fixture
def many(edge_store: EdgeStore) -> EdgeStore:
    """200 talks of eight segments; 30 mention a zeppelin, each at one place."""
    chance = random.Random(7)
    for n in range(200):
        texts = [filler(chance) for _ in range(8)]
        if n < 30:
            texts[chance.randrange(8)] = filler(chance, "zeppelin")
        edge_store.upsert(points(video(f"v{n:03}", f"Talk {n}"), segments(f"v{n:03}", *texts)))
    return edge_store


def test_all_that_mention_it_are_found(many: EdgeStore) -> None:
    searcher = Searcher(many, HashEmbedder(words=True))
    passages, evidence = mentions_evidence("a zeppelin", searcher, many)
    assert {unit.video.id for unit in evidence} == {f"v{n:03}" for n in range(30)}
    assert len(evidence) == len(passages) == 30
    assert all("zeppelin" in unit.text for unit in evidence)


def test_all_are_found_however_often_some_mention_it(
    many: EdgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "DEPTH", 20)
    often = segments("often", *["The zeppelin, the zeppelin, the zeppelin flies."] * 60)
    many.upsert(points(video("often"), often))
    searcher = Searcher(many, HashEmbedder(words=True))
    _, evidence = mentions_evidence("zeppelins", searcher, many)
    assert len(evidence) == 31


def test_the_limit_keeps_the_best(many: EdgeStore) -> None:
    searcher = Searcher(many, HashEmbedder(words=True))
    _, everything = mentions_evidence("zeppelin", searcher, many)
    _, some = mentions_evidence("zeppelin", searcher, many, limit=5)
    assert some == everything[:5]
    scores = [unit.score for unit in everything]
    assert scores == sorted(scores, reverse=True)


def test_only_the_videos_asked_for(many: EdgeStore) -> None:
    searcher = Searcher(many, HashEmbedder(words=True))
    _, evidence = mentions_evidence("zeppelin", searcher, many, ["v003", "v100"])
    assert [unit.video.id for unit in evidence] == ["v003"]


def test_evidence_points_to_its_passage(library: EdgeStore, searcher: Searcher) -> None:
    passages, evidence = mentions_evidence("the boat", searcher, library)
    assert [unit.passage for unit in evidence] == list(range(len(passages)))
    for unit in evidence:
        assert passages[unit.passage].hit.segment == unit.segment
        assert set(unit.sentences) <= set(unit.segment.sentences)
        assert unit.score > 0


@pytest.mark.parametrize(
    ("about", "videos"),
    [
        ("salt", ["bread"]),
        ("baking", ["bread"]),
        ("boats", ["sails"]),
        ("water", ["bread"]),
        ("Joshua Slocum", ["sails"]),
        ("the oven and the salt", []),
        ("penguins", []),
        ("a water park", []),
        ("the of", []),
        ("it", []),
        ("🙂", []),
    ],
)
def test_who_speaks_of_it(
    library: EdgeStore, searcher: Searcher, about: str, videos: list[str]
) -> None:
    _, evidence = mentions_evidence(about, searcher, library)
    assert [unit.video.id for unit in evidence] == videos


def test_what_has_the_words_counts_even_if_it_only_asks(edge_store: EdgeStore) -> None:
    edge_store.upsert(points(video("v"), segments("v", "Where is the zeppelin?|Yes.")))
    edge_store.upsert(points(video("w"), segments("w", "Zeppelin.|Okay then, let us all go on.")))
    edge_store.upsert(points(video("x"), segments("x", "The old zeppelin flies over the lake.")))
    searcher = Searcher(edge_store, HashEmbedder(words=True))
    _, evidence = mentions_evidence("zeppelin", searcher, edge_store)
    assert evidence[0].video.id == "x"
    assert {unit.video.id for unit in evidence} == {"v", "w", "x"}


def test_a_meaning_counts_without_the_words(library: EdgeStore, searcher: Searcher) -> None:
    _, evidence = mentions_evidence("making crispy crusts with steam", searcher, library)
    assert [unit.text for unit in evidence] == [
        "Put a pan of water on the lowest rack, because steam makes the crust crisp."
    ]


def test_nothing_to_mention(library: EdgeStore, searcher: Searcher) -> None:
    with pytest.raises(QuestionError):
        mentions_evidence("", searcher, library)


def test_an_empty_library(edge_store: EdgeStore) -> None:
    searcher = Searcher(edge_store, HashEmbedder(words=True))
    assert mentions_evidence("zeppelin", searcher, edge_store) == ([], [])
