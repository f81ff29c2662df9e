"""The library over HTTP: list, look into, add, remove; over real files and a real index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from retrieval.embedding import SentenceTransformerEmbedder
from tests.media import bars, silence, tone, write_media
from tests.ui.commandline import BREAD, BREAD_URL, KEEPER, STORM, Playhead, write_captions
from ui.web.catalog import Catalog
from ui.web.errors import tell_errors
from ui.web.jobs import Jobs
from ui.web.library_routes import library_routes
from ui.web.media import MediaDesk
from ui.web.site import Site
from ui.wiring import open_playhead

Serve = Callable[..., AbstractContextManager[TestClient]]
JOB_SECONDS = 30.0


@pytest.fixture
def serve(home: Path, embedder: SentenceTransformerEmbedder) -> Serve:
    """Starts a server of the test's library; its jobs end with it."""

    @contextmanager
    def start(site: Site = Site()) -> Iterator[TestClient]:
        with open_playhead() as app:
            app.__dict__["embedder"] = embedder
            api = FastAPI()
            tell_errors(api, app, site)
            parts = Catalog(app), Jobs(app), MediaDesk(app)
            api.include_router(library_routes(app, site, *parts))
            with TestClient(api, base_url="http://127.0.0.1") as client:
                yield client

    return start


@pytest.fixture
def web(serve: Serve) -> Iterator[TestClient]:
    """A server of the test's library, which is empty unless it asks for a ready one first."""
    with serve() as client:
        yield client


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A video with its captions beside it."""
    write_captions(tmp_path / "talks" / "talk.vtt", KEEPER)
    return write_media(tmp_path / "talks" / "talk.mp4", pictures=[bars(64, 48)] * 6, sound=tone(6))


def videos(web: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = web.get("/api/videos").raise_for_status().json()["videos"]
    return listed


def ended(web: TestClient) -> list[dict[str, Any]]:
    """The jobs when there is nothing more to do."""
    give_up = time.monotonic() + JOB_SECONDS
    while time.monotonic() < give_up:
        jobs: list[dict[str, Any]] = web.get("/api/jobs").json()["jobs"]
        if all(job["state"] in ("done", "failed") for job in jobs):
            return jobs
    raise AssertionError(jobs)


def send(web: TestClient, path: Path, **query: str) -> dict[str, Any]:
    """What the server says of a file that is sent to it."""
    query = {"name": path.name} | query
    reply = web.post("/api/videos", params=query, content=path.read_bytes())
    assert reply.status_code == 202, reply.text
    sent: dict[str, Any] = reply.json()
    return sent


def kept(home: Path) -> list[str]:
    """What lies in the folder of uploads."""
    folder = home / "media"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_empty_library(web: TestClient) -> None:
    assert videos(web) == []
    assert web.get("/api/jobs").json() == {"jobs": [], "waiting": 0}


def test_videos_are_those_of_the_command_line(
    own_library: Path, web: TestClient, playhead: Playhead
) -> None:
    listed = playhead("library", "list", "--json").done().json["videos"]
    found = videos(web)
    assert [video | listed[n] for n, video in enumerate(found)] == found
    storm = next(video for video in found if video["title"] == "storm")
    assert storm["watch"] == f"/watch/{storm['id']}"
    assert storm["poster"] == f"/poster/{storm['id']}"
    assert [video["poster"] for video in found].count(None) == 2


def test_the_list_is_sent_again_only_if_it_changed(own_library: Path, web: TestClient) -> None:
    first = web.get("/api/videos")
    known = {"If-None-Match": first.headers["etag"]}
    assert web.get("/api/videos", headers=known).status_code == 304
    web.delete(f"/api/videos/{first.json()['videos'][0]['id']}").raise_for_status()
    again = web.get("/api/videos", headers=known)
    assert again.status_code == 200
    assert len(again.json()["videos"]) == 2


def test_what_another_process_adds_shows_up(
    web: TestClient, playhead: Playhead, talk: Path
) -> None:
    assert videos(web) == []
    playhead("ingest", talk).done()
    assert [video["title"] for video in videos(web)] == ["talk"]


def test_a_video_with_all_that_was_said(own_library: Path, web: TestClient) -> None:
    video = next(video for video in videos(web) if video["title"] == "bread")
    whole = web.get(f"/api/videos/{video['id']}")
    assert whole.json()["video"] == video
    assert whole.json()["captions"] == f"/captions/{video['id']}"
    assert whole.json()["poster"] is None
    (sentence,) = whole.json()["sentences"]
    assert sentence["text"] == BREAD
    assert set(sentence) == {"start", "end", "text", "speaker"}
    known = {"If-None-Match": whole.headers["etag"]}
    assert web.get(f"/api/videos/{video['id'][:6]}", headers=known).status_code == 304


@pytest.mark.parametrize("name", ["0123456789abcdef", "xyz", "..%2f..", "%00", "a" * 5000])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_video_that_is_not_there(
    name: str, method: str, own_library: Path, web: TestClient
) -> None:
    reply = web.request(method, f"/api/videos/{name}")
    assert reply.status_code == 404
    assert len(videos(web)) == 3


def test_a_damaged_transcript_is_told(own_library: Path, web: TestClient) -> None:
    video_id = videos(web)[0]["id"]
    (own_library / "videos" / video_id / "transcript.json").write_text("{")
    reply = web.get(f"/api/videos/{video_id}")
    assert reply.status_code == 500
    assert "damaged" in reply.json()["detail"]
    assert len(videos(web)) == 2


def test_others_do_not_learn_where_files_lie(own_library: Path, serve: Serve) -> None:
    with serve(Site(host="0.0.0.0")) as web:
        sources = {video["title"]: video for video in videos(web)}
        storm = sources["storm"]
        assert storm["source"] == f"/watch/{storm['id']}"
        assert sources["bread"]["source"] == BREAD_URL
        assert web.get(f"/api/videos/{storm['id']}").json()["video"] == storm


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


def test_a_video_is_removed_with_what_was_sent_for_it(
    web: TestClient, talk: Path, home: Path
) -> None:
    send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
    ended(web)
    assert web.delete(f"/api/videos/{videos(web)[0]['id']}").status_code == 204
    assert videos(web) == []
    assert kept(home) == []


def test_a_file_that_lies_elsewhere_is_never_removed(web: TestClient, talk: Path) -> None:
    web.post("/api/videos/path", json={"path": str(talk)}).raise_for_status()
    ended(web)
    web.delete(f"/api/videos/{videos(web)[0]['id']}").raise_for_status()
    assert talk.exists()
    assert talk.with_suffix(".vtt").exists()


def test_a_link_in_the_place_of_what_was_sent_is_not_followed(
    web: TestClient, talk: Path, home: Path
) -> None:
    send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
    ended(web)
    video_id = videos(web)[0]["id"]
    folder = home / "media" / video_id
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(talk.parent)
    web.delete(f"/api/videos/{video_id}").raise_for_status()
    assert talk.exists()


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
    send(web, silent, asr="captions")
    (job,) = ended(web)
    assert job["state"] == "failed"
    assert job["error"].startswith("silent.wav has no captions")
    assert len(kept(home)) == 1
    web.post(f"/api/jobs/{job['id']}/retry", json={"asr": "pocketsphinx"}).raise_for_status()
    (again,) = ended(web)
    assert "nobody speaks in silent.wav" in again["error"]
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
    assert "pocketsphinx" in job["error"]


def test_a_killed_servers_uploads_are_taken_in_by_the_next(
    serve: Serve, talk: Path, home: Path
) -> None:
    with serve() as web:
        send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
        ended(web)
        video_id = videos(web)[0]["id"]
    for path in (home / "videos" / video_id).iterdir():
        path.unlink()
    (home / "videos" / video_id).rmdir()
    (home / "media" / ("f" * 16)).mkdir()
    with serve() as web:
        assert [job["state"] for job in ended(web)] == ["done"]
        assert videos(web)[0]["id"] == video_id


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


def test_openapi_tells_what_comes(web: TestClient) -> None:
    paths = web.get("/openapi.json").json()["paths"]
    listed = paths["/api/videos"]["get"]["responses"]["200"]["content"]["application/json"]
    assert listed["schema"] == {"$ref": "#/components/schemas/VideosForm"}
    assert "application/octet-stream" in paths["/api/videos"]["post"]["requestBody"]["content"]
