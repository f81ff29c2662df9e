"""What a hostile site may try: to reach into this machine's network, or to keep it busy."""

from __future__ import annotations

import gc
import gzip
import itertools
import os
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from yt_dlp.utils import DownloadError

from ingest.web import client, fetching
from ingest.web.listing import videos_at
from ingest.web.network import Network
from ingest.web.session import open_client
from playhead.errors import IngestError, SourceError
from tests.ingest.web.conftest import LOCAL, Take
from tests.ingest.web.site import Internet, Site, head

_PUBLIC = [["93.184.216.34"]]
_METADATA = "http://169.254.169.254/latest/meta-data/"
QUICK = Network(allow_private=True, timeout=0.3, patience=0.6)


@pytest.fixture
def internet() -> Internet:
    """Where evil.example is a public host, and rebind.example only when it is first looked up."""
    return Internet({
        "evil.example": _PUBLIC,
        "rebind.example": [["93.184.216.34"], ["127.0.0.1"]],
        "rebound.example": [["93.184.216.34"], ["93.184.216.34"], ["10.0.0.1"]],
        "both.example": [["93.184.216.34", "10.0.0.1"]],
        "unknown.example": [],
    })  # fmt: skip


def _refused(take: Take, url: str, internet: Internet) -> None:
    """The private address is told, and was not connected to."""
    with pytest.raises(SourceError) as error:
        take(url, network=internet.network)
    line = str(error.value)
    assert "is in this machine's own network" in line
    assert "--allow-private" in line
    assert "\n" not in line
    assert set(internet.dialled) <= {"93.184.216.34"}


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/a.mp4",
        "https://127.0.0.1/a.mp4",
        "http://2130706433/a.mp4",
        "http://0177.0.0.1/a.mp4",
        "http://0.0.0.0/a.mp4",
        "http://[::ffff:7f00:1]/a.mp4",
        "http://evil.example:80@127.0.0.1/a.mp4",
        _METADATA,
        "http://both.example/a.mp4",
    ],
)
def test_private_addresses_are_refused(url: str, internet: Internet, take: Take) -> None:
    _refused(take, url, internet)
    assert internet.dialled == []


def test_a_public_site_is_reached(site: Site, talk: bytes, internet: Internet, take: Take) -> None:
    site.put("/a.mp4", talk, "video/mp4")
    assert take(site.url("/a.mp4", "evil.example"), network=internet.network).status == "added"
    assert set(internet.dialled) == {"93.184.216.34"}


@pytest.mark.parametrize("status", [302, 308])
def test_redirects_into_the_network(
    status: int, site: Site, internet: Internet, take: Take
) -> None:
    site.redirect("/a.mp4", site.url("/secret.mp4"), status)
    _refused(take, site.url("/a.mp4", "evil.example"), internet)
    assert site.paths() == ["/a.mp4"]


@pytest.mark.parametrize("host", ["rebind.example", "rebound.example"])
def test_a_name_that_leads_elsewhere_when_it_is_looked_up_again(
    host: str, site: Site, talk: bytes, internet: Internet, take: Take
) -> None:
    site.put("/a.mp4", talk, "video/mp4")
    _refused(take, site.url("/a.mp4", host), internet)


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/a.mp4", "file:///etc/passwd", "gopher://x/"])
def test_redirects_out_of_the_web(target: str, site: Site, internet: Internet, take: Take) -> None:
    site.redirect("/a.mp4", target)
    with pytest.raises(SourceError, match=r"out of the web|not on the web"):
        take(site.url("/a.mp4", "evil.example"), network=internet.network)


@pytest.mark.parametrize(
    "page",
    [
        f'<video src="{_METADATA}a.mp4"></video>',
        f'<video src="/a.mp4"><track kind="captions" srclang="en" src="{_METADATA}en.vtt"></video>',
        f'<video><source src="{_METADATA}list.m3u8" type="application/x-mpegurl"></video>',
        f'<meta property="og:video" content="{_METADATA}a.mp4">',
        f'<meta http-equiv="refresh" content="0;URL=\'{_METADATA}\'">',
    ],
)
def test_pages_that_name_private_addresses(
    page: str, site: Site, internet: Internet, take: Take
) -> None:
    site.page("/talk", page)
    _refused(take, site.url("/talk", "evil.example"), internet)


# yt-dlp does not close the file that it adds fragments to.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "lines",
    [
        ("#EXTINF:60,", f"{_METADATA}1.ts", "#EXT-X-ENDLIST"),
        (f'#EXT-X-KEY:METHOD=AES-128,URI="{_METADATA}"', "#EXTINF:60,", "1.ts", "#EXT-X-ENDLIST"),
        (f'#EXT-X-MAP:URI="{_METADATA}"', "#EXTINF:60,", "1.ts", "#EXT-X-ENDLIST"),
        ("#EXT-X-STREAM-INF:BANDWIDTH=1000", f"{_METADATA}1.m3u8"),
        ("#EXTINF:60,", "redirected.ts", "#EXT-X-ENDLIST"),
    ],
)
def test_fragments_at_private_addresses(
    lines: tuple[str, ...], site: Site, internet: Internet, take: Take
) -> None:
    site.put("/1.ts", b"x" * 160, "video/mp2t")
    site.redirect("/redirected.ts", _METADATA)
    site.stream("/talk.m3u8", *lines)
    _refused(take, site.url("/talk.m3u8", "evil.example"), internet)
    gc.collect()


def test_episodes_at_private_addresses(site: Site, internet: Internet, take: Take) -> None:
    site.feed("/feed", ("secret", _METADATA))
    _refused(take, site.url("/feed", "evil.example"), internet)


def test_a_proxy_is_no_way_around(
    site: Site, internet: Internet, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, site.url(""))
    _refused(take, _METADATA, internet)
    assert site.asked == []
    (error,) = videos_at("http://unknown.example/", None, internet.network)
    assert "the proxy that is set is used only with --allow-private" in str(error)
    # With the allowance it is used.
    list(videos_at("http://evil.example/a.mp4", None, LOCAL))
    assert site.paths() == ["http://evil.example/a.mp4"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_program_is_started(
    site: Site, talk: bytes, take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None that would connect by itself: not where it is there, nor where the site wants it."""
    for name in ("ffmpeg", "ffprobe", "avconv", "rtmpdump", "phantomjs", "aria2c", "curl", "wget"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            f"#!/bin/sh\necho {name} $@ >> {tmp_path}/started\necho {name} version 7.0\n"
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    site.put("/1.ts", talk, "video/mp2t")
    key = '#EXT-X-KEY:METHOD={},URI="/key"'
    for method in ("AES-128", "SAMPLE-AES"):
        url = site.stream(
            f"/{method}.m3u8", key.format(method), "#EXTINF:60,", "1.ts", "#EXT-X-ENDLIST"
        )
        with pytest.raises(IngestError):
            take(url)
    with pytest.raises(SourceError):
        take(site.page("/rtmp", f'<video src="rtmp://127.0.0.1:{site.port}/a"></video>'))
    with pytest.raises(SourceError, match="is live"):
        take(site.stream("/live.m3u8", "#EXTINF:60,", "1.ts"))
    gc.collect()
    assert not (tmp_path / "started").exists()


def test_no_reader_is_used_that_starts_a_browser() -> None:
    """Of all that yt-dlp has, also after it is updated."""
    import yt_dlp.extractor

    folder = Path(yt_dlp.extractor.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if "PhantomJSwrapper(" in path.read_text()}
    assert modules
    with open_client(LOCAL) as web:
        used = {type(reader).__module__ or "" for reader in web._ies_instances.values()}
        used |= {reader._module for reader in web._ies.values() if hasattr(reader, "_module")}
        with pytest.raises(DownloadError, match="No suitable extractor"):
            web.extract_info("https://www.iq.com/play/x", ie_key="Iq", download=False)
    assert not {f"yt_dlp.extractor.{module}" for module in modules} & used


def test_a_yt_dlp_that_goes_another_way_is_not_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(client.WebClient, "build_request_director")
    (error,) = videos_at(site.url("/a.mp4"), None, LOCAL)
    assert "this version of yt-dlp does not fit" in str(error)
    assert site.asked == []


def test_no_plugin_is_loaded(tmp_path: Path) -> None:
    plugin = tmp_path / "yt-dlp" / "plugins" / "evil" / "yt_dlp_plugins" / "extractor" / "evil.py"
    plugin.parent.mkdir(parents=True)
    plugin.write_text("print('loaded')")
    script = (
        "from ingest.web.session import open_client; from ingest.web.network import Network\n"
        "open_client(Network()).close()"
    )
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", script]
    root = Path(__file__).parents[3]
    run = partial(subprocess.run, command, check=True, cwd=root, capture_output=True, text=True)
    assert run(env=environment).stdout == ""


def _drip(request: BaseHTTPRequestHandler, before: bytes) -> None:
    """A byte at a time, for ever."""
    request.wfile.write(before)
    for _ in range(5000):
        request.wfile.write(b"x")
        threading.Event().wait(0.02)


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.0 200 OK\r\nX-Long: ",
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html>",
        b"HTTP/1.0 404 Not Found\r\nContent-Type: text/html\r\n\r\n",
    ],
)
def test_a_page_that_drips_in(before: bytes, site: Site) -> None:
    site.replies["/drip"] = lambda request: _drip(request, before)
    began = time.monotonic()
    (error,) = videos_at(site.url("/drip"), None, QUICK)
    assert isinstance(error, SourceError)
    assert time.monotonic() - began < 30


def test_a_file_that_drips_in(site: Site, take: Take) -> None:
    before = b"HTTP/1.0 200 OK\r\nContent-Type: video/mp4\r\n\r\n"
    site.replies["/drip"] = lambda request: _drip(request, before)
    with pytest.raises(SourceError, match="did not answer in time"):
        take(site.url("/drip"), network=QUICK)


def test_a_long_file_may_take_its_time(site: Site) -> None:
    """It is each piece of it that must come in time."""
    url = site.put("/long", bytes(10**6), "video/mp4")
    with open_client(QUICK) as web:
        response = web.urlopen(url)
        for _ in range(3):
            assert len(response.read(10_000)) == 10_000
            threading.Event().wait(QUICK.patience / 2)
        assert response.read(10_000)


def test_a_site_that_says_nothing(site: Site) -> None:
    site.replies["/silent"] = lambda _request: threading.Event().wait(3)
    (error,) = videos_at(site.url("/silent"), None, QUICK)
    assert "did not answer in time" in str(error)


def test_an_unknown_host(internet: Internet) -> None:
    (error,) = videos_at("http://unknown.example/", None, internet.network)
    assert "has an unknown host" in str(error)


def test_nobody_is_there() -> None:
    (error,) = videos_at("http://127.0.0.1:9/", None, QUICK)
    assert "cannot be reached" in str(error)


def test_a_page_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_PAGE_BYTES", 2**20)

    def endless(request: BaseHTTPRequestHandler) -> None:
        head(request, 200, {"Content-Type": "text/html"})
        for _ in itertools.count():
            request.wfile.write(b"<!DOCTYPE html>" + b" " * 2**16)

    site.replies["/endless"] = endless
    (error,) = videos_at(site.url("/endless"), None, LOCAL)
    assert "a page of over 1 MiB" in str(error)


def test_a_file_without_end(site: Site, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """Radio, say."""
    monkeypatch.setattr(fetching, "_MAX_SECONDS", 0.2)

    def endless(request: BaseHTTPRequestHandler) -> None:
        head(request, 200, {"Content-Type": "audio/mpeg"})
        for _ in itertools.count():
            request.wfile.write(bytes(2**16))

    site.replies["/radio"] = endless
    with pytest.raises(SourceError, match="comes without an end"):
        take(site.url("/radio"))


def test_a_page_that_unpacks_to_more_than_there_is_memory(site: Site) -> None:
    bomb = gzip.compress(bytes(2**24))
    url = site.put("/bomb", bomb, "text/html", Content_Encoding="gzip")
    (error,) = videos_at(url, None, LOCAL)
    assert "sends packed pages" in str(error)


def test_a_feed_that_expands_to_more_than_there_is_memory(site: Site) -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]><rss>&a9;</rss>'
    began = time.monotonic()
    (error,) = videos_at(site.put("/feed", xml, "application/xml"), None, LOCAL)
    assert isinstance(error, SourceError)
    assert time.monotonic() - began < 30


def test_names_of_formats_are_no_paths(
    site: Site, talk: bytes, take: Take, home: Path, tmp_path: Path
) -> None:
    site.put("/a.mp4", talk, "video/mp4")
    manifest = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"
        mediaPresentationDuration="PT60S"><Period><AdaptationSet mimeType="audio/mp4">
        <Representation id="../../../../evil" bandwidth="1000" codecs="mp4a.40.2">
        <BaseURL>a.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>"""
    taken = take(site.put("/talk.mpd", manifest, "application/dash+xml"))
    assert taken.status == "added"
    assert not [path for path in tmp_path.rglob("*evil*") if path != home]
