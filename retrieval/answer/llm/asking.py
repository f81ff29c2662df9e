"""Asking a model's server in the way it understands, and again where that may help."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

from llama_index.core.llms import ChatMessage
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from retrieval.answer.engine import Way
from retrieval.answer.llm.faults import ModelError, NotStreamedError
from retrieval.answer.llm.server import ModelServer, Schema
from retrieval.answer.llm.transport import Deadline, pieces

Item = TypeVar("Item")
Result = TypeVar("Result")
Sleep = Callable[[float], None]

MAX_TRIES = 3
MAX_WAIT_SECONDS = 8.0
_LADDER: tuple[Way, ...] = ("schema", "json", "text")
_backoff = wait_random_exponential(multiplier=1, max=MAX_WAIT_SECONDS)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model: messages, and the schema of the reply."""

    messages: Sequence[ChatMessage]
    schema: Schema


class Asker:
    """Asks one server; knows which way it understands once one has worked.

    Args:
        server: where the model is.
        way: the strictest way to try; the next is tried where the server rejects one.
        sleep: waits between two tries.
    """

    def __init__(
        self, server: ModelServer, way: Way = "schema", *, sleep: Sleep = time.sleep
    ) -> None:
        self.server = server
        self.way: Way = way
        self._streams = True
        self._sleep = sleep

    def ask(
        self,
        request: Callable[[Way], Request],
        read: Callable[[Iterator[str]], Generator[Item, None, Result]],
        deadline: Deadline,
    ) -> Generator[Item, None, Result]:
        """Whatever `read` makes of the pieces of a reply.

        Args:
            request: what to ask; it may say more where the model is held less.
            read: is begun anew for each try. Once it has yielded, there is no other.
            deadline: for all tries together.

        Raises:
            ModelError: no reply, or one that broke off.
        """
        for way in _LADDER[_LADDER.index(self.way) :]:
            asked = _Asked(request(way), way)
            try:
                result = yield from self._tries(asked, read, deadline)
            except ModelError as fault:
                if not fault.rejects_form or asked.shown or way == _LADDER[-1]:
                    raise
            else:
                self.way = way
                return result
        raise AssertionError  # the last way returns or raises

    def _tries(
        self,
        asked: _Asked,
        read: Callable[[Iterator[str]], Generator[Item, None, Result]],
        deadline: Deadline,
    ) -> Generator[Item, None, Result]:
        tries = Retrying(
            sleep=self._sleep,
            retry=retry_if_exception(
                lambda e: isinstance(e, ModelError) and e.transient and not asked.shown
            ),
            wait=_wait,
            stop=lambda state: (
                state.attempt_number == MAX_TRIES or state.upcoming_sleep >= deadline.left()
            ),
            reraise=True,
        )
        for attempt in tries:
            with attempt:
                return (yield from self._once(asked, read, deadline))
        raise AssertionError  # `tries` ends by raising

    def _once(
        self,
        asked: _Asked,
        read: Callable[[Iterator[str]], Generator[Item, None, Result]],
        deadline: Deadline,
    ) -> Generator[Item, None, Result]:
        if self._streams:
            try:
                return (yield from self._read(asked, read, deadline))
            except NotStreamedError:
                self._streams = False
        return (yield from self._read(asked, read, deadline))

    def _read(
        self,
        asked: _Asked,
        read: Callable[[Iterator[str]], Generator[Item, None, Result]],
        deadline: Deadline,
    ) -> Generator[Item, None, Result]:
        get = self._streamed if self._streams else self._whole
        with (
            closing(pieces(lambda: get(asked), deadline, streamed=self._streams)) as texts,
            closing(read(texts)) as items,
        ):
            while True:
                try:
                    item = next(items)
                except StopIteration as end:
                    result: Result = end.value
                    return result
                asked.shown = True
                yield item

    def _streamed(self, asked: _Asked) -> Generator[str, None, None]:
        form = self.server.form(asked.way, asked.request.schema)
        for reply in self.server.llm.stream_chat(asked.request.messages, **form):
            yield reply.delta or ""

    def _whole(self, asked: _Asked) -> Generator[str, None, None]:
        form = self.server.form(asked.way, asked.request.schema)
        yield self.server.llm.chat(asked.request.messages, **form).message.content or ""


@dataclass(slots=True)
class _Asked:
    request: Request
    way: Way
    shown: bool = False


def _wait(state: RetryCallState) -> float:
    """As long as the server asks, or longer each time, at random so that not all come at once."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ModelError) and error.retry_after is not None:
        return error.retry_after
    return _backoff(state)
