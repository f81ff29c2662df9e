"""The servers of language models, through LlamaIndex, each with its way to hold a model to a form.

vLLM, llama.cpp's server, LM Studio and the large services share OpenAI's `response_format`. Ollama
is asked by its own protocol: its OpenAI endpoint takes no context length and cuts what is longer
than its default, without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from llama_index.core.llms import LLM

from playhead.errors import AnswerError
from retrieval.answer.engine import Way
from retrieval.answer.llm.faults import ModelError
from retrieval.answer.llm.transport import HOOKS

Schema = dict[str, Any]
Form = Callable[[Way, Schema], dict[str, Any]]

MAX_SAID = 120
"""So many characters of a server's own words are shown."""
SECONDS = 60.0
"""How long a request may take that is made without a deadline of its own."""


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A chat model on a server.

    `llm` asks it: one request, never a second. `form` gives the keyword arguments for `llm.chat`
    and `llm.stream_chat` that hold the model to a JSON schema, to JSON, or to nothing. `url` is
    fit to be shown: without credentials.
    """

    llm: LLM = field(repr=False)
    model: str
    url: str
    form: Form
    key: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """What a reader may know of it."""
        return f"{self.model} at {self.url}"

    def trouble(self, error: ModelError) -> str:
        """What happened to it, fit to be shown."""
        if error.said is None:
            return f"{self}: {error.problem}"
        said = error.said.replace(self.key, "***") if self.key else error.said
        return f'{self}: {error.problem}: "{said[:MAX_SAID]}"'


def openai_compatible(base_url: str, model: str, api_key: str | None) -> ModelServer:
    """A model behind any server that speaks OpenAI's protocol.

    Raises:
        AnswerError: the URL is none, or the model is known to be no chat model.
    """
    from llama_index.llms.openai_like import OpenAILike

    _check_url(base_url)
    try:
        llm: LLM = OpenAILike(
            model=model,
            api_base=base_url,
            api_key=api_key or "none",
            is_chat_model=True,
            temperature=0.0,
            timeout=SECONDS,
            # Both LlamaIndex and its client retry, and know nothing of our deadline.
            max_retries=0,
            http_client=_http_client(),
        )
    except ValueError as error:
        raise AnswerError(
            f"the model {model!r} cannot be asked: {error}",
            "Set PLAYHEAD_LLM_MODEL to a chat model",
        ) from error
    return ModelServer(llm, model, shown_url(base_url), _response_format, api_key)


def ollama(base_url: str, model: str, context: int, api_key: str | None = None) -> ModelServer:
    """A model behind Ollama, by its own protocol.

    Args:
        base_url: of the server; that of its OpenAI endpoint will do.
        model: its name there.
        context: so many tokens are reserved for request and reply together.
        api_key: for a server behind a proxy that asks for one.

    Raises:
        AnswerError: the URL is none.
    """
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    _check_url(base_url)
    host = base_url.rstrip("/").removesuffix("/v1")
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    client = Client(host, timeout=SECONDS, headers=headers, event_hooks=HOOKS, limits=_LIMITS)
    llm: LLM = Ollama(
        model=model, base_url=host, temperature=0.0, context_window=context, client=client
    )
    return ModelServer(llm, model, shown_url(host), _format, api_key)


# A connection of its own for each request: it can be cut at any time, and none is left open.
_LIMITS = httpx.Limits(max_keepalive_connections=0)


def _http_client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, follow_redirects=True, event_hooks=HOOKS, limits=_LIMITS)


def _response_format(way: Way, schema: Schema) -> dict[str, Any]:
    """OpenAI's: https://platform.openai.com/docs/guides/structured-outputs."""
    if way == "text":
        return {}
    if way == "json":
        return {"response_format": {"type": "json_object"}}
    held = {"name": "reply", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": held}}


def _format(way: Way, schema: Schema) -> dict[str, Any]:
    """Ollama's: https://github.com/ollama/ollama/blob/main/docs/api.md."""
    if way == "text":
        return {}
    return {"format": "json" if way == "json" else schema}


def _check_url(url: str) -> None:
    """What is no URL would look like a server that is down."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise AnswerError(
            "the URL of the language model's server is none",
            "Set PLAYHEAD_LLM_BASE_URL to one that begins with http:// or https://",
        )


def shown_url(url: str) -> str:
    """A URL without user, password, query and fragment, any of which may be a secret."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
