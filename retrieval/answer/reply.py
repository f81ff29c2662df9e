"""The only form in which a model's reply is read: claims, each naming the sentences that prove it.

The schema is built for each request: a citation is an enum of the sentence ids in this very
request, so that a server which enforces schemas cannot produce another. The model writes neither
times nor titles; the quote it copies only proves that it read the sentence it names, and is never
shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict


class CitedSentence(BaseModel):
    """A sentence of the request, by its id, and the words copied from it."""

    model_config = ConfigDict(extra="ignore")
    sentence: str
    quote: str


class ClaimReply(BaseModel):
    """A claim as the model made it."""

    model_config = ConfigDict(extra="ignore")
    text: str
    evidence: list[CitedSentence]


class Reply(BaseModel):
    """A whole reply."""

    model_config = ConfigDict(extra="ignore")
    sufficient: bool
    claims: list[ClaimReply]


def reply_schema(names: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of a reply that may cite only `names`.

    `sufficient` comes first, so that no claim is read before it is known whether there is one.
    """
    cited = _object(sentence={"type": "string", "enum": list(names)}, quote={"type": "string"})
    claim = _object(
        text={"type": "string"}, evidence={"type": "array", "items": cited, "minItems": 1}
    )
    return _object(sufficient={"type": "boolean"}, claims={"type": "array", "items": claim})


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
