"""Thumbs that readers give to answers, kept for the evaluation (`eval/thumbs.py` reads them).

They are appended to `feedback.jsonl` in the library's folder, one line for each, in the format that
`eval.thumbs` describes. It holds questions and answers: only the library's owner can read it.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

from fastapi import APIRouter, HTTPException
from filelock import FileLock
from pydantic import BaseModel, Field

from playhead.text import printable
from playhead.types import Answer
from ui.forms import answer_json

MAX_WORD_CHARACTERS = 500
MAX_ANSWERS = 1_000
"""So many answers are remembered; of older ones nobody is likely to see the thumbs any more."""

_LOCK_SECONDS = 5.0

Mark = Literal["up", "down"]


class Opinion(BaseModel):
    """What a reader thinks of an answer that the page showed."""

    answer: str = Field(max_length=100, description="The id under which the page knows the answer.")
    thumb: Mark
    word: str | None = Field(None, max_length=MAX_WORD_CHARACTERS, description="Why, if told.")


class Feedback:
    """Knows which answers were shown, and keeps what readers thought of them.

    Args:
        home: the library's folder; made when the first thumb is given.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "feedback.jsonl"
        self._shown: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def remember(self, answer: Answer) -> str:
        """An id for an answer that is shown: nobody can guess it."""
        answer_id = secrets.token_urlsafe(16)
        with self._lock:
            self._shown[answer_id] = answer
            if len(self._shown) > MAX_ANSWERS:
                self._shown.popitem(last=False)
        return answer_id

    def keep(self, answer_id: str, thumb: Mark, word: str | None = None) -> None:
        """Append a thumb for an answer.

        Raises:
            KeyError: no such answer was shown, or it was forgotten.
            OSError: it cannot be written; then nothing is.
        """
        with self._lock:
            answer = self._shown[answer_id]
        row = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "thumb": thumb,
            "word": printable(" ".join(word.split())) or None if word else None,
            "question": answer.question,
            "answer": answer_json(answer),
        }
        with self._lock:
            _append(self._path, f"{json.dumps(row)}\n".encode())

    def routes(self) -> APIRouter:
        """`POST /api/feedback`."""
        router = APIRouter()

        @router.post("/api/feedback", status_code=204)
        def feedback(opinion: Opinion) -> None:
            """Keep a thumb, and an optional word about it, for the evaluation of answers."""
            try:
                self.keep(opinion.answer, opinion.thumb, opinion.word)
            except KeyError as error:
                raise HTTPException(
                    404, "that answer is not known any more: ask again, then judge"
                ) from error
            except OSError as error:
                why = error.strerror or "another program writes it"
                raise HTTPException(507, f"the thumb cannot be kept: {why}") from error

        return router


def _append(path: Path, line: bytes) -> None:
    """Add a line, whole or not at all; several servers may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    lock = FileLock(path.with_suffix(".lock"), timeout=_LOCK_SECONDS)
    with lock, path.open("ab+", buffering=0) as file:
        if before := file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            # A line that a power failure cut short shall not spoil the next.
            line = line if file.read(1) == b"\n" else b"\n" + line
        if file.write(line) < len(line):
            file.truncate(before)
            raise OSError(errno.ENOSPC, "no room is left on the disk")
        os.fsync(file.fileno())
