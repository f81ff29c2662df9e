"""The videos of a dataset from a folder of caption files, and the names that they go by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from eval.dataset import DatasetVideo
from ingest.captions.cue import Cue
from ingest.captions.files import read_captions
from ingest.captions.timing import tidy_cues
from ingest.sources import CAPTION_SUFFIXES, caption_stem, is_captions
from ingest.spread import spread_words
from playhead.errors import CaptionsError, DatasetError
from playhead.text import join_words, split_words, without_controls
from playhead.types import Video


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that could not be used: which file or line, and why."""

    where: str
    why: str


class UnknownNameError(Exception):
    """No video goes by a name, or several do."""


class CaptionFolder:
    """The videos of the caption files (`.vtt`, `.srt`) in a folder and the folders within.

    Of the caption files of one video (`talk.en.vtt`, `talk.de.vtt`) it takes the one that ingest
    would. Files that cannot be read are in `left_out`.

    Raises:
        DatasetError: it is no folder, or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.videos: list[DatasetVideo] = []
        self.left_out: list[LeftOut] = []
        self._folder = folder
        self._named: dict[str, dict[str, DatasetVideo]] = {}
        for path in self._files():
            try:
                self._add(path)
            except CaptionsError as error:
                self.left_out.append(LeftOut(str(path), str(error)))

    def find(self, name: str) -> DatasetVideo:
        """The video of a file name (with or without suffix and language), a path or a title.

        Raises:
            UnknownNameError: there is none, or several.
        """
        found = self._named.get(folded(name)) or self._named.get(folded(Path(name).stem))
        if not found:
            raise UnknownNameError(f"there are no captions of {name!r}")
        if len(found) > 1:
            raise UnknownNameError(f"{name!r} is several videos: {', '.join(sorted(found))}")
        return next(iter(found.values()))

    def _files(self) -> list[Path]:
        """One caption file for each video."""
        best: dict[Path, Path] = {}
        for path in sorted(_caption_files(self._folder), key=_rank):
            best.setdefault(path.with_name(caption_stem(path)), path)
        return sorted(best.values())

    def _add(self, path: Path) -> None:
        cues = [part for cue in tidy_cues(read_captions(path)) for part in _by_speaker(cue)]
        stem = caption_stem(path)
        inside = path.relative_to(self._folder)
        # Ids end up in files whose columns are separated by spaces.
        video_id = re.sub(r"\s+", "_", inside.with_name(stem).as_posix())
        title = " ".join(without_controls(stem).replace("_", " ").split()) or video_id
        end = max((cue.end for cue in cues), default=0.0)
        entry = DatasetVideo(Video(video_id, title, f"dataset:{video_id}", end), tuple(cues))
        self.videos.append(entry)
        paths = (inside, inside.with_suffix(""), inside.with_name(stem))
        files = (path.name, path.stem, stem)
        for name in (*(p.as_posix() for p in paths), *files, title, video_id):
            self._named.setdefault(folded(name), {})[video_id] = entry


def folded(text: str) -> str:
    """A text as it is compared: in small letters, with single spaces."""
    return " ".join(text.casefold().split())


def _caption_files(folder: Path) -> Iterator[Path]:
    """All caption files, hidden ones aside."""
    try:
        if not folder.is_dir():
            raise DatasetError(f"{folder} is not a folder", "Give the folder of the caption files")
        for path in folder.rglob("*"):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if is_captions(path) and not hidden and path.is_file():
                yield path
    except OSError as error:
        raise DatasetError(
            f"{folder} cannot be read: {error.strerror or error}", "Check its permissions"
        ) from error


def _rank(path: Path) -> tuple[int, int, str]:
    """Without a language first, then English; WebVTT before SubRip."""
    language = path.stem.removeprefix(caption_stem(path)).lower()
    rank = 0 if not language else 1 if language.startswith(".en") else 2
    return rank, CAPTION_SUFFIXES.index(path.suffix.lower()), str(path)


def _by_speaker(cue: Cue) -> Iterator[Cue]:
    """A cue in which several people speak as a cue for each: the format knows one speaker."""
    words = cue.words or tuple(spread_words(split_words(cue.text), cue.start, cue.end))
    speakers = {0: cue.speaker} | {turn.word: turn.speaker for turn in cue.turns}
    for first, last in pairwise([*sorted(speakers), len(words)]):
        start = words[first].start if first else cue.start
        end = words[last].start if last < len(words) else cue.end
        text = join_words(word.text for word in words[first:last])
        yield Cue(start, end, text, speakers[first])
