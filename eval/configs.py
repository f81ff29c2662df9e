"""What is measured: configurations of search and of the index, by name or from a file.

A file is TOML, one configuration each; what it does not say is as in the default one:

    name = "long"                  # the file's name, if not given
    legs = ["dense", "bm25"]
    fusion = "rrf"
    segment_seconds = 60
    reranker = "models/reranker"   # a cross-encoder's folder or name; those in `CONFIGS` use none
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from playhead.errors import SettingsError
from playhead.types import MAX_SEGMENT_SECONDS, Hit
from retrieval.embedding import Embedder
from retrieval.plan import DEFAULT_PLAN, LEGS, Fusion, Leg, SearchPlan
from retrieval.ranking import is_learned
from retrieval.reranker import CrossEncoderReranker, check_reranker
from retrieval.search import Searcher
from retrieval.store.protocol import Store

# A name is also a folder's.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Config:
    """One way to index and to search; the defaults are what Playhead does by itself.

    Raises:
        ValueError: a value that cannot be.
    """

    name: str
    legs: tuple[Leg, ...] = DEFAULT_PLAN.legs
    fusion: Fusion = DEFAULT_PLAN.fusion
    context: bool = DEFAULT_PLAN.context
    segment_seconds: float = MAX_SEGMENT_SECONDS
    titles: bool = False
    reranker: str | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name: letters, digits, '_' and '-' only")
        if not 1 <= self.segment_seconds < math.inf:
            raise ValueError(f"segments of {self.segment_seconds} s cannot be: at least 1 s")
        if self.reranker is not None and not self.reranker.strip():
            raise ValueError("a reranker without a name cannot be")
        if self.plan.is_weighed and not is_learned(self.plan):
            legs = ", ".join(self.legs)
            raise ValueError(f"nothing was learned for the legs {legs}: name another fusion")

    @property
    def plan(self) -> SearchPlan:
        """How it searches."""
        return SearchPlan(self.legs, self.fusion, self.context)


def _without(*legs: Leg) -> tuple[Leg, ...]:
    return tuple(leg for leg in DEFAULT_PLAN.legs if leg not in legs)


DEFAULT = Config("default")
_SECONDS = (15, 30, 60, 120)
CONFIGS: dict[str, Config] = {
    config.name: config
    for config in (
        DEFAULT,
        Config("dense", ("dense",)),
        Config("bm25", ("bm25",)),
        Config("sentences", ("sentences",)),
        Config("words", ("words",)),
        Config("rrf", ("dense", "bm25"), "rrf"),
        Config("rrf-3", _without("words"), "rrf"),
        Config("rrf-4", LEGS, "rrf"),
        Config("dbsf", ("dense", "bm25"), "dbsf"),
        Config("dbsf-3", _without("words"), "dbsf"),
        Config("dbsf-4", LEGS, "dbsf"),
        replace(DEFAULT, name="no-sentences", legs=_without("sentences")),
        replace(DEFAULT, name="no-words", legs=_without("words")),
        replace(DEFAULT, name="no-context", context=False),
        replace(DEFAULT, name="titles", titles=True),
        *(replace(DEFAULT, name=f"segments-{s}s", segment_seconds=float(s)) for s in _SECONDS),
    )
}
"""The configurations with a name, the default one first: each leg, each fusion, segment lengths."""

USUAL = ("default", "dense", "bm25")


class Search(Protocol):
    """A search as a configuration does it."""

    def __call__(self, question: str, limit: int, video_ids: Collection[str]) -> list[Hit]:
        """The best `limit` segments, of all videos or of `video_ids` only.

        Raises:
            QuestionError: the question cannot be asked.
        """


def searcher_for(config: Config, store: Store, embedder: Embedder) -> Search:
    """The search that a configuration means, over an index made for it (see `index_key`)."""
    searcher = Searcher(store, embedder, _reranker(config))

    def search(question: str, limit: int, video_ids: Collection[str]) -> list[Hit]:
        return searcher.search(question, limit, config.plan, video_ids)

    return search


def check_rerankers(configs: Sequence[Config]) -> None:
    """Make sure that the rerankers of configurations can be used, and load them.

    Raises:
        RerankerError: one cannot.
    """
    for config in configs:
        if reranker := _reranker(config):
            check_reranker(reranker)


def _reranker(config: Config) -> CrossEncoderReranker | None:
    return CrossEncoderReranker(config.reranker) if config.reranker else None


def index_key(config: Config) -> dict[str, Any]:
    """What of a configuration an index is made by; where it is equal, one index serves both."""
    return {"segment_seconds": config.segment_seconds, "titles": config.titles}


def chosen_configs(names: Sequence[str], *, ablations: bool = False) -> tuple[Config, ...]:
    """The configurations to measure, the default one always first.

    Args:
        names: of `CONFIGS`, or paths of TOML files; none means `USUAL`.
        ablations: all of `CONFIGS` too, without those that come to the same as one before.

    Raises:
        SettingsError: no such configuration, a file that is none, or two of one name.
    """
    named = [_named(name) for name in dict.fromkeys(names)]
    every = _distinct(CONFIGS.values()) if ablations else []
    usual = [] if named or ablations else [CONFIGS[name] for name in USUAL]
    chosen: dict[str, Config] = {DEFAULT.name: DEFAULT}
    for config in (*usual, *every, *named):
        if chosen.setdefault(config.name, config) != config:
            raise SettingsError(
                f"two configurations are called {config.name!r}",
                "Give the one in the file another name",
            )
    return tuple(chosen.values())


def read_config(path: Path) -> Config:
    """The configuration in a TOML file.

    Raises:
        SettingsError: it cannot be read, is not TOML, or has a key or a value that cannot be.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"the configuration {path} cannot be read: {reason}") from error
    known = [field.name for field in fields(Config)]
    if unknown := [key for key in content if key not in known]:
        raise SettingsError(
            f"the configuration {path} has the key {unknown[0]!r}, which there is not",
            f"There are {', '.join(known)}",
        )
    try:
        # By way of JSON, where strict checks take a list for a tuple.
        values = json.dumps({"name": path.stem, **content}, default=str)
        return TypeAdapter(Config).validate_json(values, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"the configuration {path} cannot be{f' ({where})' if where else ''}: {reason}"
        ) from error


def _named(name: str) -> Config:
    if name in CONFIGS:
        return CONFIGS[name]
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return read_config(path)
    raise SettingsError(
        f"there is no configuration {name!r}",
        f"There are {', '.join(CONFIGS)}; or give a TOML file",
    )


def _distinct(configs: Collection[Config]) -> list[Config]:
    """Configurations without those that differ from an earlier one by name only."""
    kept: dict[str, Config] = {}
    for config in configs:
        kept.setdefault(repr({**asdict(config), "name": ""}), config)
    return list(kept.values())
