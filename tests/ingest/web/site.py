"""A web site on this machine: files in ranges, feeds, redirects, and ways to misbehave."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ingest.web.network import Network

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """What lies at which path; `asked` is what was asked for, with its headers."""

    port: int
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def put(
        self, path: str, content: bytes | str, kind: str, after: int | None = None, **headers: str
    ) -> str:
        """A file, of which a part is given by its present ETag; it may break off after so much."""
        data = content.encode() if isinstance(content, str) else content
        headers = {"Content-Type": kind} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        self.replies[path] = lambda request: _file(request, data, headers, after)
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        self.replies[path] = lambda request: head(request, status, {"Location": to})
        return self.url(path)

    def status(self, path: str, status: int) -> str:
        self.replies[path] = lambda request: head(request, status, {"Content-Length": "0"})
        return self.url(path)

    def page(self, path: str, html: str) -> str:
        return self.put(path, f"<!DOCTYPE html><html>{html}</html>", "text/html; charset=utf-8")

    def feed(self, path: str, *items: tuple[str, str]) -> str:
        """A podcast with episodes of these titles, at these URLs."""
        episodes = "".join(
            f"<item><title>{title}</title><guid>{number}</guid>"
            f'<enclosure url="{url}" type="audio/mpeg"/></item>'
            for number, (title, url) in enumerate(items)
        )
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel>{episodes}</channel></rss>'
        return self.put(path, rss, "application/rss+xml")

    def stream(self, path: str, *lines: str) -> str:
        """A film in fragments (HLS), as its list says."""
        if "#EXTINF" in "".join(lines):
            lines = ("#EXT-X-TARGETDURATION:60", *lines)
        text = "\n".join(("#EXTM3U", *lines, ""))
        return self.put(path, text, "application/vnd.apple.mpegurl")


def head(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()


def _file(
    request: BaseHTTPRequestHandler, data: bytes, headers: dict[str, str], after: int | None
) -> None:
    start = 0
    asked, version = request.headers.get("Range", ""), headers.get("ETag")
    if asked.startswith("bytes=") and request.headers.get("If-Range", version) == version:
        start = int(asked.removeprefix("bytes=").partition("-")[0])
        headers = headers | {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
    status = 206 if "Content-Range" in headers else 200
    head(request, status, {"Content-Length": str(len(data) - start)} | headers)
    request.wfile.write(data[start:][:after])


@contextlib.contextmanager
def serve() -> Iterator[Site]:
    """A site, for as long as this lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            reply = site.replies.get(self.path.partition("?")[0])
            with contextlib.suppress(ConnectionError):
                if reply is None:
                    head(self, 404, {"Content-Length": "0"})
                else:
                    reply(self)

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Internet:
    """An internet whose every address is this machine; `dialled` is where connections went.

    `names` are the answers that a name has, one after the other; the last one stays.
    """

    names: dict[str, list[list[str]]]
    dialled: list[str] = field(default_factory=list)

    @property
    def network(self) -> Network:
        return Network(timeout=30, patience=30, resolve=self._resolve, connect=self._connect)

    def _resolve(self, host: str, port: int) -> list[str]:
        answers = self.names.get(host)
        if answers is None:
            return [str(address[0]) for *_, address in socket.getaddrinfo(host, port)]
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _connect(self, endpoint: tuple[str, int], timeout: float) -> socket.socket:
        self.dialled.append(endpoint[0])
        return socket.create_connection(("127.0.0.1", endpoint[1]), timeout)
