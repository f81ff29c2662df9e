"""A chat server on this machine that speaks OpenAI's protocol and says what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

Request = dict[str, Any]
Message = dict[str, Any]
Respond = Callable[[Request], "str | Message | HTTPStatus | None"]


class OpenAIServer:
    """Answers POST /v1/chat/completions while its `with` block lasts, and keeps the requests.

    Args:
        respond: gets a request's body; gives what to reply with, as text or as a whole message
            (with tool calls, say), a status to fail with, or None to hang up.
    """

    def __init__(self, respond: Respond) -> None:
        self.requests: list[Request] = []
        self._respond = respond
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> OpenAIServer:
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

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/v1/chat/completions":
                    self._send(HTTPStatus.NOT_FOUND, {})
                    return
                request = json.loads(body)
                server.requests.append(request)
                match server._respond(request):
                    case str() | dict() as said:
                        self._reply(request, said)
                    case HTTPStatus() as status:
                        self._send(status, {"error": {"message": f"told to say {status}"}})
                    case _:
                        self.close_connection = True

            def _reply(self, request: Request, said: str | Message) -> None:
                message = said if isinstance(said, dict) else {"content": said}
                if request.get("stream"):
                    self._send(HTTPStatus.OK, stream(request, message), "text/event-stream")
                else:
                    self._send(HTTPStatus.OK, completion(request, message))

            def _send(
                self,
                status: HTTPStatus,
                body: dict[str, Any] | str,
                kind: str = "application/json",
            ) -> None:
                data = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


def completion(request: Request, message: Message) -> dict[str, Any]:
    """A reply as OpenAI's API gives it."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**_head(request, "chat.completion"), "choices": [choice], "usage": usage}


def stream(request: Request, message: Message) -> str:
    """A reply as OpenAI's API streams it, in one piece."""
    choice = {"index": 0, "delta": {"role": "assistant", **message}, "finish_reason": "stop"}
    chunk = {**_head(request, "chat.completion.chunk"), "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"


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
