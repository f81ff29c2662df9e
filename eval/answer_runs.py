"""Asks a dataset's questions as `playhead ask` would, of a library of its videos.

Besides the questions as they are, two kinds that ought to be refused: those asked of a library
without the videos that answer them (the hard kind: what is left is of the same sort), and those
about something else altogether (`data/foreign_questions.txt`, with which the gate is learned, and
`data/foreign_questions_test.txt`, with which it is not).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.answers import Judged, judge_answers
from eval.build import open_index
from eval.configs import DEFAULT
from eval.dataset import Dataset, Question
from eval.retrieval import SAMPLE, askable
from eval.runs import QuestionResult
from eval.sample import sample_of
from eval.vectors import embed_questions, embedding_seconds
from playhead.errors import DatasetError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.types import Answer
from retrieval.answer.answerer import Answerer
from retrieval.answer.engine import Engine
from retrieval.embedding import Embedder
from retrieval.search import Searcher

_DATA = Path(__file__).parent / "data"
FOREIGN = {
    "foreign": _DATA / "foreign_questions_test.txt",
    "foreign_learned": _DATA / "foreign_questions.txt",
}
"""Questions about something else, by the name of their set: one a line."""

_TELL_EVERY = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked: at most `limit` of the dataset's questions, and which others besides."""

    limit: int | None = None
    without_own_video: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRun:
    """How one engine did: on the dataset's own questions, and on those it ought to refuse.

    `without_own_video` and `foreign` are empty where they were not asked; a question that every
    video answers is not asked without them. `embedding_ms` is how
    long it takes to embed a question, for some of them, by qid.
    """

    engine: str
    judged: tuple[Judged, ...]
    without_own_video: tuple[Judged, ...]
    foreign: Mapping[str, tuple[Judged, ...]]
    embedding_ms: Mapping[str, float]

    @property
    def results(self) -> tuple[QuestionResult, ...]:
        """The measures of the dataset's own questions."""
        return tuple(one.result for one in self.judged)


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked, by kind."""

    own: tuple[Question, ...]
    removed: tuple[Question, ...]
    foreign: Mapping[str, tuple[Question, ...]]

    @property
    def all(self) -> tuple[Question, ...]:
        """All of them, each as often as it is asked."""
        return (*self.own, *self.removed, *(q for asked in self.foreign.values() for q in asked))


def evaluate_answers(
    dataset: Dataset,
    embedder: Embedder,
    engines: Mapping[str, Engine],
    cache: Path,
    wanted: Wanted = Wanted(),
    *,
    on_progress: OnProgress = ignore_progress,
) -> tuple[AnswerRun, ...]:
    """Ask the questions of a dataset, one engine after the other.

    Args:
        dataset: whose videos and questions.
        embedder: the model.
        engines: what makes the answers, by name.
        cache: where indexes and embeddings are kept (`eval.build`).
        wanted: which questions.
        on_progress: told of questions embedded, segments indexed, questions asked.

    Raises:
        DatasetError: `without_own_video`, and no question has any other video.
        PlayheadError: the cache cannot be written, or the index or the engine failed.
    """
    questions = _chosen(dataset, wanted)
    texts = {question.qid: text for question in questions.all if (text := askable(question))}
    known = embed_questions(list(texts.values()), embedder, cache, on_progress)
    embedding_ms = _embedding_ms(questions.own, texts, embedder)
    with open_index(dataset, DEFAULT, embedder, cache, on_progress) as index:
        runs = []
        for name, engine in engines.items():
            answerer = Answerer(index.store, Searcher(index.store, known), engine)
            asking = _Asking(answerer, dataset, len(questions.all), on_progress)
            runs.append(asking.run(name, questions, embedding_ms))
    return tuple(runs)


class _Asking:
    """Asks an answerer and tells how far it has come."""

    def __init__(
        self, answerer: Answerer, dataset: Dataset, total: int, on_progress: OnProgress
    ) -> None:
        self._answerer = answerer
        self._videos = {entry.video.id for entry in dataset.videos}
        self._total = total
        self._done = 0
        self._on_progress = on_progress

    def run(self, name: str, questions: _Questions, embedding_ms: Mapping[str, float]) -> AnswerRun:
        """Ask all of them."""
        return AnswerRun(
            name,
            tuple(judge_answers(questions.own, self._ask)),
            tuple(judge_answers(questions.removed, self._ask_elsewhere)),
            {
                kind: tuple(judge_answers(asked, self._ask))
                for kind, asked in questions.foreign.items()
            },
            embedding_ms,
        )

    def _ask(self, question: Question) -> Answer:
        self._tell()
        return self._answerer.ask(question.text)

    def _ask_elsewhere(self, question: Question) -> Answer:
        self._tell()
        return self._answerer.ask(question.text, sorted(self._videos - {*question.video_ids}))

    def _tell(self) -> None:
        self._done += 1
        if self._done % _TELL_EVERY == 0 or self._done == self._total:
            self._on_progress(ProgressEvent("search", self._done, self._total))


def _chosen(dataset: Dataset, wanted: Wanted) -> _Questions:
    own = sample_of(dataset.questions, wanted.limit)
    removed: tuple[Question, ...] = ()
    if wanted.without_own_video:
        count = len(dataset.videos)
        removed = tuple(q for q in own if q.gold and len(q.video_ids) < count)
        if not removed:
            raise DatasetError(
                "without the videos that answer a question none is left to ask",
                "Leave --without-own-video out, or measure on more videos",
            )
    foreign = {name: tuple(_foreign(name)) for name in FOREIGN} if wanted.foreign else {}
    return _Questions(own, removed, foreign)


def _foreign(name: str) -> Iterator[Question]:
    lines = FOREIGN[name].read_text("utf-8").splitlines()
    for number, text in enumerate(lines, start=1):
        yield Question(f"{name}-{number}", None, text, ())


def _embedding_ms(
    questions: Sequence[Question], texts: Mapping[str, str], embedder: Embedder
) -> dict[str, float]:
    """Of some questions, evenly spread: how long embedding each takes, alone, by qid."""
    asked = [question.qid for question in questions if question.qid in texts]
    sample = asked[:: -(-len(asked) // SAMPLE) or 1]
    seconds = embedding_seconds([texts[qid] for qid in sample], embedder)
    return {qid: 1000 * seconds[texts[qid]] for qid in sample}
