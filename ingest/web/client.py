"""yt-dlp, held to this project's rules: nothing but HTTP, one way to the network, within bounds.

It may read pages and download files. It may not start other programs, load plugins, read cookies
or settings of a browser or of its own, keep a cache, or write to the terminal.
"""
# ruff: noqa: ANN401 - neither yt-dlp nor urllib's handlers have types

from __future__ import annotations

import io
import logging
import re
import time
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import URLError
from urllib.request import AbstractHTTPHandler, OpenerDirector
from weakref import WeakSet

import yt_dlp.globals
from yt_dlp import YoutubeDL
from yt_dlp.extractor import gen_extractor_classes
from yt_dlp.networking._urllib import HTTPHandler, UrllibRH
from yt_dlp.networking.exceptions import RequestError
from yt_dlp.postprocessor import FFmpegPostProcessor

from ingest.web.network import Network
from playhead.errors import SourceError

MAX_PAGE_BYTES = 64 * 2**20
_NATIVE = "[protocol~='^(https?|m3u8|m3u8_native|http_dash_segments)$']"
"""What yt-dlp downloads itself; for the rest it starts ffmpeg, rtmpdump and the like."""
_SOUND = "/".join(kind + _NATIVE for kind in ("bestaudio", "best[height<=?480]", "worst"))
"""Sound alone if there is, else the picture no larger than need be."""
_PHANTOM_JS = re.compile(r"douyu|iq\.com|iqiyi|pornhub", re.IGNORECASE)
"""The readers of these sites start that browser, which connects wherever a page tells it to."""

_NO_FFMPEG = ""
"""Where there is none: it, too, connects by itself."""

_debug = logging.getLogger(__name__).debug
_LOGGER = SimpleNamespace(debug=_debug, warning=_debug, error=_debug)
"""What matters of what yt-dlp says is raised, too."""


class WebClient(YoutubeDL):  # type: ignore[misc]
    """yt-dlp on a network; a context manager.

    `version` is a file that keeps which version of a media file is being downloaded, so that what
    is there of it is continued only by the same.
    """

    def __init__(self, network: Network) -> None:
        yt_dlp.globals.plugin_dirs.value = []
        FFmpegPostProcessor._ffmpeg_location.set(_NO_FFMPEG)
        self.network = network
        self.version: Path | None = None
        super().__init__(_options(network), auto_init=False)
        for reader in gen_extractor_classes():
            if reader._ENABLED and not _PHANTOM_JS.match(reader.IE_NAME):
                self.add_info_extractor(reader)
        # A newer yt-dlp may do it all otherwise.
        if [type(each) for each in self._request_director.handlers.values()] != [_NetworkRH]:
            raise ImportError("its ways to the network cannot be watched")

    def build_request_director(self, handlers: Any, preferences: Any = None) -> Any:  # noqa: ARG002
        """yt-dlp's own handlers connect wherever they are told."""
        return super().build_request_director([partial(_NetworkRH, self)], preferences)


def _options(network: Network) -> dict[str, Any]:
    """https://github.com/yt-dlp/yt-dlp/blob/master/yt_dlp/YoutubeDL.py has what each means."""
    return {
        "logger": _LOGGER,
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "cachedir": False,
        # Nobody here can tell what a proxy connects to.
        "proxy": None if network.allow_private else "",
        "socket_timeout": network.timeout,
        "retries": 3,
        "fragment_retries": 3,
        "skip_unavailable_fragments": False,
        # Bytes a second; speech in the leanest of codecs is faster.
        "throttledratelimit": 512,
        "noplaylist": True,
        "extract_flat": "in_playlist",
        # It would tell sites that it is somewhere else.
        "geo_bypass": False,
        "format": _SOUND,
        "hls_prefer_native": True,
        "ffmpeg_location": _NO_FFMPEG,
        "fixup": "never",
    }


class _NetworkRH(UrllibRH):  # type: ignore[misc]
    """yt-dlp's handler on top of urllib, with connections by the network's rules."""

    _SUPPORTED_URL_SCHEMES = ("http", "https", "data")
    _SUPPORTED_PROXY_SCHEMES = ("http",)

    def __init__(self, client: WebClient, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._client = client
        self._responses: WeakSet[HTTPResponse] = WeakSet()

    def close(self) -> None:
        """Close what is still open."""
        for response in list(self._responses):
            response.close()

    def _create_instance(self, **kwargs: Any) -> OpenerDirector:
        opener: OpenerDirector = super()._create_instance(**kwargs)
        (own,) = (each for each in opener.handlers if isinstance(each, HTTPHandler))  # type: ignore[attr-defined]
        opener.add_handler(_NetworkHandler(self._client.network, own._context, self._responses))
        return opener

    def _prepare_headers(self, _request: Any, headers: Any) -> None:
        # A small page can be unpacked to one that fills the memory.
        headers["Accept-Encoding"] = "identity"

    def _send(self, request: Any) -> Any:
        version = self._client.version
        if version and version.exists() and "Range" in request.headers:
            request.headers["If-Range"] = version.read_text()
        try:
            response = super()._send(request)
        except SourceError as refused:
            # Of this class, so that yt-dlp neither tries again nor goes on without.
            raise RequestError(cause=refused) from refused
        if version:
            # RFC 9110, section 13.1.5. No server has the last of these: it then sends all.
            tag = response.headers.get("ETag", "").partition("W/")[0]
            version.write_text(tag or response.headers.get("Last-Modified") or '"none"')
        return response


class _NetworkHandler(AbstractHTTPHandler):
    """Opens connections by the network's rules, HTTP's only, and unpacks nothing."""

    # Before those of urllib and yt-dlp.
    handler_order = 400

    def __init__(self, network: Network, context: Any, responses: WeakSet[HTTPResponse]) -> None:
        super().__init__()
        self._network, self._context, self._responses = network, context, responses

    def http_open(self, req: Any) -> Any:
        """Open a http:// URL."""
        return self.do_open(partial(self._connection, HTTPConnection), req)

    def https_open(self, req: Any) -> Any:
        """Open a https:// URL."""
        made = partial(self._connection, HTTPSConnection)
        return self.do_open(made, req, context=self._context)

    def ftp_open(self, _req: Any) -> Any:
        """Refuse what a redirect may lead to."""
        raise URLError("unknown url type: ftp")

    def http_response(self, _req: Any, resp: Any) -> Any:
        """Refuse what comes packed all the same."""
        if resp.headers.get("Content-Encoding", "identity") != "identity":
            raise SourceError("the site sends packed pages to who asked for plain ones")
        return resp

    https_response = http_response

    def _connection(self, kind: Any, *args: Any, **kwargs: Any) -> Any:
        made = kind(*args, **kwargs)
        # The seam that yt-dlp uses, too.
        made._create_connection = lambda endpoint, *_: self._network.connection_to(endpoint)
        made.response_class = partial(_BoundedResponse, self._network, self._responses)
        return made


class _BoundedResponse(HTTPResponse):
    """A response of which the headers, and whatever is read at once, come in time or not at all."""

    def __init__(
        self, network: Network, responses: WeakSet[HTTPResponse], sock: Any, **kwargs: Any
    ) -> None:
        super().__init__(sock, **kwargs)
        responses.add(self)
        self._clock = _Clock(self.fp.detach(), sock, network)
        self.fp = io.BufferedReader(self._clock)

    def read(self, amt: int | None = None) -> bytes:
        """Read so many bytes, or all of a page."""
        self._clock.start()
        if amt is not None:
            return super().read(amt)
        page = bytearray()
        while block := super().read(2**16):
            page += block
            if len(page) > MAX_PAGE_BYTES:
                raise SourceError(f"the site sends a page of over {MAX_PAGE_BYTES >> 20} MiB")
        if self.length:
            raise IncompleteRead(bytes(page), self.length)
        return bytes(page)


class _Clock(io.RawIOBase):
    """What comes in by a socket until time is up: a byte now and then does not win more of it."""

    def __init__(self, raw: Any, sock: Any, network: Network) -> None:
        self._raw, self._sock, self._network = raw, sock, network
        self.start()

    def start(self) -> None:
        """Start anew."""
        self._until = time.monotonic() + self._network.patience

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> Any:
        """Read what there is."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(min(left, self._network.timeout))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close what lies beneath."""
        self._raw.close()
        super().close()
