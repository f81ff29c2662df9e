"""What an index says of itself: which embedding model and which schema made it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from playhead.errors import StoreError, StoreMismatchError
from retrieval.store.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class IndexMeta:
    """The embedding model's name and dimension, and the version of the schema."""

    embedding_model: str
    dimension: int
    schema: int = SCHEMA_VERSION

    def check(self, embedding_model: str) -> None:
        """Make sure that this index can be used with `embedding_model`.

        Raises:
            StoreMismatchError: it cannot.
        """
        if self.embedding_model != embedding_model:
            raise StoreMismatchError(
                f"the index was made with the embedding model {self.embedding_model!r}, "
                f"the settings say {embedding_model!r}",
                f"Set PLAYHEAD_EMBEDDING_MODEL={self.embedding_model}, or run "
                "`playhead library reindex` to embed everything again with the new one",
            )
        if self.schema != SCHEMA_VERSION:
            raise StoreMismatchError(
                f"the index has schema {self.schema}, this Playhead writes {SCHEMA_VERSION}",
                "Run `playhead library reindex`",
            )


def meta_of(stored: object, where: str) -> IndexMeta:
    """The meta data that `asdict` made.

    Raises:
        StoreError: it is something else.
    """
    try:
        return IndexMeta(**stored)  # type: ignore[arg-type]
    except TypeError as error:
        raise StoreError(
            f"{where} is not an index of Playhead's, or is damaged",
            "Run `playhead library reindex`",
        ) from error


def read_meta(path: Path) -> IndexMeta | None:
    """The meta data in a file; None where there is no file.

    Raises:
        StoreError: the file is damaged.
    """
    try:
        return meta_of(json.loads(path.read_text("utf-8")), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path} cannot be read: {error}", "Run `playhead library reindex`"
        ) from error


def write_meta(path: Path, meta: IndexMeta) -> None:
    """Write the meta data, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(meta)), "utf-8")
    partial.replace(path)
