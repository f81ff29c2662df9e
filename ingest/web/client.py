"""yt-dlp, held to this project's rules: nothing but HTTP, by one door, within bounds.

It may read pages and download files. It may not start other programs, load plugins, read cookies
or settings of a browser or of its own, keep a cache, or write to the terminal.
"""

from __future__ import annotations

import http.client
import io
import logging
import socket
import time
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import (
    DataHandler,
    HTTPCookieProcessor,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    OpenerDirector,
    UnknownHandler,
)

import yt_dlp.globals
from yt_dlp import YoutubeDL
from yt_dlp.networking import Request, RequestDirector, Response
from yt_dlp.networking._urllib import HTTPHandler, ProxyHandler, RedirectHandler, UrllibRH
from yt_dlp.networking.exceptions import RequestError

from ingest.web.network import Network
from playhead.errors import SourceError

MAX_PAGE_BYTES = 64 * 2**20
_BLOCK = 2**16
_RETRIES = 3
_SLOWEST = 1024
"""Bytes a second; slower than speech in the leanest of codecs."""
_NATIVE = "[protocol~='^(https?|m3u8|m3u8_native|http_dash_segments)$']"
"""What yt-dlp downloads itself; for the rest it starts ffmpeg, rtmpdump and the like."""
_SOUND = "/".join(
    choice + _NATIVE for choice in ("bestaudio", "best[height<=?480]", "worst", "worst*[acodec!=none]")
)
"""Sound alone if there is, else the picture no larger than need be."""
_NEED_A_BROWSER = "-(douyushow|douyutv|iqiyi|pornhub.*)"
"""They start PhantomJS, which connects wherever a page tells it to."""

_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())


class WebClient(YoutubeDL):  # type: ignore[misc]  # untyped
    """yt-dlp on a network; use it as a context manager.

    `version` is where the version of the file that is being downloaded is noted, so that what is
    left of a download is continued only if the file is still the same.
    """

    def __init__(self, network: Network) -> None:
        # Plugins are somebody else's code, and would run in the library's name.
        yt_dlp.globals.plugin_dirs.value = []
        self.network = network
        self.version: Path | None = None
        super().__init__(_options(network))

    def build_request_director(
        self,
        handlers: Iterable[Any],  # noqa: ARG002 - all others, which connect wherever they are told
        preferences: Any = None,  # noqa: ANN401 - yt-dlp's own
    ) -> RequestDirector:
        """The one door: no other of yt-dlp's ways to the network is opened."""
        return super().build_request_director([partial(_Door, self)], preferences)


def _options(network: Network) -> dict[str, Any]:
    """https://github.com/yt-dlp/yt-dlp/blob/master/yt_dlp/YoutubeDL.py has what each means."""
    return {
        "logger": _LOG,
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "cachedir": False,
        # Beyond a proxy nobody can tell here what is connected to.
        "proxy": None if network.allow_private else "",
        "socket_timeout": network.timeout,
        "retries": _RETRIES,
        "fragment_retries": _RETRIES,
        "extractor_retries": 1,
        "throttledratelimit": _SLOWEST,
        "skip_unavailable_fragments": False,
        "allowed_extractors": ["default", _NEED_A_BROWSER],
        "noplaylist": True,
        "format": _SOUND,
        "hls_prefer_native": True,
        # A place where there is none, so that it is never handed a URL.
        "ffmpeg_location": "",
        "fixup": "never",
    }


class _Door(UrllibRH):  # type: ignore[misc]  # untyped
    """yt-dlp's handler on top of urllib, with the network's own connections and without FTP."""

    _SUPPORTED_URL_SCHEMES = ("http", "https", "data")
    _SUPPORTED_PROXY_SCHEMES = ("http",)

    def __init__(self, client: WebClient, **kwargs: Any) -> None:  # noqa: ANN401 - yt-dlp's own
        super().__init__(**kwargs)
        self._client = client

    def _create_instance(
        self,
        proxies: Any,  # noqa: ANN401 - yt-dlp's own
        cookiejar: Any,  # noqa: ANN401 - yt-dlp's own
        legacy_ssl_support: bool | None = None,  # noqa: FBT001 - as yt-dlp calls it
    ) -> OpenerDirector:
        context = self._make_sslcontext(legacy_ssl_support=legacy_ssl_support)
        opener = OpenerDirector()
        for handler in (
            ProxyHandler(proxies),
            _BoundedHandler(self._client.network, context),
            HTTPCookieProcessor(cookiejar),
            DataHandler(),
            UnknownHandler(),
            HTTPDefaultErrorHandler(),
            HTTPErrorProcessor(),
            RedirectHandler(),
        ):
            opener.add_handler(handler)
        opener.addheaders = []
        return opener

    def _prepare_headers(self, _request: Request, headers: dict[str, str]) -> None:
        headers.setdefault("Accept-Encoding", "gzip, deflate")

    def _send(self, request: Request) -> Response:
        version = self._client.version
        if version and version.exists() and "Range" in request.headers:
            request.headers["If-Range"] = version.read_text()
        try:
            response = super()._send(request)
        except SourceError as refused:
            # Of this class, so that yt-dlp neither tries again nor goes on without.
            raise RequestError(cause=refused) from refused
        if version:
            version.write_text(_version_of(response))
        return response


def _version_of(response: Response) -> str:
    """What tells two versions of a file apart (RFC 9110, section 13.1.5)."""
    tag: str = response.headers.get("ETag", "")
    if tag.startswith('"'):
        return tag
    # No server has a file of that version: it then sends the whole.
    return str(response.headers.get("Last-Modified") or '"unknown"')


class _BoundedHandler(HTTPHandler):  # type: ignore[misc]  # untyped
    """Connects by the network's rules, and unpacks no page that is larger than a page can be."""

    def __init__(self, network: Network, context: Any) -> None:  # noqa: ANN401 - an SSLContext
        super().__init__(context=context)
        self._network = network

    def http_open(self, req: Any) -> Any:  # noqa: ANN401 - urllib's
        """Open a http:// URL."""
        return self.do_open(self._connecting(http.client.HTTPConnection), req)

    def https_open(self, req: Any) -> Any:  # noqa: ANN401 - urllib's
        """Open a https:// URL."""
        made = self._connecting(http.client.HTTPSConnection)
        return self.do_open(made, req, context=self._context)

    def _connecting(
        self, kind: type[http.client.HTTPConnection]
    ) -> Callable[..., http.client.HTTPConnection]:
        def made(*args: Any, **kwargs: Any) -> http.client.HTTPConnection:  # noqa: ANN401
            connection = kind(*args, **kwargs)
            # The seam that yt-dlp uses, too.
            connection._create_connection = (  # type: ignore[attr-defined]  # noqa: SLF001
                lambda endpoint, *_: self._network.connection_to(endpoint)
            )
            connection.response_class = partial(  # type: ignore[assignment]
                _BoundedResponse, self._network
            )
            return connection

        return made

    @staticmethod
    def gz(data: bytes) -> bytes:
        """Unpack gzip."""
        return _unpacked(data, zlib.MAX_WBITS | 16)

    @staticmethod
    def deflate(data: bytes) -> bytes:
        """Unpack zlib, with its header as it should be or without as some send it."""
        try:
            return _unpacked(data, zlib.MAX_WBITS)
        except zlib.error:
            return _unpacked(data, -zlib.MAX_WBITS)

    @staticmethod
    def brotli(_data: bytes) -> bytes:
        """Nobody asked for it."""
        raise SourceError("the site sends pages that are packed in a way nobody asked for")


def _unpacked(data: bytes, window: int) -> bytes:
    unpacked = zlib.decompressobj(window).decompress(data, MAX_PAGE_BYTES + 1)
    if len(unpacked) > MAX_PAGE_BYTES:
        raise _too_large()
    return unpacked


class _BoundedResponse(http.client.HTTPResponse):
    """A response whose headers, and whatever is read of it at once, are there within bounds."""

    def __init__(self, network: Network, sock: socket.socket, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(sock, **kwargs)
        self._patience = network.patience
        self._clocked = _Clocked(self.fp.detach(), sock, network.timeout)
        self._clocked.allow(self._patience)
        self.fp = io.BufferedReader(self._clocked)

    def read(self, amt: int | None = None) -> bytes:
        """Read so many bytes, or all of a page."""
        self._clocked.allow(self._patience)
        if amt is not None:
            return super().read(amt)
        page = bytearray()
        while block := super().read(_BLOCK):
            page += block
            if len(page) > MAX_PAGE_BYTES:
                raise _too_large()
        if self.length:
            raise http.client.IncompleteRead(bytes(page), self.length)
        return bytes(page)


class _Clocked(io.RawIOBase):
    """What comes in by a socket, until time is up: a byte now and then resets no clock here."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, timeout: float) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout = timeout
        self._until = 0.0

    def allow(self, seconds: float) -> None:
        """Start the clock anew."""
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any that can be written to
        """Read what there is."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(min(left, self._timeout))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close what lies beneath."""
        self._raw.close()
        super().close()


def _too_large() -> SourceError:
    return SourceError(f"the site sends a page of over {MAX_PAGE_BYTES >> 20} MiB")
