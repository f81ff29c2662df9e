"""The gate, over the whole application on a real server: what gets through, and what never does."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes import video
from tests.ui.web.raw_http import asked, posted, whole_site
from ui.web.guard import MAX_BODY_BYTES, guarded
from ui.web.headers import media_origins, policy
from ui.web.site import Credentials, Site

# Gradio leaves event loops behind when a page is built.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

JOIN = "/gradio_api/queue/join"
EVENT = {"data": ["Why?", "", None], "fn_index": 0, "session_hash": "abc", "trigger_id": 3}


@pytest.fixture(scope="module")
def port(ready_home: Path) -> Iterator[int]:
    with whole_site(ready_home) as port:
        yield port


@pytest.fixture(scope="module")
def storm(port: int) -> str:
    """The id of the video whose file is here."""
    videos = asked(port, "/api/videos").json["videos"]
    return next(video["id"] for video in videos if video["title"] == "storm")


# Paths.


@pytest.mark.parametrize("room", ["/media/", "/captions/", "/poster/", "/watch/", "/playhead/"])
@pytest.mark.parametrize(
    "trick",
    [
        "../../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%252f..%252fetc%252fpasswd",
        "..\\..\\etc\\passwd",
        "..%5c..%5cetc%5cpasswd",
        "%c0%ae%c0%ae/etc/passwd",
        "%ef%bc%8e%ef%bc%8e/etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "file:///etc/passwd",
        "{storm}/../../etc/passwd",
        "{storm}%2f..%2fvideo.json",
        "{storm}%00.mp4",
        "{storm}/",
        ".",
        "%00",
        "<script>alert(1)</script>",
        "a" * 9_000,
        "",
    ],
)
def test_no_path_leads_out_of_its_room(room: str, trick: str, port: int, storm: str) -> None:
    reply = asked(port, room + trick.replace("{storm}", storm))
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/json"
    assert set(reply.json) == {"detail"}


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file={secret}",
        "/gradio_api/%66ile={secret}",
        "/%67radio_api/file={secret}",
        "//gradio_api/file={secret}",
        "/./gradio_api/file={secret}",
        "/media/../gradio_api/file={secret}",
        "/api/..%2fgradio_api/file={secret}",
        "/gradio_api/file/{secret}",
        "/file={secret}",
        "/static/{secret}",
        "/static/img/logo.svg",
        "/gradio_api/startup-events",
        "/assets/..%2f..%2f..%2fapp.py",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/stream/a/0/0/playlist.m3u8",
        "/gradio_api/custom_component/a/client/component/x.js",
        "/gradio_api/upload_progress?upload_id=x",
        "/gradio_api/openapi.json",
        "/gradio_api/deep_link",
        "/gradio_api/runs",
        "/gradio_api/run-history/buckets",
        "/gradio_api/vibe-code",
        "/gradio_api/dev/reload",
        "/gradio_api/token",
        "/gradio_api/app_id",
        "/gradio_api/call/ask/x",
        "/monitoring",
        "/login",
        "/logout",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/manifest.json",
        "/robots.txt",
        "/svelte/x",
        "/pwa_icon",
        "/nothing",
        "http://evil.example/gradio_api/file={secret}",
        "*",
    ],
)
def test_what_the_page_does_not_need_is_not_there(path: str, port: int, ready_home: Path) -> None:
    """Not by Gradio's own routes either."""
    secret = next(ready_home.rglob("video.json"))
    reply = asked(port, path.replace("{secret}", str(secret)))
    assert (reply.status, reply.json) == (404, {"detail": "there is nothing here"})


@pytest.mark.parametrize(
    "path",
    ["upload", "vibe-edit", "component_server", "run/ask", "api/ask", "call/ask", "stream/x"],
)
def test_what_could_be_sent_to_gradio_is_not_there(path: str, port: int) -> None:
    assert posted(port, f"/gradio_api/{path}", {}).status == 404
    assert posted(port, "/login", {}).status == 404


@pytest.mark.parametrize(
    "path", ["/", "/config", "/theme.css", "/gradio_api/info", "/playhead/page.js", "/api/videos"]
)
def test_what_the_page_needs_is_there(path: str, port: int) -> None:
    assert asked(port, path).status == 200
    assert asked(port, f"{path}?x=../../etc").status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_methods_that_nothing_has(method: str, port: int) -> None:
    assert asked(port, "/api/videos", method).status == 405


def test_gradio_shows_no_state_that_a_link_names(port: int) -> None:
    assert asked(port, "/config?deep_link=x&page=y").json == asked(port, "/config").json


# Names.


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:7860"])
def test_the_names_of_this_machine(host: str, port: int) -> None:
    assert asked(port, "/config", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "127.0.0.1:7860,evil.example",
        "127.0.0.1 evil.example",
        "0.0.0.0",
        "192.168.1.5",
        "2130706433",
        "127.0.0.1:",
        "::1",
        "",
        None,
    ],
)
@pytest.mark.parametrize("path", ["/", "/config", "/api/videos", "/media/x", "/nothing"])
def test_another_site_cannot_come_in_under_its_own_name(
    host: str | None, path: str, port: int
) -> None:
    """DNS rebinding: a name of theirs that leads to this machine."""
    assert asked(port, path, host=host).status == 400


def test_a_name_that_a_proxy_tells_counts_for_nothing(port: int) -> None:
    config = asked(port, "/config", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil.example" not in config.body


OPEN = Site(host="0.0.0.0")


@given(st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z][a-z0-9-]{0,20}){1,4}", fullmatch=True))
def test_an_open_site_has_no_name_that_others_can_give_it(name: str) -> None:
    own = socket.gethostname().lower()
    assert OPEN.answers_to(name) == (name in {own, f"{own.partition('.')[0]}.local"})


@given(st.ip_addresses().map(str))
def test_an_open_site_is_found_by_its_number(address: str) -> None:
    assert OPEN.answers_to(address)
    assert Site().answers_to(address) == (address in {"127.0.0.1", "::1"})


def test_who_needs_a_password_may_use_any_name() -> None:
    assert Site(credentials=Credentials("ann", "x")).answers_to("videos.example")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *((host, True) for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.1.5", "", "box", "localhost.org")),
    ],
)
def test_who_else_can_reach_it(host: str, local: bool) -> None:
    assert Site(host).is_local == local
    assert not Site(host, credentials=Credentials("ann", "x")).is_local


# Senders.


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://evil.example/127.0.0.1"},
        {"Origin": "http://127.0.0.1@evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
    ],
)
def test_what_another_site_sends_is_refused(headers: dict[str, str], port: int) -> None:
    for method, path in (("POST", "/api/ask"), ("POST", JOIN), ("DELETE", "/api/videos/x")):
        assert asked(port, path, method, headers=headers, body=b"{}").status == 403


@pytest.mark.parametrize("dest", ["video", "image", "script", "empty", "iframe"])
def test_what_another_site_would_show_as_its_own_is_refused(dest: str, port: int) -> None:
    mode = "navigate" if dest == "iframe" else "no-cors"
    fetch = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert asked(port, "/config", headers=fetch).status == 403


def test_a_link_on_another_site_can_be_followed(port: int, storm: str) -> None:
    fetch = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert asked(port, f"/watch/{storm}", headers=fetch).status == 200


def test_no_other_site_is_invited_in(port: int) -> None:
    """Gradio does so where it thinks that it is not served locally."""
    own = asked(port, "/config", headers={"Origin": "http://127.0.0.1"})
    assert own.status == 200
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for reply in (own, asked(port, JOIN, "OPTIONS", headers=preflight)):
        assert not [name for name in reply.headers if name.startswith("access-control")]


# Bodies.


def test_a_body_that_is_too_large(port: int) -> None:
    most = {"Content-Length": str(MAX_BODY_BYTES + 1)}
    told = asked(port, "/api/ask", "POST", headers=most, body=b"{")
    assert told.status == 413


@pytest.mark.parametrize(
    ("path", "pieces", "status"),
    [("/api/ask", 16, 200), ("/api/ask", 17, 413), ("/api/videos", 64, 200)],
)
def test_a_body_that_grows(path: str, pieces: int, status: int) -> None:
    """One that did not say how long it would be. Uploads may be long, and are never held here."""
    sent = iter([b" " * 2**16] * pieces)
    received: list[int] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            received.append(len(message["body"]))
            more = message["more_body"]
        await PlainTextResponse("in")(scope, receive, send)

    async def receive() -> Message:
        piece = next(sent, b"")
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    assert answered(inner, path, receive) == status
    if path == "/api/videos":
        assert received == [2**16] * pieces + [0]


def answered(inner: ASGIApp, path: str, receive: Receive) -> int:
    """The status of what comes back for a body that comes so."""
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"host", b"localhost")]}
    asyncio.run(guarded(inner, Site(), list)(scope, receive, send))
    return int(said[0]["status"])


@pytest.mark.parametrize(
    "change",
    [
        {"data": [{"path": "{secret}", "meta": {"_type": "gradio.FileData"}}, "", None]},
        {"data": ["Why?", "", [{"path": "{secret}", "meta": {"_type": "gradio.FileData"}}]]},
        {"event_data": {"path": "{secret}", "meta": {"_type": "gradio.FileData"}}},
        {"data": "{secret}"},
        {"fn_index": -1},
        {"fn_index": "0"},
        {"session_hash": "../x"},
        {"session_hash": None},
        {"simple_format": True},
    ],
)
def test_an_event_that_no_page_sends(
    change: dict[str, object],
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Gradio would copy a file that a value names into its cache, whatever the component is."""
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    event = json.dumps(EVENT | change).replace("{secret}", str(secret)).encode()
    assert posted(port, JOIN, event).status == 400


def test_an_event_is_understood_once(port: int) -> None:
    """Of two values of one name the guard and Gradio must not take different ones."""
    twice = json.dumps(EVENT)[:-1].encode() + b', "data": [{"path": "/etc/passwd"}]}'
    assert posted(port, JOIN, twice).status == 400
    assert posted(port, JOIN, EVENT | {"session_hash": "once"}).status == 200


# What a browser may do.


@pytest.mark.parametrize("path", ["/", "/nothing", "/media/{storm}", "/api/videos", "/theme.css"])
def test_every_response_says_what_a_browser_may_do(path: str, port: int, storm: str) -> None:
    headers = asked(port, path.replace("{storm}", storm)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "cache-control" in headers
    assert "server" not in headers


def test_what_a_browser_keeps(port: int) -> None:
    """Gradio's assets, some fifty files; of everything else it asks whether it is still so."""
    page = asked(port, "/")
    asset = re.search(r"assets/index-[^\"]+\.js", page.body.decode())
    assert asset is not None
    assert "immutable" in asked(port, f"/{asset[0]}").headers["cache-control"]
    others = [page, asked(port, "/assets/none.js"), asked(port, "/playhead/page.js")]
    assert all("no-cache" in other.headers["cache-control"] for other in others)


def test_pages_may_play_media_from_where_the_library_says(port: int, storm: str) -> None:
    """The ready library has an mp4 elsewhere, and a page of a site, which no player plays."""
    for path in ("/", f"/watch/{storm}"):
        own = asked(port, path).headers["content-security-policy"]
        assert "media-src 'self' blob: https://videos.example;" in own


@pytest.mark.parametrize(
    "source",
    [
        "https://a.example;script-src */x.mp4",
        "https://a.example script-src/x.mp4",
        "https://a.example'/x.mp4",
        "https://*/x.mp4",
        "https:///x.mp4",
        "https://a.example:99999/x.mp4",
        "https://[::1/x.mp4",
        "https://a.example/x.html",
        "https://a.example/x.mp4/",
        "/files/x.mp4",
    ],
)
def test_a_source_that_would_bend_the_policy(source: str) -> None:
    assert media_origins([video(source=source)]) == []


def test_origins_are_just_that() -> None:
    sources = ["https://User:pw@B.example:8443/a/x.MP4?q=1", "http://[::1]/x.webm"]
    found = media_origins([video(source=source) for source in sources])
    assert found == ["http://[::1]", "https://b.example:8443"]
    assert "media-src 'self' blob: http://[::1] https://b.example:8443;" in policy(found)


def test_nothing_here_speaks_websocket() -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    asyncio.run(guarded(inner, Site(), list)({"type": "websocket", "path": "/"}, receive, send))
    assert said == [{"type": "websocket.close", "code": 1008}]
