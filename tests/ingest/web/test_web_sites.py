"""What video sites do, told to yt-dlp's real machinery by a reader for a site of our own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import yt_dlp.globals
from yt_dlp.extractor import import_extractors
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError, GeoRestrictedError, OnDemandPagedList, UserNotLive

from ingest.web.listing import WebVideo, videos_at
from playhead.errors import SourceError
from playhead.links import moment_link
from tests.ingest.web.conftest import LOCAL, Take
from tests.ingest.web.site import Site

_LINK = {"_type": "url", "ie_key": "Tube"}
_SITE = "https://tube.example"
_WATCH = f"{_SITE}/watch?v="


@pytest.fixture
def tube(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the site says of each of its paths: an answer, or an error to raise."""
    answers: dict[str, Any] = {}

    class TubeIE(InfoExtractor):
        _VALID_URL = r"https://(?:m\.)?tube\.example/(?P<id>[^&]+)"

        def _real_extract(self, url: str) -> dict[str, Any]:
            path = self._match_id(url)
            answer = answers[path]
            if isinstance(answer, Exception):
                raise answer
            return {"id": path, "title": path, **answer}

        @classmethod
        def is_single_video(cls, url: str) -> bool:
            return "watch" in url

    import_extractors()
    # The last of them takes every URL.
    readers = {"TubeIE": TubeIE, **yt_dlp.globals.extractors.value}
    monkeypatch.setattr(yt_dlp.globals.extractors, "value", readers)
    return answers


def _links(*paths: str) -> list[dict[str, Any]]:
    return [{**_LINK, "url": f"{_SITE}/{path}", "title": path} for path in paths]


def _urls(url: str, limit: int | None = None) -> list[str]:
    return [
        item.url if isinstance(item, WebVideo) else str(item)
        for item in videos_at(url, limit, LOCAL)
    ]


def test_a_channel_is_the_videos_of_its_tabs(tube: dict[str, Any]) -> None:
    tube["@ann"] = {"_type": "playlist", "entries": _links("@ann/videos", "@ann/shorts")}
    tube["@ann/videos"] = {"_type": "playlist", "entries": _links("watch?v=1", "watch?v=2")}
    tube["@ann/shorts"] = {"_type": "playlist", "entries": iter(_links("watch?v=3", "watch?v=1"))}
    assert _urls(f"{_SITE}/@ann") == [_WATCH + "1", _WATCH + "2", _WATCH + "3"]
    tube["@ann/shorts"] = {"_type": "playlist", "entries": []}
    assert _urls(f"{_SITE}/@ann")[2] == f"{_SITE}/@ann/shorts is a list of no videos."


def test_a_list_is_read_no_further_than_the_limit(tube: dict[str, Any]) -> None:
    pages: list[int] = []

    def page(number: int) -> Iterator[dict[str, Any]]:
        pages.append(number)
        yield from _links(*(f"watch?v={number * 10 + n}" for n in range(10)))

    endless = (link for n in itertools.count() for link in _links(f"watch?v={n}"))
    tube["endless"] = {"_type": "playlist", "entries": endless}
    tube["paged"] = {"_type": "playlist", "entries": OnDemandPagedList(page, 10)}
    assert _urls(f"{_SITE}/endless", limit=3) == [_WATCH + str(n) for n in range(3)]
    assert len(_urls(f"{_SITE}/paged", limit=15)) == 15
    assert pages == [0, 1]


def test_a_page_of_a_list_that_fails_is_told_after_the_others(tube: dict[str, Any]) -> None:
    def entries() -> Iterator[dict[str, Any]]:
        yield from _links("watch?v=1")
        raise ExtractorError("HTTP Error 500: Internal Server Error", expected=True)

    tube["list"] = {"_type": "playlist", "entries": entries()}
    assert _urls(f"{_SITE}/list") == [
        _WATCH + "1",
        f"{_SITE}/list failed at the site (HTTP 5xx). Try again later.",
    ]


def test_lists_that_hold_each_other_come_to_an_end(tube: dict[str, Any]) -> None:
    tube["a"] = {"_type": "playlist", "entries": _links("b", "watch?v=1")}
    tube["b"] = {"_type": "playlist", "entries": _links("a", "watch?v=2")}
    found = _urls(f"{_SITE}/a")
    assert {_WATCH + "1", _WATCH + "2"} <= set(found)
    assert "too deep to follow" in " ".join(found)


def test_an_entry_that_names_its_page_is_known_by_it(tube: dict[str, Any]) -> None:
    (link,) = _links("watch?v=1")
    link["webpage_url"] = "https://ann.example/bread"
    tube["list"] = {"_type": "playlist", "entries": [link]}
    (video,) = videos_at(f"{_SITE}/list", None, LOCAL)
    assert video == WebVideo(link["webpage_url"], "watch?v=1", link["url"], "Tube")


def test_an_entry_without_a_page_is_looked_up(tube: dict[str, Any]) -> None:
    tube["list"] = {"_type": "playlist", "entries": [{"_type": "url", "url": "tube:1"}, None, {}]}
    (first, *_) = _urls(f"{_SITE}/list")
    assert "tube:1" in first


def test_a_video_is_known_by_its_page_however_it_is_asked_for(
    tube: dict[str, Any], site: Site, talk: bytes, take: Take
) -> None:
    media = site.put("/1.m4a", talk, "audio/mp4")
    tube["watch?v=1"] = {
        "title": "How to bake",
        "url": media,
        "vcodec": "none",
        "ext": "m4a",
        "webpage_url": _WATCH + "1",
    }
    tube["short/1"] = {**_LINK, "url": _WATCH + "1"}
    taken = take(f"{_SITE}/short/1")
    assert (taken.video.title, taken.video.source) == ("How to bake", _WATCH + "1")
    assert moment_link(taken.video.source, 83.4) == f"{_WATCH}1#t=83.4"
    assert take(_WATCH + "1&t=9s").status == "unchanged"


def test_what_machines_wrote_is_not_taken_as_captions(
    tube: dict[str, Any], site: Site, talk: bytes, take: Take
) -> None:
    site.put("/auto.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nBeg the love.", "text/vtt")
    tube["watch?v=1"] = {
        "formats": [
            {"url": site.put("/1.webm", talk, "video/webm"), "vcodec": "vp9", "acodec": "opus"},
            {"url": site.put("/1.m4a", talk, "audio/mp4"), "vcodec": "none", "acodec": "aac"},
        ],
        "automatic_captions": {"en": [{"url": site.url("/auto.vtt"), "ext": "vtt"}]},
        "subtitles": {"live_chat": [{"url": site.url("/chat"), "ext": "json"}]},
        "language": "en",
    }
    taken = take(_WATCH + "1")
    assert taken.video.engine == "captions:track"
    assert taken.video.media == "video"
    # The sound alone, where the site has it.
    assert site.paths() == ["/1.m4a"]


def test_captions_that_the_site_gives_as_text(tube: dict[str, Any], take: Take) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\nSchöne Grüße.\n"
    tube["watch?v=1"] = {
        "formats": [{"url": "http://127.0.0.1:9/1.mp4", "ext": "mp4", "vcodec": "h264"}],
        "subtitles": {"de": [{"data": srt, "ext": "srt"}]},
        "duration": 3,
    }
    taken = take(_WATCH + "1")
    assert taken.transcript.sentences[0].text == "Schöne Grüße."
    assert (taken.video.duration, taken.video.language) == (3.0, "de")


_EXPECTED = {"expected": True}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"live_status": "is_live", "url": "http://127.0.0.1:9/live.mp4"}, "is live. Wait until"),
        (ExtractorError("This live event will begin in 3 days.", **_EXPECTED), "is live"),
        (UserNotLive(video_id="x"), "is live"),
        (
            ExtractorError("Private video. Sign in if you've been granted it", **_EXPECTED),
            "a login",
        ),
        (ExtractorError("Sign in to confirm your age", **_EXPECTED), "needs a login"),
        (ExtractorError("Join this channel to get access to members-only", **_EXPECTED), "a login"),
        (GeoRestrictedError("Not here", countries=["DE"]), "not shown in this country"),
        ({"formats": []}, "has no sound to download"),
        ({"formats": [{"url": "http://127.0.0.1:9/1", "has_drm": True}]}, "DRM"),
        ({"formats": [{"url": "rtmp://127.0.0.1/1", "ext": "flv"}]}, "has no sound to download"),
        ({"url": "file:///etc/passwd", "ext": "mp4"}, "has no sound to download"),
        ({"_type": "playlist", "entries": _links("watch?v=2")}, "is a list of videos"),
        (KeyError("videoDetails"), "cannot be read"),
        (RecursionError("deep"), "cannot be read"),
        (ExtractorError("\x1b[31mred\n\nand more"), "cannot be read"),
    ],
)
def test_what_cannot_be_had_is_told_in_one_line(
    answer: Any, words: str, tube: dict[str, Any], take: Take
) -> None:
    tube["list"] = {"_type": "playlist", "entries": _links("watch?v=1")}
    tube["watch?v=1"] = answer
    with pytest.raises(SourceError) as error:
        take(f"{_SITE}/list")
    line = str(error.value)
    assert line.startswith(_WATCH + "1 ")
    assert words in line
    assert line.isprintable()
    assert "report" not in line
