"""The library that the browser looks at: two talks that are spoken, and what is hard to show."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from shutil import copyfile

from playhead.types import Sentence, Transcript, Video, Word
from tests.conftest import TALKS
from tests.media import bars, tone, write_media
from tests.ui.commandline import write_captions
from ui.cli import exit_status
from ui.wiring import open_playhead

VASA = "Why the Vasa sank"
SOURDOUGH = "Sourdough bread, step by step"
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><b>Bold</b> &amp; **loud** $x$"
EVIL_QUOTE = f"The pelican swallowed {EVIL} before it slept"
RADIO = "The radio broadcast began at seven with a slow waltz."
GLACIER = "The glacier moves two metres in a year."
GLACIER_URL = "https://videos.example/glacier.mp4"
OWL = "An owl hears a mouse under half a metre of snow."
OWL_URL = "https://www.youtube.com/watch?v=owl"
OWL_START = 95.5
DRAFT = "A rough recording"
METEORS = "the meteor shower is at its best in the middle of august"
LOW_CONFIDENCE = "low-confidence audio: listen"


@dataclass(frozen=True)
class Library:
    """A library on disk, and the id of each of its videos by title."""

    home: Path
    ids: dict[str, str]


def filled(folder: Path) -> Library:
    """Write media and captions into a folder, and take them into a library `home` beside them."""
    files = folder / "files"
    files.mkdir()
    for name in ("sourdough", "vasa"):
        for suffix in (".mp4", ".vtt"):
            copyfile(TALKS / f"{name}{suffix}", files / f"{name}{suffix}")
    evil = write_media(files / "evil.mkv", pictures=[bars(64, 48)] * 6, sound=tone(6), title=EVIL)
    write_captions(evil.with_suffix(".vtt"), escape(EVIL_QUOTE))
    radio = write_media(files / "radio.m4a", sound=tone(8))
    write_captions(radio.with_suffix(".vtt"), RADIO, start=3.0)
    glacier = write_captions(folder / "glacier.vtt", GLACIER, start=60.0)
    owl = write_captions(folder / "owl.vtt", OWL, start=OWL_START)
    home = folder / "home"
    for arguments in (
        [str(files)],
        [str(glacier), "--media-url", GLACIER_URL],
        [str(owl), "--media-url", OWL_URL],
    ):
        assert exit_status(["--home", str(home), "ingest", *arguments]) == 0
    _save_draft(home, write_media(folder / "meteors.m4a", sound=tone(9)))
    return Library(home, ids_in(home))


def _save_draft(home: Path, media: Path) -> None:
    """A recording as the rough recogniser leaves it, hardly sure, without the seconds it takes."""
    words = tuple(Word(word, n / 2, n / 2 + 0.4, 0.5) for n, word in enumerate(METEORS.split()))
    said = replace(Sentence.of(words), doubt="unsure")
    transcript = Transcript((said,), "en", "pocketsphinx", "measured")
    video = Video("d" * 16, DRAFT, str(media), 9.0, "audio", engine="pocketsphinx", language="en")
    with open_playhead(home=home) as app:
        app.library.save(video, transcript, None, "pocketsphinx")
        app.index_video(video.id)


def ids_in(home: Path) -> dict[str, str]:
    """The id of each video by its title."""
    about = [json.loads(path.read_text("utf-8")) for path in home.glob("videos/*/video.json")]
    return {video["title"]: video["id"] for video in about}
