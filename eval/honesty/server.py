"""The simulated model behind a real server: OpenAI's chat protocol on 127.0.0.1, streaming or not.

with HonestyServer(HonestyModel(lies=0.5)) as server:
    ask the engine that is set up with server.url
    server.take()  # what was claimed, and what of it is true
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

from eval.honesty.model import HonestyModel
from eval.honesty.scene import MadeClaim, sentences_in

MODEL = "honesty"
_PIECE = 60
"""A reply is streamed in pieces of so many characters."""
_POLL_SECONDS = 0.01

Request = dict[str, Any]


class HonestyServer:
    """Answers POST /v1/chat/completions while its `with` block lasts.

    Args:
        model: makes the claims.
    """

    def __init__(self, model: HonestyModel) -> None:
        self._model = model
        self._claims: tuple[MadeClaim, ...] = ()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": _POLL_SECONDS}
        )

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def take(self) -> tuple[MadeClaim, ...]:
        """The claims of the last reply, once: none if there was no reply since the last time."""
        claims, self._claims = self._claims, ()
        return claims

    def __enter__(self) -> HonestyServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _reply(self, request: Request) -> str:
        self._claims = tuple(self._model.reply(sentences_in(request)))
        claims = [claim.as_json() for claim in self._claims]
        return json.dumps({"sufficient": True, "claims": claims}, ensure_ascii=False)

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not self.path.endswith("/chat/completions"):
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                request = json.loads(body)
                said = server._reply(request)
                if request.get("stream"):
                    self._send("text/event-stream", "".join(_events(request, said)))
                else:
                    self._send("application/json", json.dumps(_completion(request, said)))

            def _send(self, kind: str, text: str) -> None:
                data = text.encode()
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


def _completion(request: Request, said: str) -> dict[str, Any]:
    """A reply as OpenAI's API gives it whole."""
    message = {"role": "assistant", "content": said}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**_head(request, "chat.completion"), "choices": [choice], "usage": usage}


def _events(request: Request, said: str) -> Iterator[str]:
    """A reply as OpenAI's API streams it."""
    pieces = [said[start : start + _PIECE] for start in range(0, len(said), _PIECE)]
    for number, piece in enumerate(pieces, start=1):
        finish = "stop" if number == len(pieces) else None
        delta = {"role": "assistant", "content": piece}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {**_head(request, "chat.completion.chunk"), "choices": [choice]}
        yield f"data: {json.dumps(chunk)}\n\n"
    yield "data: [DONE]\n\n"


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "honesty", "object": kind, "created": 0, "model": request.get("model", MODEL)}
