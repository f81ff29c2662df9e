"""Which video it is: an id from the content, so that one video is one under two names."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from playhead.errors import SourceError

_ID_DIGITS = 16
_DEFAULT_PORTS = {"http": 80, "https": 443}


def file_id(path: Path) -> str:
    """The first 16 hex digits of the SHA-256 of a file's bytes, read as a stream.

    Raises:
        SourceError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:_ID_DIGITS]
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}", "Check that you may read it"
        ) from error


def url_id(url: str) -> str:
    """The first 16 hex digits of the SHA-256 of a URL's canonical form.

    Raises:
        SourceError: it is not a URL of the web.
    """
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()[:_ID_DIGITS]


def canonical_url(url: str) -> str:
    """One spelling for all spellings of a URL.

    Scheme and host in lower case, no default port, no fragment, the query sorted and without `t`,
    by which the players of video sites mark a moment of the same video.

    Raises:
        SourceError: it is not a URL of the web.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _not_a_url(url) from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise _not_a_url(url)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = sorted((name, value) for name, value in pairs if name != "t")
    return urlunsplit((scheme, netloc, parts.path or "/", urlencode(query), ""))


def _not_a_url(url: str) -> SourceError:
    return SourceError(f"{url!r} is not the URL of a video", "Give one that starts with https://")
