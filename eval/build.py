"""A dataset becomes an index, through Playhead's own ingest and index; kept by content.

    <cache>/<digest>/index/       the index
                     build.json   how long it took and how large it is

The digest is of everything that the index is made of and by, so that an entry never has to be
judged: another transcript, model, configuration or version is another entry. An entry appears by
one rename. Only the entries used last are kept.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from platformdirs import user_cache_path

from eval.configs import Config, index_key
from eval.dataset import Dataset, DatasetVideo
from ingest.captions.transcript import transcript_of_cues
from ingest.segments import segments_of
from playhead.errors import LibraryError, StoreError, StoreLockedError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.text import printable
from playhead.types import Segment, Video
from retrieval.embedding import Embedder
from retrieval.index import SegmentIndexer, revision_of
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import Store

KEPT = 30
"""So many entries stay in the cache."""

MAKERS = (
    "retrieval.bm25",
    "retrieval.embedding",
    "retrieval.index",
    "retrieval.speakers",
    "retrieval.store.edge",
    "retrieval.store.schema",
    "retrieval.store.shard",
    "retrieval.units",
    "retrieval.words",
)
"""The modules that decide what an index holds, besides the segments."""

_LOCK_WAIT_SECONDS = 600.0
_WAY_OUT = "Make it writable, or use --no-cache"
_STALE_SECONDS = 24 * 3600.0

Segments = Mapping[str, tuple[Segment, ...]]
"""The segments of each video, by its id."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a dataset, open for search.

    `build_seconds` is how long making it took (embedding included, loading the model not),
    whenever that was; `index_bytes` is what it takes on the disk.
    """

    store: Store
    segments: Segments
    build_seconds: float
    index_bytes: int


@dataclass(frozen=True, slots=True)
class _Built:
    """What `build.json` says."""

    build_seconds: float
    index_bytes: int
    segments: int


def cache_folder() -> Path:
    """Where indexes and embeddings of evaluations are kept: nothing of a user's library."""
    return user_cache_path("playhead") / "eval"


@contextmanager
def open_index(
    dataset: Dataset,
    config: Config,
    embedder: Embedder,
    cache: Path,
    on_progress: OnProgress = ignore_progress,
) -> Iterator[Index]:
    """The index of a dataset's videos, made if the cache has none.

    Args:
        dataset: whose videos.
        config: how to cut and index them.
        embedder: the model.
        cache: a folder, which may not be there yet.
        on_progress: told of segments indexed, of all.

    Raises:
        PlayheadError: the cache cannot be written, or making the index failed.
    """
    segments = segments_of_dataset(dataset, config.segment_seconds)
    entry = cache / _digest(dataset, segments, config, embedder)
    found = _open(entry, segments, embedder)
    if found is None:
        _build(entry, dataset, segments, config, embedder, on_progress=on_progress)
        _drop_old(cache)
        found = _open(entry, segments, embedder)
    if found is None:
        raise LibraryError(f"the cache folder {cache} does not keep what is written", _WAY_OUT)
    built, store = found
    try:
        yield Index(store, segments, built.build_seconds, built.index_bytes)
    finally:
        store.close()


def segments_of_dataset(dataset: Dataset, seconds: float) -> Segments:
    """The segments of each video, cut as ingest cuts captions."""
    return {entry.video.id: _segments_of_entry(entry, seconds) for entry in dataset.videos}


def _segments_of_entry(entry: DatasetVideo, seconds: float) -> tuple[Segment, ...]:
    transcript = transcript_of_cues(entry.cues, "captions:sidecar", None)
    return segments_of(entry.video.id, transcript.sentences, seconds)


def _digest(dataset: Dataset, segments: Segments, config: Config, embedder: Embedder) -> str:
    revisions = [revision_of(video, segments[video.id]) for video in _videos(dataset)]
    content = [sorted(revisions), index_key(config), model_key(embedder.name), code_of(MAKERS)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def code_of(modules: Sequence[str]) -> list[str]:
    """The source of modules, whose results are kept for as long as it stays the same."""
    return [Path(str(importlib.import_module(name).__file__)).read_text() for name in modules]


def model_key(name: str) -> list[object]:
    """What an embedding model is known by: its name, and the files where that is a folder."""
    folder = Path(name)
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return [name, [[str(p), p.stat().st_size, p.stat().st_mtime_ns] for p in files]]


def _videos(dataset: Dataset) -> Iterator[Video]:
    """The videos as the index can hold them: a source may be a path that is no text."""
    for entry in dataset.videos:
        yield replace(entry.video, source=printable(entry.video.source))


def _store(entry: Path, embedder: Embedder) -> EdgeStore:
    return EdgeStore(entry / "index", embedder.name, lock_wait=_LOCK_WAIT_SECONDS)


def _open(entry: Path, segments: Segments, embedder: Embedder) -> tuple[_Built, EdgeStore] | None:
    """An entry, opened and marked as used; None where there is none, or a damaged one."""
    store = _store(entry, embedder)
    try:
        built = _Built(**json.loads((entry / "build.json").read_text("utf-8")))
        if store.count() == built.segments == _count(segments):
            os.utime(entry)
            return built, store
    except StoreLockedError:
        raise
    except (OSError, TypeError, ValueError, StoreError):
        pass
    store.close()
    shutil.rmtree(entry, ignore_errors=True)
    return None


def _build(
    entry: Path,
    dataset: Dataset,
    segments: Segments,
    config: Config,
    embedder: Embedder,
    *,
    on_progress: OnProgress,
) -> None:
    """Make an entry beside its place, and move it there when it is whole."""
    fresh = entry.with_name(f".{entry.name}.{os.getpid()}")
    try:
        _make_folder(fresh)
        embedder.encode([""])  # Loads the model.
        started = time.perf_counter()
        store = _store(fresh, embedder)
        try:
            indexer = SegmentIndexer(store, embedder, titles=config.titles)
            _index(indexer, dataset, segments, on_progress)
            store.optimize()
        finally:
            store.close()
        seconds = round(time.perf_counter() - started, 3)
        built = _Built(seconds, _bytes_of(fresh / "index"), _count(segments))
        (fresh / "build.json").write_text(json.dumps(asdict(built)), "utf-8")
        _publish(fresh, entry)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _publish(fresh: Path, entry: Path) -> None:
    try:
        fresh.rename(entry)
    except OSError as error:
        # Another process may have made the same in the meantime: then that one stays.
        if not (entry / "build.json").is_file():
            raise unwritable(entry.parent, error) from error


def _index(
    indexer: SegmentIndexer, dataset: Dataset, segments: Segments, on_progress: OnProgress
) -> None:
    done, total = 0, _count(segments)
    for video in _videos(dataset):
        indexer.index(video, segments[video.id])
        done += len(segments[video.id])
        on_progress(ProgressEvent("index", done, total))


def _count(segments: Segments) -> int:
    return sum(len(of_video) for of_video in segments.values())


def _bytes_of(folder: Path) -> int:
    """What a folder takes on the disk; the engine's files have holes, which take nothing."""
    stats = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum(getattr(s, "st_blocks", -(-s.st_size // 512)) * 512 for s in stats)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise unwritable(folder.parent, error) from error


def unwritable(cache: Path, error: OSError) -> LibraryError:
    """What to tell where the cache cannot be written."""
    return LibraryError(f"the cache folder {cache} cannot be written: {error.strerror}", _WAY_OUT)


def _drop_old(cache: Path) -> None:
    """Delete all but the entries used last, and what a build that was killed has left."""
    entries = [path for path in cache.iterdir() if (path / "build.json").is_file()]
    entries = [path for path in entries if not path.name.startswith(".")]
    for entry in sorted(entries, key=_used, reverse=True)[KEPT:]:
        # One that is in use is used last tomorrow.
        with suppress(StoreLockedError, OSError):
            EdgeStore(entry / "index", "", lock_wait=0).clear()
            shutil.rmtree(entry, ignore_errors=True)
    for path in cache.glob(".*"):
        if time.time() - _used(path) > _STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
