"""Asks a dataset's questions of the simulated model, through the engine, until enough was claimed.

The engine, its checks and its server are the real ones; only what the model says is made up. What
is asked first opens the same passages as `playhead ask` would; where the questions run out, they
are asked again and the model claims something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.build import open_index
from eval.configs import DEFAULT
from eval.dataset import Dataset
from eval.honesty.judgement import Judgement
from eval.honesty.model import KINDS
from eval.honesty.scene import MadeClaim
from eval.honesty.server import HonestyServer
from eval.retrieval import askable
from eval.sample import lot
from eval.vectors import embed_questions
from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.types import Answer
from retrieval.answer.answerer import Answerer
from retrieval.answer.engine import Engine
from retrieval.embedding import Embedder
from retrieval.search import Searcher

RECORDINGS = Path(__file__).parent.parent / "data" / "recordings"
"""The dataset that is asked where none is named."""

LIES = 0.5
"""The share of claims that the model makes false."""


def judge_model(
    dataset: Dataset,
    embedder: Embedder,
    engine: Engine,
    server: HonestyServer,
    cache: Path,
    *,
    wanted: int,
    on_progress: OnProgress = ignore_progress,
) -> tuple[Judgement, ...]:
    """The first `wanted` false and the first `wanted` true claims by kind, and what became of them.

    Fewer, where the questions have been asked over and nothing new was claimed.

    Args:
        dataset: whose questions are asked of its videos.
        embedder: the model that embeds.
        engine: the engine under test; it must ask `server`.
        server: the simulated model.
        cache: where indexes and embeddings are kept (`eval.build`).
        wanted: how many claims of either kind.
        on_progress: told of claims judged.

    Raises:
        PlayheadError: the cache cannot be written, or the index failed.
    """
    questions = sorted(dataset.questions, key=lot)  # Those of one video stand together.
    texts = list(dict.fromkeys(text for q in questions if (text := askable(q))))
    known = embed_questions(texts, embedder, cache, on_progress)
    left = {False: wanted, True: wanted}
    judged: list[Judgement] = []
    with open_index(dataset, DEFAULT, embedder, cache, on_progress) as index:
        answerer = Answerer(index.store, Searcher(index.store, known), engine)
        for one in _judgements(texts, answerer, server):
            if left[one.true]:
                left[one.true] -= 1
                judged.append(one)
                on_progress(ProgressEvent("search", len(judged), 2 * wanted))
            if not any(left.values()):
                break
    return tuple(sorted(judged, key=lambda one: KINDS.index(one.kind)))


def _judgements(texts: list[str], answerer: Answerer, server: HonestyServer) -> Iterator[Judgement]:
    """Round after round of the questions, until a whole round brings no claim."""
    while True:
        claimed = False
        for text in texts:
            answer = answerer.ask(text)
            for claim in server.take():
                claimed = True
                if (judgement := _judged(claim, answer)) is not None:
                    yield judgement
        if not claimed:
            return


def _judged(claim: MadeClaim, answer: Answer) -> Judgement | None:
    """What became of a claim; None where the answer says nothing of it."""
    text = " ".join(claim.text.split())
    reasons = {" ".join(one.text.split()): one.reason for one in answer.dropped}
    shown = answer.engine.startswith("llm:") and text in {one.text for one in answer.claims}
    if text not in reasons and not shown:
        return None
    reason = None if shown else reasons[text]
    return Judgement(claim.kind, claim.true, text, claim.based_on, reason)
