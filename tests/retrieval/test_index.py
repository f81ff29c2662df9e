"""The indexer keeps a store in step with a transcript, and writes no more than it must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playhead.errors import StoreError
from playhead.progress import ProgressEvent
from playhead.types import Segment, Sentence, Video, Word
from retrieval.bm25 import query_terms
from retrieval.index import SegmentIndexer, revision_of
from retrieval.plan import PLANS, Leg, SearchPlan
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import FloatArray, QueryVectors, SegmentPoint
from retrieval.words import TextVectors
from tests.fakes import HashEmbedder, segments, video

TALK = segments("v", "Yes.|Knead the dough for long.|Let it rest.", "Then bake it until brown.")


class WatchedStore(EdgeStore):
    """Counts what is written."""

    written = 0

    def upsert(self, points: Sequence[SegmentPoint]) -> None:
        super().upsert(points)
        self.written += len(points)


class FailingEmbedder(HashEmbedder):
    """Fails at the second batch, as a process that is interrupted."""

    calls = 0

    def encode(self, texts: Sequence[str]) -> FloatArray:
        self.calls += 1
        if self.calls == 2:
            raise KeyboardInterrupt
        return super().encode(texts)


class CountingEmbedder(HashEmbedder):
    """Keeps what it was asked to embed as a whole segment; interrupted at the call `fails_at`."""

    def __init__(self, fails_at: int = 0) -> None:
        super().__init__(words=True)
        self.texts: list[str] = []
        self._fails_at = fails_at
        self._calls = 0

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        self._calls += 1
        if self._calls == self._fails_at:
            raise KeyboardInterrupt
        self.texts += texts
        return super().encode_words(texts)


@pytest.fixture
def store(index_folder: Path) -> Iterator[WatchedStore]:
    """An empty store that counts."""
    made = WatchedStore(index_folder, "hash")
    yield made
    made.close()


@pytest.fixture
def indexer(store: WatchedStore) -> SegmentIndexer:
    """Writes to the store that counts."""
    return SegmentIndexer(store, HashEmbedder())


def test_the_second_time_writes_nothing(store: WatchedStore, indexer: SegmentIndexer) -> None:
    of = video("v")
    assert not indexer.holds(of, TALK)
    assert indexer.index(of, TALK)
    assert indexer.holds(of, TALK)
    events: list[ProgressEvent] = []
    assert not indexer.index(of, TALK, events.append)
    assert (store.written, events) == (2, [])


@pytest.mark.parametrize(
    "changed",
    [
        (video("v", "Another title"), TALK),
        (video("v", source="/moved.mp4"), TALK),
        (video("v", engine="whisper:small"), TALK),
        (video("v"), segments("v", "Knead the dough for long.", "Then bake it until brown.")),
        (video("v"), segments("v", *[s.text for s in TALK], seconds=21.0)),
        (video("v"), TALK[:1]),
        (video("v"), [replace(TALK[0], sentences=(replace(TALK[0].sentences[0], speaker="Ann"),))]),
    ],
    ids=["title", "source", "engine", "words", "times", "fewer", "speaker"],
)
def test_any_change_is_a_new_revision(
    changed: tuple[Video, list[Segment]], store: WatchedStore, indexer: SegmentIndexer
) -> None:
    indexer.index(video("v"), TALK)
    of, new = changed
    assert revision_of(of, new) != revision_of(video("v"), TALK)
    assert not indexer.holds(of, new)
    assert indexer.index(of, new)
    assert store.segments([("v", n) for n in range(3)]) == {("v", s.ordinal): s for s in new}
    assert store.count() == len(new)


def test_the_times_of_words_are_no_part_of_the_revision() -> None:
    words = (Word("Then", 20.0, 21.0), Word("bake.", 21.0, 40.0))
    with_words = Segment("v:0", "v", 0, 20.0, 40.0, (Sentence.of(words),))
    without = Segment("v:0", "v", 0, 20.0, 40.0, (Sentence("Then bake.", 20.0, 40.0),))
    assert revision_of(video("v"), [with_words]) == revision_of(video("v"), [without])


def test_progress_is_told_batch_by_batch(indexer: SegmentIndexer) -> None:
    events: list[ProgressEvent] = []
    many = segments("v", *[f"This is sentence number {n}." for n in range(150)])
    indexer.index(video("v"), many, events.append)
    assert [(event.stage, event.done) for event in events] == [
        (stage, done) for done in (64, 128, 150) for stage in ("embed", "index")
    ]
    assert {event.total for event in events} == {150}


def test_each_unit_has_the_vector_of_its_own_text(
    store: WatchedStore, indexer: SegmentIndexer
) -> None:
    talk = segments("v", "Yes.|Knead the dough for long.|Okay.|Bake it until it is brown.", "Done.")
    indexer.index(video("v"), talk)
    rows = store.sentence_vectors([("v", 0), ("v", 1)])
    texts = ["Knead the dough for long.", "Bake it until it is brown."]
    np.testing.assert_allclose(rows["v", 0], HashEmbedder().encode(texts), atol=4e-3)
    np.testing.assert_allclose(rows["v", 1], HashEmbedder().encode([talk[1].text]), atol=4e-3)


def test_a_segment_is_found_by_its_terms(store: WatchedStore, indexer: SegmentIndexer) -> None:
    indexer.index(video("v"), TALK)
    (hit,) = store.query(QueryVectors(None, query_terms("kneading")), PLANS["bm25"])
    assert hit.segment == TALK[0]


def said_by(segment: Segment, *speakers: str | None) -> Segment:
    """The segment, each sentence said by somebody."""
    pairs = zip(segment.sentences, speakers, strict=True)
    return replace(segment, sentences=tuple(replace(s, speaker=who) for s, who in pairs))


def meeting() -> list[Segment]:
    """Cleo and Bob speak; who speaks in the last segment is not known."""
    first, second, third = segments(
        "v",
        "The budget is too small.|We need two more months.",
        "The budget is fine with me.|Yes.",
        "The budget is not on paper.",
    )
    return [said_by(first, "Cleo", "Cleo"), said_by(second, "Bob", "Cleo"), said_by(third, None)]


def test_a_segment_is_found_by_who_speaks(store: WatchedStore, indexer: SegmentIndexer) -> None:
    indexer.index(video("v"), meeting())
    searcher = Searcher(store, HashEmbedder())
    found = searcher.search("What does Cleo say?", plan=PLANS["bm25"])
    assert {hit.segment.ordinal for hit in found} == {0, 1}
    (hit,) = searcher.search("Bob", plan=PLANS["bm25"])
    assert hit.segment == meeting()[1]


def assert_found_by(store: EdgeStore, embedder: HashEmbedder, texts: list[str]) -> None:
    """Each segment has the vectors of its text, and the words; nothing else is as near."""
    for ordinal, of_text in enumerate(embedder.encode_words(texts)):
        words = of_text.words / len(of_text.words)
        vectors = QueryVectors(of_text.dense, query_terms(texts[ordinal]), words)
        legs: tuple[Leg, ...] = ("dense", "words")
        for leg in legs:
            (best, *_) = store.query(vectors, SearchPlan((leg,)))
            assert best.segment.ordinal == ordinal
            assert best.score == pytest.approx(1, abs=3e-2)


def test_what_a_segment_is_found_by_begins_with_each_speaker_once(store: WatchedStore) -> None:
    embedder = HashEmbedder(words=True)
    SegmentIndexer(store, embedder).index(video("v", "Budget talk"), meeting())
    texts = [
        "Cleo: The budget is too small. We need two more months.",
        "Bob, Cleo: The budget is fine with me. Yes.",
        "The budget is not on paper.",
    ]
    assert_found_by(store, embedder, texts)


def test_titles_come_first_where_they_count(store: WatchedStore) -> None:
    embedder = HashEmbedder(words=True)
    SegmentIndexer(store, embedder, titles=True).index(video("v", "Budget talk"), meeting())
    texts = [
        "Budget talk: Cleo: The budget is too small. We need two more months.",
        "Budget talk: Bob, Cleo: The budget is fine with me. Yes.",
        "Budget talk: The budget is not on paper.",
    ]
    assert_found_by(store, embedder, texts)


def test_the_names_of_speakers_are_no_part_of_what_is_cited(
    store: WatchedStore, indexer: SegmentIndexer
) -> None:
    indexer.index(video("v"), meeting())
    rows = store.sentence_vectors([("v", 0)])["v", 0]
    texts = ["The budget is too small.", "We need two more months."]
    np.testing.assert_allclose(rows, HashEmbedder().encode(texts), atol=4e-3)


def test_words_are_written_where_the_model_has_them(store: WatchedStore) -> None:
    SegmentIndexer(store, HashEmbedder(words=True)).index(video("v"), TALK)
    searcher = Searcher(store, HashEmbedder(words=True))
    (best, *_) = searcher.search("bake brown", plan=SearchPlan(("words",)))
    assert best.segment == TALK[1]


def test_a_video_without_segments_leaves_none(store: WatchedStore, indexer: SegmentIndexer) -> None:
    assert not indexer.index(video("v"), [])
    indexer.index(video("v"), TALK)
    assert indexer.index(video("v"), [])
    assert store.count() == 0


def test_an_interrupted_video_is_finished_by_the_same_call(store: WatchedStore) -> None:
    many = segments("v", *[f"This is sentence number {n}." for n in range(100)])
    with pytest.raises(KeyboardInterrupt):
        SegmentIndexer(store, FailingEmbedder()).index(video("v"), many)
    indexer = SegmentIndexer(store, HashEmbedder())
    assert store.count("v") == 64
    assert not indexer.holds(video("v"), many)
    assert indexer.index(video("v"), many)
    assert indexer.holds(video("v"), many)
    assert store.count("v") == 100


def said(*changed: int, count: int = 40) -> list[Segment]:
    """A long talk, with some segments corrected."""
    return segments(
        "v",
        *[
            f"This is the {'right' if n in changed else 'wrong'} sentence number {n}."
            for n in range(count)
        ],
    )


def every_score(store: EdgeStore) -> dict[tuple[str, Leg], float]:
    """How near every segment is to some text in every way, to the last bit."""
    embedder = HashEmbedder(words=True)
    text = "This is the sentence number 7."
    (asked,) = embedder.encode_words([text])
    vectors = QueryVectors(asked.dense, query_terms(text), asked.words)
    legs: tuple[Leg, ...] = ("dense", "sentences", "words")
    return {
        (hit.segment.id, leg): hit.score
        for leg in legs
        for hit in store.query(vectors, SearchPlan((leg,)), limit=100)
    }


def test_only_what_was_corrected_is_embedded_again(store: WatchedStore) -> None:
    """The others stay what they are: their ids, and every bit of their vectors."""
    embedder = CountingEmbedder()
    indexer = SegmentIndexer(store, embedder)
    indexer.index(video("v"), said())
    before = every_score(store)
    embedder.texts.clear()
    events: list[ProgressEvent] = []
    assert indexer.index(video("v"), said(7), events.append)
    assert [(event.stage, event.done) for event in events] == [("embed", 40), ("index", 40)]
    assert embedder.texts == ["This is the right sentence number 7."]
    assert store.written == 41
    assert indexer.holds(video("v"), said(7))
    after = every_score(store)
    assert {key[0] for key, score in after.items() if score != before[key]} == {"v:7"}
    assert before.keys() == after.keys()
    assert store.segments([("v", n) for n in range(40)]) == {("v", s.ordinal): s for s in said(7)}


@pytest.mark.parametrize(
    "changed", [video("v", "Another title"), video("v", source="/moved.mp4", engine="whisper:tiny")]
)
def test_what_is_only_told_of_a_video_embeds_nothing(changed: Video, store: WatchedStore) -> None:
    embedder = CountingEmbedder()
    indexer = SegmentIndexer(store, embedder)
    indexer.index(video("v"), said())
    before = every_score(store)
    embedder.texts.clear()
    assert indexer.index(changed, said())
    assert (embedder.texts, every_score(store)) == ([], before)
    assert indexer.holds(changed, said())
    assert {hit.video for hit in store.hits({("v", n): 0.0 for n in range(40)})} == {changed}


def test_the_same_words_in_other_sentences_are_embedded_again(store: WatchedStore) -> None:
    embedder = CountingEmbedder()
    indexer = SegmentIndexer(store, embedder)
    one, two = "Knead the dough for long. Let it rest for an hour.", "Then bake it until brown."
    indexer.index(video("v"), segments("v", one, two))
    indexer.index(video("v"), segments("v", one.replace(". ", ".|"), two))
    assert embedder.texts == [one, two, one]
    assert len(store.sentence_vectors([("v", 0)])["v", 0]) == 2


def test_a_title_that_counts_embeds_everything(store: WatchedStore) -> None:
    embedder = CountingEmbedder()
    indexer = SegmentIndexer(store, embedder, titles=True)
    indexer.index(video("v"), said())
    indexer.index(video("v", "Another title"), said())
    assert len(embedder.texts) == 80


def test_an_interrupted_correction_is_finished_by_the_same_call(store: WatchedStore) -> None:
    """And what was done of it is not done again."""
    changed = range(10, 110)
    SegmentIndexer(store, CountingEmbedder()).index(video("v"), said(count=120))
    with pytest.raises(KeyboardInterrupt):
        SegmentIndexer(store, CountingEmbedder(2)).index(video("v"), said(*changed, count=120))
    embedder = CountingEmbedder()
    indexer = SegmentIndexer(store, embedder)
    assert not indexer.holds(video("v"), said(*changed, count=120))
    assert not indexer.holds(video("v"), said(count=120))
    assert indexer.index(video("v"), said(*changed, count=120))
    assert indexer.holds(video("v"), said(*changed, count=120))
    assert len(embedder.texts) == 100 - 64


def test_a_correction_may_be_taken_back(store: WatchedStore) -> None:
    indexer = SegmentIndexer(store, CountingEmbedder())
    indexer.index(video("v"), said())
    before = every_score(store)
    indexer.index(video("v"), said(3, 4, 5))
    indexer.index(video("v"), said())
    assert indexer.holds(video("v"), said())
    assert every_score(store) == before


def test_a_new_number_of_segments(store: WatchedStore) -> None:
    """More or fewer: what stands where it stood stays, and nothing is left over."""
    embedder = CountingEmbedder()
    indexer = SegmentIndexer(store, embedder)
    indexer.index(video("v"), said(count=20))
    indexer.index(video("v"), said(count=30))
    assert len(embedder.texts) == 30
    indexer.index(video("v"), said(count=10))
    assert (len(embedder.texts), store.count()) == (30, 10)
    assert indexer.holds(video("v"), said(count=10))


def test_vectors_of_another_length_change_nothing(
    store: WatchedStore, indexer: SegmentIndexer
) -> None:
    indexer.index(video("v"), TALK)
    with pytest.raises(StoreError):
        SegmentIndexer(store, HashEmbedder(8)).index(video("w"), segments("w", "More words."))
    assert store.video_counts() == {"v": 2}
