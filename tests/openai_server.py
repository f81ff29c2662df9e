"""A chat server on this machine that speaks OpenAI's protocol and says what a test tells it to."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, ClassVar

Request = dict[str, Any]
Message = dict[str, Any]


@dataclass(frozen=True)
class Wire:
    """A response as it goes over the wire, for what no honest server sends.

    `parts` are bytes, and pauses in seconds (which end with the server). `headers` are sent first,
    with `status`; None sends nothing but the parts.
    """

    parts: Iterable[bytes | float]
    headers: Mapping[str, str] | None = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK


Respond = Callable[[Request], "str | Message | HTTPStatus | Wire | None"]


class OpenAIServer:
    """Answers POST /v1/chat/completions while its `with` block lasts, and keeps the requests.

    Args:
        respond: gets a request's body; gives what to reply with, as text or as a whole message
            (with tool calls, say), a status to fail with, a whole response, or None to hang up.
    """

    root: ClassVar[str] = "/v1"
    path: ClassVar[str] = "/v1/chat/completions"

    def __init__(self, respond: Respond) -> None:
        self.requests: list[Request] = []
        self.headers: list[Mapping[str, str]] = []
        self._respond = respond
        self._ends = Event()
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}{self.root}"

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def wire(self, request: Request, message: Message) -> Wire:
        """An honest reply."""
        if request.get("stream"):
            return whole(stream(request, message), "text/event-stream")
        return whole(json.dumps(completion(request, message)))

    def failure(self, status: HTTPStatus) -> Wire:
        """An honest error."""
        return whole(json.dumps({"error": {"message": f"told to say {status}"}}), status=status)

    def answer(self, request: Request, headers: Mapping[str, str]) -> Wire | None:
        """What a request gets; None hangs up."""
        self.requests.append(request)
        self.headers.append(headers)
        match self._respond(request):
            case str() as said:
                return self.wire(request, {"content": said})
            case dict() as said:
                return self.wire(request, said)
            case HTTPStatus() as status:
                return self.failure(status)
            case other:
                return other

    def wait(self, seconds: float) -> bool:
        """Pause; whether the server ends meanwhile."""
        return self._ends.wait(seconds)


class _Handler(BaseHTTPRequestHandler):
    server_of: ClassVar[OpenAIServer]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server_of
        if self.path != server.path:
            self._send(server.failure(HTTPStatus.NOT_FOUND))
        elif wire := server.answer(json.loads(body), dict(self.headers)):
            with suppress(OSError):  # the client may have had enough
                self._send(wire)
        self.close_connection = True

    def _send(self, wire: Wire) -> None:
        if wire.headers is not None:
            self.send_response(wire.status)
            for name, value in wire.headers.items():
                self.send_header(name, value)
            self.end_headers()
        for part in wire.parts:
            if isinstance(part, bytes):
                self.wfile.write(part)
            elif self.server_of.wait(part) or self._gone():
                return

    def _gone(self) -> bool:
        """Whether the client has hung up."""
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        finally:
            self.connection.setblocking(True)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def whole(
    body: str | bytes, kind: str = "application/json", status: HTTPStatus = HTTPStatus.OK
) -> Wire:
    """A response in one piece."""
    data = body.encode() if isinstance(body, str) else body
    headers = {"Content-Type": kind, "Content-Length": str(len(data))}
    return Wire([data], headers, status)


def completion(request: Request, message: Message) -> dict[str, Any]:
    """A reply as OpenAI's API gives it."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**_head(request, "chat.completion"), "choices": [choice], "usage": usage}


def stream(request: Request, message: Message) -> str:
    """A reply as OpenAI's API streams it, in one piece."""
    return event(request, message) + "data: [DONE]\n\n"


def event(request: Request, message: Message) -> str:
    """A piece of a streamed reply."""
    choice = {"index": 0, "delta": {"role": "assistant", **message}, "finish_reason": "stop"}
    chunk = {**_head(request, "chat.completion.chunk"), "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n"


def tool_call(name: str, **arguments: Any) -> Message:
    """A message that calls a tool."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"index": 0, "id": "call-1", "type": "function", "function": function}
    return {"content": None, "tool_calls": [call]}


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": request["model"]}


def sentences_of(request: Request) -> dict[str, str]:
    """The sentences that a request gives to the model, by their ids."""
    content = request["messages"][1]["content"]
    data = content.removeprefix("Transcript passages:\n").partition("\n")[0]
    sentences = {k: v for part in json.loads(data) for k, v in part["sentences"].items()}
    return {k: v if isinstance(v, str) else v["text"] for k, v in sentences.items()}


def id_of(request: Request, words: str) -> str:
    """The id of the one sentence of a request that has these words."""
    (name,) = [name for name, text in sentences_of(request).items() if words in text]
    return name
