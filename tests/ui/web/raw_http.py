"""Requests byte for byte as they are written, which no decent client would send."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.event_loops import closed_after
from ui.web.server import Server
from ui.web.site import Site
from ui.wiring import open_playhead

_LOCAL = Site()


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def whole_site(home: Path, site: Site = _LOCAL) -> Iterator[int]:
    """The whole application of a library on a real server; its port."""
    from ui.web.app import build_app

    with open_playhead(home=home) as app:
        with closed_after():
            built = build_app(app, site)
        with serving(built) as port:
            yield port


@contextmanager
def serving(app: ASGIApp) -> Iterator[int]:
    """A real server in a thread; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, ws="none", log_level="critical", server_header=False)
        server = Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def asked(
    port: int,
    path: str,
    method: str = "GET",
    *,
    host: str | None = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Reply:
    """One request and its whole reply."""
    lines = [f"{method} {path} HTTP/1.1", "Connection: close"]
    if host is not None:
        lines.append(f"Host: {host}")
    given = {"Content-Length": str(len(body)), **(headers or {})} if body else headers or {}
    lines += [f"{name}: {value}" for name, value in given.items()]
    return sent(port, "\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def posted(port: int, path: str, value: object, **headers: str) -> Reply:
    """JSON, as programs post it."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    kind = {"Content-Type": "application/json"}
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return asked(port, path, "POST", headers={**kind, **named}, body=body)


def sent(port: int, request: bytes) -> Reply:
    """The reply to some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(2**16):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in rest)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    return Reply(int(first.split()[1]), headers, body)


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        whole, body = whole + body[:length], body[length + 2 :]
        if not length:
            break
    return whole
