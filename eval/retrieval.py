"""Measures search on a dataset, as a user's search is done: every question, every configuration."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ir_measures
import numpy as np
from ir_measures.util import Qrel, ScoredDoc

from eval.build import Index, Segments, open_index
from eval.configs import Config, Search, searcher_for
from eval.dataset import Dataset, Question, is_relevant
from eval.measures import (
    DEPTH,
    IOU,
    RANKED,
    SEEK,
    iou_at_1,
    landing,
    metrics_of,
    qrels_of,
    rounded,
    scored_docs,
    seek_error,
)
from eval.runs import QuestionResult
from eval.vectors import KnownEmbedder, embed_questions, embedding_seconds
from playhead.errors import DatasetError, QuestionError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.types import Hit
from retrieval.embedding import Embedder
from retrieval.question import clean_question
from retrieval.search import Searcher

Scope = Literal["library", "video"]
"""Whether a question searches all videos, or only those that answer it."""

SAMPLE = 200
"""So many questions are embedded one by one, to see how long that takes."""

_TELL_EVERY = 50


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: questions (each answered by some video), where, and their embeddings.

    `embedding_seconds` is how long embedding some of the questions took, by qid.
    """

    questions: tuple[Question, ...]
    scope: Scope
    embedder: KnownEmbedder
    embedding_seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """How one configuration did.

    `metrics` are means over all questions (see `eval.measures`). Latencies are of a whole search
    in milliseconds ("p50", "p95", "p99"); `latency_ms` leaves out embedding the question.
    `noise` is the word error rate at which the transcripts were corrupted, 0 to 1.
    """

    config: Config
    noise: float
    results: tuple[QuestionResult, ...]
    metrics: Mapping[str, float | None]
    latency_ms: Mapping[str, float]
    latency_with_embedding_ms: Mapping[str, float]
    index_bytes: int
    build_seconds: float
    segments: Segments
    qrels: tuple[Qrel, ...]
    scored: tuple[ScoredDoc, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, what it found, and how long that took; not at all where it cannot be asked."""

    question: Question
    hits: list[Hit]
    seconds: float | None


def questions_of(dataset: Dataset, split: str | None = None) -> tuple[Question, ...]:
    """The questions of a split, or all.

    Raises:
        DatasetError: there is no such split.
    """
    if split is None:
        return dataset.questions
    chosen = tuple(question for question in dataset.questions if question.split == split)
    if not chosen:
        splits = sorted({question.split for question in dataset.questions if question.split})
        raise DatasetError(
            f"{dataset.name} has no split {split!r}",
            f"There are {', '.join(splits)}" if splits else "Its questions have no 'split' at all",
        )
    return chosen


def prepare(
    questions: Sequence[Question],
    scope: Scope,
    embedder: Embedder,
    cache: Path,
    on_progress: OnProgress = ignore_progress,
) -> Task:
    """Embed the questions that have an answer, and see how long that takes one by one.

    Args:
        questions: unanswerable ones are left out.
        scope: where to search.
        embedder: the model.
        cache: keeps the embeddings (see `eval.build.cache_folder`).
        on_progress: told of questions embedded.

    Raises:
        DatasetError: no question has an answer.
    """
    answerable = tuple(question for question in questions if question.gold)
    texts = {question.qid: text for question in answerable if (text := askable(question))}
    if not texts:
        raise DatasetError(
            "none of the questions has an answer, so there is nothing to find",
            "Give some a span in 'gold'",
        )
    known = embed_questions(list(texts.values()), embedder, cache, on_progress)
    step = -(-len(texts) // SAMPLE)
    sample = dict(list(texts.items())[::step])
    seconds = embedding_seconds(list(sample.values()), embedder)
    return Task(answerable, scope, known, {qid: seconds[text] for qid, text in sample.items()})


def measure(
    dataset: Dataset,
    config: Config,
    task: Task,
    embedder: Embedder,
    cache: Path,
    *,
    noise: float = 0.0,
    on_progress: OnProgress = ignore_progress,
) -> Run:
    """Ask every question under one configuration.

    Args:
        dataset: whose videos are searched; corrupted already, where `noise` is not 0.
        config: how to index and search.
        task: the questions.
        embedder: the model; embeds segments, if the index is not in the cache.
        cache: a folder.
        noise: is noted in the run.
        on_progress: told of segments indexed, then of questions asked.
    """
    with open_index(dataset, config, embedder, cache, on_progress) as index:
        search = searcher_for(config, index.store, task.embedder)
        _ask(task.questions[0], search, task.scope)  # Opens and loads what is opened once.
        asked = []
        for number, question in enumerate(task.questions, start=1):
            asked.append(_ask(question, search, task.scope))
            if number % _TELL_EVERY == 0 or number == len(task.questions):
                on_progress(ProgressEvent("search", number, len(task.questions)))
        return _run(config, noise, task, index, asked)


def _run(config: Config, noise: float, task: Task, index: Index, asked: Sequence[_Asked]) -> Run:
    qrels = tuple(qrels_of(task.questions, index.segments))
    scored = tuple(doc for one in asked for doc in scored_docs(one.question.qid, one.hits))
    ranked: dict[str, dict[str, float]] = {question.qid: {} for question in task.questions}
    for metric in ir_measures.iter_calc(RANKED, qrels, scored):
        ranked[metric.query_id][str(metric.measure)] = metric.value
    searcher = Searcher(index.store, task.embedder)
    results = tuple(_result(one, ranked[one.question.qid], index, searcher) for one in asked)
    timed = [(one.question.qid, one.seconds) for one in asked if one.seconds is not None]
    extra = task.embedding_seconds
    plus = [seconds + extra[qid] * config.plan.embeds for qid, seconds in timed if qid in extra]
    return Run(
        config=config,
        noise=noise,
        results=results,
        metrics=metrics_of(results),
        latency_ms=_percentiles([seconds for _, seconds in timed]),
        latency_with_embedding_ms=_percentiles(plus),
        index_bytes=index.index_bytes,
        build_seconds=index.build_seconds,
        segments=index.segments,
        qrels=qrels,
        scored=scored,
    )


def _ask(question: Question, search: Search, scope: Scope) -> _Asked:
    """Search; what cannot be asked (an empty question) finds nothing."""
    video_ids = question.video_ids if scope == "video" else ()
    started = time.perf_counter()
    try:
        hits = search(question.text, DEPTH, video_ids)
    except QuestionError:
        return _Asked(question, [], None)
    return _Asked(question, hits, time.perf_counter() - started)


def askable(question: Question) -> str:
    """The question as it is searched for; empty where it cannot be."""
    try:
        return clean_question(question.text)
    except QuestionError:
        return ""


def _result(
    asked: _Asked, ranked: Mapping[str, float], index: Index, searcher: Searcher
) -> QuestionResult:
    question, hits = asked.question, asked.hits
    measures = {str(name): ranked[str(name)] for name in RANKED}
    measures[IOU] = iou_at_1(hits, question)
    if hits and question.gold_in(hits[0].segment.video_id):
        land = landing(hits[0], searcher.vectors(question.text), index.store)
        error = seek_error(hits, land, question)
        if error is not None:
            measures[SEEK] = error
    found = tuple(
        {
            "segment_id": hit.segment.id,
            "start": hit.segment.start,
            "end": hit.segment.end,
            "score": round(hit.score, 6),
            "relevant": is_relevant(hit.segment, question),
        }
        for hit in hits
    )
    text = question.text
    return QuestionResult(question.qid, question.video_id, text, rounded(measures), found)


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Latencies as milliseconds."""
    cuts = np.percentile(seconds, [50, 95, 99]) * 1000
    return {
        name: round(float(cut), 3) for name, cut in zip(("p50", "p95", "p99"), cuts, strict=True)
    }
