"""Where to refuse: the curve that `retrieval.answer.evidence.THRESHOLD` is read from.

    python -m eval.refusal DATASET

Asks a dataset's own questions, which its videos answer, and questions about other subjects
(`data/foreign_questions.txt`), which they do not, and prints for each threshold what share of
either is refused; and how often the first citation lies in the span that people marked.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.answers import in_gold
from eval.build import cache_folder, open_index
from eval.configs import DEFAULT
from eval.dataset import Dataset, read_dataset
from eval.vectors import embed_questions
from retrieval.answer.answerer import MAX_HITS
from retrieval.answer.evidence import THRESHOLD, Evidence, evidence_in
from retrieval.embedding import Embedder, SentenceTransformerEmbedder
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.protocol import Store

FOREIGN = Path(__file__).parent / "data" / "foreign_questions.txt"


@dataclass(frozen=True, slots=True)
class Curve:
    """The best evidence score of each question, and the share of first citations in gold."""

    own: list[float]
    foreign: list[float]
    first_citation_right: float

    def refused(self, threshold: float) -> tuple[float, float]:
        """Shares of own and of foreign questions refused at a threshold."""
        own, foreign = np.array(self.own), np.array(self.foreign)
        return float((own < threshold).mean()), float((foreign < threshold).mean())


def refusal_curve(dataset: Dataset, embedder: Embedder, cache: Path) -> Curve:
    """Ask all questions of a dataset, and the foreign ones, of the dataset's videos."""
    own = [question for question in dataset.questions if question.gold and question.text.strip()]
    foreign = FOREIGN.read_text("utf-8").splitlines()
    known = embed_questions([*(question.text for question in own), *foreign], embedder, cache)
    with open_index(dataset, DEFAULT, embedder, cache) as index:
        best_own = _best(index.store, known, [question.text for question in own])
        best_foreign = _best(index.store, known, foreign)
    right = [
        in_gold(unit.video.id, unit.start, unit.end, question)
        for unit, question in zip(best_own, own, strict=True)
    ]
    return Curve(
        [unit.score for unit in best_own],
        [unit.score for unit in best_foreign],
        float(np.mean(right)),
    )


def main() -> None:
    """Print the curve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    dataset = read_dataset(parser.parse_args().dataset)
    curve = refusal_curve(dataset, SentenceTransformerEmbedder(), cache_folder())
    print(f"{len(curve.own)} own and {len(curve.foreign)} foreign questions; first citation in")
    print(f"a marked span: {curve.first_citation_right:.3f}")
    print("threshold  own refused  foreign refused")
    for threshold in np.arange(0.40, 0.71, 0.01).round(2):
        own, foreign = curve.refused(float(threshold))
        mark = "  <- set" if threshold == THRESHOLD else ""
        print(f"{threshold:9.2f}  {own:11.3f}  {foreign:15.3f}{mark}")


def _best(store: Store, embedder: Embedder, questions: Sequence[str]) -> list[Evidence]:
    """The best evidence for each question."""
    searcher, best = Searcher(store, embedder), []
    for text in questions:
        vectors = searcher.vectors(text)
        passages = passages_of(searcher.find(vectors, MAX_HITS), store)
        best.append(max(evidence_in(passages, vectors, store), key=lambda unit: unit.score))
    return best


if __name__ == "__main__":
    main()
