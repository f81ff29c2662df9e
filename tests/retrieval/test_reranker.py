"""The reranker: the order it gives, the model's own scores, one line when it cannot be used."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from sentence_transformers import CrossEncoder
from torch.nn import Identity

from playhead.errors import RerankerError
from playhead.types import Hit, Segment, Sentence
from retrieval.embedding import bundled_folder
from retrieval.reranker import RERANKED, CrossEncoderReranker, reranked
from tests.fakes import FixedReranker, segments, video
from tests.reranker_model import (
    make_language_model,
    make_model_without_head,
    make_reranker_model,
)

QUESTION = "How long does the loaf bake?"
TEXTS = [
    "The loaf bakes for forty minutes.",
    "Hoist the sail!",
    "Yes.",
    "word " * 500,
    "",
    "面包 🎬 a\0b",
]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder, to be read only."""
    return make_reranker_model(tmp_path_factory.mktemp("models") / "reranker")


def hits_of(*scores: float) -> list[Hit]:
    """Hits in a row, with these scores."""
    found = segments("v", *(f"Text number {n}." for n in range(len(scores))))
    return [Hit(segment, score, video("v")) for segment, score in zip(found, scores, strict=True)]


def ordinals(hits: Sequence[Hit]) -> list[int]:
    return [hit.segment.ordinal for hit in hits]


def complaint(reranker: CrossEncoderReranker) -> str:
    """The one line that says why it cannot be used, and every way out."""
    with pytest.raises(RerankerError) as caught:
        reranked(hits_of(1.0), QUESTION, reranker)
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert len(line) < 500
    assert reranker.name in line
    for way_out in ("PLAYHEAD_RERANKER_MODEL", "folder", "unset"):
        assert way_out in line
    return line


def test_hits_come_in_the_order_of_the_reranker() -> None:
    best = reranked(hits_of(0.9, 0.8, 0.7), QUESTION, FixedReranker(-4.0, 8.5, 0.0))
    assert ordinals(best) == [1, 2, 0]
    assert [hit.score for hit in best] == [8.5, 0.0, -4.0]


def test_of_equal_ones_the_first_stays_the_first() -> None:
    third = FixedReranker(*(n % 3 for n in range(RERANKED)))
    best = reranked(hits_of(*range(RERANKED, 0, -1)), QUESTION, third)
    assert ordinals(best) == [n for rest in (2, 1, 0) for n in range(rest, RERANKED, 3)]


def test_those_behind_the_best_stay_behind_them() -> None:
    hits = hits_of(*range(40, 0, -1))
    best = reranked(hits, QUESTION, FixedReranker(*range(RERANKED)))
    assert ordinals(best) == [*reversed(range(RERANKED)), *range(RERANKED, 40)]
    assert [hit.score for hit in best] == [
        *range(29, -1, -1),
        0,
        -1,
        -2,
        -3,
        -4,
        -5,
        -6,
        -7,
        -8,
        -9,
    ]


def test_scores_that_are_low_enough_are_left_as_they_are() -> None:
    hits = hits_of(*np.linspace(1, 0, 32))
    best = reranked(hits, QUESTION, FixedReranker(*[7.0] * RERANKED))
    assert best[RERANKED:] == hits[RERANKED:]


def test_what_rounding_leaves_above_the_best_is_cut_off() -> None:
    lowest = float(np.float32(-12 / 7))
    assert 0.3 - (0.3 - lowest) > lowest
    best = reranked(hits_of(*[0.3] * 31), QUESTION, FixedReranker(*[lowest] * RERANKED))
    assert {hit.score for hit in best} == {lowest}


finite = st.floats(-(2.0**100), 2.0**100, width=32)


@given(st.lists(st.tuples(finite, finite), max_size=50))
def test_whatever_the_scores(pairs: list[tuple[float, float]]) -> None:
    """Nothing lost or doubled, scores finite and descending, each of the best with its own."""
    hits = hits_of(*sorted((own for own, _ in pairs), reverse=True))
    given_scores = [score for _, score in pairs][:RERANKED]
    best = reranked(hits, QUESTION, FixedReranker(*given_scores))
    assert sorted(ordinals(best)) == list(range(len(pairs)))
    scores = [hit.score for hit in best]
    assert all(math.isfinite(score) for score in scores)
    assert scores == sorted(scores, reverse=True)
    for hit in best[:RERANKED]:
        assert hit.score == given_scores[hit.segment.ordinal]
    assert ordinals(best[RERANKED:]) == list(range(RERANKED, len(pairs)))


def test_without_hits_no_model_is_asked() -> None:
    reranker = CrossEncoderReranker("/nowhere")
    assert reranked([], QUESTION, reranker) == []
    assert reranker.scores(QUESTION, []).shape == (0,)


def test_it_reads_what_was_said_after_who_said_it() -> None:
    said = (
        Sentence("Where do we land?", 0, 2, speaker="Ann"),
        Sentence("In Delft.", 2, 4, speaker="Bob"),
        Sentence("Good.", 4, 5, speaker="Ann"),
    )
    named = Hit(Segment("v:0", "v", 0, 0, 5, said), 1.0, video("v"))
    reranker = FixedReranker(2.0, 1.0)
    reranked([named, *hits_of(0.5)], QUESTION, reranker)
    assert reranker.asked == [
        (QUESTION, ["Ann, Bob: Where do we land? In Delft. Good.", "Text number 0."])
    ]


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
def test_scores_that_are_no_numbers(score: float) -> None:
    with pytest.raises(RerankerError, match=r"'fixed' gives scores that are no numbers\. Set PLAY"):
        reranked(hits_of(3, 2, 1), QUESTION, FixedReranker(1.0, score, 2.0))


def test_the_scores_are_the_models_own(model_folder: Path) -> None:
    scores = CrossEncoderReranker(str(model_folder)).scores(QUESTION, TEXTS)
    own = CrossEncoder(str(model_folder), device="cpu")
    logits = [own.predict((QUESTION, text), activation_fn=Identity()) for text in TEXTS]
    np.testing.assert_allclose(scores, logits, rtol=1e-3, atol=1e-3)
    assert scores.dtype == np.float32
    assert len(np.unique(scores)) == len(TEXTS)


def test_being_sure_of_several_texts_makes_them_no_equals(tmp_path: Path) -> None:
    """Of logits beyond 17, a sigmoid makes 1.0, as it makes 0.0 of those far below."""
    folder = make_reranker_model(tmp_path / "sure")
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] += 100
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    certain = CrossEncoder(str(folder), device="cpu").predict([(QUESTION, text) for text in TEXTS])
    assert set(certain) == {1.0}
    assert len(set(CrossEncoderReranker(str(folder)).scores(QUESTION, TEXTS))) == len(TEXTS)


@pytest.mark.parametrize("question", ["x" * 2_000, "word " * 400, "🎬", "a\0b", "?!"])
def test_whatever_is_asked_is_scored(question: str, model_folder: Path) -> None:
    reranker = CrossEncoderReranker(str(model_folder))
    scores = reranker.scores(question, TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert np.isfinite(scores).all()
    assert (scores == reranker.scores(question, TEXTS)).all()


def test_a_model_is_loaded_once_however_many_ask_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_reranker_model(tmp_path / "model")
    together = Barrier(8)
    loaded: list[str] = []

    class Counted(CrossEncoder):
        def __init__(self, name: str) -> None:
            loaded.append(name)
            super().__init__(name)

    monkeypatch.setattr("sentence_transformers.CrossEncoder", Counted)

    def ask(number: int) -> list[float]:
        together.wait()
        reranker = CrossEncoderReranker(str(folder))
        return [float(reranker.scores(f"Question {n}?", TEXTS)[number % 6]) for n in range(5)]

    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(ask, range(8)))
    assert loaded == [str(folder)]
    again = [CrossEncoderReranker(str(folder)).scores(f"Question {n}?", TEXTS) for n in range(5)]
    assert asked == [[float(scores[number % 6]) for scores in again] for number in range(8)]


def test_a_model_saved_as_a_cross_encoder(model_folder: Path, tmp_path: Path) -> None:
    """As sentence-transformers saves what it has trained: with a list of modules."""
    folder = tmp_path / "saved"
    CrossEncoder(str(model_folder), device="cpu").save_pretrained(str(folder))
    saved = CrossEncoderReranker(str(folder)).scores(QUESTION, TEXTS)
    assert (saved == CrossEncoderReranker(str(model_folder)).scores(QUESTION, TEXTS)).all()


@pytest.mark.parametrize("name", ["/nowhere/model", "nobody/no-such-model", "no-such-model", "~/x"])
def test_a_model_that_is_not_there(name: str) -> None:
    assert "cannot be loaded: " in complaint(CrossEncoderReranker(name))


def test_what_is_no_models_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "cannot be loaded: " in complaint(CrossEncoderReranker(str(tmp_path / "empty")))
    (tmp_path / "file").write_text("x")
    assert "is a file, not a directory" in complaint(CrossEncoderReranker(str(tmp_path / "file")))


def test_an_embedding_model_is_refused() -> None:
    """The library would give it a random head, and hits would come in random order."""
    line = complaint(CrossEncoderReranker(str(bundled_folder())))
    assert "is no reranker: it was not trained to score (classifier.bias is missing)" in line


def test_weights_without_a_head_are_refused(tmp_path: Path) -> None:
    bare = make_model_without_head(tmp_path / "bare")
    assert "is no reranker: it was not trained" in complaint(CrossEncoderReranker(str(bare)))
    told = make_reranker_model(tmp_path / "told")
    shutil.copy(bare / "model.safetensors", told / "model.safetensors")
    assert "is no reranker: it was not trained" in complaint(CrossEncoderReranker(str(told)))


def test_a_classifier_is_refused(tmp_path: Path) -> None:
    folder = make_reranker_model(tmp_path / "entailment", labels=3)
    assert "it gives 3 numbers for a text, not one score" in complaint(
        CrossEncoderReranker(str(folder))
    )


def test_a_language_model_is_refused(tmp_path: Path) -> None:
    folder = make_language_model(tmp_path / "llm")
    assert "is no reranker: it is a language model" in complaint(CrossEncoderReranker(str(folder)))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_model_can_be_repaired(name: str, tmp_path: Path, model_folder: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:100])
    reranker = CrossEncoderReranker(str(folder))
    assert "cannot be loaded: " in complaint(reranker)
    (folder / name).write_bytes(content)
    assert reranker.scores(QUESTION, TEXTS).shape == (len(TEXTS),)


def test_weights_that_are_no_numbers(tmp_path: Path) -> None:
    folder = make_reranker_model(tmp_path / "broken")
    weights = load_file(folder / "model.safetensors")
    weights["classifier.weight"] *= math.nan
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "scores that are no numbers" in complaint(CrossEncoderReranker(str(folder)))


def test_a_tokenizer_of_another_model(tmp_path: Path) -> None:
    folder = make_reranker_model(tmp_path / "mixed", vocabulary=20)
    assert "cannot score: index out of range" in complaint(CrossEncoderReranker(str(folder)))


def test_nothing_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys; from retrieval.reranker import CrossEncoderReranker as R;"
        "R('x').scores('', []); print('torch' in sys.modules)"
    )
    repository = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
