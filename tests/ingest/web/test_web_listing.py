from __future__ import annotations

import pickle
import sys

import pytest

from ingest.web.listing import WebVideo, find_web_videos, videos_at
from playhead.errors import SourceError
from tests.ingest.web.conftest import LOCAL
from tests.ingest.web.site import Site


def _found(url: str, limit: int | None = None) -> list[WebVideo | SourceError]:
    return list(videos_at(url, limit, LOCAL))


def _the_error(url: str) -> str:
    (error,) = _found(url)
    assert isinstance(error, SourceError)
    return str(error)


def test_a_bare_file_is_one_video(site: Site, talk: bytes) -> None:
    url = site.put("/a talk.mp4".replace(" ", "%20"), talk, "video/mp4")
    (video,) = _found(url)
    assert isinstance(video, WebVideo)
    assert (video.url, video.title) == (url, "a talk")
    assert pickle.loads(pickle.dumps(video)) == video


def test_a_feed_is_its_episodes(site: Site) -> None:
    urls = [site.url(f"/{number}.mp3") for number in range(3)]
    feed = site.feed(
        "/feed", *((f"Folge {n}: Bäcker &amp; Brot", url) for n, url in enumerate(urls))
    )
    videos = _found(feed)
    assert [video.url for video in videos] == urls
    assert videos[2].title == "Folge 2: Bäcker & Brot"
    # An episode is not asked for before it is fetched.
    assert site.paths() == ["/feed"]


def test_no_more_than_the_limit(site: Site) -> None:
    feed = site.feed("/feed", *((str(n), site.url(f"/{n}.mp3")) for n in range(9)))
    assert [video.title for video in _found(feed, limit=2)] == ["0", "1"]


def test_a_video_that_is_listed_twice_is_one(site: Site) -> None:
    url = site.url("/a.mp3")
    assert len(_found(site.feed("/feed", ("a", url), ("b", url + "#t=10"), ("c", url)))) == 1


def test_what_is_no_url_in_a_list_is_an_error_and_the_others_go_on(site: Site) -> None:
    good = site.url("/good.mp3")
    wrong = ("file:///etc/passwd", "/relative", "http://[::1/", "javascript:alert(1)")
    *errors, video = _found(site.feed("/feed", *((url, url) for url in wrong), ("good", good)))
    assert video.url == good
    for url, error in zip(wrong, errors, strict=True):
        assert isinstance(error, SourceError)
        assert url in str(error)


def test_a_page_is_its_video_and_a_password_is_not_told(site: Site) -> None:
    page = '<title>Bread, by Ann</title><video src="/a.mp4"></video>'
    url = site.page("/talk", page).replace("//", "//ann:secret@")
    (video,) = _found(url + "#comments")
    assert video.url == site.url("/talk")
    assert video.title == "Bread, by Ann"
    assert site.asked[0][1]["Authorization"].startswith("Basic ")
    assert "secret" not in _the_error(site.url("/nowhere").replace("//", "//ann:secret@"))


def test_several_videos_in_a_page_are_known_by_their_files(site: Site) -> None:
    page = site.page("/two", '<video src="/a.mp4"></video><video src="/b.mp4"></video>')
    assert [video.url for video in _found(page)] == [site.url("/a.mp4"), site.url("/b.mp4")]


def test_a_page_that_is_moved_is_known_by_its_new_place_a_file_by_its_old(
    site: Site, talk: bytes
) -> None:
    page = site.page("/talk", '<video src="/a.mp4"></video>')
    assert _found(site.redirect("/old", page))[0].url == page
    moved = site.redirect("/talk.mp4", site.put("/cdn?token=1", talk, "video/mp4"))
    site.put("/cdn", talk, "video/mp4")
    assert _found(moved)[0].url == moved


def test_a_playlist_in_xspf(site: Site) -> None:
    tracks = "".join(
        f"<track><title>Part {n}</title><location>{site.url(f'/{n}.mp3')}</location></track>"
        for n in range(2)
    )
    xspf = f'<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>{tracks}</trackList></playlist>'
    url = site.put("/list.xspf", f'<?xml version="1.0"?>{xspf}', "application/xspf+xml")
    assert [video.url for video in _found(url)] == [site.url("/0.mp3"), site.url("/1.mp3")]


def test_titles_cannot_steer_a_terminal(site: Site) -> None:
    (video,) = _found(site.feed("/feed", ("\u009b31mred\n  and more", site.url("/a.mp3"))))
    assert video.title == "31mred and more"


def test_what_leads_to_nothing_says_so(site: Site) -> None:
    assert "is a list of no videos" in _the_error(site.feed("/empty"))
    assert "leads to no video" in _the_error(site.page("/page", "words, words, words"))
    assert "is not there" in _the_error(site.url("/nowhere"))
    assert "in a circle" in _the_error(site.redirect("/loop", site.url("/loop")))


def test_half_a_feed_is_none(site: Site) -> None:
    site.feed("/feed", ("a", site.url("/a.mp3")))
    whole = site.replies["/feed"]
    site.put("/feed", "<rss><channel>" + " " * 1000, "application/rss+xml", after=900)
    assert "broke off" in _the_error(site.url("/feed"))
    site.replies["/feed"] = whole
    assert len(_found(site.url("/feed"))) == 1


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/a.mp4", "ytsearch:bread", "bread", "http://", ""],
)
def test_only_the_web(url: str) -> None:
    assert "is not the URL of a video" in _the_error(url)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "only to some"),
        (403, "only to some"),
        (404, "is not there"),
        (410, "is not there"),
        (429, "too often"),
        (500, "failed at the site"),
    ],
)
def test_a_status_is_told_in_words(site: Site, status: int, words: str) -> None:
    assert words in _the_error(site.status("/x", status))


def test_without_yt_dlp_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("yt_dlp", "ingest.web.client"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "yt_dlp", None)
    (error,) = find_web_videos("https://example.org/")
    assert "Install it with: pip install" in str(error)
    assert "\n" not in str(error)
