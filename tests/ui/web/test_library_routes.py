"""The library over HTTP: list, look into, remove; over real files and a real index."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from playhead.types import Sentence
from tests.ui.commandline import BREAD, BREAD_URL, Playhead
from tests.ui.web.library_client import Serve, ended, kept, send, videos
from ui.web.library_forms import sentence_form
from ui.web.site import Site


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
    assert set(sentence) == {"start", "end", "text", "speaker", "doubt"}
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


def test_a_video_is_removed_with_what_was_sent_for_it(
    web: TestClient, talk: Path, home: Path
) -> None:
    send(web, talk, captions=send(web, talk.with_suffix(".vtt"))["captions"])
    ended(web)
    assert web.delete(f"/api/videos/{videos(web)[0]['id']}").status_code == 204
    assert videos(web) == []
    assert kept(home) == []


def test_the_beginning_of_an_id_removes_nothing(own_library: Path, serve: Serve) -> None:
    with serve() as web:
        found = videos(web)
        for name in (found[0]["id"][:4], found[0]["id"][:-1], "0123456789abcdef"):
            assert web.delete(f"/api/videos/{name}").status_code == 404
        assert videos(web) == found


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


def test_openapi_tells_what_comes(web: TestClient) -> None:
    paths = web.get("/openapi.json").json()["paths"]
    listed = paths["/api/videos"]["get"]["responses"]["200"]["content"]["application/json"]
    assert listed["schema"] == {"$ref": "#/components/schemas/VideosForm"}
    assert "application/octet-stream" in paths["/api/videos"]["post"]["requestBody"]["content"]


def test_a_sentence_says_who_speaks_and_whether_it_may_be_made_up() -> None:
    form = sentence_form(Sentence("Thank you.", 1.0, 2.0, speaker="Ann", doubt="repetition"))
    assert (form.speaker, form.doubt) == ("Ann", "repetition")
