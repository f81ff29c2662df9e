"""`PLAYHEAD_RERANKER_MODEL` as its users meet it: search, answers, doctor, evaluation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from eval.dataset_files import question_row, video_row
from retrieval.embedding import bundled_folder
from tests.eval.small import SMALL, write_lines
from tests.reranker_model import make_reranker_model
from tests.ui.commandline import BREAD, Playhead, Run

SEARCH = ["search", "Why does bread rise?", "--json"]


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A cross-encoder's folder."""
    return make_reranker_model(tmp_path / "reranker")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The small dataset as a folder."""
    videos = [video_row(entry) for entry in SMALL.videos]
    questions = [question_row(question) for question in SMALL.questions]
    return write_lines(tmp_path / "small", videos, questions)


def finding(run: Run) -> dict[str, str]:
    """What doctor says of the reranker."""
    (told,) = [one for one in run.json["findings"] if one["name"] == "reranker model"]
    return told


@pytest.mark.parametrize("source", ["environment", ".env", "config.toml"])
def test_it_reorders_what_search_finds(
    source: str,
    playhead: Playhead,
    own_library: Path,
    model_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = playhead(*SEARCH).done().json["hits"]
    if source == "environment":
        monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", str(model_folder))
    elif source == ".env":
        Path(".env").write_text(f"PLAYHEAD_RERANKER_MODEL={model_folder}\n")
    else:
        (own_library / "config.toml").write_text(f'reranker_model = "{model_folder}"\n')
    hits = playhead(*SEARCH).done().json["hits"]
    assert {hit["segment_id"] for hit in hits} == {hit["segment_id"] for hit in plain}
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores != [hit["score"] for hit in plain]
    answer = playhead("ask", "Why does bread rise?", "--json").done().json
    assert answer["answer"].startswith(BREAD)
    assert answer["passages"][0]["score"] == pytest.approx(scores[0], rel=1e-4)


def test_one_that_cannot_be_used_is_told_in_one_line(
    playhead: Playhead, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", str(bundled_folder()))
    for command in (SEARCH, ["search", "bread", "--mode", "bm25"], ["ask", "Why?"]):
        line = playhead(*command).failure()
        assert "is no reranker" in line
        assert "PLAYHEAD_RERANKER_MODEL" in line
        assert "unset" in line
    # Without it, everything is as it was.
    monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", "")
    playhead(*SEARCH).done()


def test_doctor(
    playhead: Playhead, library: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = finding(playhead("doctor", "--json").done())
    assert unset["state"] == "missing"
    assert "PLAYHEAD_RERANKER_MODEL" in unset["remedy"]
    monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", str(model_folder))
    loaded = finding(playhead("doctor", "--json").done())
    assert (loaded["state"], loaded["detail"]) == ("ok", str(model_folder))
    monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", "/nowhere")
    run = playhead("doctor", "--json")
    assert run.status == 1
    assert finding(run)["state"] == "broken"
    assert "'/nowhere' cannot be loaded" in finding(run)["detail"]
    assert "unset it" in finding(run)["remedy"]


def test_it_is_measured_as_a_configuration(
    playhead: Playhead,
    dataset: Path,
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is measured under a name is the same on every machine, whatever is set there."""
    monkeypatch.setenv("PLAYHEAD_RERANKER_MODEL", "/nowhere")
    mine = tmp_path / "mine.toml"
    mine.write_text(f'reranker = "{model_folder}"\n')
    report = playhead("eval", "retrieval", dataset, "--config", mine, "--json").done().json
    plain, run = report["runs"]
    assert (plain["settings"]["reranker"], run["settings"]["reranker"]) == (None, str(model_folder))
    assert run["metrics"]["R@10"] == plain["metrics"]["R@10"]
    assert run["metrics"]["RR@10"] != plain["metrics"]["RR@10"]


def test_nothing_is_measured_where_it_cannot_be_used(
    playhead: Playhead, dataset: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('reranker = "/nowhere"\n')
    line = playhead("eval", "retrieval", dataset, "--config", mine).failure()
    assert "the reranker model '/nowhere' cannot be loaded" in line
    assert "reranker" in line.split("Set PLAYHEAD_RERANKER_MODEL")[1]
    # Nor is an index made first, which takes minutes.
    assert not (Path(os.environ["XDG_CACHE_HOME"]) / "playhead").exists()
