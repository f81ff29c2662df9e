"""What all cross-encoders have in common: how one is loaded, and what is told when it cannot be.

They read two texts together: a question and a segment to rank it, or what was said and a claim.
"""

from __future__ import annotations

import os
from textwrap import shorten
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# Some libraries list every kind of model they know.
_REASON_CHARACTERS = 200


def load_cross_encoder(name: str) -> CrossEncoder:
    """A cross-encoder by its folder, or by its name on the model hub; any library may raise."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # As for `retrieval.embedding`.
    from sentence_transformers import CrossEncoder

    model: CrossEncoder = CrossEncoder(name)
    return model


def missing_weights(model: CrossEncoder) -> list[str]:
    """The weights that are not in a model's files: the library makes them up, by chance.

    It tells of them only in this way, not by what is loaded already.
    """
    network = model.transformers_model
    if network is None:
        return []
    loaded: Any = type(network).from_pretrained(
        network.name_or_path, output_loading_info=True, trust_remote_code=False
    )
    return sorted(loaded[1]["missing_keys"])


def first_line(error: Exception) -> str:
    """What a library says is wrong, short enough for one line."""
    lines = str(error).strip().splitlines() or [repr(error)]
    return shorten(lines[0], _REASON_CHARACTERS, placeholder=" …")
