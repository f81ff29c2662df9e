"""The questions that `playhead doctor` asks of an installation, each with its answer and remedy."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from playhead import __version__
from playhead.errors import PlayheadError
from ui.wiring import Playhead

State = Literal["ok", "missing", "broken"]

_PACKAGES = (
    "qdrant-edge-py",
    "qdrant-client",
    "sentence-transformers",
    "faster-whisper",
    "pocketsphinx",
    "av",
    "llama-index-core",
    "gradio",
)
_MIN_FREE_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: fine, an option that is missing, or something broken; and the remedy."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def checkup(app: Playhead) -> Iterator[Finding]:
    """Ask everything; one thing that fails keeps no other from being asked."""
    checks: dict[str, Callable[[Playhead], Finding]] = {
        "packages": _packages,
        "library": _library,
        "disk": _disk,
        "embedding model": _embedding,
        "reranker model": _reranker,
        "index": _index,
        "whisper model": _whisper,
        "language model": _llm,
        "entailment model": _entailment,
    }
    for name, check in checks.items():
        try:
            yield check(app)
        except PlayheadError as error:
            yield Finding(name, "broken", error.problem, error.remedy)


def _packages(_app: Playhead) -> Finding:
    found, absent = [f"playhead {__version__}", f"Python {platform.python_version()}"], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            absent.append(name)
    if absent:
        return Finding("packages", "broken", f"not installed: {', '.join(absent)}", "pip install .")
    return Finding("packages", "ok", ", ".join(found))


def _library(app: Playhead) -> Finding:
    home = app.settings.home
    videos, damaged = app.library.survey()
    if damaged:
        problems = "; ".join(error.problem for error in damaged)
        return Finding("library", "broken", problems, damaged[0].remedy)
    app.library.check_writable()
    count = len(videos)
    return Finding("library", "ok", f"{home}, {count} video{'' if count == 1 else 's'}")


def _disk(app: Playhead) -> Finding:
    free = app.free_disk_bytes()
    detail = f"{free / 2**30:.1f} GiB free"
    if free < _MIN_FREE_BYTES:
        return Finding("disk", "broken", detail, "Make room: the index needs some to be written")
    return Finding("disk", "ok", detail)


def _embedding(app: Playhead) -> Finding:
    (vector,) = app.embedder.encode(["ready"])
    return Finding("embedding model", "ok", f"{app.embedder.name}, {len(vector)} dimensions")


def _reranker(app: Playhead) -> Finding:
    from retrieval.reranker import check_reranker

    if app.reranker is None:
        remedy = "PLAYHEAD_RERANKER_MODEL names a cross-encoder that puts the best hits in order"
        return Finding("reranker model", "missing", "none: hits stay as search ranks them", remedy)
    check_reranker(app.reranker)
    return Finding("reranker model", "ok", app.reranker.name)


def _entailment(app: Playhead) -> Finding:
    if app.entailment is None:
        remedy = "PLAYHEAD_NLI_MODEL names one that also lets free paraphrase of a model pass"
        return Finding("entailment model", "missing", "none: claims are judged by words", remedy)
    app.entailment.probability("It is ready.", "It is ready.")
    return Finding("entailment model", "ok", app.entailment.name)


def _index(app: Playhead) -> Finding:
    indexed = app.store.video_counts()
    where = app.settings.qdrant_url or str(app.settings.home / "index")
    videos = app.library.videos()
    lost = {video.id for video in videos if not app.is_indexed(video.id)}
    lost |= indexed.keys() - {video.id for video in videos}
    if lost:
        detail = f"{where} is out of step with the library in {len(lost)} of its videos"
        return Finding("index", "broken", detail, "Run `playhead library reindex`")
    return Finding("index", "ok", f"{where}, {sum(indexed.values())} segments")


def _whisper(app: Playhead) -> Finding:
    from ingest.asr.whisper_model import installed_folder

    name = app.settings.whisper_model
    if installed_folder(name) is None:
        remedy = (
            "It is downloaded when it is first needed; or set PLAYHEAD_WHISPER_MODEL to a folder, "
            "or use captions, or `--asr pocketsphinx` for a rough draft"
        )
        return Finding("whisper model", "missing", f"{name} is not on this machine", remedy)
    return Finding("whisper model", "ok", name)


def _llm(app: Playhead) -> Finding:
    settings = app.settings
    if settings.llm == "none":
        remedy = "PLAYHEAD_LLM=openai or ollama, with PLAYHEAD_LLM_MODEL, answers in its own words"
        return Finding("language model", "missing", "none: answers are quotes", remedy)
    base_url, model, _key = app.llm_settings()
    return Finding("language model", "ok", f"{model} at {base_url}, asked when a question is")
