"""Names for the recogniser: what a file of them may look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.vocabulary import read_vocabulary
from playhead.errors import SourceError


def test_one_term_on_each_line(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("\ufeff# people\nAnn Lee\n\n  Qdrant \nAnn  Lee\r\nZoë\n", "utf-8")
    assert read_vocabulary(path) == ("Ann Lee", "Qdrant", "Zoë")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "has no words"), (b"# only this\n\n", "has no words"), (b"Zo\xeb\n", "is not UTF-8")],
)
def test_what_is_no_vocabulary_is_told(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=problem):
        read_vocabulary(path)


def test_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_vocabulary(tmp_path / "none.txt")
