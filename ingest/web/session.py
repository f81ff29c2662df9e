"""Where yt-dlp is used: opened, and whatever it fails with told in one plain line."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.request import getproxies

from ingest.web.network import Network
from playhead.errors import DiskFullError, PlayheadError, SourceError
from playhead.text import without_controls

if TYPE_CHECKING:
    from ingest.web.client import WebClient

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BY_HAND = "Download it in a browser, then ingest the file with --media-url"
_CHECK = "Check the address"
_LATER = "Try again later"
_AGAIN = "Give the same command again: it goes on from there"
_UPDATE = "If a browser can play it, a newer yt-dlp may: pip install --upgrade yt-dlp"

_KNOWN = (
    (r"unsupported url:", "leads to no video and no recording", "Give one, or a list of them"),
    (r"redirect|HTTP Error 3", "is redirected in a circle, or out of the web", _CHECK),
    (r"HTTP Error 40[13]", "is given only to some (HTTP 401 or 403)", _BY_HAND),
    (r"HTTP Error 4(04|10)", "is not there (HTTP 404 or 410)", _CHECK),
    (r"HTTP Error 429", "was asked for too often (HTTP 429)", "Go on in an hour"),
    (r"HTTP Error 5", "failed at the site (HTTP 5xx)", _LATER),
    (r"\bdrm\b", "is protected against copying (DRM)", ""),
    (r"live event|premiere|currently live|is live\b", "is live", "Wait until it is over"),
    (r"geo.?restrict|countr(y|ies)|your location|vpn", "is not shown in this country", ""),
    (r"private|sign in|\blog ?in|\bmembers?\b|subscri|your age", "needs a login", _BY_HAND),
    (r"no video formats|format is not available", "has no sound to download", _UPDATE),
    (r"unsupported url scheme|unknown url type", "is not on the web: neither http nor https", ""),
    (r"certificate|\[ssl", "cannot be trusted: a wrong certificate or encryption", _CHECK),
    (r"name or service not known|getaddrinfo|name resolution", "has an unknown host", _CHECK),
    (r"throttle", "comes too slowly", _AGAIN),
    (r"timed out", "did not answer in time", _LATER),
    (r"expected \d+ bytes|more expected", "broke off", _AGAIN),
    (r"connection|unreachable|no route", "cannot be reached", _LATER),
)
"""What yt-dlp and urllib say in English, what that means, and what to do."""
_BEHIND_A_PROXY = ("has an unknown host", "did not answer in time", "cannot be reached")


def open_client(network: Network) -> WebClient:
    """yt-dlp on a network.

    Raises:
        SourceError: it is not installed, or is not as it was known.
    """
    try:
        from ingest.web.client import WebClient

        return WebClient(network)
    except (ImportError, AttributeError) as error:
        problem = f"this version of yt-dlp does not fit ({error})"
        if isinstance(error, ImportError) and error.name == "yt_dlp":
            problem = "videos on the web need yt-dlp, which is not installed"
        raise SourceError(problem, "Install it with: pip install --upgrade yt-dlp") from error


@contextmanager
def plain_errors(url: str) -> Iterator[None]:
    """Whatever goes wrong with a URL comes out as one plain line that names it.

    The readers of a thousand sites fail in more ways than they declare.

    Raises:
        SourceError: it cannot be had.
        DiskFullError: no room left.
    """
    try:
        yield
    except PlayheadError:
        raise
    except Exception as error:
        raise _plain(error, url) from error


def _plain(error: Exception, url: str) -> PlayheadError:
    said = []
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PlayheadError):
            return type(cause)(f"{url}: {cause.problem}", cause.remedy)
        if isinstance(cause, OSError) and cause.errno in _DISK_FULL:
            return DiskFullError("no room left for what is downloaded", "Free some space")
        said.append("timed out" if isinstance(cause, TimeoutError) else _own_words(cause))
        cause = cause.__cause__ or cause.__context__
    for pattern, problem, remedy in _KNOWN:
        if any(re.search(pattern, text, re.IGNORECASE) for text in said):
            proxied = problem in _BEHIND_A_PROXY and getproxies().keys() - {"no"}
            hint = "; the proxy that is set is used only with --allow-private" if proxied else ""
            return SourceError(f"{url} {problem}", remedy + hint)
    return SourceError(f"{url} cannot be read: {said[0][:300]}", _UPDATE)


def _own_words(error: BaseException) -> str:
    """What an error says, less the names of things, and advice for yt-dlp's command line."""
    text = without_controls(str(error)).removeprefix("ERROR: ")
    text = re.sub(r"^\[[^]]*\] (?:\S+: )?|\S+://\S+|\S+#__\S+", "", text)
    return re.split(r"; please report|\(caused by|; see", text)[0].strip() or type(error).__name__
