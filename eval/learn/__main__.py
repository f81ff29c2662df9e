"""Learn the weights of the ranking, say how good they are, and write them.

    python -m eval.learn tutorialvqa [--recordings FOLDER] [--write]

Learns from the dataset's train split and from the recordings in eval/data, which are of other
kinds: meetings, town halls, a lecture, a workshop. It tells how the weights do on the dev split,
and on videos that were left out of learning, five folds in turn. The test split is not read.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.build import cache_folder, open_index
from eval.configs import DEFAULT
from eval.dataset import read_dataset
from eval.learn.examples import ALL, Example, examples_of, quoting
from eval.learn.fit import fitted, quality
from eval.vectors import embed_questions
from playhead.settings import DEFAULT_EMBEDDING_MODEL
from retrieval import ranking
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.plan import SearchPlan
from retrieval.ranking import feature_names, variant
from retrieval.search import Searcher

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
WEIGHTS = Path(ranking.__file__).with_name("ranking.json")
SEED = 0
FOLDS = 5
_QUOTED_WORDS = 2
_RECORDINGS_WEIGHT = 2.0  # There are 270 questions on them, and nine times as many on tutorials.

PLANS = (
    ALL,
    SearchPlan(("dense", "sentences", "bm25"), "learned"),
    SearchPlan(("dense", "words", "bm25"), "learned"),
    SearchPlan(ALL.legs, "learned", context=False),
)


@dataclass(frozen=True, slots=True)
class _Material:
    """Examples of one kind."""

    name: str
    examples: list[Example]

    def split(self, name: str) -> list[Example]:
        return [example for example in self.examples if example.question.split in (name, None)]


def main(words: Sequence[str] | None = None) -> None:
    """Learn, tell, and write; `words` are the command line's, if not those of the process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--recordings", type=Path, default=RECORDINGS, help="another such folder")
    parser.add_argument("--write", action="store_true", help=f"to {WEIGHTS.name}")
    arguments = parser.parse_args(words)
    materials = [
        *_materials(arguments.dataset, 1.0, quoted=False),
        *_materials(arguments.recordings, _RECORDINGS_WEIGHT, quoted=True),
    ]
    weights = {}
    for plan in PLANS:
        learned = fitted([e for material in materials for e in material.split("train")], plan)
        weights[variant(plan)] = dict(
            zip(feature_names(plan), (round(float(w), 3) for w in learned), strict=True)
        )
        print(f"\n{variant(plan)}\n  {weights[variant(plan)]}")  # noqa: T201
        _tell("dev split", quality(materials[0].split("dev"), plan, learned))
        for material, folds in zip(materials, _left_out(materials, plan), strict=True):
            _tell(f"{material.name}, videos left out", folds)
    if arguments.write:
        _write(weights, [f"{materials[0].name}, split train", materials[1].name])


def _materials(folder: Path, weight: float, *, quoted: bool) -> list[_Material]:
    """A dataset's examples: its questions, and perhaps the same with words of their answers."""
    dataset = read_dataset(folder)
    embedder = SentenceTransformerEmbedder()
    questions = [q for q in dataset.questions if q.gold and q.split != "test"]
    with open_index(dataset, DEFAULT, embedder, cache_folder()) as index:
        kinds = {dataset.name: questions}
        if quoted:
            again = quoting(questions, index.segments, _QUOTED_WORDS, SEED)
            kinds[f"{dataset.name}, quoted"] = again
        texts = [" ".join(q.text.split()) for asked in kinds.values() for q in asked]
        known = embed_questions([text for text in texts if text], embedder, cache_folder())
        searcher = Searcher(index.store, known)
        return [
            _Material(name, examples_of(asked, index, searcher, weight))
            for name, asked in kinds.items()
        ]


def _left_out(materials: Sequence[_Material], plan: SearchPlan) -> list[dict[str, float]]:
    """How each material does when its videos have no part in learning, over all folds."""
    videos = sorted({c.video_id for m in materials for e in m.examples for c in e.candidates})
    random.Random(SEED).shuffle(videos)  # noqa: S311  # no secrets here
    measured: list[list[tuple[int, dict[str, float]]]] = [[] for _ in materials]
    for fold in range(FOLDS):
        out = set(videos[fold::FOLDS])
        rest = [
            example.among(lambda video, out=out: video not in out)  # type: ignore[misc]
            for material in materials
            for example in material.examples
            if not out.intersection(example.question.video_ids)
        ]
        weights = fitted(rest, plan)
        for material, found in zip(materials, measured, strict=True):
            asked = [e for e in material.examples if out.intersection(e.question.video_ids)]
            if asked:
                found.append((len(asked), quality(asked, plan, weights)))
    return [_mean(found) for found in measured]


def _mean(found: Sequence[tuple[int, dict[str, float]]]) -> dict[str, float]:
    counts = [count for count, _ in found]
    names = found[0][1]
    return {
        name: float(np.average([measures[name] for _, measures in found], weights=counts))
        for name in names
    }


def _tell(name: str, measures: dict[str, float]) -> None:
    cells = "  ".join(f"{measure} {value:.3f}" for measure, value in measures.items())
    print(f"  {name:32} {cells}")  # noqa: T201


def _write(weights: dict[str, dict[str, float]], learned_from: list[str]) -> None:
    content = {
        "embedding_model": DEFAULT_EMBEDDING_MODEL,
        "learned_from": learned_from,
        "weights": weights,
    }
    WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
