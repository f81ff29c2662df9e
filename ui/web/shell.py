"""Gradio's own page, made ours: no inline script, our modules and styles, our name."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio works without its inline scripts: it then fetches what they say. So no policy has to
# allow scripts in the page, where a transcript might smuggle one in.
_INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>.*?</script\s*>", re.DOTALL | re.IGNORECASE
)
_ABOUT_GRADIO = re.compile(
    r'<meta\s+(?:property="og:|name="twitter:)[^>]*/>|<link rel="manifest"[^>]*>'
)
HEAD = (
    "<title>Playhead</title>"
    '<meta name="description" content="Ask your videos">'
    '<link rel="stylesheet" href="/playhead/playhead.css">'
    '<link rel="stylesheet" href="/playhead/conversation.css">'
    '<link rel="stylesheet" href="/playhead/stage.css">'
    '<link rel="stylesheet" href="/playhead/library.css">'
    '<script type="module" src="/playhead/page.js"></script>'
)


def without_inline_scripts(html: str) -> str:
    """Gradio's page without scripts in it, and with our head."""
    bare = _ABOUT_GRADIO.sub("", _INLINE_SCRIPT.sub("", html))
    return bare.replace("</head>", f"{HEAD}</head>", 1)


class Shell:
    """Passes everything through, save the page itself, which it changes."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] == "/":
            await self._inner(scope, receive, _Rewriting(send))
        else:
            await self._inner(scope, receive, send)


class _Rewriting:
    """Holds a response until it is whole, changes it, and sends it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(raw=list(self._start["headers"]))
        body = self._body
        if headers.get("content-type", "").startswith("text/html"):
            body = without_inline_scripts(body.decode()).encode()
            headers["content-length"] = str(len(body))
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})
