"""What a URL leads to: one video, a playlist, a channel, a podcast's feed, a bare media file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.identity import canonical_url, url_id
from ingest.web.network import Network
from ingest.web.session import open_client, plain_errors
from playhead.errors import SourceError
from playhead.links import is_url
from playhead.text import without_controls

if TYPE_CHECKING:
    from ingest.web.client import WebClient

Info = Mapping[str, Any]
"""What yt-dlp knows of a video or a list:
https://github.com/yt-dlp/yt-dlp/blob/master/yt_dlp/extractor/common.py"""

_LISTS = ("playlist", "multi_video")
_LINKS = ("url", "url_transparent")
_MAX_HOPS = 10
_MAX_DEPTH = 4
"""A channel has tabs, a tab has playlists, a playlist has videos."""


@dataclass(frozen=True, slots=True)
class WebVideo:
    """A video or a recording on the web, not fetched yet.

    `url` is what people open and what citations link to. `address` is what yt-dlp fetches it by,
    and `extractor` with which of its readers (None: it will see).
    """

    url: str
    title: str | None
    address: str
    extractor: str | None = None


Found = Iterator[WebVideo | SourceError]


def find_web_videos(url: str, *, limit: int | None = None, allow_private: bool = False) -> Found:
    """What a URL leads to, each video once, and an error for each that is none.

    Args:
        url: of a page, a playlist, a channel, a feed or a file.
        limit: no more than so many, the first; a list is read no further.
        allow_private: whether addresses that are not the internet's may be used.
    """
    return videos_at(url, limit, Network(allow_private))


def videos_at(url: str, limit: int | None, network: Network) -> Found:
    """The same, on a network of one's own."""
    try:
        canonical_url(url)
        with open_client(network) as client:
            yield from islice(_once(_behind(client, url.strip())), limit)
    except SourceError as error:
        yield error


def _once(found: Found) -> Found:
    seen: set[str] = set()
    for item in found:
        key = url_id(item.url) if isinstance(item, WebVideo) else str(item)
        if key not in seen:
            seen.add(key)
            yield item


def _told(address: str, found: Found) -> Found:
    """What is found, and at its end what went wrong, if something did."""
    try:
        with plain_errors(_shown(address)):
            yield from found
    except SourceError as error:
        yield error


def _behind(client: WebClient, address: str, extractor: str | None = None, depth: int = 0) -> Found:
    """What is behind an address, by asking there."""
    return _told(address, _asked(client, address, extractor, depth))


def _asked(client: WebClient, address: str, extractor: str | None, depth: int) -> Found:
    from yt_dlp.utils import PlaylistEntries

    info = _described(client, address, extractor)
    if info.get("_type") not in _LISTS:
        # A bare file is known by where it was asked for: it may be redirected to another place
        # each time.
        page = None if info.get("direct") else info.get("webpage_url")
        yield _video(info, page or address, address, extractor)
        return
    count = 0
    for _, entry in PlaylistEntries(client, info).get_requested_items():
        place = (entry or {}).get("url") or address
        for found in _told(place, _listed(client, entry or {}, address, depth + 1)):
            count += 1
            yield found
    if not count:
        yield SourceError(f"{_shown(address)} is a list of no videos")


def _described(client: WebClient, address: str, extractor: str | None) -> Info:
    """What a page says of its video or its list, after all redirections."""
    said: Info = {}
    for _ in range(_MAX_HOPS):
        info = client.extract_info(address, ie_key=extractor, download=False, process=False)
        said = {**info, **said}
        if info.get("_type") not in _LINKS:
            return said
        # Some pages say more of a video than the place where it lies does.
        kept = ("title", "webpage_url") if info["_type"] == "url_transparent" else ()
        said = {key: said[key] for key in kept if said.get(key)}
        address, extractor = info["url"], info.get("ie_key")
    raise SourceError(f"{_shown(address)} is redirected without end", "Check the address")


def _listed(client: WebClient, entry: Info, listed: str, depth: int) -> Found:
    """What an entry of a list stands for, which may be a list."""
    is_link, page = entry.get("_type") in _LINKS, entry.get("webpage_url")
    places = (entry, *reversed(entry.get("formats") or []))
    files = (place["url"] for place in places if place.get("url"))
    # Without a page of its own a video is known by its file.
    address = next(files, "") if is_link or not page else page
    extractor = entry.get("ie_key") if is_link else None
    if depth == _MAX_DEPTH:
        yield SourceError(f"{_shown(listed)} is in a list of lists of lists, too deep to follow")
    elif entry.get("_type") in _LISTS:
        for inner in entry["entries"]:
            yield from _listed(client, inner, listed, depth + 1)
    elif is_link and not _is_one_video(address, extractor):
        yield from _behind(client, address, extractor, depth)
    else:
        yield _video(entry, page or address, address, extractor)


def _is_one_video(address: str, extractor: str | None) -> bool:
    """Whether a link leads to one video, as far as that shows without asking there."""
    from yt_dlp.extractor import gen_extractor_classes, get_info_extractor

    if not is_url(address):
        return False
    readers = [get_info_extractor(extractor)] if extractor else gen_extractor_classes()
    reader = next(reader for reader in readers if extractor or reader.suitable(address))
    return reader.ie_key() == "Generic" or bool(reader.is_single_video(address))


def _video(info: Info, url: str, address: str, extractor: str | None) -> WebVideo | SourceError:
    try:
        canonical_url(url)
    except SourceError as error:
        return error
    title = " ".join(without_controls(str(info.get("title") or "")).split())
    if info.get("extractor") == "html5":
        # yt-dlp numbers the videos of a page, also where there is one.
        title = title.removesuffix(" (1)")
    return WebVideo(_shown(url), title or None, address, extractor)


def _shown(address: str) -> str:
    """An address as people may see it: no password, no place in the page, no note of yt-dlp's."""
    return re.sub(r"^(\w+://)[^/?#]*@", r"\1", address.partition("#")[0])
