"""Links that open a video at a moment.

Files use media fragments (https://www.w3.org/TR/media-frags/, section 4.2.1), which browsers
and several players understand; the video sites that have a parameter of their own get that.
"""

from __future__ import annotations

import math
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_SITES_WITH_T = ("youtube.com", "youtu.be", "twitch.tv", "dailymotion.com")


def is_url(source: str) -> bool:
    """Whether a video's source is a URL rather than a path."""
    return source.lower().startswith(("http://", "https://"))


def moment_link(source: str, start: float) -> str:
    """The link that plays `source` (a path or a URL) from `start` (seconds)."""
    if not is_url(source):
        return f"{Path(source).absolute().as_uri()}#t={link_seconds(start)}"
    parts = urlsplit(source)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _SITES_WITH_T:
        return urlunsplit(parts._replace(fragment=f"t={link_seconds(start)}"))
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "t"]
    query.append(("t", f"{max(0, int(start))}s"))
    return urlunsplit(parts._replace(query=urlencode(query)))


def link_seconds(start: float) -> str:
    """A start as it stands in a link: to the hundredth, rounded down, so that no word is cut."""
    # 0.29 * 100 is a little less than 29 in floating point.
    hundredths = math.floor(round(max(0.0, start) * 100, 6))
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
