"""An entailment model as the judge of whether a claim follows from what it cites.

It reads free paraphrase, which the word-by-word check (`support`) drops; it must be trained for
natural language inference, with a label that says "entailment".
"""

from __future__ import annotations

import math
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from playhead.errors import EntailmentError
from retrieval.answer.checks.said import Said
from retrieval.cross_encoders import first_line, load_cross_encoder, missing_weights

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

MIN_PROBABILITY = 0.8
"""The least probability of "entailment". It is not set on data: no such model could be measured."""

_WAY_OUT = (
    "Set PLAYHEAD_NLI_MODEL to a cross-encoder for natural language inference, best as a folder "
    "that holds it; or unset it to check claims word by word"
)
_LOCK = threading.Lock()


class Entailment(Protocol):
    """Judges whether a claim follows from what was said."""

    @property
    def name(self) -> str:
        """What the model is called."""

    def probability(self, said: str, claim: str) -> float:
        """How likely the claim follows, 0 to 1."""


class CrossEncoderEntailment:
    """A sentence-transformers cross-encoder, loaded when first used, once for all of a name.

    Args:
        name: a folder, or a name on the model hub.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    def probability(self, said: str, claim: str) -> float:
        """How likely the claim follows, 0 to 1; 0 where the model cannot read both to their end.

        Raises:
            EntailmentError: the model is not there, damaged, or not made for this.
        """
        # One at a time: a tokenizer is not to be used by two threads at once.
        with _LOCK:
            model, entailment = _loaded(self._name)
            try:
                share = _share(model, entailment, said, claim)
            except Exception as error:  # a model whose files do not belong together fails anyhow
                raise _unusable(self._name, f"cannot judge: {first_line(error)}") from error
        if not math.isfinite(share):
            raise _unusable(self._name, "gives probabilities that are no numbers")
        return share


def _share(model: CrossEncoder, entailment: int, said: str, claim: str) -> float:
    from torch.nn import Softmax

    # What would be cut off may be the very "not".
    length = len(model.tokenizer(said, claim, verbose=False)["input_ids"])
    if length > model.tokenizer.model_max_length:
        return 0.0
    (shares,) = model.predict(
        [(said, claim)], activation_fn=Softmax(dim=-1), show_progress_bar=False
    )
    return float(shares[entailment])


def check_entailment(claim: str, said: Said, entailment: Entailment) -> str | None:
    """Why a claim does not follow from what was said, says a model; None if it does.

    Raises:
        EntailmentError: the model cannot be used.
    """
    premise = " ".join(
        f"{speaker}: {text}" if speaker else text
        for speaker, text in zip(said.by or (None,) * len(said.texts), said.texts, strict=True)
    )
    probability = entailment.probability(premise, claim)
    if probability >= MIN_PROBABILITY:
        return None
    return f"does not follow from what it cites (entailment {probability:.2f})"


@cache
def _loaded(name: str) -> tuple[CrossEncoder, int]:
    """A model, and which of its labels says that the second text follows from the first."""
    try:
        model = load_cross_encoder(name)
        config: Any = model.config  # Typed as what may be missing; then it is damaged.
        labels: dict[int, str] = config.id2label
        missing = missing_weights(model)
    except Exception as error:  # each library below has errors of its own
        raise _unusable(name, f"cannot be loaded: {first_line(error)}") from error
    found = [n for n, label in labels.items() if label.casefold() == "entailment"]
    if not found:
        raise _unusable(name, f"has no label 'entailment', but {', '.join(labels.values())}")
    if len(labels) == 1:
        raise _unusable(name, "has no other label than 'entailment'")
    if missing:
        raise _unusable(name, f"was not trained to judge ({missing[0]} is missing)")
    return model, found[0]


def _unusable(name: str, problem: str) -> EntailmentError:
    return EntailmentError(f"the entailment model {name!r} {problem}", _WAY_OUT)
