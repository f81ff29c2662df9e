"""Which files there are to ingest, and which captions belong to which media."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.languages import is_language, two_letter
from playhead.errors import SourceError

MEDIA_SUFFIXES = frozenset(
    {".mp4", ".mkv", ".webm", ".mov", ".m4v", ".avi"}
    | {".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac"}
)
# The better format first: WebVTT can tell who speaks.
CAPTION_SUFFIXES = (".vtt", ".srt")
_CHECK_ACCESS = "Check that it is there and that you may read it"


@dataclass(frozen=True, slots=True)
class Unusable:
    """A path that was given, and what is wrong there."""

    path: Path
    error: SourceError


def find_sources(
    paths: Sequence[Path], *, media_url: str | None = None
) -> Iterator[Path | Unusable]:
    """The files to ingest, each once; for a path that is none, what is wrong with it.

    Folders are searched with all that is in them, in order of name, less hidden files. A file
    given by name is a source whatever it is called. Caption files are sources only if their media
    lies elsewhere: with a `media_url`, and without media of the same name beside them.
    """
    seen: set[str] = set()
    named = {os.path.realpath(path) for path in paths}
    for path in paths:
        for found in _sources_at(path, named, with_captions=media_url is not None):
            if isinstance(found, SourceError):
                yield Unusable(path, found)
            elif (real := os.path.realpath(found)) not in seen:
                seen.add(real)
                yield found


def sidecar_of(path: Path, language: str | None = None) -> Path | None:
    """The caption file that belongs to a media file: `talk.vtt`, `talk.en.vtt`, `talk.en-US.srt`.

    Where `language` (ISO 639-1) is given, one in that language comes first, and none in another
    will do. Otherwise one without a language comes first, then English, then the first by name.

    Raises:
        SourceError: the folder cannot be read.
    """
    ranked = [
        (rank, candidate)
        for candidate in _beside(path)
        if is_captions(candidate) and path.stem in (candidate.stem, caption_stem(candidate))
        if candidate.is_file()
        if (rank := _rank(candidate, path.stem, language)) is not None
    ]
    return min(ranked)[1] if ranked else None


def is_captions(path: Path) -> bool:
    """Whether a file is captions, by its name."""
    return path.suffix.lower() in CAPTION_SUFFIXES


def caption_stem(path: Path) -> str:
    """A caption file's name less its format and language: `talk` for `talk.en-US.vtt`."""
    stem, dot, suffix = path.stem.rpartition(".")
    return stem if dot and stem and is_language(suffix) else path.stem


def caption_language(path: Path) -> str | None:
    """The language (ISO 639-1) that a caption file's name tells: `en` for `talk.en-US.vtt`."""
    suffix = path.stem.removeprefix(caption_stem(path)).removeprefix(".")
    return two_letter(suffix)


def captions_alone(path: Path) -> SourceError:
    """The error for a caption file whose media is not known."""
    return SourceError(
        f"{path} is captions without their media",
        "Put the media beside it, or tell where it is with --media-url",
    )


def _rank(captions: Path, stem: str, language: str | None) -> tuple[int, int, str] | None:
    """Less is better; None where these captions will not do."""
    own = None if captions.stem == stem else caption_language(captions)
    wanted = [language, None] if language else [None, "en"]
    if language and own not in wanted:
        return None
    place = wanted.index(own) if own in wanted else len(wanted)
    return place, CAPTION_SUFFIXES.index(captions.suffix.lower()), captions.name


def _sources_at(
    path: Path, named: set[str], *, with_captions: bool
) -> Iterator[Path | SourceError]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        yield SourceError(f"{path} does not exist", "Check the path")
        return
    except OSError as error:
        yield SourceError(f"{path} cannot be read: {error.strerror}", _CHECK_ACCESS)
        return
    if is_folder:
        yield from _sources_in(path, with_captions=with_captions)
    elif not is_captions(path):
        yield path
    else:
        yield from _named_captions(path, named, with_captions=with_captions)


def _named_captions(
    path: Path, named: set[str], *, with_captions: bool
) -> Iterator[Path | SourceError]:
    try:
        media = _media_of(path)
    except SourceError as error:
        yield error
        return
    if media is None and with_captions:
        yield path
    elif media is None:
        yield captions_alone(path)
    elif not {os.path.realpath(media), os.path.realpath(media.parent)} & named:
        # Where the media is named, too (`talks/*`), it brings its captions.
        yield SourceError(f"{path} is the captions of {media.name}", f"Give {media}")


def _sources_in(folder: Path, *, with_captions: bool) -> Iterator[Path | SourceError]:
    found = 0
    for item in _walk(folder):
        if isinstance(item, SourceError):
            yield item
        elif item.suffix.lower() in MEDIA_SUFFIXES or (
            with_captions and is_captions(item) and _media_of(item) is None
        ):
            found += 1
            yield item
    if not found:
        yield SourceError(
            f"{folder} holds no video and no audio recording",
            "Name a folder that does; captions alone need --media-url",
        )


def _walk(folder: Path) -> Iterator[Path | SourceError]:
    """All files below a folder, in order of name; each folder once, whatever links lead to it."""
    errors: list[OSError] = []
    visited: set[str] = set()
    for root, folders, files in os.walk(folder, followlinks=True, onerror=errors.append):
        if os.path.realpath(root) in visited:
            folders.clear()
            continue
        visited.add(os.path.realpath(root))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))
    for error in errors:
        yield SourceError(
            f"the folder {error.filename} cannot be read: {error.strerror}", _CHECK_ACCESS
        )


def _media_of(captions: Path) -> Path | None:
    """The media file beside a caption file that it belongs to."""
    stems = (captions.stem, caption_stem(captions))
    media = (path for path in _beside(captions) if path.suffix.lower() in MEDIA_SUFFIXES)
    return min((path for path in media if path.stem in stems), default=None)


def _beside(path: Path) -> list[Path]:
    try:
        return [entry for entry in path.parent.iterdir() if not entry.name.startswith(".")]
    except OSError as error:
        problem = f"the folder {path.parent} cannot be read: {error.strerror}"
        raise SourceError(problem, _CHECK_ACCESS) from error
