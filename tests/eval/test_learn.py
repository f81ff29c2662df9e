"""Learning to rank: examples out of questions, weights that find what was planted in them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.build import Index, open_index
from eval.configs import DEFAULT
from eval.dataset import Question, is_relevant
from eval.learn import __main__ as learn
from eval.learn.examples import ALL, Example, examples_of, quoting
from eval.learn.fit import fitted, quality
from playhead.settings import DEFAULT_EMBEDDING_MODEL
from retrieval.bm25 import query_terms
from retrieval.plan import DEFAULT_PLAN, LEGS, SearchPlan
from retrieval.ranking import feature_names, features, learned_weights, variant
from retrieval.search import Searcher
from retrieval.store.protocol import Candidate, FloatArray
from tests.eval.small import SMALL, question_row, video_row, write_lines
from tests.fakes import HashEmbedder
from tests.retrieval.plans import LEARNED_PLANS, plan_name

ALONE = SearchPlan(LEGS, "learned", context=False)
LEGS_OF_OLD = SearchPlan(("dense", "sentences", "bm25"), "learned")


@pytest.fixture
def index(cache: Path) -> Iterator[Index]:
    """The small dataset, indexed with words."""
    with open_index(SMALL, DEFAULT, HashEmbedder(words=True), cache) as made:
        yield made


@pytest.fixture
def examples(index: Index) -> list[Example]:
    """One of each question of the small dataset that has an answer."""
    asked = [question for question in SMALL.questions if question.gold]
    return examples_of(asked, index, Searcher(index.store, HashEmbedder(words=True)), 2.0)


def test_an_example_is_all_candidates_and_which_are_right(
    examples: list[Example], index: Index
) -> None:
    assert [e.question.qid for e in examples] == ["first", "second", "both", "missed", "elsewhere"]
    by_key = {(s.video_id, s.ordinal): s for of in index.segments.values() for s in of}
    for example in examples:
        assert [c.key for c in example.candidates] == sorted(by_key)
        right = [is_relevant(by_key[c.key], example.question) for c in example.candidates]
        assert example.relevant.tolist() == right
        assert any(right)
        assert example.weight == 2.0
    assert sum(examples[2].relevant) == 2


def test_an_example_has_the_features_of_the_search(examples: list[Example], index: Index) -> None:
    searcher = Searcher(index.store, HashEmbedder(words=True))
    for example in examples:
        vectors = searcher.vectors(example.question.text)
        assert example.terms_idf == pytest.approx(vectors.terms_idf)
        for plan in LEARNED_PLANS:
            found = searcher.candidates(vectors, plan)
            rows = features(found, plan, vectors.terms_idf)
            np.testing.assert_allclose(example.features(plan), rows, atol=1e-5)


def test_a_question_that_cannot_be_asked_is_left_out(index: Index) -> None:
    asked = [replace(SMALL.questions[0], text=text) for text in (" ", "x" * 3_000, "melt")]
    searcher = Searcher(index.store, HashEmbedder(words=True))
    (example,) = examples_of(asked, index, searcher, 1.0)
    assert example.question.text == "melt"


def test_an_example_among_fewer_videos(examples: list[Example]) -> None:
    first = examples[0]
    less = first.among(lambda video_id: video_id == "cooking")
    assert [c.video_id for c in less.candidates] == ["cooking"] * 3
    assert less.relevant.tolist() == [False, True, False]
    assert first.among(lambda _: True).candidates == first.candidates
    none = first.among(lambda _: False)
    assert (none.candidates, none.relevant.tolist()) == ((), [])


def test_quoting_adds_words_of_the_answer_that_carry_meaning(index: Index) -> None:
    asked = [question for question in SMALL.questions if question.gold]
    said = {
        question.qid: {
            term
            for of_video in index.segments.values()
            for segment in of_video
            if is_relevant(segment, question)
            for term in query_terms(segment.text).indices
        }
        for question in asked
    }
    for count in (1, 2, 50):
        quoted = quoting(asked, index.segments, count, seed=0)
        assert quoting(asked, index.segments, count, seed=0) == quoted
        for before, after in zip(asked, quoted, strict=True):
            assert replace(after, text=before.text) == before
            added = after.text.removeprefix(before.text).split()
            assert 1 <= len(added) <= count
            assert all(set(query_terms(word).indices) <= said[before.qid] for word in added)
            assert all(query_terms(word).indices for word in added)
    texts = [tuple(q.text for q in quoting(asked, index.segments, 1, seed)) for seed in range(5)]
    assert len(set(texts)) > 1


def test_quoting_nothing_that_was_said_adds_nothing(index: Index) -> None:
    nowhere = replace(SMALL.questions[5], gold=())
    (quoted,) = quoting([nowhere], index.segments, 2, seed=0)
    assert quoted.text.strip() == nowhere.text


def planted(
    weights: Sequence[float], count: int, seed: int = 0, noise: float = 0.0
) -> list[Example]:
    """Questions whose right candidate has the highest weighted sum of its legs' scores."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        table = rng.uniform(0, 1, (int(rng.integers(5, 15)), len(LEGS)))
        candidates = tuple(
            Candidate(f"v{number}", 2 * n, dict(zip(LEGS, map(float, row), strict=True)))
            for n, row in enumerate(table)
        )
        scores = table @ np.array(weights) + rng.gumbel(0, noise or 1e-9, len(table))
        relevant = scores == scores.max()
        question = Question(f"q{number}", f"v{number}", "?", (), "train")
        made.append(Example(question, candidates, relevant, 1.0, 1.0))
    return made


@pytest.mark.parametrize(
    "weights", [(8.0, 2.0, 4.0, 1.0), (0.0, 0.0, 9.0, 0.0), (3.0, -3.0, 6.0, 6.0)]
)
def test_planted_weights_are_found(weights: tuple[float, ...]) -> None:
    """Noise of that kind is what the model of the loss assumes: then the weights are its own."""
    found = fitted(planted(weights, 3_000, noise=1.0), ALONE)
    np.testing.assert_allclose(found, weights, atol=0.6)
    assert found.dtype == np.float32


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
def test_what_decides_is_put_first(plan: SearchPlan) -> None:
    """On questions that were not learned from."""
    weights = [float(leg in plan.legs) for leg in LEGS]
    found = fitted(planted(weights, 300), plan)
    assert quality(planted(weights, 100, seed=1), plan, found)["Success@1"] > 0.95
    assert found.shape == (len(feature_names(plan)),)


def test_learning_is_deterministic() -> None:
    examples = planted((1, 2, 3, 4), 100, noise=0.3)
    once, again = fitted(examples, ALL), fitted(examples, ALL)
    assert (once == again).all()
    shuffled = random.Random(0).sample(examples, len(examples))
    np.testing.assert_allclose(fitted(shuffled, ALL), once, rtol=0.02, atol=0.05)


def test_a_question_counts_by_its_weight() -> None:
    """Of two kinds of questions the heavier decides."""
    dense = planted((9, 0, 0, 0), 60)
    words = planted((0, 0, 9, 0), 60, seed=1)
    for heavy, light, name in ((dense, words, "dense"), (words, dense, "words")):
        mixed = [*(replace(e, weight=50.0) for e in heavy), *light]
        found = dict(zip(LEGS, fitted(mixed, ALONE), strict=True))
        assert max(found, key=lambda leg: found[leg]) == name


def test_what_has_no_right_candidate_teaches_nothing() -> None:
    examples = planted((1, 2, 3, 4), 100, noise=0.3)
    hopeless = [replace(e, relevant=np.zeros_like(e.relevant)) for e in planted((9, 0, 0, 0), 40)]
    np.testing.assert_array_equal(fitted([*examples, *hopeless], ALONE), fitted(examples, ALONE))


def test_a_leg_that_finds_nothing_weighs_nothing() -> None:
    examples = [
        replace(
            e, candidates=tuple(replace(c, scores={**c.scores, "bm25": 0.0}) for c in e.candidates)
        )
        for e in planted((1, 2, 3, 0), 100, noise=0.3)
    ]
    found = dict(zip(feature_names(ALL), fitted(examples, ALL), strict=True))
    assert found["bm25"] == 0
    assert all(np.isfinite(list(found.values())))


def ranks(*positions: int | None) -> list[Example]:
    """Examples of 20 candidates whose right one comes at a rank by its score in `dense`."""
    made = []
    for position in positions:
        candidates = tuple(
            Candidate("v", n, {**dict.fromkeys(LEGS, 0.0), "dense": 1 - n / 20}) for n in range(20)
        )
        relevant = np.array([position == n + 1 for n in range(20)])
        made.append(Example(Question("q", "v", "?", ()), candidates, relevant, 1.0, 1.0))
    return made


def test_quality_by_hand() -> None:
    by_dense: FloatArray = np.array([1, 0, 0, 0], dtype=np.float32)
    found = quality(ranks(1, 2, 5, 6, 10, 11, None, 1), ALONE, by_dense)
    assert found == pytest.approx(
        {
            "Success@1": 2 / 8,
            "Success@5": 4 / 8,
            "Success@10": 6 / 8,
            "RR@10": (1 + 1 / 2 + 1 / 5 + 1 / 6 + 1 / 10 + 1) / 8,
        }
    )
    several = replace(ranks(7)[0], relevant=np.array([n in (3, 7) for n in range(20)]))
    assert quality([several], ALONE, by_dense)["RR@10"] == pytest.approx(1 / 4)


TALKS = {
    "bread": ("Knead the dough for ten minutes.", "Bake the loaf until brown.", "Add the salt."),
    "boats": ("Hoist the main sail.", "Tie the boat with a bowline.", "Watch the wind."),
    "garden": ("Plant tomatoes in May.", "Water the roses at dawn.", "Prune the apple tree."),
    "space": ("The rocket has two stages.", "Orbit is reached in minutes.", "Fuel is liquid."),
    "music": ("Tune the violin first.", "The chorus repeats twice.", "Rest for four beats."),
    "bikes": ("Pump up the tyre.", "Oil the chain every month.", "Adjust the brakes."),
}


def write_dataset(folder: Path, talks: Sequence[str], split: bool) -> Path:
    """A dataset of talks of three segments, and a question on each."""
    videos, questions = [], []
    for talk in talks:
        said = [
            {"id": n, "start": 25.0 * n, "end": 25.0 * n + 24, "text": text}
            for n, text in enumerate(TALKS[talk])
        ]
        videos.append(video_row(talk, duration=90.0, segments=said))
        for n, text in enumerate(TALKS[talk]):
            fields = {"split": ("train", "dev", "test")[n]} if split else {}
            gold = [{"start": 25.0 * n, "end": 25.0 * n + 24}]
            asked = f"When do they say: {text}"
            row = question_row(f"{talk}{n}", video_id=talk, question=asked, gold=gold, **fields)
            questions.append(row)
    return write_lines(folder, videos, questions)


@pytest.fixture
def folders(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A dataset with splits, and recordings without; what is learned lies beside them."""
    monkeypatch.setattr(learn, "cache_folder", lambda: cache)
    monkeypatch.setattr(learn, "WEIGHTS", tmp_path / "ranking.json")
    tutorials = write_dataset(tmp_path / "tutorials", ["bread", "boats", "garden"], split=True)
    return tutorials, write_dataset(tmp_path / "meetings", ["space", "music", "bikes"], split=False)


def test_learning_tells_and_writes_when_it_is_told_to(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tutorials, meetings = folders
    arguments = [str(tutorials), "--recordings", str(meetings)]
    learn.main(arguments)
    told = capsys.readouterr().out
    assert not learn.WEIGHTS.exists()
    for plan in learn.PLANS:
        assert f"\n{variant(plan)}\n" in told
    for line in ("dev split", "tutorials, videos left out", "meetings, quoted, videos left out"):
        assert told.count(line) == len(learn.PLANS)

    learn.main([*arguments, "--write"])
    assert capsys.readouterr().out == told
    written = json.loads(learn.WEIGHTS.read_text("utf-8"))
    assert written["embedding_model"] == DEFAULT_EMBEDDING_MODEL
    assert written["learned_from"] == ["tutorials, split train", "meetings"]
    for plan in learn.PLANS:
        assert list(written["weights"][variant(plan)]) == feature_names(plan)
        assert f"{written['weights'][variant(plan)]}" in told


def test_the_test_split_is_not_read(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is asked in it, the same is learned."""
    tutorials, meetings = folders
    learn.main([str(tutorials), "--recordings", str(meetings)])
    told = capsys.readouterr().out
    questions = tutorials / "questions.jsonl"
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    changed = [{**r, "question": "Zeppelins?"} if r["split"] == "test" else r for r in rows]
    questions.write_text("".join(f"{json.dumps(row)}\n" for row in changed), "utf-8")
    learn.main([str(tutorials), "--recordings", str(meetings)])
    assert capsys.readouterr().out == told


def test_the_weights_that_are_there_are_those_of_the_plans_that_are_learned() -> None:
    assert DEFAULT_PLAN in learn.PLANS
    assert LEGS_OF_OLD in learn.PLANS
    assert set(learned_weights()) == {variant(plan) for plan in learn.PLANS}
    for plan in learn.PLANS:
        assert list(learned_weights()[variant(plan)]) == feature_names(plan)
    # Where the recordings lie that are learned from.
    assert (learn.RECORDINGS / "questions.jsonl").is_file()
