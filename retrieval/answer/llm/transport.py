"""One request to a model's server, its reply piece by piece, within a deadline and a size.

The clients' own timeouts hold between two bytes, so that a server which sends one byte a second is
waited for without end. So the reply is read in a thread of its own, and at the deadline its socket
is shut down, which wakes the thread wherever it waits.
"""

from __future__ import annotations

import queue
import socket
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from threading import Lock, Thread
from typing import Any

import httpx

from retrieval.answer.llm.faults import ModelError, NotStreamedError, chain_of, fault_of

Clock = Callable[[], float]
Read = Callable[[], Generator[str, None, None]]

MAX_TEXT = 64 * 1024
"""So many bytes of a reply's text are read."""
MAX_LINE = 512 * 1024
"""So many bytes may come without a line's end: the text, escaped, with what is around it."""
MAX_BYTES = 16 * 1024 * 1024
"""So many bytes may come in all: streamed, each word has some 250 bytes around it."""
MAX_CONNECT_SECONDS = 10.0
JOIN_SECONDS = 0.5

TOO_SLOW = "it took too long"
TOO_LONG = "its reply is too long"


class Deadline:
    """A time by which all must be done.

    Args:
        seconds: from now.
        clock: seconds that go only forward.
    """

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds until then, never less than none."""
        return max(0.0, self._end - self._clock())


def pieces(read: Read, deadline: Deadline, *, streamed: bool) -> Generator[str, None, None]:
    """The pieces of text that `read` gives, as they come.

    Args:
        read: asks a client that has the `HOOKS`; it is called in a thread of its own.
        deadline: holds for the next piece, wherever the server may be. What has come already can
            still be taken after it.
        streamed: whether the server is asked to stream.

    Raises:
        ModelError: the server failed, or was too slow.
        NotStreamedError: the reply was to be streamed, and comes as one document.
    """
    call = _Call(deadline, streamed=streamed)
    thread = Thread(target=call.run, args=(read,), daemon=True, name="playhead-llm")
    thread.start()
    try:
        while (piece := call.next()) is not None:
            yield piece
    finally:
        call.stop()
        thread.join(JOIN_SECONDS)


class _Call:
    """What one request shares between its thread, its client and whoever waits for it."""

    def __init__(self, deadline: Deadline, *, streamed: bool) -> None:
        self._deadline = deadline
        self._streamed = streamed
        self._items: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        self._lock = Lock()
        self._stopped = False
        self._socket: socket.socket | None = None
        self._response: httpx.Response | None = None
        self._bytes = 0
        self._line = 0

    def next(self) -> str | None:
        """The next piece; None at the end."""
        try:
            item = self._items.get(timeout=self._deadline.left())
        except queue.Empty:
            raise ModelError(TOO_SLOW) from None
        if isinstance(item, NotStreamedError):
            raise item
        if isinstance(item, BaseException):
            raise fault_of(item, self._status(), self._retry_after()) from item
        return item

    def run(self, read: Read) -> None:
        """Read all there is, in the thread."""
        _CALL.set(self)
        try:
            self._read(read)
        except BaseException as error:  # whatever it is, whoever waits must hear of it
            told = (e for e in chain_of(error) if isinstance(e, NotStreamedError))
            self._items.put(next(told, error))
        else:
            self._items.put(None)
        finally:
            if self._response is not None:
                self._response.close()

    def _read(self, read: Read) -> None:
        size = 0
        with closing(read()) as texts:
            for text in texts:
                size += len(text.encode(errors="replace"))
                if size > MAX_TEXT:
                    raise ModelError(TOO_LONG)
                if text:
                    self._items.put(text)

    def stop(self) -> None:
        """Let the thread end, wherever it is."""
        with self._lock:
            self._stopped = True
            connected = self._socket
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def prepare(self, request: httpx.Request) -> None:
        """Set a request's limits."""
        left = self._deadline.left()
        limits = dict.fromkeys(("read", "write", "pool"), left)
        limits["connect"] = min(left, MAX_CONNECT_SECONDS)
        request.extensions = {**request.extensions, "timeout": limits, "trace": self._trace}
        # A small reply must not unfold into a large one.
        request.headers["Accept-Encoding"] = "identity"

    def receive(self, response: httpx.Response) -> None:
        """Watch over a response."""
        self._response = response
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ModelError("its reply is packed, which was not asked for")
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise ModelError("its reply could not be read")
        response.stream = _Watched(response.stream, self)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self._streamed and response.is_success and kind == "application/json":
            raise NotStreamedError

    def count(self, chunk: bytes) -> None:
        """Judge what came in."""
        if self._stopped:
            raise ModelError(TOO_SLOW)
        self._bytes += len(chunk)
        end = chunk.rfind(b"\n")
        self._line = len(chunk) - end - 1 if end >= 0 else self._line + len(chunk)
        if self._line > MAX_LINE or self._bytes > MAX_BYTES:
            raise ModelError(TOO_LONG)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn of the socket: https://www.encode.io/httpcore/extensions/#trace."""
        if not event.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        with self._lock:
            self._socket = info["return_value"].get_extra_info("socket")
            stopped = self._stopped
        if stopped:
            raise ModelError(TOO_SLOW)

    def _status(self) -> int | None:
        return self._response.status_code if self._response is not None else None

    def _retry_after(self) -> float | None:
        """Seconds to wait, which a server gives as such or as a date (RFC 9110, 10.2.3)."""
        value = self._response.headers.get("retry-after") if self._response is not None else None
        if value is None:
            return None
        with suppress(ValueError):
            return max(0.0, float(value))
        with suppress(ValueError, TypeError, OverflowError):
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        return None


class _Watched(httpx.SyncByteStream):
    """A response's bytes, as they come, under the limits of a call."""

    def __init__(self, stream: httpx.SyncByteStream, call: _Call) -> None:
        self._stream = stream
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            self._call.count(chunk)
            yield chunk

    def close(self) -> None:
        self._stream.close()


_CALL: ContextVar[_Call | None] = ContextVar("call", default=None)


def _on_request(request: httpx.Request) -> None:
    if (call := _CALL.get()) is not None:
        call.prepare(request)


def _on_response(response: httpx.Response) -> None:
    if (call := _CALL.get()) is not None:
        call.receive(response)


HOOKS: dict[str, list[Callable[..., Any]]] = {"request": [_on_request], "response": [_on_response]}
"""The event hooks of an `httpx.Client` whose requests `pieces` can hold to its limits."""
