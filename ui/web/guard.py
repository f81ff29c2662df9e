"""The one gate before everything that is served: who may come in, to what, and with how much.

Plain ASGI, so that streams stay streams. In this order: is the request meant for this site (its
Host); is its user known; did a page of ours send it; is there such a path; is its body small
enough, and what the page would send.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.errors import PlayheadError
from ui.web import gradio_calls
from ui.web.headers import FIXED, policy
from ui.web.login import CHALLENGE, SECONDS_A_TRY, Login, TooManyTriesError
from ui.web.site import Site

MAX_BODY_BYTES = 2**20
FOR_EVER = "private, max-age=31536000, immutable"
"""How long Gradio's assets are kept: each has a hash of its content in its name."""
UPLOADS = "/api/videos"
"""Where files come in, as a stream and of any size; the route itself counts."""

_READS, _WRITES = ("GET", "HEAD"), ("POST", "DELETE")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+|/")
_OURS = re.compile(r"/(?:api|media|captions|poster|watch|playhead)/.+|/mcp")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?")


class Refusal(Exception):  # noqa: N818 - no error of ours: a request that may not pass
    """Why a request goes no further."""

    def __init__(self, status: int, line: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(line)
        self.response = JSONResponse({"detail": line}, status, headers)


def guarded(inner: ASGIApp, site: Site, media_origins: Callable[[], Iterable[str]]) -> ASGIApp:
    """The application behind every check that holds for all of it.

    Args:
        inner: the application.
        site: who may come in, under which names.
        media_origins: from where pages may play media besides our own server.
    """
    return Guard(inner, site, media_origins)


class Guard:
    """An ASGI application that lets through what may pass, and puts headers on all answers."""

    def __init__(
        self, inner: ASGIApp, site: Site, media_origins: Callable[[], Iterable[str]]
    ) -> None:
        self._inner = inner
        self._site = site
        self._login = Login(site.credentials) if site.credentials else None
        self._media_origins = media_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the server. Nothing here speaks WebSocket."""
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        send = self._with_headers(send, scope["path"])
        answer: ASGIApp = self._inner
        try:
            self._check(scope)
            if scope["method"] not in _READS and scope["path"] != UPLOADS:
                receive = _again(await _body(scope, receive), receive)
        except Refusal as refusal:
            answer = refusal.response
        await answer(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        request = HTTPConnection(scope)
        self._check_host(request)
        self._check_login(request)
        _check_sender(request, scope["method"])
        _check_path(scope["method"], scope["path"])
        # Gradio believes this before the Host that was just checked.
        scope["headers"] = [(n, v) for n, v in scope["headers"] if n != b"x-forwarded-host"]
        if scope["path"] in ("/", "/config"):
            # And would read from its cache what a query names.
            scope["query_string"] = b""

    def _check_host(self, request: HTTPConnection) -> None:
        found = _HOST.fullmatch(request.headers.get("host", ""))
        if not found or not self._site.answers_to((found[1] or found[2]).lower()):
            raise Refusal(400, "this server is not called so")

    def _check_login(self, request: HTTPConnection) -> None:
        if self._login is None:
            return
        try:
            admitted = self._login.admits(request)
        except TooManyTriesError as error:
            wait = {"retry-after": f"{SECONDS_A_TRY:.0f}"}
            raise Refusal(429, "too many wrong passwords; wait a moment", wait) from error
        if not admitted:
            raise Refusal(401, "user and password, please", {"www-authenticate": CHALLENGE})

    def _with_headers(self, send: Send, path: str) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                await self._set(headers)
                kept = message["status"] == HTTPStatus.OK and path.startswith("/assets/")
                headers.setdefault("cache-control", FOR_EVER if kept else "private, no-cache")
                message = {**message, "headers": headers.raw}
            await send(message)

        return sending

    async def _set(self, headers: MutableHeaders) -> None:
        # Gradio invites other sites in where it thinks that it is not served locally.
        for name in [name for name in headers if name.startswith("access-control-")]:
            del headers[name]
        headers.update(FIXED)
        is_page = headers.get("content-type", "").startswith("text/html")
        origins = await run_sync(self._origins) if is_page else ()
        headers["content-security-policy"] = policy(origins)

    def _origins(self) -> Iterable[str]:
        try:
            return self._media_origins()
        except PlayheadError:
            # The page itself tells what is wrong with the library.
            return ()


def _check_sender(request: HTTPConnection, method: str) -> None:
    """What another site's page sends, or shows as part of itself, is refused.

    A link that somebody follows is welcome. Older browsers, and all where there is no TLS, say
    only `Origin`; programs say neither.
    """
    headers = request.headers
    site = headers.get("sec-fetch-site", "none")
    followed = method in _READS and headers.get("sec-fetch-mode") == "navigate"
    if site not in ("same-origin", "none") and not (
        followed and headers.get("sec-fetch-dest") == "document"
    ):
        raise Refusal(403, "requests from other sites are refused")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers["host"].lower():
        raise Refusal(403, "requests from other sites are refused")


def _check_path(method: str, path: str) -> None:
    """What is not served does not get as far as the routes, whatever they would make of it."""
    if method not in (*_READS, *_WRITES):
        raise Refusal(405, "not allowed here", {"allow": ", ".join((*_READS, *_WRITES))})
    gradio = gradio_calls.READS if method in _READS else gradio_calls.WRITES
    if not _PLAIN_PATH.fullmatch(path) or not (_OURS.fullmatch(path) or gradio.fullmatch(path)):
        raise Refusal(404, "there is nothing here")


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The whole body, which is small; that of an event of the page, as it was understood."""
    too_large = Refusal(413, f"at most {MAX_BODY_BYTES:,} bytes are read here")
    declared = HTTPConnection(scope).headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > MAX_BODY_BYTES:
        raise too_large
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise too_large
    if scope["path"] != gradio_calls.JOIN:
        return body
    try:
        return gradio_calls.Event.model_validate_json(body).model_dump_json().encode()
    except ValueError as error:
        raise Refusal(400, "no page of ours sends this") from error


def _again(body: bytes, receive: Receive) -> Receive:
    """Receives a body that was read already, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return messages.pop() if messages else await receive()

    return receiving
