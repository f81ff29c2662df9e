"""The library that the browser looks at: two talks that are spoken, and what is hard to show."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from tests.conftest import TALKS
from tests.media import bars, tone, write_media
from tests.ui.commandline import write_captions
from ui.cli import exit_status

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><b>Bold</b> &amp; **loud** $x$"
EVIL_QUOTE = f"The pelican ate {EVIL} and slept"
RADIO = "The radio broadcast began at seven with a waltz."


def fill(folder: Path) -> None:
    """Write media and captions into a folder, and take them into a library `home` beside them."""
    files = folder / "files"
    files.mkdir()
    for name in ("sourdough", "vasa"):
        for suffix in (".mp4", ".vtt"):
            copyfile(TALKS / f"{name}{suffix}", files / f"{name}{suffix}")
    evil = write_media(files / "evil.mp4", pictures=[bars(64, 48)] * 6, sound=tone(6), title=EVIL)
    write_captions(evil.with_suffix(".vtt"), EVIL_QUOTE)
    radio = write_media(files / "radio.m4a", sound=tone(6))
    write_captions(radio.with_suffix(".vtt"), RADIO)
    assert exit_status(["--home", str(folder / "home"), "ingest", str(files)]) == 0
