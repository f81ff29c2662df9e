"""The embedding model: the right weights, vectors that can be relied on, one line when it fails."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from playhead.errors import EmbeddingError
from retrieval.embedding import BUNDLED_PACKAGE, SentenceTransformerEmbedder, bundled_folder

# Of the weights that the authors of the model published.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TEXTS = [
    "Knead the dough for ten minutes.",
    "Yes.",
    "The bill was read a second time and sent to a committee of both houses " * 4,
    "日本語の文です。",
    "🎬",
    "a\0b",
    "",
]


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A copy of the bundled model that a test may damage."""
    bundled = bundled_folder()
    assert bundled
    return Path(shutil.copytree(bundled, tmp_path / "model"))


def test_the_bundled_weights_are_the_originals() -> None:
    folder = bundled_folder()
    assert folder
    with (folder / "model.safetensors").open("rb") as weights:
        assert hashlib.file_digest(weights, "sha256").hexdigest() == SHA256


def test_vectors_are_of_unit_length(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_same_text_has_the_same_vector(embedder: SentenceTransformerEmbedder) -> None:
    first, again = embedder.encode([TEXTS[0], TEXTS[0]])
    assert (first == again).all()
    assert (embedder.encode([TEXTS[0]]) == embedder.encode([TEXTS[0]])).all()


def test_a_vector_does_not_depend_on_its_neighbours(embedder: SentenceTransformerEmbedder) -> None:
    alone = np.concatenate([embedder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(embedder.encode(TEXTS), alone, atol=1e-5)


def test_vectors_come_in_the_order_of_the_texts(embedder: SentenceTransformerEmbedder) -> None:
    # The library sorts by length inside; more texts than one batch.
    texts = ["word " * (n % 7 + 1) + str(n) for n in range(40)]
    backwards = embedder.encode(texts[::-1])[::-1]
    np.testing.assert_allclose(embedder.encode(texts), backwards, atol=1e-5)


def test_near_in_meaning_is_near_in_space(embedder: SentenceTransformerEmbedder) -> None:
    doctor, physician, bread = embedder.encode(
        ["The doctor told her to rest.", "A physician advised recovery.", "Bread needs flour."]
    )
    assert doctor @ physician > 0.5 > doctor @ bread


def test_words_come_with_the_same_vectors(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    made = embedder.encode_words(TEXTS)
    np.testing.assert_allclose([of_text.dense for of_text in made], vectors, atol=1e-5)
    assert {of_text.dense.dtype for of_text in made} == {np.dtype(np.float32)}
    assert embedder.encode_words([]) == []


def test_words_do_not_depend_on_neighbours_or_order(embedder: SentenceTransformerEmbedder) -> None:
    # The library sorts by length inside; more texts than one batch.
    texts = [*TEXTS, *("word " * (n % 7 + 1) + f"number{n}" for n in range(40))]
    made = embedder.encode_words(texts)
    for n in (0, 2, 3, 6, 10, 46):
        (alone,) = embedder.encode_words([texts[n]])
        assert made[n].terms == alone.terms
        np.testing.assert_allclose(made[n].words, alone.words, atol=1e-4)
        np.testing.assert_allclose(made[n].dense, alone.dense, atol=1e-5)


@pytest.mark.parametrize("prefix", ["", "sentence-transformers/"])
def test_only_the_model_that_was_learned_for_has_words(prefix: str, model_folder: Path) -> None:
    assert SentenceTransformerEmbedder(f"{prefix}all-MiniLM-L6-v2").has_words
    assert not SentenceTransformerEmbedder(str(model_folder)).has_words
    assert not SentenceTransformerEmbedder("nobody/all-MiniLM-L6-v2").has_words


def test_the_tokenizer_is_always_asked_in_the_same_way(
    embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps how it was last asked. Another way would change it under a thread that uses it."""
    ways: set[str] = set()
    change = PreTrainedTokenizerFast.set_truncation_and_padding

    def watched(tokenizer: object, *args: object, **settings: object) -> None:
        ways.add(repr((args, settings)))
        change(tokenizer, *args, **settings)

    monkeypatch.setattr(PreTrainedTokenizerFast, "set_truncation_and_padding", watched)
    embedder.encode(TEXTS)
    embedder.encode_words(TEXTS)
    assert len(ways) == 1


def test_threads_do_not_disturb_each_other(embedder: SentenceTransformerEmbedder) -> None:
    texts = ["Knead the dough. " * n for n in range(1, 5)]
    wanted = embedder.encode_words(texts)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(embedder.encode_words, [texts] * 20))
    for found in done:
        assert [of_text.terms for of_text in found] == [of_text.terms for of_text in wanted]
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one.words, other.words, atol=1e-4)


@pytest.mark.parametrize("name", ["/nowhere/model", "nobody/no-such-model"])
def test_a_model_that_is_not_there(name: str) -> None:
    embedder = SentenceTransformerEmbedder(name)
    with pytest.raises(EmbeddingError, match="PLAYHEAD_EMBEDDING_MODEL") as caught:
        embedder.encode(["x"])
    line = str(caught.value)
    assert name in line
    assert "all-MiniLM-L6-v2" in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_model(name: str, model_folder: Path) -> None:
    damaged = model_folder / name
    damaged.write_bytes(damaged.read_bytes()[:100])
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(model_folder)).encode(["x"])


def test_vectors_are_of_unit_length_also_where_the_model_does_not_make_them_so(
    model_folder: Path, embedder: SentenceTransformerEmbedder
) -> None:
    modules = json.loads((model_folder / "modules.json").read_text())
    kept = [module for module in modules if not module["type"].endswith("Normalize")]
    assert len(kept) == len(modules) - 1
    (model_folder / "modules.json").write_text(json.dumps(kept))
    vectors = SentenceTransformerEmbedder(str(model_folder)).encode(TEXTS[:1])
    np.testing.assert_allclose(vectors, embedder.encode(TEXTS[:1]), atol=1e-5)


def test_no_code_of_the_bundled_package_is_imported(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert bundled_folder()
    embedder.encode(["x"])
    assert not [name for name in sys.modules if name.split(".")[0] == BUNDLED_PACKAGE]


def test_the_model_is_loaded_when_it_is_used_and_not_before() -> None:
    code = (
        "import sys; from retrieval.embedding import SentenceTransformerEmbedder as E; E();"
        "print('torch' in sys.modules)"
    )
    repository = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
