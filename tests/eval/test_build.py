"""Indexes of datasets: made as ingest makes them, once, whole or not at all, and not too many."""

from __future__ import annotations

import ast
import importlib
import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from eval import build
from eval.build import KEPT, MAKERS, Index, cache_folder, open_index, segments_of_dataset
from eval.configs import DEFAULT, Config
from eval.dataset import Dataset
from playhead.errors import EmbeddingError, LibraryError
from playhead.progress import ProgressEvent
from retrieval.plan import PLANS
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.eval.small import COOKING, SMALL, CountingEmbedder, entry

LONG = replace(DEFAULT, name="long", segment_seconds=60.0)


def entries(cache: Path) -> list[Path]:
    return sorted(cache.iterdir()) if cache.exists() else []


def opened(
    cache: Path, dataset: Dataset = SMALL, config: Config = DEFAULT
) -> tuple[Index, list[str]]:
    """An index, let go of again, and what had to be embedded for it."""
    embedder = CountingEmbedder()
    with open_index(dataset, config, embedder, cache) as index:
        assert index.store.count() == sum(map(len, index.segments.values()))
    return index, [text for text in embedder.asked if text]


def test_an_index_holds_the_segments_of_the_videos(cache: Path) -> None:
    with open_index(SMALL, DEFAULT, CountingEmbedder(), cache) as index:
        assert index.store.video_counts() == {"cooking": 3, "sailing": 2}
        assert [segment.text for segment in index.segments["cooking"]] == list(COOKING)
        hits = Searcher(index.store, CountingEmbedder()).search("melt", plan=PLANS["bm25"])
        assert [hit.segment.id for hit in hits] == ["cooking:1"]
        assert hits[0].video == SMALL.videos[0].video
    assert index.build_seconds > 0
    assert 0 < index.index_bytes < 50_000_000


def test_segments_are_as_long_as_the_configuration_says(cache: Path) -> None:
    index, _ = opened(cache, config=LONG)
    assert [len(found) for found in index.segments.values()] == [1, 1]
    assert segments_of_dataset(SMALL, 60.0) == index.segments


def test_the_second_time_nothing_is_embedded(cache: Path) -> None:
    first, embedded = opened(cache)
    assert set(COOKING) <= set(embedded)
    again, embedded = opened(cache)
    assert embedded == []
    assert (again.build_seconds, again.index_bytes) == (first.build_seconds, first.index_bytes)
    assert again.segments == first.segments
    _, embedded = opened(cache, config=replace(DEFAULT, name="other", fusion="rrf"))
    assert embedded == []
    assert len(entries(cache)) == 1


def test_whatever_changes_what_is_indexed_makes_another(cache: Path) -> None:
    opened(cache)
    other_words = replace(SMALL, videos=(entry("cooking", ["Else."]), SMALL.videos[1]))
    titled = replace(SMALL.videos[0], video=replace(SMALL.videos[0].video, title="Else"))
    for dataset, config in (
        (other_words, DEFAULT),
        (replace(SMALL, videos=(titled, SMALL.videos[1])), DEFAULT),
        (SMALL, LONG),
    ):
        before = len(entries(cache))
        _, embedded = opened(cache, dataset, config)
        assert embedded
        assert len(entries(cache)) == before + 1
    # Questions and the dataset's name are no part of an index.
    assert opened(cache, replace(SMALL, name="x", questions=()))[1] == []


def test_another_model_makes_another(cache: Path) -> None:
    opened(cache)
    other = CountingEmbedder()
    other.name = "other"
    with open_index(SMALL, DEFAULT, other, cache) as index:
        assert index.store.count() == 5
    assert len(entries(cache)) == 2


def test_a_model_in_a_folder_is_known_by_its_files(tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "1_Pooling").mkdir(parents=True)
    (model / "1_Pooling" / "config.json").write_text("{}")
    before = build.model_key(str(model))
    assert build.model_key(str(model)) == before
    (model / "1_Pooling" / "config.json").write_text("{ }")
    assert build.model_key(str(model)) != before
    assert build.model_key("all-MiniLM-L6-v2") == ["all-MiniLM-L6-v2", []]


def test_progress_counts_segments_of_all_videos(cache: Path) -> None:
    events: list[ProgressEvent] = []
    with open_index(SMALL, DEFAULT, CountingEmbedder(), cache, events.append):
        pass
    assert events == [ProgressEvent("index", 3, 5), ProgressEvent("index", 5, 5)]
    with open_index(SMALL, DEFAULT, CountingEmbedder(), cache, events.append):
        assert len(events) == 2


class Failing(CountingEmbedder):
    """Embeds the first video, and then no more."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def encode(self, texts: Sequence[str]) -> Any:
        if any("sail" in text for text in texts):
            raise self._error
        return super().encode(texts)


@pytest.mark.parametrize("error", [EmbeddingError("no memory"), KeyboardInterrupt()])
def test_what_fails_or_is_interrupted_leaves_nothing(cache: Path, error: BaseException) -> None:
    with (
        pytest.raises(type(error)),
        open_index(SMALL, DEFAULT, Failing(error), cache),
    ):
        pytest.fail("there is no index")
    assert entries(cache) == []
    assert opened(cache)[1]


def damage_meta(found: Path) -> None:
    (found / "build.json").write_text("{}")


def damage_index(found: Path) -> None:
    rmtree(found / "index" / "shard")


def damage_points(found: Path) -> None:
    with closing(EdgeStore(found / "index", "hash")) as store:
        store.delete("cooking")


@pytest.mark.parametrize("damage", [damage_meta, damage_index, damage_points])
def test_a_damaged_entry_is_made_again(cache: Path, damage: Any) -> None:
    opened(cache)
    (found,) = entries(cache)
    damage(found)
    assert opened(cache)[1]
    assert opened(cache)[1] == []


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(LibraryError, match=r"cache folder .* cannot be written.*--no-cache"),
        open_index(SMALL, DEFAULT, CountingEmbedder(), tmp_path / "file" / "cache"),
    ):
        pytest.fail("there is no index")


def test_only_the_entries_used_last_are_kept(cache: Path) -> None:
    opened(cache)
    (oldest,) = entries(cache)
    made = [cache / f"{n:032x}" for n in range(KEPT + 2)]
    for n, path in enumerate(made):
        path.mkdir()
        (path / "build.json").write_text("{}")
        os.utime(path, (1000 + n, 1000 + n))
    (cache / ".killed.1").mkdir()
    os.utime(cache / ".killed.1", (1000, 1000))
    (cache / ".running.2").mkdir()
    opened(cache)  # Used, so it is not the oldest any more.
    opened(cache, config=LONG)
    left = entries(cache)
    assert oldest in left
    assert not any(path in left for path in made[:4])
    assert all(path in left for path in made[4:])
    assert cache / ".killed.1" not in left
    assert cache / ".running.2" in left


def test_an_entry_in_use_is_not_deleted(cache: Path) -> None:
    with open_index(SMALL, DEFAULT, CountingEmbedder(), cache) as index:
        (used,) = entries(cache)
        for n in range(KEPT):
            path = cache / f"{n:032x}"
            path.mkdir()
            (path / "build.json").write_text("{}")
        os.utime(used, (1000, 1000))
        opened(cache, config=LONG)
        assert used in entries(cache)
        assert index.store.count() == 5


class Racing(CountingEmbedder):
    """While it embeds, another process makes the same index."""

    def __init__(self, cache: Path) -> None:
        super().__init__()
        self._cache = cache

    def encode(self, texts: Sequence[str]) -> Any:
        if any("sail" in text for text in texts):
            (fresh,) = self._cache.glob(".*")
            held = fresh.rename(fresh.with_name("aside"))
            opened(self._cache)
            held.rename(fresh)
        return super().encode(texts)


def test_two_that_make_the_same_at_the_same_time(cache: Path) -> None:
    embedder = Racing(cache)
    with open_index(SMALL, DEFAULT, embedder, cache) as index:
        assert index.store.count() == 5
    assert len(entries(cache)) == 1


def test_a_dataset_of_silence_has_an_empty_index(cache: Path) -> None:
    silent = replace(SMALL, videos=(entry("cooking", []), entry("sailing", [""])))
    for _ in range(2):
        with open_index(silent, DEFAULT, CountingEmbedder(), cache) as index:
            assert index.store.count() == 0
            assert dict(index.segments) == {"cooking": (), "sailing": ()}


def test_a_source_that_is_no_text_can_be_indexed(cache: Path) -> None:
    odd = replace(SMALL.videos[0], video=replace(SMALL.videos[0].video, source="/a\udcff.mp4"))
    index, _ = opened(cache, replace(SMALL, videos=(odd, SMALL.videos[1])))
    assert len(index.segments["cooking"]) == 3


def test_the_cache_is_not_in_the_library(home: Path, tmp_path: Path) -> None:
    assert cache_folder() == tmp_path / "cache" / "playhead" / "eval"
    assert home not in cache_folder().parents


def test_every_module_that_makes_an_index_is_part_of_its_digest() -> None:
    """What `retrieval.index` and the store import of ours, and what those import in turn."""
    pending, seen = {"retrieval.index", "retrieval.store.edge"}, set()
    while pending:
        name = pending.pop()
        seen.add(name)
        source = Path(str(importlib.import_module(name).__file__)).read_text("utf-8")
        found = {
            node.module
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ImportFrom) and node.module
        }
        pending |= {module for module in found if module.startswith("retrieval.")} - seen
    # These say how to search, hold values, or check what was made.
    assert seen - set(MAKERS) == {
        "retrieval.plan",
        "retrieval.store.meta",
        "retrieval.store.protocol",
    }
