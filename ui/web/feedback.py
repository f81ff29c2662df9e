"""Thumbs that readers give to answers, kept for the evaluation (`eval/thumbs.py` reads them)."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from playhead.types import Answer


class Feedback:
    """Knows which answers were shown, and keeps what readers thought of them."""

    def __init__(self, home: Path) -> None:
        self._path = home / "feedback.jsonl"

    def remember(self, answer: Answer) -> str:
        """An id for an answer that is shown: nobody can guess it."""
        return ""

    def routes(self) -> APIRouter:
        """`POST /api/feedback`."""
        return APIRouter()
