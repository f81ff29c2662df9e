"""Questions for an empty page, out of the library itself."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from threading import Lock

from fastapi import APIRouter
from pydantic import BaseModel

from eval.sentence_questions import question_from
from playhead.errors import PlayheadError
from retrieval.answer.suggesting import suggested_questions
from ui.web.catalog import Catalog
from ui.wiring import Playhead

_PATIENCE_SECONDS = 15.0


class Suggestions(BaseModel):
    """Questions that the library answers; none where it is empty or does not answer in time."""

    questions: list[str]


class Suggester:
    """Makes suggestions in the background, once for each state of the library."""

    def __init__(self, app: Playhead, catalog: Catalog) -> None:
        self._app = app
        self._catalog = catalog
        self._worker = ThreadPoolExecutor(1, "suggestions")
        self._lock = Lock()
        self._made: tuple[str, Future[list[str]]] | None = None

    def questions(self) -> list[str]:
        """Those for the library as it is now; waits for them, though not for long."""
        try:
            return self._making().result(_PATIENCE_SECONDS)
        except NotYetError:
            return []
        except PlayheadError:
            # The index does not answer; the next reader may have more luck.
            with self._lock:
                self._made = None
            return []

    def _making(self) -> Future[list[str]]:
        # A new video is in the files a little before it is in the index.
        version = f"{self._catalog.version} {self._app.store.count()}"
        with self._lock:
            if self._made is None or self._made[0] != version:
                self._made = (version, self._worker.submit(self._make))
            return self._made[1]

    def _make(self) -> list[str]:
        return suggested_questions(self._app.store, self._app.searcher, question_from)


def suggestion_routes(app: Playhead, catalog: Catalog) -> APIRouter:
    """`GET /api/suggestions`."""
    router = APIRouter()
    suggester = Suggester(app, catalog)

    @router.get("/api/suggestions")
    def suggestions() -> Suggestions:
        """Questions to begin with: the library answers each of them."""
        return Suggestions(questions=suggester.questions())

    return router
