"""A reranker is measured like anything else: it is part of a configuration in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval.configs import (
    CONFIGS,
    DEFAULT,
    Config,
    check_rerankers,
    chosen_configs,
    index_key,
    read_config,
)
from eval.retrieval import Run, measure, prepare
from playhead.errors import RerankerError, SettingsError
from retrieval.reranker import CrossEncoderReranker
from tests.eval.small import SMALL, CountingEmbedder
from tests.reranker_model import make_reranker_model

DENSE = CONFIGS["dense"]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder."""
    return make_reranker_model(tmp_path_factory.mktemp("models") / "reranker")


@pytest.fixture
def measured(cache: Path) -> Callable[[Config], Run]:
    """Measures the small dataset."""
    embedder = CountingEmbedder()
    task = prepare(SMALL.questions, "library", embedder, cache)
    return lambda config: measure(SMALL, config, task, embedder, cache)


def test_a_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('legs = ["bm25"]\nfusion = "dbsf"\nreranker = "models/reranker"\n')
    config = read_config(path)
    assert config.reranker == "models/reranker"
    assert chosen_configs([str(path)])[1] == config
    # It searches what is there: no index of its own.
    assert index_key(config) == index_key(replace(config, reranker=None))


def test_none_of_those_with_a_name_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", "/nowhere")
    assert {config.reranker for config in CONFIGS.values()} == {None}
    check_rerankers(chosen_configs([], ablations=True))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('reranker = ""', "a reranker without a name cannot be"),
        ('reranker = " "', "a reranker without a name cannot be"),
        ("reranker = true", r"\(reranker\): Input should be a valid string"),
        ('reranker = ["a"]', r"\(reranker\): Input should be a valid string"),
    ],
)
def test_what_is_no_name(line: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(line)
    with pytest.raises(SettingsError, match=complaint):
        read_config(path)


def test_what_it_finds_is_what_is_measured(
    measured: Callable[[Config], Run], model_folder: Path
) -> None:
    plain = measured(DENSE)
    run = measured(replace(DENSE, name="mine", reranker=str(model_folder)))
    reranker = CrossEncoderReranker(str(model_folder))
    moved = 0
    for was, now in zip(plain.results, run.results, strict=True):
        hits = plain_hits(was.found)
        best = [hits[n] for n in order(reranker, was.question, hits)]
        assert [row["segment_id"] for row in now.found] == best
        moved += best != hits
        if best:
            assert now.measures["Success@10"] == was.measures["Success@10"]
    assert moved
    assert run.config.reranker == str(model_folder)


def plain_hits(found: tuple[object, ...]) -> list[str]:
    return [row["segment_id"] for row in found]  # type: ignore[index]


def order(reranker: CrossEncoderReranker, question: str, ids: list[str]) -> list[int]:
    """Numbers of segments, best first by the model's own scores."""
    texts = {
        f"{entry.video.id}:{n}": cue.text
        for entry in SMALL.videos
        for n, cue in enumerate(entry.cues)
    }
    scores = reranker.scores(question, [texts[segment_id] for segment_id in ids])
    return sorted(range(len(ids)), key=lambda n: -scores[n])


def test_one_that_cannot_be_used_is_told_of_before_anything_is_measured() -> None:
    broken = replace(DEFAULT, name="mine", reranker="/nowhere")
    with pytest.raises(RerankerError, match=r"'/nowhere' cannot be loaded: .*reranker"):
        check_rerankers([DEFAULT, broken])
