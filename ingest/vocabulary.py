"""Names and terms that a recogniser shall expect: a text file, one on each line."""

from __future__ import annotations

from pathlib import Path

from playhead.errors import SourceError


def read_vocabulary(path: Path) -> tuple[str, ...]:
    """The terms of a file, each once; empty lines and those that begin with # are none.

    Raises:
        SourceError: the file cannot be read, is not UTF-8, or has no terms.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise SourceError(
            f"the vocabulary {path} cannot be read: {error.strerror}", "Check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"the vocabulary {path} is not UTF-8 text", "Save it as UTF-8") from error
    terms = (" ".join(line.split()) for line in lines)
    found = tuple(dict.fromkeys(term for term in terms if term and not term.startswith("#")))
    if not found:
        raise SourceError(f"the vocabulary {path} has no words", "Write one name on each line")
    return found
