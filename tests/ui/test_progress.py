"""The bar on a terminal: what it shows, and that it goes away."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from playhead.progress import ProgressEvent
from tests.media import tone, write_media
from tests.ui.commandline import BREAD, Playhead, write_captions
from ui.progress import shown_progress


class Terminal(io.StringIO):
    """What was written to a terminal, control codes and all."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal as wide as the bar needs it."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "150")


def test_the_bar_of_an_ingest(playhead: Playhead, tmp_path: Path) -> None:
    """On stderr alone, and gone at the end. The file's name is no markup of rich's."""
    captions = write_captions(tmp_path / "[red]bread.vtt", BREAD)
    with redirect_stderr(Terminal()) as terminal:
        run = playhead("ingest", captions, "--media-url", "https://videos.example/{stem}.mp4")
    assert run.status == 0
    assert run.out.startswith("added ")
    assert "\x1b" not in run.out
    shown = terminal.getvalue()
    assert "[red]bread.vtt" in shown
    assert "1 of 1 segments" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("segments")
    assert "\x1b[2K" in shown[shown.rindex("segments") :]


def test_the_bar_goes_away_when_the_work_fails(playhead: Playhead, tmp_path: Path) -> None:
    hum = write_media(tmp_path / "hum.wav", sound=tone(1))
    with redirect_stderr(Terminal()) as terminal:
        run = playhead("ingest", hum, "--asr", "pocketsphinx")
    assert (run.status, run.out) == (1, "")
    shown = terminal.getvalue()
    assert "decode" in shown
    assert f"playhead: nobody speaks in {hum}. " in shown.splitlines()[-1]
    assert shown.count("\x1b[?25h") == shown.count("\x1b[?25l")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (ProgressEvent("decode", 3599.0, 7200.0), "59:59 of 2:00:00, "),
        (ProgressEvent("transcribe", 90.0, 100.0), "1:30 of 1:40, "),
        (ProgressEvent("embed", 64, 120), "64 of 120 segments"),
        # Where nobody knows the end, none is made up.
        (ProgressEvent("decode", 90.0), "m 1:30, "),
        (ProgressEvent("fetch", 3 * 2**20, 2**23), "3.0 of 8.0 MiB"),
        (ProgressEvent("fetch", 2**19), "m 0.5 MiB"),
    ],
)
def test_each_stage_in_its_own_unit(event: ProgressEvent, words: str) -> None:
    with redirect_stderr(Terminal()) as terminal, shown_progress("talk.mp4") as show:
        show(event)
    assert event.stage in terminal.getvalue()
    assert words in terminal.getvalue()
