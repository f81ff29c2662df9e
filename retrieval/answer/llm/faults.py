"""What can go wrong with a model's server, in words for a reader, and whether to ask again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus

import httpx

from playhead.text import printable, without_controls

REJECTIONS = frozenset({400, 404, 415, 422, 501})
"""What servers say to a form of reply that they do not know."""
FINAL = frozenset({401, 403, 429, 502, 503, 504})
"""These are never about the form of a reply, whatever else is said."""
TRANSIENT = frozenset({408, 409, 429, 500, 502, 503, 504})
"""What may pass; 409 is how some servers say that the model is still being loaded."""

_FORM = re.compile(r"response_format|json_(?:schema|object)|\b(?:format|schema|grammar)\b", re.I)
_STATUS = re.compile(r"[45][0-9]{2}")


class ModelError(Exception):
    """No reply, or none that can be read.

    Args:
        problem: what happened, as part of a sentence.
        said: the server's own words on it, which may hold anything.
        transient: whether the same request may do better a moment later.
        rejects_form: whether the server may do better without being held to a form.
        retry_after: how many seconds the server asks to wait.
    """

    def __init__(
        self,
        problem: str,
        said: str | None = None,
        *,
        transient: bool = False,
        rejects_form: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(problem, said)
        self.problem = problem
        self.said = said
        self.transient = transient
        self.rejects_form = rejects_form
        self.retry_after = retry_after


class NotStreamedError(Exception):
    """The server sends its reply as one document, though it was asked to stream."""


def fault_of(error: BaseException, status: int | None, retry_after: float | None) -> ModelError:
    """What an error of a client library, on a reply of some HTTP status, comes to."""
    for cause in chain_of(error):
        if isinstance(cause, ModelError):
            return cause
    said = _said(error)
    status = _code(error) if status is None or status < HTTPStatus.BAD_REQUEST else status
    if status is not None:
        return _refusal(status, said, retry_after)
    if said is not None:
        return ModelError("an error", said, rejects_form=bool(_FORM.search(said)))
    return _broken(error)


def _refusal(status: int, said: str | None, retry_after: float | None) -> ModelError:
    names_form = said is not None and bool(_FORM.search(said)) and status not in FINAL
    try:
        problem = f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        problem = f"HTTP {status}"
    return ModelError(
        problem,
        said,
        transient=status in TRANSIENT and not names_form,
        rejects_form=status in REJECTIONS or names_form,
        retry_after=retry_after,
    )


def _broken(error: BaseException) -> ModelError:
    kinds = [type(cause) for cause in chain_of(error)]
    if any(issubclass(kind, httpx.TimeoutException) for kind in kinds):
        return ModelError("it took too long")
    if any(issubclass(kind, (httpx.ConnectError, ConnectionRefusedError)) for kind in kinds):
        return ModelError("no connection", transient=True)
    if any(issubclass(kind, (httpx.TransportError, ConnectionError)) for kind in kinds):
        return ModelError("the connection broke off", transient=True)
    return ModelError("its reply could not be read")


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came from, nearest first."""
    link: BaseException | None = error
    for _ in range(10):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


def _said(error: BaseException) -> str | None:
    """The server's own words, on one line; never a page of HTML."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, Mapping) else getattr(error, "error", None)
    if not isinstance(said, str) or "<" in said:
        return None
    return printable(" ".join(without_controls(said).split())) or None


def _code(error: BaseException) -> int | None:
    """The HTTP status that an error in the middle of a stream gives itself."""
    code = str(getattr(error, "code", None))
    return int(code) if _STATUS.fullmatch(code) else None
