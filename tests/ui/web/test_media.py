"""Media are served straight from where they lie, and no other file is."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.sources import MEDIA_SUFFIXES
from playhead.links import moment_link
from playhead.types import Video
from tests.media import bars, tone, write_media
from tests.ui.commandline import write_captions
from tests.ui.web.media_client import MediaServer
from ui.web.exact_files import MEDIA_TYPES, PIECE_BYTES, open_exactly


@pytest.fixture
def server(home: Path) -> MediaServer:
    return MediaServer.opened()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talks" / "2026" / "talk.mp4"


@pytest.fixture
def video(server: MediaServer, path: Path) -> Video:
    return server.add_new(path)


def test_the_media_of_a_video(server: MediaServer, video: Video, path: Path):
    whole = server.client.get(f"/media/{video.id}")
    assert whole.status_code == 200
    assert whole.content == path.read_bytes()
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "no-store"


def test_the_head_alone(server: MediaServer, video: Video, path: Path):
    head = server.client.head(f"/media/{video.id}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(path.stat().st_size)


@pytest.mark.parametrize("asked", ["0-0", "100-199", "500-", "-70", "0-99999999"])
def test_a_part_of_the_media(asked: str, server: MediaServer, video: Video, path: Path):
    """Players seek so."""
    content = path.read_bytes()
    part = server.client.get(f"/media/{video.id}", headers={"Range": f"bytes={asked}"})
    first, last = asked.split("-")
    begin = int(first) if first else len(content) - int(last)
    end = min(len(content), int(last) + 1) if first and last else len(content)
    assert part.status_code == 206
    assert part.content == content[begin:end]
    assert part.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(content)}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(first=st.integers(0, 3000), length=st.integers(1, 3000))
def test_parts_joined_are_the_whole(
    first: int, length: int, server: MediaServer, video: Video, path: Path
):
    asked = f"bytes={first}-{first + length - 1}"
    part = server.client.get(f"/media/{video.id}", headers={"Range": asked})
    assert part.content == path.read_bytes()[first : first + length]


def test_a_part_without_an_end_comes_piece_by_piece(server: MediaServer, video: Video, path: Path):
    """A player that is full lets go of its connection, of which a browser has six."""
    with path.open("r+b") as file:
        file.truncate(2 * PIECE_BYTES + 5)
    pieces: list[bytes] = []
    while (begin := sum(map(len, pieces))) < path.stat().st_size:
        part = server.client.get(f"/media/{video.id}", headers={"Range": f"bytes={begin}-"})
        assert part.status_code == 206
        assert part.headers["content-range"].startswith(f"bytes {begin}-")
        pieces.append(part.content)
    assert [len(piece) for piece in pieces] == [PIECE_BYTES, PIECE_BYTES, 5]
    assert b"".join(pieces) == path.read_bytes()
    asked = {"Range": f"bytes=1-{2 * PIECE_BYTES}"}
    assert len(server.client.get(f"/media/{video.id}", headers=asked).content) == 2 * PIECE_BYTES


@pytest.mark.parametrize(
    ("asked", "status"),
    [("bytes=99999999-", 416), ("bytes=5-2", 400), ("bytes=a-b", 400), ("lines=1-2", 400)],
)
def test_parts_that_cannot_be(asked: str, status: int, server: MediaServer, video: Video):
    assert server.client.get(f"/media/{video.id}", headers={"Range": asked}).status_code == status


def test_a_part_of_a_file_that_changed_is_the_whole(server: MediaServer, video: Video, path: Path):
    tag = server.client.head(f"/media/{video.id}").headers["etag"]
    asked = {"Range": "bytes=0-9", "If-Range": tag}
    assert server.client.get(f"/media/{video.id}", headers=asked).status_code == 206
    os.utime(path, (1, 1))
    whole = server.client.get(f"/media/{video.id}", headers=asked)
    assert whole.status_code == 200
    assert len(whole.content) == path.stat().st_size


@pytest.mark.parametrize("kind", ["media", "captions", "poster"])
def test_what_the_browser_has_is_not_sent_again(kind: str, server: MediaServer, video: Video):
    first = server.client.get(f"/{kind}/{video.id}")
    known = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    again = server.client.get(f"/{kind}/{video.id}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = server.client.get(f"/{kind}/{video.id}", headers={"If-None-Match": '"other"'})
    assert other.content == first.content


def test_the_captions_of_a_video(server: MediaServer, video: Video, home: Path):
    served = server.client.get(f"/captions/{video.id}")
    assert served.headers["content-type"] == "text/vtt; charset=utf-8"
    assert served.content == (home / "videos" / video.id / "captions.vtt").read_bytes()


def test_the_picture_of_a_video(server: MediaServer, video: Video, home: Path, tmp_path: Path):
    served = server.client.get(f"/poster/{video.id}")
    assert served.headers["content-type"] == "image/jpeg"
    assert "max-age" in served.headers["cache-control"]
    assert served.content == (home / "videos" / video.id / "poster.jpg").read_bytes()
    sound = server.add_new(tmp_path / "sound.mp3", picture=None, sound="libmp3lame")
    assert server.client.get(f"/poster/{sound.id}").status_code == 404


def test_every_media_suffix_has_a_type():
    assert set(MEDIA_TYPES) == MEDIA_SUFFIXES
    assert all(kind.startswith(("video/", "audio/")) for kind in MEDIA_TYPES.values())


@pytest.mark.parametrize("kind", ["media", "captions", "poster"])
@pytest.mark.parametrize(
    "name",
    [
        "0123456789abcdef",
        "%2e%2e",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "%252e%252e%252fetc%252fpasswd",
        "..%5c..%5cetc%5cpasswd",
        "{id}%00",
        "{id}%00.mp4",
        "{id}/../{id}%2fvideo.json",
        "{id}%2fvideo.json",
        "{upper}",
        "{id}%0a",
        "<script>",
        "a" * 5_000,
    ],
)
def test_anything_but_a_video_is_not_found(kind: str, name: str, server: MediaServer, video: Video):
    asked = name.replace("{id}", video.id).replace("{upper}", video.id.upper() + "A")
    found = server.client.get(f"/{kind}/{asked}", follow_redirects=False)
    assert found.status_code == 404
    assert found.headers["content-type"] == "application/json"
    assert "root:" not in found.text


def refused(server: MediaServer, video: Video) -> str:
    """The reply to asking for media that must not be served."""
    for method in ("GET", "HEAD"):
        reply = server.client.request(method, f"/media/{video.id}")
        assert reply.status_code == 404
    assert "secret" not in server.client.get(f"/media/{video.id}").text
    return str(server.state(video)["state"])


def test_media_that_are_gone(server: MediaServer, video: Video, path: Path, tmp_path: Path):
    path.unlink()
    assert refused(server, video) == "missing"
    state = server.state(video)
    assert state["error"] == "talk.mp4 is not where it was."
    assert server.converted(video) == state


@pytest.mark.skipif(sys.platform == "win32", reason="links need an administrator")
@pytest.mark.parametrize("place", ["file", "folder", "folder above"])
def test_a_link_in_its_place(
    place: str, server: MediaServer, video: Video, path: Path, tmp_path: Path
):
    """Whoever may write there must not thereby read here."""
    secret = tmp_path / "private" / "2026" / "talk.mp4"
    secret.parent.mkdir(parents=True)
    secret.write_text("secret")
    moved = {"file": path, "folder": path.parent, "folder above": path.parent.parent}[place]
    real = {"file": secret, "folder": secret.parent, "folder above": secret.parent.parent}[place]
    moved.rename(moved.with_name("away"))
    moved.symlink_to(real, target_is_directory=real.is_dir())
    assert path.read_text() == "secret"
    assert refused(server, video) == "missing"
    moved.unlink()
    moved.with_name("away").rename(moved)
    assert server.client.get(f"/media/{video.id}").status_code == 200


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_something_else_in_its_place(kind: str, server: MediaServer, video: Video, path: Path):
    path.unlink()
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    assert refused(server, video) == "missing"


@pytest.mark.parametrize(
    "source",
    [
        "/etc/passwd",
        "/dev/zero",
        "/dev/zero.mp4",
        "{folder}/../secret.mp4",
        "{folder}/secret.txt",
        "secret.mp4",
        "",
    ],
)
def test_a_library_that_was_tampered_with(
    source: str, server: MediaServer, video: Video, path: Path
):
    """A source that no ingest would have written."""
    for name in ("secret.mp4", "secret.txt"):
        (path.parent / name).write_text("secret")
        (path.parent.parent / name).write_text("secret")
    wrong = dataclasses.replace(video, source=source.replace("{folder}", str(path.parent)))
    server.app.library.save(wrong, server.app.library.transcript(video.id), None, "test")
    assert refused(server, wrong) in ("missing", "failed")


def test_only_plain_paths_are_opened(tmp_path: Path):
    (tmp_path / "a.mp4").write_text("a")
    os.close(open_exactly(tmp_path / "a.mp4"))
    for path in (Path("a.mp4"), tmp_path / ".." / tmp_path.name / "a.mp4", tmp_path):
        with pytest.raises(OSError, match=r".+"):
            open_exactly(path)


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are counted in /dev/fd")
def test_no_descriptor_is_left_open(server: MediaServer, video: Video, path: Path):
    before = len(list(Path("/dev/fd").iterdir()))
    tag = server.client.head(f"/media/{video.id}").headers["etag"]
    for headers in ({}, {"Range": "bytes=0-3"}, {"Range": "bytes=x"}, {"If-None-Match": tag}):
        server.client.get(f"/media/{video.id}", headers=headers)
    server.state(video)
    assert len(list(Path("/dev/fd").iterdir())) <= before


@pytest.mark.parametrize(
    ("url", "plays"),
    [
        ("https://videos.example/a/talk.mp4", True),
        ("https://videos.example/a/talk.MP4?key=1#t=3", True),
        ("https://videos.example/sound%2Eopus", True),
        ("https://www.youtube.com/watch?v=talk.mp4", False),
        ("https://videos.example/", False),
    ],
)
def test_media_that_are_elsewhere(url: str, *, plays: bool, server: MediaServer, tmp_path: Path):
    video = server.add(write_captions(tmp_path / "a.vtt", "Hello."), media_url=url)
    state = server.state(video)
    assert state["state"] == "elsewhere"
    assert state["link"] == moment_link(url, 0)
    assert state["src"] == (url if plays else None)
    assert server.converted(video) == state
    assert server.client.get(f"/media/{video.id}", follow_redirects=False).status_code == 404


def test_what_plays_is_ready(server: MediaServer, video: Video, home: Path):
    state = server.state(video)
    assert (state["state"], state["src"]) == ("ready", f"/media/{video.id}")
    assert state == server.converted(video)
    assert not (home / "playable").exists()


def test_what_does_not_play_is_served_all_the_same(server: MediaServer, tmp_path: Path):
    """For other players than a browser's."""
    path = write_media(tmp_path / "old.avi", pictures=[bars(64, 48)] * 2, sound=tone(2))
    video = server.add(path)
    reply = server.client.get(f"/media/{video.id}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "video/x-msvideo")
    assert reply.content == path.read_bytes()
