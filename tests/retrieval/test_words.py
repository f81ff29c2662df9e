"""A text's words as vectors: pieces joined, empty words left out, a third of the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.text import split_words
from retrieval.bm25 import query_terms
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.store.protocol import FloatArray
from retrieval.words import WORD_DIMENSION, TextVectors, projection, text_vectors

DENSE = np.ones(1, dtype=np.float32)
BASIS = np.eye(200, dtype=np.float32)


def projected(rows: FloatArray) -> FloatArray:
    """Vectors as a word's are kept, but for their length: each is a word of its own."""
    text = "bread"
    places = [(0, 0), *[(0, len(text))] * len(rows)]
    pieces = np.concatenate([rows[:1], rows])
    return text_vectors(text, DENSE, pieces, [None, *range(len(rows))], places).words


def test_the_pieces_of_a_word_are_joined() -> None:
    text = "Sourdough rises"
    ids = [None, 0, 0, 0, 1, None]
    places = [(0, 0), (0, 4), (4, 7), (7, 9), (10, 15), (0, 0)]
    pieces = np.random.default_rng(0).standard_normal((6, 200)).astype(np.float32)
    made = text_vectors(text, DENSE, pieces, ids, places)
    means = np.stack([pieces[1:4].mean(axis=0), pieces[4]])
    np.testing.assert_allclose(made.words, projected(means), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(made.words, axis=1), 1, atol=1e-6)
    assert made.words.dtype == np.float32
    assert made.dense is DENSE
    assert made.terms == tuple((query_terms(word).indices[0],) for word in text.split())


def test_words_that_bm25_does_not_look_for_are_left_out() -> None:
    text = "How is the bread?"
    ids = [None, 0, 1, 2, 3, 4, None]
    places = [(0, 0), (0, 3), (4, 6), (7, 10), (11, 16), (16, 17), (0, 0)]
    made = text_vectors(text, DENSE, BASIS[:7], ids, places)
    np.testing.assert_allclose(made.words, projected(BASIS[4:5]), atol=1e-6)
    assert made.terms == ((query_terms("bread").indices[0],),)


@pytest.mark.parametrize("ids", [[], [None, None], [None, 0, None]])
def test_a_text_without_words_has_no_rows(ids: list[int | None]) -> None:
    made = text_vectors("the", DENSE, BASIS[: len(ids)], ids, [(0, 3)] * len(ids))
    assert made.words.shape == (0, WORD_DIMENSION)
    assert made.words.dtype == np.float32
    assert made.terms == ()


def test_the_projection_is_the_same_on_every_machine() -> None:
    """As it was when the first index was made: what is searched later must fit what is in it.

    To the digit: the last bits are a matter of the processor.
    """
    written_down = [
        [0.09043448, 0.02398723, 0.05644406, 0.12451386],
        [0.10786244, -0.06914379, 0.04749807, 0.02727778],
        [0.03078635, -0.00817739, -0.02277188, -0.04808282],
    ]
    np.testing.assert_allclose(projection(384)[[0, 200, 383], :4], written_down, atol=1e-6)


@pytest.mark.parametrize("dimension", [WORD_DIMENSION, 200, 384, 768])
def test_the_projection_is_onto_orthonormal_directions(dimension: int) -> None:
    basis = projection(dimension)
    assert basis.shape == (dimension, WORD_DIMENSION)
    assert basis.dtype == np.float32
    np.testing.assert_allclose(basis.T @ basis, np.eye(WORD_DIMENSION), atol=1e-5)


def test_cosines_are_nearly_kept(embedder: SentenceTransformerEmbedder) -> None:
    texts = [
        "Knead the dough for ten minutes and let it rise.",
        "Baking bread needs flour, water, salt and patience.",
        "The committee read the bill a second time.",
        "A physician advised her to rest after surgery.",
    ]
    rows = embedder.encode([word for text in texts for word in split_words(text)])
    full = rows @ rows.T
    kept = projected(rows)
    difference = np.abs(kept @ kept.T - full)
    assert difference.mean() < 0.07
    assert difference.max() < 0.25
    assert np.corrcoef((kept @ kept.T).ravel(), full.ravel())[0, 1] > 0.9


def words_of(embedder: SentenceTransformerEmbedder, text: str) -> TextVectors:
    (made,) = embedder.encode_words([text])
    return made


def terms(text: str) -> list[int]:
    return [term for word in split_words(text) for term in query_terms(word).indices]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sourdough isn't kneading.", "sourdough kneading"),
        ("  Knead   the dough\n", "knead dough"),
        ("the of and", ""),
        ("", ""),
        (" ", ""),
        ("?!", ""),
        ("🎬🎬", ""),
        ("🎬 dough", "dough"),
        ("Naïve cafés", "naïve cafés"),
        ("O'Brien's XJ-9000, 4.5 litres", "brien xj 9000 4 5 litres"),
        ("a\0b", "a\0b"),
        ("dough dough", "dough dough"),
    ],
)
def test_the_words_of_a_text(text: str, words: str, embedder: SentenceTransformerEmbedder) -> None:
    made = words_of(embedder, text)
    assert [term for of_word in made.terms for term in of_word] == terms(words)
    assert made.words.shape == (len(made.terms), WORD_DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(made.words, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(made.dense, embedder.encode([text])[0], atol=1e-5)


def test_each_chinese_character_is_a_word(embedder: SentenceTransformerEmbedder) -> None:
    made = words_of(embedder, "面包怎么做")
    assert made.words.shape == (5, WORD_DIMENSION)
    assert np.isfinite(made.words).all()


def test_a_word_has_the_meaning_of_its_context(embedder: SentenceTransformerEmbedder) -> None:
    grease, stove, camera = (
        words_of(embedder, text).words
        for text in ("grease the baking pan", "a pan on the stove", "pan the camera slowly")
    )
    assert grease[-1] @ stove[0] > grease[-1] @ camera[0] + 0.1


def test_what_is_cut_off_has_no_words(embedder: SentenceTransformerEmbedder) -> None:
    """The model reads 256 pieces, two of them its own marks: vectors and words end alike."""
    long = words_of(embedder, "dough " * 1_000)
    assert long.words.shape == (254, WORD_DIMENSION)
    assert len(long.terms) == 254
    whole = words_of(embedder, "dough " * 254)
    np.testing.assert_allclose(long.words, whole.words, atol=1e-5)
    np.testing.assert_allclose(long.dense, whole.dense, atol=1e-5)
    # The third piece of the last word is cut off: what is left of it is no word that is said.
    cut = words_of(embedder, "dough " * 252 + "sourdough")
    assert len(cut.terms) == 253
    np.testing.assert_allclose(np.linalg.norm(cut.words, axis=1), 1, atol=1e-5)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_has_words(embedder: SentenceTransformerEmbedder, text: str) -> None:
    made = words_of(embedder, text)
    assert made.words.shape == (len(made.terms), WORD_DIMENSION)
    assert np.isfinite(made.words).all()
    assert all(made.terms)
