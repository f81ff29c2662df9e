"""Media that browsers cannot play become playable once, in the background."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.media import probe
from tests.timecoded import seconds_heard, seconds_seen
from tests.ui.web.media_client import MediaServer

MKV = {"picture": "libx264", "sound": "ac3"}


@pytest.fixture
def server(home: Path) -> MediaServer:
    return MediaServer.opened()


@pytest.fixture
def kept(home: Path) -> Path:
    return home / "playable"


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.name != ".lock")


def test_a_video_becomes_playable(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    before = server.state(video)
    assert (before["state"], before["src"], before["kind"]) == ("convert", None, "video")
    assert not kept.exists()
    after = server.converted(video)
    assert (after["state"], after["src"]) == ("ready", f"/media/{video.id}")
    assert names(kept) == [f"{video.id}.mp4"]
    served = server.client.get(f"/media/{video.id}")
    assert served.headers["content-type"] == "video/mp4"
    assert served.content == (kept / f"{video.id}.mp4").read_bytes()
    part = server.client.get(f"/media/{video.id}", headers={"Range": "bytes=5-9"})
    assert part.content == served.content[5:10]


def test_the_original_stays_as_it_is(server: MediaServer, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    content = Path(video.source).read_bytes()
    server.converted(video)
    assert Path(video.source).read_bytes() == content
    assert names(tmp_path) == ["talk.mkv", "talk.vtt"]


def test_a_recording_becomes_playable(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.m4a", picture=None, sound="alac")
    assert server.state(video)["kind"] == "audio"
    assert server.converted(video)["state"] == "ready"
    assert names(kept) == [f"{video.id}.m4a"]
    assert server.client.head(f"/media/{video.id}").headers["content-type"] == "audio/mp4"


def test_it_is_made_once(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    server.converted(video)
    made = (kept / f"{video.id}.mp4").stat()
    server.converted(video)
    assert MediaServer.opened().converted(video)["state"] == "ready"
    assert (kept / f"{video.id}.mp4").stat().st_mtime_ns == made.st_mtime_ns


def test_it_plays_without_the_original(server: MediaServer, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    server.converted(video)
    Path(video.source).unlink()
    assert server.state(video)["state"] == "ready"
    assert server.client.get(f"/media/{video.id}").status_code == 200


def test_the_moments_are_where_they_were(server: MediaServer, kept: Path, tmp_path: Path):
    """The transcript's times count from where the file starts."""
    late = {"picture_from": 3, "sounds": ((2.0, 8.0),)}
    video = server.add_new(tmp_path / "talk.mkv", **MKV, **late)
    server.converted(video)
    made = kept / f"{video.id}.mp4"
    assert probe(made).duration == pytest.approx(video.duration, abs=0.2)
    assert seconds_seen(made, 3.5) == [5]
    assert seconds_heard(made, 3.4) == [5]


def test_progress_while_others_wait(server: MediaServer, kept: Path, tmp_path: Path):
    first = server.add_new(tmp_path / "a.mkv", **MKV)
    second = server.add_new(tmp_path / "b.mkv", **MKV, seconds=7)
    kept.mkdir(parents=True)
    # As another server of the same library does while it converts.
    with FileLock(kept / ".lock"):
        for video in (first, second, first):
            state = server.client.post(f"/api/videos/{video.id}/playable").json()
            assert state["state"] == "converting"
            assert (state["done"], state["total"]) == (0.0, video.duration)
    assert server.converted(first)["state"] == "ready"
    assert server.converted(second)["state"] == "ready"
    assert names(kept) == sorted(f"{video.id}.mp4" for video in (first, second))


def test_a_removed_video_takes_it_along(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    server.converted(video)
    server.desk.forget(video.id)
    assert names(kept) == []
    assert server.state(video)["state"] == "convert"
    server.desk.forget("0123456789abcdef")


def test_a_removed_video_is_not_made_playable(server: MediaServer, kept: Path, tmp_path: Path):
    gone = server.add_new(tmp_path / "a.mkv", **MKV)
    other = server.add_new(tmp_path / "b.mkv", **MKV, seconds=7)
    kept.mkdir(parents=True)
    with FileLock(kept / ".lock"):
        for video in (gone, other):
            server.client.post(f"/api/videos/{video.id}/playable")
        server.app.library.remove(gone.id)
        server.desk.forget(gone.id)
    assert server.converted(other)["state"] == "ready"
    assert names(kept) == [f"{other.id}.mp4"]


def test_a_damaged_file_is_told_in_a_line(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    path = Path(video.source)
    content = path.read_bytes()
    path.write_bytes(b"\0" * len(content))
    state = server.state(video)
    assert state["state"] == "failed"
    assert state["error"].startswith("talk.mkv is not a video")
    assert str(tmp_path) not in state["error"]
    assert server.converted(video) == state
    assert not kept.exists()
    path.write_bytes(content)
    assert server.converted(video)["state"] == "ready"


def test_a_conversion_that_fails_can_be_tried_again(
    server: MediaServer, home: Path, kept: Path, tmp_path: Path
):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    kept.touch()
    state = server.converted(video)
    assert state["state"] == "failed"
    assert "playable cannot be written" in state["error"]
    assert str(home) not in state["error"]
    assert server.state(video) == state
    kept.unlink()
    assert server.converted(video)["state"] == "ready"


def test_what_a_killed_run_left_is_removed(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    server.converted(video)
    whole = (kept / f"{video.id}.mp4").read_bytes()
    (kept / f".new-{video.id}.mp4").write_bytes(whole[:999])
    (kept / "0123456789abcdef.mp4").write_bytes(whole)
    # While another server converts, what looks left behind is its work.
    with FileLock(kept / ".lock"):
        MediaServer.opened()
        assert len(names(kept)) == 3
    MediaServer.opened()
    assert names(kept) == [f"{video.id}.mp4"]


KILLED = """
import sys
from pathlib import Path
from ui.wiring import open_playhead
from ui.web import playables
from ui.web.media import MediaDesk

def told(path, conversion, target, on_progress):
    def note(event):
        on_progress(event)
        print(target.parent, flush=True)
        sys.stdin.read()
    convert(path, conversion, target, note)

convert, playables.convert = playables.convert, told
with open_playhead() as app:
    desk = MediaDesk(app)
    desk.make_playable(app.library.video(sys.argv[1]))
    sys.stdin.read()
"""


def test_a_server_that_is_killed_in_the_middle(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, video.id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ,
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        assert names(kept) == [f".new-{video.id}.mp4"]
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    assert MediaServer.opened().converted(video)["state"] == "ready"
    assert names(kept) == [f"{video.id}.mp4"]


def test_many_ask_at_once(server: MediaServer, kept: Path, tmp_path: Path):
    video = server.add_new(tmp_path / "talk.mkv", **MKV)
    states: list[str] = []
    threads = [
        threading.Thread(target=lambda: states.append(server.converted(video)["state"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == ["ready"] * 8
    assert names(kept) == [f"{video.id}.mp4"]
