"""Search, with the real model: every leg of the hybrid query takes part, on both stores alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from qdrant_client import QdrantClient

from playhead.errors import EmbeddingError, QuestionError
from playhead.types import Hit
from retrieval.bm25 import query_terms
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.index import SegmentIndexer
from retrieval.plan import LEGS, PLANS, RRF_K, SearchPlan
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import FloatArray, QueryVectors, SparseVector, Store
from retrieval.store.server import ServerStore
from tests.fakes import points, segments, video
from tests.retrieval.plans import ALL_PLANS, ENGINE_PLANS, plan_name

TALK = segments(
    "talk",
    # What was said about the code is one sentence among others about bread.
    "Bread needs flour, water, salt and patience."
    "|Knead it for ten minutes and let it rise, setting XJ-9000 on the oven."
    "|Then bake it until the crust is brown.",
    "A dog chased its tail around the garden all afternoon.",
    "The XK-8000 is a printer with two paper trays.",
    "Order number YJ-900 was shipped in March.",
    "The physician advised her to rest after the operation.",
    "Serial numbers such as ZX-90 are stamped under the keyboard.",
    "The Jaguar XJ6 is a saloon car from the nineties.",
    "Snow closed the mountain pass for three weeks.",
    "Model codes tell you the year in which a device was made.",
    "Voters queued outside the school before it opened.",
    "Whales sing to each other across hundreds of kilometres.",
    "She painted the fence white and the door blue.",
)
RARE_CODE = "XJ-9000"
PARAPHRASE = "doctor recommended recovery following surgery"


@pytest.fixture(scope="module")
def stores(
    embedder: SentenceTransformerEmbedder, quick_disk: Path | None, local_qdrant: QdrantClient
) -> Iterator[dict[str, Store]]:
    """The talk in a store of each kind."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=quick_disk)))
        made: dict[str, Store] = {
            "edge": EdgeStore(folder / "index", "m"),
            "server": ServerStore(local_qdrant, "m"),
        }
        for store in made.values():
            SegmentIndexer(stack.enter_context(closing(store)), embedder).index(video("talk"), TALK)
        yield made


@pytest.fixture(scope="module", params=["edge", "server"])
def searcher(
    request: pytest.FixtureRequest,
    stores: dict[str, Store],
    embedder: SentenceTransformerEmbedder,
) -> Searcher:
    """Searches the talk, in each store in turn."""
    return Searcher(stores[request.param], embedder)


def ordinals(hits: Sequence[Hit]) -> list[int]:
    return [hit.segment.ordinal for hit in hits]


def test_a_code_that_only_bm25_finds_is_found_by_hybrid(searcher: Searcher) -> None:
    assert ordinals(searcher.search(RARE_CODE, 3, PLANS["bm25"])) == [0]
    assert 0 not in ordinals(searcher.search(RARE_CODE, 3, PLANS["dense"]))
    assert ordinals(searcher.search(RARE_CODE, 3))[0] == 0


def test_a_paraphrase_that_only_dense_finds_is_found_by_hybrid(searcher: Searcher) -> None:
    assert searcher.search(PARAPHRASE, 3, PLANS["bm25"]) == []
    assert ordinals(searcher.search(PARAPHRASE, 3, PLANS["dense"]))[0] == 4
    assert ordinals(searcher.search(PARAPHRASE, 3))[0] == 4


def normalised(scores: dict[int, float]) -> dict[int, float]:
    """DBSF's share of one leg: the mean and three standard deviations around it become 0 to 1.

    https://qdrant.tech/documentation/concepts/hybrid-queries/#distribution-based-score-fusion-dbsf;
    where there is no spread to judge by, the engine gives 0.5.
    """
    values = np.array(list(scores.values()))
    if len(values) < 2 or values.std() == 0:
        return dict.fromkeys(scores, 0.5)
    low = values.mean() - 3 * values.std(ddof=1)
    high = values.mean() + 3 * values.std(ddof=1)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def dbsf(legs: Sequence[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for leg in map(normalised, legs):
        for key, score in leg.items():
            total[key] = total.get(key, 0.0) + score
    return total


def rrf(legs: Sequence[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for leg in legs:
        for rank, key in enumerate(sorted(leg, key=lambda key: -leg[key])):
            total[key] = total.get(key, 0.0) + 1 / (RRF_K + rank)
    return total


def scores_of(hits: Sequence[Hit]) -> dict[int, float]:
    return {hit.segment.ordinal: hit.score for hit in hits}


QUERIES = [RARE_CODE, PARAPHRASE, "numbers and codes of a device", "the of and", "🎬"]


@pytest.mark.parametrize("question", QUERIES)
def test_a_second_look_is_at_the_best_sentence_and_at_each_word(
    question: str,
    searcher: Searcher,
    stores: dict[str, Store],
    embedder: SentenceTransformerEmbedder,
) -> None:
    rows = stores["edge"].sentence_vectors([("talk", n) for n in range(len(TALK))])
    said = [of_text.words for of_text in embedder.encode_words([s.text for s in TALK])]
    asked = searcher.vectors(question)
    assert asked.words is not None
    sentences = {n: float(max(rows["talk", n] @ asked.dense)) for n in range(len(TALK))}
    words = {n: float((asked.words @ said[n].T).max(axis=1).sum()) for n in range(len(TALK))}
    found = scores_of(searcher.search(question, 50, SearchPlan(("sentences",))))
    assert found == pytest.approx(sentences, abs=8e-3)
    found = scores_of(searcher.search(question, 50, SearchPlan(("words",))))
    assert found == pytest.approx(words, abs=3e-2)


def ranks_ties(plan: SearchPlan, words: dict[int, float]) -> bool:
    """Whether a plan counts ranks where a question without words makes all the same."""
    return plan.fusion == "rrf" and "words" in plan.legs and not any(words.values())


@pytest.mark.parametrize("question", QUERIES)
def test_a_plan_scores_by_its_fusion_of_its_legs(question: str, searcher: Searcher) -> None:
    legs = {leg: scores_of(searcher.search(question, 50, SearchPlan((leg,)))) for leg in LEGS}
    for plan in ENGINE_PLANS:
        if len(plan.legs) < 2 or ranks_ties(plan, legs["words"]):
            continue
        found = scores_of(searcher.search(question, 50, plan))
        asked_legs = [legs[leg] for leg in plan.legs]
        if plan.fusion == "rrf":
            # Where scores nearly tie, a rank may be one off.
            assert found == pytest.approx(rrf(asked_legs), abs=8e-4)
        else:
            assert found == pytest.approx(dbsf(asked_legs), abs=8e-3)


@pytest.mark.parametrize("question", QUERIES)
def test_every_leg_shows_in_the_scores(question: str, searcher: Searcher) -> None:
    """The test above can tell plans apart: their scores differ by more than it allows."""
    said = searcher.search(question, 50, PLANS["bm25"])
    fused = [plan for plan in ENGINE_PLANS if len(plan.legs) > 1 and plan.fusion == "dbsf"]
    for plan, other in combinations(fused, 2):
        if said or set(plan.legs) ^ set(other.legs) != {"bm25"}:
            found = scores_of(searcher.search(question, 50, plan))
            assert found != pytest.approx(scores_of(searcher.search(question, 50, other)), abs=2e-2)


def rounding(plan: SearchPlan) -> float:
    """By how much the stores' scores may differ: a server keeps more bits of a vector.

    A fusion stretches what a leg's scores have between them, and what is learned multiplies them.
    """
    if plan.is_weighed:
        return 0.4 if "words" in plan.legs else 3e-2
    return 6e-2 if "words" in plan.legs else 8e-3


@pytest.mark.parametrize("plan", ALL_PLANS, ids=plan_name)
@pytest.mark.parametrize("question", [RARE_CODE, PARAPHRASE, "Which numbers are on a printer?"])
def test_both_stores_rank_alike(
    question: str, plan: SearchPlan, stores: dict[str, Store], embedder: SentenceTransformerEmbedder
) -> None:
    edge, server = (Searcher(stores[kind], embedder).search(question, 12, plan) for kind in stores)
    tolerance = rounding(plan)
    scores = {hit.segment: hit.score for hit in edge}
    assert scores == pytest.approx({hit.segment: hit.score for hit in server}, abs=tolerance)
    # Where two segments score nearly the same, which comes first is no promise.
    for hits in (edge, server):
        assert (np.diff([scores[hit.segment] for hit in hits]) <= 2 * tolerance).all()
    assert {hit.video for hit in [*edge, *server]} <= {video("talk")}


def at(cosine: float) -> FloatArray:
    """A vector at that cosine to the question's, which is (1, 0, 0, ...)."""
    vector = np.zeros(32, dtype=np.float32)
    vector[:2] = cosine, (1 - cosine**2) ** 0.5
    return vector


def test_one_sentence_lifts_its_segment(store: Store) -> None:
    """Dense sees two segments nearly alike; one sentence of the second is just what was asked."""
    crowd = segments("v", *[f"Segment {n}." for n in range(6)])
    dense = [0.60, 0.58, 0.1, 0.1, 0.05, 0.0]
    sentences = [[0.60, 0.55], [0.2, 0.98], [0.1], [0.1], [0.05], [0.0]]
    made = [
        replace(point, vectors=replace(point.vectors, dense=at(own), sentences=np.stack(rows)))
        for point, own, rows in zip(
            points(video("v"), crowd),
            dense,
            [[at(c) for c in row] for row in sentences],
            strict=True,
        )
    ]
    store.upsert(made)
    question = QueryVectors(at(1.0), SparseVector([], []))
    both = SearchPlan(("dense", "sentences"), "dbsf")
    assert ordinals(store.query(question, PLANS["dense"]))[:2] == [0, 1]
    assert ordinals(store.query(question, both))[:2] == [1, 0]
    flat = [replace(p, vectors=replace(p.vectors, sentences=p.vectors.dense[None])) for p in made]
    store.upsert(flat)
    assert ordinals(store.query(question, both))[:2] == [0, 1]


QUESTIONS = [
    "the of and to",
    "What is it?",
    "?!",
    "🎬🎬",
    "a\0b",
    "\0",
    "面包怎么做？",
    "Что случилось с собакой?",
    "كم عدد الأوراق؟",
    "e\u0301" * 50,
    "\u202e\u200b",
    "x" * 2_000,
    "word " * 400,
    '{"query": {"$ne": null}}',
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: ascii(question)[:20])
def test_whatever_is_asked_is_answered(
    question: str, stores: dict[str, Store], embedder: SentenceTransformerEmbedder
) -> None:
    searchers = [Searcher(store, embedder) for store in stores.values()]
    vectors = searchers[0].vectors(question)
    assert vectors.words is not None
    for plan in ALL_PLANS:
        edge, server = (searcher.find(vectors, 20, plan) for searcher in searchers)
        assert {hit.segment for hit in edge} == {hit.segment for hit in server}
        assert all(np.isfinite(hit.score) for hit in [*edge, *server])
        assert len(edge) == len(TALK) if plan != PLANS["bm25"] else len(edge) < len(TALK)
        if not ranks_ties(plan, dict(enumerate(vectors.words.flat))):
            wanted = pytest.approx(scores_of(server), abs=rounding(plan))
            assert scores_of(edge) == wanted
        assert not plan.is_weighed or edge[:5] == searchers[0].find(vectors, 5, plan)
        assert plan != PLANS["bm25"] or vectors.bm25.indices or edge == []


@pytest.mark.parametrize("question", ["", " \n ", "x" * 2_001, "x" * 100_000, "\udcff"])
@pytest.mark.parametrize("plan", ALL_PLANS, ids=plan_name)
def test_what_is_no_question_is_refused(
    question: str, plan: SearchPlan, searcher: Searcher
) -> None:
    with pytest.raises(QuestionError):
        searcher.search(question, plan=plan)


def test_only_the_videos_asked_for(searcher: Searcher) -> None:
    assert searcher.search(RARE_CODE, video_ids=["none"]) == []
    assert len(searcher.search(RARE_CODE, 100, video_ids=["talk"])) == len(TALK)


def test_bm25_alone_loads_no_model(edge_store: EdgeStore) -> None:
    (point,) = points(video("v"), segments("v", "Knead the dough."))
    edge_store.upsert([point])
    searcher = Searcher(edge_store, SentenceTransformerEmbedder("/nowhere"))
    assert [hit.segment for hit in searcher.search("dough", plan=PLANS["bm25"])] == [point.segment]
    with pytest.raises(EmbeddingError):
        searcher.search("dough")


def test_a_segment_of_many_sentences_is_one_hit(store: Store) -> None:
    """MaxSim looks at every sentence, and the segment is found once."""
    long = segments("v", "|".join(f"This is sentence number {n}." for n in range(60)), "And more.")
    made = points(video("v"), long)
    store.upsert(made)
    question = QueryVectors(made[0].vectors.sentences[17], query_terms("sentence number 17"))
    for legs in (("sentences",), ("dense", "sentences", "bm25")):
        assert ordinals(store.query(question, SearchPlan(legs, "dbsf"))) == [0, 1]
