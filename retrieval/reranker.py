"""The best hits get a third look, by a model that reads question and segment together.

Such a cross-encoder is better than any comparison of vectors, and thousands of times slower: it
can only put in order what has been found.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from playhead.errors import RerankerError
from playhead.types import Hit
from retrieval.cross_encoders import first_line, load_cross_encoder, missing_weights
from retrieval.store.protocol import FloatArray
from retrieval.units import segment_text

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RERANKED = 30
"""So many hits are put in order anew; those behind them stay behind them."""

_WAY_OUT = (
    "Set PLAYHEAD_RERANKER_MODEL (in a configuration to measure: reranker) to a cross-encoder "
    "that gives one score, best as a folder that holds it; or unset it to search without one"
)

# Texts of like length go together, and are padded to the longest: small batches waste less. On two
# cores, 30 segments take a quarter less time than in one batch.
_BATCH = 8


class Reranker(Protocol):
    """Judges how well texts answer a question."""

    @property
    def name(self) -> str:
        """What the model is called."""

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        """A number for each text, shape (len(texts),); more is better."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder, loaded when first used, once for all of a name.

    Args:
        name: a folder, or a name on the model hub (of the organisation `cross-encoder`, where it
            names none).
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        """The model's logits, shape (len(texts),); whatever it would make of them is left out.

        Its sigmoid says the same, but where a model is sure, it says 1.0 of several texts.

        Raises:
            RerankerError: the model is not there, damaged, or no cross-encoder.
        """
        if not texts:
            return np.zeros(0, dtype=np.float32)
        # One at a time: a tokenizer is not to be used by two threads at once.
        with _LOCK:
            return _logits(_loaded(self.name), self.name, question, texts)


_LOCK = threading.Lock()


def check_reranker(reranker: Reranker) -> None:
    """Make sure that it can be used, which loads it.

    Raises:
        RerankerError: it cannot.
    """
    _finite_scores(reranker, "Ready?", ["Ready."])


def reranked(hits: Sequence[Hit], question: str, reranker: Reranker) -> list[Hit]:
    """Hits with the best `RERANKED` of them in the reranker's order, by its scores.

    Those behind them keep their order and the distances of their scores, which are lowered to lie
    below. Of equal ones the first stays the first.

    Args:
        hits: best first.
        question: what they were found for.
        reranker: is given each segment as it is indexed (see `segment_text`).

    Raises:
        RerankerError: the model is not there, or its scores are no numbers.
    """
    head, tail = hits[:RERANKED], hits[RERANKED:]
    if not head:
        return []
    scores = _finite_scores(reranker, question, [segment_text(hit.segment) for hit in head])
    order = np.argsort(-scores, kind="stable")
    best = [replace(head[n], score=float(scores[n])) for n in order]
    return best + _lowered(tail, best[-1].score)


def _finite_scores(reranker: Reranker, question: str, texts: Sequence[str]) -> FloatArray:
    scores = reranker.scores(question, texts)
    if not np.isfinite(scores).all():
        raise _unusable(reranker.name, "gives scores that are no numbers")
    return scores


def _lowered(hits: Sequence[Hit], ceiling: float) -> list[Hit]:
    """Hits with all scores less by the same, so that none is above the ceiling."""
    down = max(0.0, hits[0].score - ceiling) if hits else 0.0
    # What rounding leaves above it is cut off.
    return [replace(hit, score=min(ceiling, hit.score - down)) for hit in hits]


def _logits(model: CrossEncoder, name: str, question: str, texts: Sequence[str]) -> FloatArray:
    from torch.nn import Identity

    pairs = [(question, text) for text in texts]
    try:
        scores = model.predict(
            pairs, batch_size=_BATCH, activation_fn=Identity(), show_progress_bar=False
        )
    except Exception as error:  # a model whose files do not belong together fails in any way
        raise _unusable(name, f"cannot score: {first_line(error)}") from error
    return np.asarray(scores, dtype=np.float32)


@cache
def _loaded(name: str) -> CrossEncoder:
    try:
        model = load_cross_encoder(name)
        fault = _fault(model)
    except Exception as error:  # each library below has errors of its own
        raise _unusable(name, f"cannot be loaded: {first_line(error)}") from error
    if fault:
        raise _unusable(name, f"is no reranker: {fault}")
    return model


def _fault(model: CrossEncoder) -> str:
    """Why a model's scores would mean nothing, though it can be loaded; empty if they would.

    The library makes a cross-encoder of any model: what is missing gets random weights, and a
    language model is asked for "yes" or "no" without a prompt.
    """
    if model.num_labels != 1:
        return f"it gives {model.num_labels} numbers for a text, not one score"
    if missing := missing_weights(model):
        return f"it was not trained to score ({missing[0]} is missing)"
    # Saved as a cross-encoder, it has modules of its own.
    if type(model.transformers_model).__name__.endswith("ForCausalLM") and not model.module_kwargs:
        return "it is a language model"
    return ""


def _unusable(name: str, problem: str) -> RerankerError:
    return RerankerError(f"the reranker model {name!r} {problem}", _WAY_OUT)
