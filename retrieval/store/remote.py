"""How a process reaches the one that has the index (see `retrieval.store.owner`)."""

from __future__ import annotations

import json
from contextlib import ExitStack, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from playhead.errors import StoreMismatchError
from retrieval.store.owner import Request

_GREETING_SECONDS = 5.0


class NobodyAnswersError(Exception):
    """No process answers for the index, or it ended before it had answered."""


class Visitor:
    """Asks the process whose card lies beside the index.

    Any thread may ask at any time; it has a connection to itself while it does.

    Args:
        card: the file that says where to ask.
        embedding_model: the model whose vectors are sent.
    """

    def __init__(self, card: Path, embedding_model: str) -> None:
        self._card = card
        self._model = embedding_model
        self._idle: list[Connection] = []

    def ask(self, request: Request) -> Any:  # noqa: ANN401 - what the method returns
        """What a store's method returns there; what it raises is raised here.

        Raises:
            NobodyAnswersError: it may or may not have been done: every method can be done twice.
            StoreMismatchError: the index is in use with another embedding model.
        """
        # One that was idle may lead to a process that has ended since.
        with suppress(IndexError):
            while True:
                with suppress(NobodyAnswersError):
                    return self._asked(self._idle.pop(), request)
        return self._asked(self._connected(), request)

    def close(self) -> None:
        """Hang up."""
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _asked(self, connection: Connection, request: Request) -> Any:  # noqa: ANN401
        try:
            connection.send(request)
            done, outcome = connection.recv()
        except (EOFError, OSError) as error:
            connection.close()
            raise NobodyAnswersError from error
        self._idle.append(connection)
        if not done:
            raise outcome
        return outcome

    def _connected(self) -> Connection:
        try:
            card = json.loads(self._card.read_text("utf-8"))
            connection = _greeted(card["address"], bytes.fromhex(card["key"]))
            owners = card["embedding_model"]
        except (OSError, EOFError, ValueError, KeyError, TypeError, AuthenticationError) as error:
            raise NobodyAnswersError from error
        if owners != self._model:
            connection.close()
            raise StoreMismatchError(
                f"the index is in use with the embedding model {owners!r}, "
                f"the settings say {self._model!r}",
                f"Set PLAYHEAD_EMBEDDING_MODEL={owners}, or end what uses it (`playhead serve`) "
                "and run `playhead library reindex`",
            )
        return connection


def _greeted(address: str, key: bytes) -> Connection:
    """A connection over which both have shown that they have the key."""
    connection = Client(address)
    with ExitStack() as undo:
        undo.callback(connection.close)
        # A process that was stopped (^Z) takes the call and says nothing.
        if not connection.poll(_GREETING_SECONDS):
            raise TimeoutError
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
        undo.pop_all()
    return connection
