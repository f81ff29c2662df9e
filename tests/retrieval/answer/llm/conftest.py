"""What the tests of the language model share: servers that end, and something to ask about."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from retrieval.answer.checks.claims import Checker
from retrieval.answer.engine import Drafted, Engine, ProvenClaim, Task
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llm.engine import LlmEngine
from retrieval.answer.llm.server import openai_compatible
from retrieval.answer.reading.evidence import evidence_in
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.hostile_server import QUESTION
from tests.openai_server import OpenAIServer, Respond

Serve = Callable[[Respond], OpenAIServer]
Draft = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What a draft yielded, and what it returned."""

    shown: tuple[ProvenClaim, ...]
    drafted: Drafted


class Refusing:
    """An engine that finds nothing."""

    def draft(self, task: Task) -> Generator[ProvenClaim, None, Drafted]:
        yield from ()
        return Drafted((), "extractive", "no_evidence")


def outcome_of(draft: Generator[ProvenClaim, None, Drafted]) -> Outcome:
    """A draft from its beginning to its end."""
    shown = []
    while True:
        try:
            shown.append(next(draft))
        except StopIteration as end:
            return Outcome(tuple(shown), end.value)


@pytest.fixture(scope="session", autouse=True)
def warm() -> None:
    """The clients load half of themselves with the first request, which takes its time."""
    with OpenAIServer(lambda _request: "Hello.") as server:
        for _ in openai_compatible(server.url, "tiny", None).llm.stream_complete("Hello"):
            pass


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that responds as told, and stops it after the test."""
    with ExitStack() as stack:
        yield lambda respond: stack.enter_context(OpenAIServer(respond))


@pytest.fixture(scope="session")
def task(library: EdgeStore, searcher: Searcher) -> Task:
    """The question about the loaf, and what the library says on it."""
    vectors = searcher.vectors(QUESTION)
    passages = passages_of(searcher.find(vectors, 5), library)
    return Task(QUESTION, tuple(evidence_in(passages, vectors, library)))


@pytest.fixture(scope="session")
def checker(embedder: SentenceTransformerEmbedder) -> Checker:
    """The real one."""
    return Checker()


@pytest.fixture(scope="session")
def draft(task: Task, checker: Checker) -> Draft:
    """Drafts an answer with the model of a server."""

    def drafts(server: OpenAIServer, fallback: Engine | None = None, **limits: Any) -> Outcome:
        limits = {"seconds": 10.0, "sleep": lambda _seconds: None, **limits}
        model = openai_compatible(server.url, "tiny", None)
        engine = LlmEngine(model, "llm:tiny", checker, fallback or ExtractiveEngine(), **limits)
        return outcome_of(engine.draft(task))

    return drafts
