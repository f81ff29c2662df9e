"""The web application over a real library: what it serves, and what it never does."""

from __future__ import annotations

import gc
import json
import re
import signal
import socket
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.ui.commandline import (
    BREAD,
    BREAD_URL,
    SCRIPT,
    Playhead,
    indexed,
)
from ui.wiring import open_playhead

# Gradio leaves event loops behind when a page is built.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def web(ready_home: Path) -> Iterator[TestClient]:
    """The application of the ready library."""
    from ui.web.app import build_app

    with (
        warnings.catch_warnings(action="ignore"),
        open_playhead(home=ready_home) as app,
        TestClient(build_app(app), base_url="http://127.0.0.1:7860") as client,
    ):
        gc.collect()
        yield client


@pytest.fixture
def ids(web: TestClient, library: Path, playhead: Playhead) -> dict[str, str]:
    """Title to id."""
    videos = playhead("library", "list", "--json").done().json["videos"]
    return {video["title"]: video["id"] for video in videos}


@pytest.fixture
def media(library: Path, ids: dict[str, str]) -> bytes:
    """The bytes of the video whose file is here."""
    about = json.loads((library / "videos" / ids["storm"] / "video.json").read_text("utf-8"))
    return Path(about["source"]).read_bytes()


def test_the_media_of_a_video(web: TestClient, ids: dict[str, str], media: bytes) -> None:
    whole = web.get(f"/media/{ids['storm']}")
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.content == media


@pytest.mark.parametrize("asked", ["0-0", "100-199", "500-"])
def test_a_part_of_the_media(
    asked: str, web: TestClient, ids: dict[str, str], media: bytes
) -> None:
    """Players seek so."""
    part = web.get(f"/media/{ids['storm']}", headers={"Range": f"bytes={asked}"})
    first, last = asked.split("-")
    end = int(last) if last else len(media) - 1
    assert part.status_code == 206
    assert part.content == media[int(first) : end + 1]
    assert part.headers["content-range"] == f"bytes {first}-{end}/{len(media)}"


def test_a_part_that_is_not_there(web: TestClient, ids: dict[str, str]) -> None:
    beyond = web.get(f"/media/{ids['storm']}", headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("kind", ["media", "captions", "watch"])
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
        "{id}/../{id}%2fvideo.json",
        "{id}%2fvideo.json",
        "{upper}",
        "<script>",
        "a" * 5_000,
    ],
)
def test_anything_but_a_video_is_not_found(
    kind: str, name: str, web: TestClient, ids: dict[str, str]
) -> None:
    asked = name.replace("{id}", ids["storm"]).replace("{upper}", ids["storm"].upper())
    found = web.get(f"/{kind}/{asked}", follow_redirects=False)
    assert found.status_code == 404
    assert found.headers["content-type"] == "application/json"
    assert "root:" not in found.text


def test_media_that_are_elsewhere_or_gone(
    web: TestClient, ids: dict[str, str], library: Path
) -> None:
    elsewhere = web.get(f"/media/{ids['bread']}", follow_redirects=False)
    assert elsewhere.status_code == 404
    source = Path(
        json.loads((library / "videos" / ids["storm"] / "video.json").read_text())["source"]
    )
    away = source.rename(source.with_suffix(".away"))
    try:
        assert web.get(f"/media/{ids['storm']}").status_code == 404
    finally:
        away.rename(source)


def test_a_player_may_ask_for_the_head_alone(
    web: TestClient, ids: dict[str, str], media: bytes
) -> None:
    head = web.head(f"/media/{ids['storm']}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(media))


def test_another_site_cannot_come_in_under_its_own_name(
    web: TestClient, ids: dict[str, str]
) -> None:
    """DNS rebinding: a name of theirs that leads to this machine."""
    for path in ("/", "/config", f"/media/{ids['storm']}", f"/watch/{ids['storm']}"):
        assert web.get(path, headers={"Host": "evil.example:7860"}).status_code == 400
        assert web.get(path, headers={"Host": "localhost:7860"}).status_code == 200


def test_no_other_file_is_served(web: TestClient, library: Path, ids: dict[str, str]) -> None:
    """Not by Gradio's own routes either."""
    secret = library / "videos" / ids["storm"] / "video.json"
    for route in (f"/gradio_api/file={secret}", f"/file={secret}", f"/static/{secret}", "/docs"):
        assert web.get(route).status_code in (403, 404)


def test_the_captions_of_a_video(web: TestClient, ids: dict[str, str], library: Path) -> None:
    served = web.get(f"/captions/{ids['bread']}")
    assert served.headers["content-type"].startswith("text/vtt")
    assert served.text == (library / "videos" / ids["bread"] / "captions.vtt").read_text("utf-8")
    assert BREAD in served.text


def test_the_watch_page_of_a_file(web: TestClient, ids: dict[str, str]) -> None:
    page = web.get(f"/watch/{ids['storm']}")
    assert page.headers["content-type"].startswith("text/html")
    assert f"src='/media/{ids['storm']}'" in page.text
    assert f"src='/captions/{ids['storm']}'" in page.text
    assert "://" not in page.text


def test_the_watch_page_of_a_url_leads_there(web: TestClient, ids: dict[str, str]) -> None:
    page = web.get(f"/watch/{ids['bread']}").text
    assert re.findall(r"\w+://[^'\"<> ]+", page) == [f"{BREAD_URL}#t=0"]


def test_the_page_itself(web: TestClient) -> None:
    """Nothing is fetched from another host: no script, no font, no style."""
    page = web.get("/").text
    assert "Playhead" in page
    fetched = re.findall(r"""(?:src|href)=["'](\w+:)?//([^"'/]+)""", page)
    assert {host for _, host in fetched} <= {"127.0.0.1:7860"}
    config = web.get("/config").json()
    assert "data-citation" in config["head"]
    assert "://" not in config["head"]
    assert "://" not in config["css"]


def test_a_question_is_no_public_endpoint(web: TestClient) -> None:
    assert web.get("/gradio_api/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_a_question_through_the_page(web: TestClient, home: Path, library: Path) -> None:
    """As the page sends it; the answer is the HTML that shows it."""
    asked = {"data": ["Why does bread rise?"], "fn_index": 0, "session_hash": "test"}
    web.post("/gradio_api/queue/join", json=asked).raise_for_status()
    with web.stream("GET", "/gradio_api/queue/data?session_hash=test") as events:
        done = next(
            event
            for line in events.iter_lines()
            if line.startswith("data:")
            and (event := json.loads(line.removeprefix("data:")))["msg"] == "process_completed"
        )
    assert done["success"]
    (html,) = done["output"]["data"]
    assert "data-citation" in html
    assert BREAD in html
    # Between two questions the index is free for others.
    assert len(indexed(library)) == 3


def test_serve_on_a_port_that_is_taken(playhead: Playhead, library: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = playhead("serve", "--port", str(port)).failure()
    assert f"port {port} is taken" in line
    assert "--port" in line


def test_serve_until_it_is_interrupted(library: Path, ids: dict[str, str]) -> None:
    """The command itself; it serves this machine alone, and ends without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        [SCRIPT, "serve", "--port", port], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert f"http://127.0.0.1:{port}" in process.stderr.readline()
        page = fetched(int(port), f"/watch/{ids['storm']}")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert b"<title>storm</title>" in page
    assert process.returncode in (0, 130)
    assert out == ""
    assert "Traceback" not in err


def fetched(port: int, path: str) -> bytes:
    """What a server that is about to start serves."""
    while True:
        connection = HTTPConnection("127.0.0.1", port)
        with closing(connection), suppress(ConnectionRefusedError):
            connection.request("GET", path)
            return connection.getresponse().read()
