"""What a browser may do with what it gets: the headers of every response."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from ingest.sources import MEDIA_SUFFIXES
from playhead.links import is_url
from playhead.types import Video

FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": (
        "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), "
        "payment=(), midi=(), hid=()"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Gradio sets styles on elements. Everything else comes from files of ours.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "media-src {media}; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# What would end one directive and begin another must never get into the policy.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")


def policy(media: Iterable[str] = ()) -> str:
    """The Content-Security-Policy, with the origins from which media may come besides our own."""
    return _POLICY.format(media=" ".join(["'self'", "blob:", *sorted(set(media))]))


def media_origins(videos: Iterable[Video]) -> list[str]:
    """Where the videos lie that are played from elsewhere: `https://host:port`."""
    urls = [video.source for video in videos if is_url(video.source)]
    return sorted({origin for url in urls if (origin := _origin(url))})


def _origin(url: str) -> str | None:
    """The origin of a URL that a browser may play; None if it is a page, or no proper URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    host = f"[{host}]" if ":" in host else host
    suffix = f".{parts.path.rpartition('.')[2].lower()}"
    if suffix not in MEDIA_SUFFIXES or not _HOST.fullmatch(host):
        return None
    return f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")
