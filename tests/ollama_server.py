"""A chat server on this machine that speaks Ollama's own protocol and says what a test tells it to.

https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, ClassVar

from tests.openai_server import Message, OpenAIServer, Request, Wire, whole


class OllamaServer(OpenAIServer):
    """Answers POST /api/chat while its `with` block lasts, and keeps the requests."""

    root: ClassVar[str] = ""
    path: ClassVar[str] = "/api/chat"

    def wire(self, request: Request, message: Message) -> Wire:
        pieces = [message["content"]]
        if request["stream"]:
            pieces = [*message["content"]]
        lines = [line(request, piece) for piece in pieces]
        lines.append(line(request, "", done=True))
        kind = "application/x-ndjson" if request["stream"] else "application/json"
        return whole("".join(lines if request["stream"] else lines[:1]), kind)

    def failure(self, status: HTTPStatus) -> Wire:
        return whole(json.dumps({"error": f"told to say {status}"}), status=status)


def line(request: Request, text: str, **more: Any) -> str:
    """A line of a streamed reply."""
    message = {"role": "assistant", "content": text}
    head = {"model": request["model"], "created_at": "2025-01-01T00:00:00Z", "done": False}
    return json.dumps({**head, "message": message, **more}) + "\n"
