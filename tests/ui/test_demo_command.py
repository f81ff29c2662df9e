"""`playhead demo`: end to end with a few seconds of speech, and never in one's own library."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from tests.ui.commandline import Playhead, folders, indexed
from ui.commands import demo

SECONDS = 9.0


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The platform's data folder, with nothing set that would lead elsewhere."""
    monkeypatch.delenv("PLAYHEAD_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def short_talks(tmp_path: Path, demo_talks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A talk with captions, and the beginning of the one that has to be recognised."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for name in ("vasa.mp4", "vasa.vtt"):
        (folder / name).symlink_to(demo_talks / name)
    cut(demo_talks / demo.RECOGNISED, folder / demo.RECOGNISED)
    monkeypatch.setattr(demo, "TALKS", folder)
    return folder


def cut(talk: Path, target: Path) -> None:
    """Copy the first seconds of a talk's sound."""
    with av.open(str(talk)) as source, av.open(str(target), "w") as copy:
        sound = copy.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.pts is not None and packet.pts * packet.time_base < SECONDS:
                packet.stream = sound
                copy.mux(packet)


@pytest.fixture
def no_talks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "TALKS", tmp_path / "none")


@pytest.mark.usefixtures("short_talks")
def test_the_demo(playhead: Playhead, data_home: Path) -> None:
    out = playhead("demo").done().out
    lines = out.splitlines()
    added = [line for line in lines if line.startswith("added ")]
    assert len(added) == 2
    assert "captions:sidecar" in added[0]
    assert "whisper:playhead-demo" in added[1]
    assert "draft" not in added[1]
    vasa, storm, cost = (out.index(f"? {question}") for question in demo.QUESTIONS)
    assert "[1] Why the Vasa sank, " in out[vasa:storm]
    assert "vasa.mp4#t=" in out[vasa:storm]
    assert out[cost:].splitlines()[2] == "The videos do not answer this."
    home = data_home / "playhead-demo"
    assert f'--home {home} ask "..."' in out[cost:]
    assert len(folders(home)) == len(indexed(home)) == 2
    # Only the demo's own library was made.
    assert [path.name for path in data_home.iterdir()] == ["playhead-demo"]
    answer = playhead("--home", home, "ask", demo.QUESTIONS[0], "--json").done().json
    assert answer["refused"] is False
    assert {citation["title"] for citation in answer["citations"]} == {"Why the Vasa sank"}


@pytest.mark.usefixtures("no_talks")
def test_the_demo_goes_where_the_environment_says(
    playhead: Playhead, data_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_HOME", str(tmp_path / "chosen"))
    playhead("demo")
    assert (tmp_path / "chosen" / "videos").is_dir()
    playhead("--home", tmp_path / "flagged", "demo")
    assert (tmp_path / "flagged" / "videos").is_dir()
    assert not data_home.exists()


@pytest.mark.usefixtures("no_talks")
def test_a_demo_without_its_talks(playhead: Playhead, data_home: Path, tmp_path: Path) -> None:
    """As where somebody copied the code without them: told, not raised, and nothing is asked."""
    run = playhead("demo")
    assert run.status == 1
    assert demo.QUESTIONS[0] not in run.out
    assert str(tmp_path / "none" / demo.RECOGNISED) in run.complaint()
    assert folders(data_home / "playhead-demo") == []
