"""The process that has the index lets the others use it.

Qdrant Edge lets one process open a shard. While that is one that runs for long (`playhead serve`),
it answers for the index: a thread listens, and each process that comes is served by a thread of its
own. Where to come to and the key to be let in stand on a card, a file beside the index that only
its owner may read. Messages are pickled, so whoever has the key may run code here: it is the same
user, who may do that anyway.

The card of a process that was killed stays behind. Nobody answers there, and the lock of the index
is free, which is what counts.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    Pipe,
    answer_challenge,
    deliver_challenge,
    wait,
)
from pathlib import Path
from typing import Any

from playhead.errors import StoreError, StoreLockedError
from retrieval.store.edge import EdgeStore

Request = tuple[Callable[..., Any], tuple[object, ...], Mapping[str, object]]
"""A method of `EdgeStore`, and what it is called with."""

_BACKLOG = 64
_KEY_BYTES = 32
_RETRY_SECONDS = 0.1
_PARTING_SECONDS = 2.0
"""For so long a process that takes no answer may hold up the end."""


class Owner:
    """Owns a store's index and answers for it, from `open` until `close`.

    `is_open` is whether it does now.

    Args:
        store: the store.
        card: the file that says where to ask.
    """

    def __init__(self, store: EdgeStore, card: Path) -> None:
        self.is_open = False
        self._store = store
        self._card = card
        self._undo = ExitStack()
        self._threads: list[threading.Thread] = []

    def open(self) -> bool:
        """Take the index and answer for it.

        Returns:
            Whether it was free.

        Raises:
            StoreError: no other process could come here.
            LibraryError: the index folder cannot be written.
        """
        try:
            self._store.keep()
        except StoreLockedError:
            return False
        with ExitStack() as undo:
            undo.callback(self._store.let_go)
            try:
                self._listen(undo)
            except OSError as error:
                raise StoreError(
                    f"the index cannot be shared with other processes: {error}",
                    "See that there is room, and that the library and the folder for temporary "
                    "files can be written",
                ) from error
            self._undo = undo.pop_all()
        self.is_open = True
        return True

    def close(self) -> None:
        """Answer no more, and let go of the index. What is being done is done first."""
        self.is_open = False
        self._undo.close()

    def _listen(self, undo: ExitStack) -> None:
        key = secrets.token_bytes(_KEY_BYTES)
        listener = undo.enter_context(_listener(self._card.with_suffix(".socket")))
        # Rung at the end, and never read, so that all who wait for it hear it.
        bell, rope = Pipe(duplex=False)
        undo.enter_context(bell)
        undo.enter_context(rope)
        door = threading.Thread(target=self._receive, args=(listener, key, bell), daemon=True)
        door.start()
        self._threads = [door]
        undo.callback(self._part, str(listener.address), rope)
        content = {
            "address": str(listener.address),
            "key": key.hex(),
            "embedding_model": self._store.embedding_model,
        }
        _write(self._card, json.dumps(content))
        undo.callback(self._card.unlink, missing_ok=True)

    def _receive(self, listener: Listener, key: bytes, bell: Connection) -> None:
        """Let everyone in; who has no key is shown out by the thread that serves him."""
        while True:
            try:
                guest = listener.accept()
            except OSError:
                # Too many open files, perhaps.
                if bell.poll(_RETRY_SECONDS):
                    return
                continue
            if bell.poll():
                guest.close()
                return
            serving = threading.Thread(target=self._serve, args=(guest, key, bell), daemon=True)
            serving.start()
            self._threads = [thread for thread in self._threads if thread.is_alive()] + [serving]

    def _serve(self, guest: Connection, key: bytes, bell: Connection) -> None:
        """Answer one process until it hangs up."""
        with guest, suppress(AuthenticationError, EOFError, OSError):
            deliver_challenge(guest, key)
            answer_challenge(guest, key)
            while bell not in wait([guest, bell]):
                guest.send(self._outcome(guest.recv()))

    def _outcome(self, request: Request) -> tuple[bool, Any]:
        """Whether it worked, and what came of it: a result, or the error to be raised there."""
        method, arguments, options = request
        try:
            return True, method(self._store, *arguments, **options)
        except Exception as error:  # whoever asked shall have it
            return False, error

    def _part(self, address: str, rope: Connection) -> None:
        rope.send(None)
        with suppress(OSError):
            # Wakes the thread that listens.
            Client(address).close()
        end = time.monotonic() + _PARTING_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))


def _listener(beside: Path) -> Listener:
    """A place to come to: a socket beside the card, where it does not outlast the library.

    Where its path is too long, or the system or the disk has no such thing, it is what the standard
    library chooses: a socket in a temporary folder of this user's own, or a named pipe.
    """
    beside.unlink(missing_ok=True)
    try:
        return Listener(str(beside), backlog=_BACKLOG)
    except (OSError, ValueError):
        return Listener(backlog=_BACKLOG)


def _write(card: Path, content: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    partial = card.with_name(f"{card.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_text(content, "utf-8")
    partial.replace(card)
