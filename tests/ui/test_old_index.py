"""An index that an earlier Playhead made: every command says so, and one makes it anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.store.schema import SCHEMA_VERSION
from tests.ui.commandline import BREAD, BREAD_START, Playhead, files_of, indexed, write_captions

WAY_OUT = "Run `playhead library reindex`."


@pytest.fixture
def old_library(own_library: Path) -> Path:
    """A library whose index has the schema of before."""
    meta = own_library / "index" / "meta.json"
    stored = json.loads(meta.read_text("utf-8"))
    assert stored["schema"] == SCHEMA_VERSION
    meta.write_text(json.dumps({**stored, "schema": SCHEMA_VERSION - 1}), "utf-8")
    return own_library


@pytest.mark.parametrize(
    "command",
    [
        ("search", "Why does bread rise?"),
        ("search", "bread", "--mode", "bm25", "--json"),
        ("ask", "Why does bread rise?"),
    ],
)
def test_what_needs_the_index_names_the_way_out(
    playhead: Playhead, old_library: Path, command: tuple[str, ...]
) -> None:
    line = playhead(*command).failure()
    assert f"the index has schema {SCHEMA_VERSION - 1}" in line
    assert line.endswith(WAY_OUT)


def test_nothing_is_taken_in_or_taken_out_before(
    playhead: Playhead, old_library: Path, tmp_path: Path
) -> None:
    before = files_of(old_library / "videos")
    captions = write_captions(tmp_path / "more.vtt", "Snow closed the pass.")
    video_id = playhead("library", "list", "--json").done().json["videos"][0]["id"]
    for command in (
        ("ingest", captions, "--media-url", "https://videos.example/more.mp4"),
        ("library", "remove", video_id),
    ):
        assert playhead(*command).failure().endswith(WAY_OUT)
    assert files_of(old_library / "videos") == before


def test_the_files_are_still_to_be_read(playhead: Playhead, old_library: Path) -> None:
    videos = playhead("library", "list", "--json").done().json["videos"]
    assert len(videos) == 3
    playhead("library", "show", videos[0]["id"]).done()


def findings(playhead: Playhead) -> dict[str, dict[str, str]]:
    return {found["name"]: found for found in playhead("doctor", "--json").json["findings"]}


def test_doctor_names_it(playhead: Playhead, old_library: Path) -> None:
    checks = findings(playhead)
    assert checks["index"]["state"] == "broken"
    assert f"schema {SCHEMA_VERSION - 1}" in checks["index"]["detail"]
    assert "playhead library reindex" in checks["index"]["remedy"]
    assert checks["library"]["state"] == "ok"


def test_reindex_makes_it_anew(playhead: Playhead, old_library: Path) -> None:
    playhead("library", "reindex").done()
    assert sorted(indexed(old_library).values()) == [1, 1, 1]
    (hit, *_) = playhead("search", "Why does bread rise?", "--json").done().json["hits"]
    assert BREAD in json.dumps(hit)
    answer = playhead("ask", "Why does bread rise?", "--json").done().json
    assert answer["citations"][0]["start"] == BREAD_START
    assert findings(playhead)["index"]["state"] == "ok"
