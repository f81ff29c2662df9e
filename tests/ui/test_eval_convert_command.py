"""`playhead eval convert`: from files that people have to a dataset that can be measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.dataset import read_dataset
from tests.ui.commandline import KEEPER, LENS, Playhead, files_of, write_captions

TABLE = "question,video,start,end\nWho lights the lamp?,light,1,5\nWhere was it ground?,light,5,9\n"


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    write_captions(tmp_path / "captions" / "light.vtt", KEEPER, LENS)
    return tmp_path / "captions"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    path.write_text(TABLE)
    return path


def test_what_is_converted_can_be_measured(
    playhead: Playhead, captions: Path, table: Path, tmp_path: Path
) -> None:
    run = playhead("eval", "convert", captions, table, tmp_path / "set").done()
    assert run.out == f"{tmp_path / 'set'}: 1 videos, 2 questions\n"
    assert len(read_dataset(tmp_path / "set").questions) == 2
    report = playhead("eval", "retrieval", tmp_path / "set", "--json").json
    assert report["runs"][0]["metrics"]["Success@1"] == 1.0


def test_as_json(playhead: Playhead, captions: Path, table: Path, tmp_path: Path) -> None:
    run = playhead("eval", "convert", captions, table, tmp_path / "set", "--json").done()
    assert run.json == {
        "dataset": str(tmp_path / "set"),
        "videos": 1,
        "questions": 2,
        "left_out": [],
    }


def test_a_row_that_cannot_be_used(
    playhead: Playhead, captions: Path, table: Path, tmp_path: Path
) -> None:
    with table.open("a") as file:
        file.write("Why?,dark,1,2\n")
    run = playhead("eval", "convert", captions, table, tmp_path / "set")
    assert run.status == 1
    assert run.complaint() == f"playhead: {table}, line 4: there are no captions of 'dark'."
    assert len(read_dataset(tmp_path / "set").questions) == 2
    again = playhead("eval", "convert", captions, table, tmp_path / "set", "--force", "--json")
    assert (again.status, again.json["left_out"][0]["where"]) == (1, f"{table}, line 4")


def test_nothing_is_overwritten_without_force(
    playhead: Playhead, captions: Path, table: Path, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "thesis.txt").write_text("mine")
    before = files_of(tmp_path)
    line = playhead("eval", "convert", captions, table, tmp_path / "set").failure()
    assert "is there already" in line
    assert "--force" in line
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("missing", ["captions", "table"])
def test_nothing_stays_of_a_failure(
    playhead: Playhead, captions: Path, table: Path, tmp_path: Path, missing: str
) -> None:
    paths = {"captions": captions, "table": table} | {missing: tmp_path / "nowhere"}
    playhead("eval", "convert", paths["captions"], paths["table"], tmp_path / "set").failure()
    assert not (tmp_path / "set").exists()
