"""Learn when to refuse, say how good that is, and write the weights of the gate.

    python -m eval.refusal tutorialvqa [--write]

Learns from three libraries: the dataset's (its train split), the recordings and the demo talks in
eval/data; in each from its own questions, from those that it does not answer, and from the
questions about other subjects in `data/foreign_questions.txt`. Each kind in each library weighs
the same, but those that are near the subject less: the signals hardly tell them apart. It tells
what is refused of the test split, of other foreign questions (`data/foreign_questions_test.txt`),
and where the question's own video is taken out of the library.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.build import cache_folder, open_index
from eval.configs import DEFAULT
from eval.dataset import Dataset, Question, read_dataset
from eval.vectors import embed_questions
from retrieval.answer.reading import sufficiency
from retrieval.answer.reading.evidence import evidence_in
from retrieval.answer.reading.reader import MAX_HITS
from retrieval.answer.reading.sufficiency import SIGNALS, SUFFICIENT
from retrieval.embedding import Embedder, SentenceTransformerEmbedder
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.protocol import FloatArray, Store

DATA = Path(__file__).parent / "data"
FOREIGN = DATA / "foreign_questions.txt"
FOREIGN_TEST = DATA / "foreign_questions_test.txt"
WEIGHTS = Path(sufficiency.__file__).with_name("sufficiency.json")
NEAR = 0.3
"""What questions near the subject weigh, beside 1 for the others."""
_EVERY = 8  # Asking of the library without the question's own video takes every so many questions.

Kind = str
"""own, own test, unanswerable, foreign, foreign test, or without (its own video)."""
LEARNED: dict[Kind, tuple[float, float]] = {
    "own": (1.0, 1.0),
    "foreign": (0.0, 1.0),
    "unanswerable": (0.0, NEAR),
}
"""What is learned from: whether it is to be answered, and its weight."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The signals of the questions of each kind asked of one library, each of shape (n, 5)."""

    name: str
    signals: dict[Kind, FloatArray]


def asked_of(dataset: Dataset, embedder: Embedder, cache: Path) -> Asked:
    """Ask a library of a dataset's videos its own questions and foreign ones."""
    questions = [question for question in dataset.questions if question.text.strip()]
    foreign = {"foreign": _lines(FOREIGN), "foreign test": _lines(FOREIGN_TEST)}
    texts = [question.text for question in questions] + [
        t for many in foreign.values() for t in many
    ]
    known = embed_questions(texts, embedder, cache)
    found: defaultdict[Kind, list[list[float]]] = defaultdict(list)
    with open_index(dataset, DEFAULT, embedder, cache) as index:
        library = _Library(index.store, known)
        for question in questions:
            found[_kind(question)] += library.signals(question.text)
        for kind, many in foreign.items():
            for text in many:
                found[kind] += library.signals(text)
        for question, others in _without_own(dataset, questions):
            found["without"] += library.signals(question.text, others)
    return Asked(dataset.name, {kind: np.array(rows) for kind, rows in found.items()})


class _Library:
    """What is asked."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store, self._searcher = store, Searcher(store, embedder)

    def signals(self, question: str, video_ids: Sequence[str] = ()) -> list[list[float]]:
        """A question's signals as one row, or none where nothing is found at all."""
        vectors = self._searcher.vectors(question)
        found = self._searcher.look(vectors, MAX_HITS, video_ids=video_ids)
        passages = passages_of(found.hits, self._store)
        evidence = evidence_in(passages, vectors, self._store, found.scores)
        if not evidence:
            return []
        signals = sufficiency.signals(vectors, found.candidates, evidence)
        return [[signals[name] for name in SIGNALS]]


def _kind(question: Question) -> Kind:
    if not question.gold:
        return "unanswerable"
    return "own test" if question.split == "test" else "own"


def _without_own(
    dataset: Dataset, questions: Sequence[Question]
) -> Iterator[tuple[Question, list[str]]]:
    """Every eighth question, with the videos that it is not about."""
    for question in questions[::_EVERY]:
        others = [v.video.id for v in dataset.videos if v.video.id not in question.video_ids]
        if others:
            yield question, others


def learned(libraries: Iterable[Asked]) -> dict[str, float]:
    """The weights of a logistic regression, by signal, and its bias."""
    from sklearn.linear_model import LogisticRegression

    rows, answered, weights = [], [], []
    for library in libraries:
        for kind, (label, weight) in LEARNED.items():
            table = library.signals.get(kind)
            if table is not None:
                rows.append(table)
                answered += [label] * len(table)
                weights += [weight / len(table)] * len(table)
    share = np.array(weights) * len(weights) / sum(weights)
    table = np.concatenate(rows)
    scale = table.std(axis=0)
    fitted = LogisticRegression(C=1.0).fit(table / scale, answered, sample_weight=share)
    found = dict(zip(SIGNALS, fitted.coef_[0] / scale, strict=True))
    return {name: round(float(w), 4) for name, w in {**found, "bias": fitted.intercept_[0]}.items()}


def refused(library: Asked, weights: dict[str, float], least: float) -> dict[Kind, float]:
    """The share of each kind of question that is refused below a confidence."""
    vector = np.array([weights[name] for name in SIGNALS])
    return {
        kind: float((1 / (1 + np.exp(-(table @ vector + weights["bias"]))) < least).mean())
        for kind, table in library.signals.items()
    }


def main() -> None:
    """Learn, tell and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    arguments = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    folders = [arguments.dataset, DATA / "recordings", DATA / "demo"]
    libraries = [asked_of(read_dataset(folder), embedder, cache_folder()) for folder in folders]
    weights = learned(libraries)
    for n, library in enumerate(libraries):
        _print(library, weights, "all three libraries")
        _print(library, learned(libraries[:n] + libraries[n + 1 :]), "the other two")
    if arguments.write:
        WEIGHTS.write_text(json.dumps({"weights": weights}, indent=2) + "\n", "utf-8")


def _print(library: Asked, weights: dict[str, float], of: str) -> None:
    kinds = list(library.signals)
    print(f"\n{library.name}, learned from {of}: share refused below a confidence")
    print("confidence" + "".join(f"{kind:>15}" for kind in kinds))
    for least in (0.2, 0.3, SUFFICIENT, 0.5, 0.6, 0.7, 0.8):
        shares = refused(library, weights, least)
        mark = "  <- set" if least == SUFFICIENT else ""
        print(f"{least:10.2f}" + "".join(f"{shares[kind]:15.3f}" for kind in kinds) + mark)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
