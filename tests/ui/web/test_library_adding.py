"""New videos over HTTP: sent, or named by their paths; what comes of them, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from tests.media import Subtitles, silence, tone, write_media
from tests.ui.commandline import KEEPER, STORM, Playhead, write_captions
from tests.ui.web.library_client import Serve, ended, kept, send, videos
from ui.web.site import Site


def test_what_may_be_added(serve: Serve) -> None:
    with serve(Site(max_upload=1000)) as web:
        about = web.get("/api/site").json()
    assert (about["local"], about["max_upload"]) == (True, 1000)
    assert ".mp4" in about["suffixes"]
    assert about["caption_suffixes"] == [".vtt", ".srt"]


def test_a_video_is_sent_with_its_captions(web: TestClient, talk: Path, home: Path) -> None:
    token = send(web, talk.with_suffix(".vtt"))["captions"]
    job = send(web, talk, captions=token)["job"]
    assert (job["name"], job["error"]) == ("talk.mp4", None)
    (done,) = ended(web)
    assert (done["id"], done["state"]) == (job["id"], "done")
    (video,) = videos(web)
    assert (video["id"], video["title"]) == (done["video_id"], "talk")
    assert video["engine"] == "captions:sidecar"
    assert Path(video["source"]).read_bytes() == talk.read_bytes()
    assert kept(home) == [f"{video['id']}/talk.mp4", f"{video['id']}/talk.vtt"]


def test_what_was_sent_can_be_asked_in_another_process(
    serve: Serve, playhead: Playhead, talk: Path
) -> None:
    with serve() as web:
        token = send(web, talk.with_suffix(".vtt"))["captions"]
        send(web, talk, captions=token)
        ended(web)
    hits = playhead("search", "who lights the lamp?", "--json").done().json["hits"]
    assert hits[0]["text"] == KEEPER


def test_a_draft_is_made_only_without_captions(web: TestClient, talk: Path, tmp_path: Path) -> None:
    track = Subtitles("mov_text", [(0.0, 2.0, STORM)])
    with_track = write_media(tmp_path / "track.mp4", sound=tone(3), subtitles=[track])
    send(web, talk, asr="draft", captions=send(web, talk.with_suffix(".vtt"))["captions"])
    send(web, with_track, asr="draft")
    assert [job["error"] for job in ended(web)] == [None, None]
    engines = [video["engine"] for video in videos(web)]
    assert engines == ["captions:sidecar", "captions:track"]


def test_captions_keep_their_language(web: TestClient, talk: Path) -> None:
    captions = talk.with_suffix(".vtt").rename(talk.with_name("talk.de.vtt"))
    send(web, talk, captions=send(web, captions)["captions"])
    ended(web)
    assert videos(web)[0]["language"] == "de"


def test_the_same_content_twice_is_one_file(web: TestClient, talk: Path, home: Path) -> None:
    send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
    ended(web)
    send(web, talk, name="other name.mp4")
    assert [job["state"] for job in ended(web)] == ["done", "done"]
    assert [video["title"] for video in videos(web)] == ["talk"]
    assert [Path(path).name for path in kept(home)] == ["talk.mp4", "talk.vtt"]


def test_two_videos_of_one_name_are_two(web: TestClient, talk: Path, tmp_path: Path) -> None:
    other = write_media(tmp_path / "talk.mp4", sound=tone(5, hertz=300))
    for path, said in ((talk, KEEPER), (other, STORM)):
        captions = write_captions(tmp_path / "talk.vtt", said)
        send(web, path, captions=send(web, captions)["captions"])
    ended(web)
    said = {web.get(f"/api/videos/{v['id']}").json()["sentences"][0]["text"] for v in videos(web)}
    assert said == {KEEPER, STORM}


def test_what_is_here_already_is_not_kept_twice(
    web: TestClient, playhead: Playhead, talk: Path, home: Path
) -> None:
    playhead("ingest", talk).done()
    send(web, talk)
    assert ended(web)[0]["state"] == "done"
    assert kept(home) == []
    assert videos(web)[0]["source"] == str(talk)


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("notes.txt", b"text", 415),
        ("talk.mp4", b"<html>no video</html>", 415),
        ("talk.mp4", b"", 415),
        ("talk.vtt", b"no captions", 415),
        ("", b"x", 415),
        (".mp4", b"x", 415),
        ("..", b"x", 415),
        ("playlist.m3u8", b"#EXTM3U", 415),
        ("talk.mp4", b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", 415),
        ("talk.mp4", b"x" * 100_001, 413),
    ],
)
def test_what_is_no_video_leaves_nothing(
    name: str, content: bytes, status: int, serve: Serve, home: Path
) -> None:
    with serve(Site(max_upload=100_000)) as web:
        reply = web.post("/api/videos", params={"name": name}, content=content)
        assert reply.status_code == status
        line = reply.json()["detail"]
        assert "\n" not in line
        assert str(home) not in line
        assert ".coming" not in line
    assert kept(home) == []


def test_the_size_that_is_announced_is_not_trusted(serve: Serve, home: Path) -> None:
    """A stream has none; what comes is counted."""

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    with serve(Site(max_upload=10_000)) as web:
        reply = web.post("/api/videos", params={"name": "talk.mp4"}, content=endless())
    assert reply.status_code == 413
    assert kept(home) == []


def test_captions_that_are_not_here(web: TestClient, talk: Path, home: Path) -> None:
    for token in ("0" * 32, "../../etc", "*"):
        query = {"name": "talk.mp4", "captions": token}
        reply = web.post("/api/videos", params=query, content=talk.read_bytes())
        assert reply.status_code == 404
    assert not (home / "media").exists()


def test_what_fails_says_why_and_can_be_tried_again(
    web: TestClient, tmp_path: Path, home: Path
) -> None:
    silent = write_media(tmp_path / "silent.wav", sound=silence(1))
    send(web, silent, asr="draft")
    (job,) = ended(web)
    assert job["state"] == "failed"
    assert "nobody speaks in silent.wav" in job["error"]
    assert len(kept(home)) == 1
    web.post(f"/api/jobs/{job['id']}/retry", json={"asr": "auto"}).raise_for_status()
    (again,) = ended(web)
    assert again["id"] == job["id"]
    assert again["error"] != job["error"]
    assert web.delete(f"/api/jobs/{job['id']}").status_code == 204
    assert kept(home) == []
    assert web.get("/api/jobs").json()["jobs"] == []
    for reply in (web.delete(f"/api/jobs/{job['id']}"), web.post("/api/jobs/x/retry", json={})):
        assert reply.status_code == 404


def test_a_whisper_model_that_is_not_there_is_said(web: TestClient, tmp_path: Path) -> None:
    send(web, write_media(tmp_path / "tone.wav", sound=tone(1)))
    (job,) = ended(web)
    assert job["state"] == "failed"
    assert "Whisper" in job["error"]
    assert "--" not in job["error"]
    assert job["needs_captions"]
    web.post(f"/api/jobs/{job['id']}/retry", json={"asr": "draft"}).raise_for_status()
    (again,) = ended(web)
    assert "nobody speaks" in again["error"]
    assert not again["needs_captions"]


def test_a_killed_servers_uploads_are_taken_in_by_the_next(
    serve: Serve, talk: Path, home: Path
) -> None:
    with serve() as web:
        send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
        ended(web)
        video_id = videos(web)[0]["id"]
    shutil.rmtree(home / "videos" / video_id)
    (home / "media" / ("f" * 16)).mkdir()
    with serve() as web:
        assert [job["state"] for job in ended(web)] == ["done"]
        assert videos(web)[0]["id"] == video_id
    assert not (home / "media" / ("f" * 16)).exists()


def test_what_a_damaged_video_was_made_from_is_kept(serve: Serve, talk: Path, home: Path) -> None:
    with serve() as web:
        send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
        ended(web)
        video_id = videos(web)[0]["id"]
    (home / "videos" / video_id / "video.json").write_text("{")
    with serve() as web:
        assert ended(web) == []
        send(web, talk)
        ended(web)
        assert [Path(path).name for path in kept(home)] == ["talk.mp4", "talk.vtt"]


def test_a_folder_on_this_machine(web: TestClient, talk: Path) -> None:
    bad = talk.parent / "deep" / "bad.mp4"
    bad.parent.mkdir()
    bad.write_bytes(b"no media")
    added = web.post("/api/videos/path", json={"path": f"'{talk.parent}'"})
    assert added.status_code == 202
    assert {job["name"] for job in added.json()["jobs"]} == {"talk.mp4", "bad.mp4"}
    states = {job["name"]: job["state"] for job in ended(web)}
    assert states == {"talk.mp4": "done", "bad.mp4": "failed"}
    assert videos(web)[0]["source"] == str(talk)


@pytest.mark.parametrize("path", ["", "talks/talk.mp4", "/no/such/file.mp4", "/etc", "/\0", "~x~"])
def test_a_path_that_is_none(path: str, web: TestClient) -> None:
    reply = web.post("/api/videos/path", json={"path": path})
    assert reply.status_code == 400
    assert reply.json()["detail"].endswith(".")
    assert web.get("/api/jobs").json()["jobs"] == []


def test_paths_are_only_for_those_who_sit_there(serve: Serve, talk: Path) -> None:
    with serve(Site(host="192.0.2.1")) as web:
        reply = web.post("/api/videos/path", json={"path": str(talk)})
        assert reply.status_code == 403
        assert web.get("/api/site").json()["local"] is False


def test_jobs_can_be_stopped(web: TestClient, talk: Path, tmp_path: Path, home: Path) -> None:
    other = write_media(tmp_path / "other.wav", sound=tone(1))
    web.get("/api/videos")
    (home / "videos").mkdir(parents=True, exist_ok=True)
    with FileLock(home / "videos" / ".lock"):
        # The first cannot go on while another process writes; the second waits for its turn.
        jobs = [send(web, path, asr="draft")["job"] for path in (talk, other)]
        for job in jobs:
            assert web.delete(f"/api/jobs/{job['id']}").status_code == 204
        assert web.get("/api/jobs").json() == {"jobs": [], "waiting": 0}
    web.post("/api/videos/path", json={"path": str(talk)})
    (done,) = ended(web)
    assert (done["name"], done["state"]) == ("talk.mp4", "done")
    assert kept(home) == []
