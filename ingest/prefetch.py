"""Work ahead: the next item is made while the one before it is used."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")

_END = object()


def prefetched(items: Iterable[T]) -> Generator[T, None, None]:
    """The same items, of which a thread makes one more than was asked for.

    What is raised in making an item is raised here when its turn comes. Close the generator where
    it is not used up: the thread then ends with the item that it is at.
    """
    ready: Queue[object] = Queue(maxsize=1)
    unwanted = Event()

    def make() -> None:
        try:
            for item in items:
                ready.put(item)
                if unwanted.is_set():
                    return
            ready.put(_END)
        except BaseException as error:
            ready.put(error)

    thread = Thread(target=make, name="prefetch", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            yield item  # type: ignore[misc]  # only items are neither
    finally:
        unwanted.set()
        with suppress(Empty):
            ready.get_nowait()
        thread.join()
