"""Failures as programs and pages see them: a status, and `{"detail": "one line"}`."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from playhead.errors import (
    DiskFullError,
    IngestError,
    LibraryError,
    PlayheadError,
    QuestionError,
    StoreError,
    UnknownVideoError,
)
from ui.web.site import Site
from ui.wiring import Playhead

# The first that fits. What is not here is about the installation: nothing that a caller did.
_STATUS: tuple[tuple[type[PlayheadError], HTTPStatus], ...] = (
    (UnknownVideoError, HTTPStatus.NOT_FOUND),
    (QuestionError, HTTPStatus.BAD_REQUEST),
    (IngestError, HTTPStatus.BAD_REQUEST),
    (DiskFullError, HTTPStatus.INSUFFICIENT_STORAGE),
    (LibraryError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
)


class Problem(BaseModel):
    """Why a request failed, and what to do about it."""

    detail: str = Field(description="One line.")


PROBLEMS: dict[int | str, dict[str, object]] = {
    "4XX": {"model": Problem, "description": "The request cannot be answered as it is."},
    "5XX": {"model": Problem, "description": "The server cannot answer now."},
}
"""What every route may answer besides, for OpenAPI."""


def tell_errors(api: FastAPI, app: Playhead, site: Site) -> None:
    """Let routes simply raise: every expected failure becomes its status and its line."""

    async def expected(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, PlayheadError)  # noqa: S101 - what it is registered for
        return JSONResponse({"detail": public_line(error, app, site)}, _status(error))

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        return JSONResponse({"detail": _first_of(error)}, HTTPStatus.BAD_REQUEST)

    async def unexpected(_: Request, __: Exception) -> JSONResponse:
        # Starlette raises it again when this is sent: the log has the whole of it.
        line = "something went wrong on the server; its log says what"
        return JSONResponse({"detail": line}, HTTPStatus.INTERNAL_SERVER_ERROR)

    api.add_exception_handler(PlayheadError, expected)
    api.add_exception_handler(Exception, unexpected)
    api.add_exception_handler(RequestValidationError, invalid)


def public_line(error: PlayheadError, app: Playhead, site: Site) -> str:
    """An error's line; without the server's folders where others than its owner may read it."""
    line = str(error)
    return line if site.is_local else line.replace(str(app.settings.home), "…")


def _status(error: PlayheadError) -> HTTPStatus:
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.SERVICE_UNAVAILABLE


def _first_of(error: RequestValidationError) -> str:
    """What is wrong first, with the field where it is."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "the body is not JSON"
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    said = str(first["msg"])
    return f"{place}: {said}" if place else said
