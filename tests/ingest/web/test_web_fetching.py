from __future__ import annotations

import resource
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ingest.identity import url_id
from ingest.library import VideoLibrary
from ingest.web.fetching import choose_captions
from playhead.errors import CaptionsError, DiskFullError, MediaError, PlayheadError, SourceError
from playhead.progress import ProgressEvent
from tests.conftest import REPOSITORY
from tests.ingest.web.conftest import Take
from tests.ingest.web.site import Site, head

_SAID = "Bake the loaf for forty minutes."


def _downloads(home: Path) -> list[str]:
    folder = home / "downloads"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def _ranges(site: Site, path: str) -> list[str | None]:
    """Which parts of a file were asked for when it was fetched, not only looked at."""
    asked = [headers.get("Range") for asked, headers in site.asked if asked == path]
    return [part for part in asked if part]


def test_a_bare_film_comes_into_the_library(
    site: Site, talk: bytes, take: Take, library: VideoLibrary, home: Path
) -> None:
    url = site.put("/talk.mp4", talk, "video/mp4")
    events: list[ProgressEvent] = []
    taken = take(url, on_progress=events.append)
    assert taken.status == "added"
    assert taken.transcript.sentences[0].text == _SAID
    assert library.video(url_id(url)) == taken.video
    assert (taken.video.source, taken.video.title) == (url, "talk")
    assert taken.video.duration == pytest.approx(60, abs=0.2)
    fetched = [event for event in events if event.stage == "fetch"]
    assert (fetched[-1].done, fetched[-1].total) == (len(talk), len(talk))
    assert _downloads(home) == []


def test_what_the_library_has_is_not_fetched_again(site: Site, talk: bytes, take: Take) -> None:
    url = site.put("/talk.mp4", talk, "video/mp4")
    take(url)
    site.asked.clear()
    assert take(url).status == "unchanged"
    # It was looked at once, to see what the URL leads to.
    assert site.paths() == ["/talk.mp4"]
    assert take(url, asr="captions").status == "unchanged"
    assert take(url, language="eng").status == "unchanged"


def test_an_episode_is_heard(site: Site, speech: bytes, take: Take) -> None:
    feed = site.feed("/feed", ("On bread", site.put("/1.mp3", speech, "audio/mpeg")))
    taken = take(feed, asr="pocketsphinx")
    assert (taken.video.media, taken.video.engine) == ("audio", "pocketsphinx")
    assert (taken.video.title, taken.video.source) == ("On bread", site.url("/1.mp3"))
    assert take(feed, asr="pocketsphinx").status == "unchanged"
    assert take(feed).status == "unchanged"


def test_captions_that_people_made_are_taken_instead_of_the_sound(
    site: Site, take: Take, demo_talks: Path, home: Path
) -> None:
    site.put("/en.vtt", (demo_talks / "sourdough.vtt").read_bytes(), "text/vtt")
    site.put("/de.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nGuten Tag.", "text/vtt")
    tracks = "".join(
        f'<track kind="{kind}" srclang="{tag}" src="/{src}.vtt">'
        for kind, tag, src in (
            ("chapters", "fr", "x"),
            ("subtitles", "de", "de"),
            ("captions", "en-GB", "en"),
        )
    )
    page = site.page("/talk", f'<title>Bread</title><video src="/none.mp4">{tracks}</video>')
    taken = take(page)
    assert (taken.video.engine, taken.video.language) == ("captions:sidecar", "en")
    assert len(taken.transcript.sentences) > 20
    assert "/none.mp4" not in site.paths()
    german = take(page, language="de")
    assert (german.status, german.transcript.sentences[0].text) == ("replaced", "Guten Tag.")
    with pytest.raises(CaptionsError, match="no captions that people made"):
        take(site.page("/bare", '<video src="/none.mp4"></video>'), asr="captions")
    assert _downloads(home) == []


def test_captions_and_sound_in_fragments(site: Site, talk: bytes, take: Take, home: Path) -> None:
    site.put("/a.ts", talk, "video/mp2t")
    site.put(
        "/1.vtt",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n",
        "text/vtt",
    )
    site.stream("/captions.m3u8", "#EXTINF:60,", "1.vtt", "#EXT-X-ENDLIST")
    site.stream("/film.m3u8", "#EXTINF:60,", "a.ts", "#EXT-X-ENDLIST")
    film = '#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.42c00d,mp4a.40.2"'
    track = (
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",URI="captions.m3u8"'
    )
    url = site.stream("/talk.m3u8", track, film + ',SUBTITLES="s"', "film.m3u8")
    taken = take(url)
    assert (taken.video.engine, taken.video.media) == ("captions:sidecar", "video")
    assert [sentence.text for sentence in taken.transcript.sentences] == ["Hello there."]
    without = take(site.stream("/other.m3u8", film, "film.m3u8"))
    assert without.transcript.sentences[0].text == _SAID
    assert _downloads(home) == []


def test_a_film_of_which_a_fragment_is_missing_is_fetched_anew(
    site: Site, talk: bytes, take: Take, home: Path
) -> None:
    half = len(talk) // 2
    site.put("/1.ts", talk[:half], "video/mp2t")
    url = site.stream("/a.m3u8", "#EXTINF:30,", "1.ts", "#EXTINF:30,", "2.ts", "#EXT-X-ENDLIST")
    with pytest.raises(SourceError, match="is not there"):
        take(url)
    site.put("/2.ts", talk[half:], "video/mp2t")
    assert take(url).transcript.sentences[0].text == _SAID
    assert site.paths().count("/1.ts") == 2
    assert _downloads(home) == []


def test_live_is_refused(site: Site, take: Take) -> None:
    site.put("/a.ts", b"x", "video/mp2t")
    with pytest.raises(SourceError, match=r"is live\. Wait until it is over"):
        take(site.stream("/live.m3u8", "#EXTINF:60,", "a.ts"))


def test_a_download_that_broke_off_goes_on_where_it_was(
    site: Site, talk: bytes, take: Take, home: Path
) -> None:
    url = site.put("/talk.mp4", talk, "video/mp4", after=len(talk) // 10, ETag='"1"')
    with pytest.raises(SourceError, match=r"broke off\. Give the same command again"):
        take(url)
    assert f"{url_id(url)}/sound-mp4.media.part" in _downloads(home)
    (part,) = home.glob("downloads/*/*.part")
    had = part.stat().st_size
    site.put("/talk.mp4", talk, "video/mp4", ETag='"1"')
    site.asked.clear()
    assert take(url).transcript.sentences[0].text == _SAID
    assert _ranges(site, "/talk.mp4") == [f"bytes={had}-"]
    assert _downloads(home) == []


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    site: Site, talk: bytes, take: Take, home: Path
) -> None:
    url = site.put("/talk.mp4", b"\1" * len(talk), "video/mp4", after=len(talk) // 10, ETag='"1"')
    with pytest.raises(SourceError, match="broke off"):
        take(url)
    site.put("/talk.mp4", talk, "video/mp4", ETag='"2"')
    assert take(url).transcript.sentences[0].text == _SAID


_FETCH = """
import sys
from pathlib import Path
from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.web.fetching import ingest_web_video
from ingest.web.listing import WebVideo

video = WebVideo(sys.argv[1], None, sys.argv[1])
ingest_web_video(video, VideoLibrary(Path(sys.argv[2])), IngestOptions(), allow_private=True)
"""


def test_a_killed_download_goes_on_where_it_was(
    site: Site, talk: bytes, take: Take, home: Path
) -> None:
    url = site.put("/talk.mp4", talk, "video/mp4", ETag='"1"')
    whole, sent, killed = site.replies["/talk.mp4"], threading.Event(), threading.Event()

    def half(request: BaseHTTPRequestHandler) -> None:
        """What looks at the file gets it, what fetches it half of it, and then has to wait."""
        if len(site.asked) == 1:
            return whole(request)
        head(request, 200, {"Content-Length": str(len(talk)), "ETag": '"1"'})
        request.wfile.write(talk[: len(talk) // 2])
        sent.set()
        killed.wait()
        return None

    site.replies["/talk.mp4"] = half
    child = subprocess.Popen([sys.executable, "-c", _FETCH, url, str(home)], cwd=REPOSITORY)
    assert sent.wait(60)
    while not any(part.stat().st_size for part in home.glob("downloads/*/*.part")):
        assert child.poll() is None
    child.kill()
    child.wait()
    killed.set()
    site.replies["/talk.mp4"] = whole
    assert take(url).status == "added"
    (part,) = _ranges(site, "/talk.mp4")
    assert part != "bytes=0-"
    assert _downloads(home) == []


def test_two_at_once_fetch_it_once(site: Site, talk: bytes, take: Take) -> None:
    url = site.put("/talk.mp4", talk, "video/mp4")
    statuses: list[str] = []
    threads = [threading.Thread(target=lambda: statuses.append(take(url).status)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == ["added", "unchanged"]
    # Each looks at it once to list it; the one that fetches it does so again before it does.
    assert len(site.asked) == 4


def test_what_is_no_media_is_refused_and_not_kept(site: Site, take: Take, home: Path) -> None:
    url = site.put("/report.pdf", b"%PDF-1.4 " * 99, "application/pdf")
    with pytest.raises(MediaError) as error:
        take(url)
    assert str(error.value).startswith(f"{url} is not a video")
    assert _downloads(home) == []


def test_a_wrong_content_type_does_not_matter(site: Site, talk: bytes, take: Take) -> None:
    assert take(site.put("/a.mp4", talk, "text/plain")).status == "added"
    assert take(site.put("/b", talk, "application/octet-stream")).status == "added"


def test_more_than_the_disk_has_room_for(site: Site, talk: bytes, take: Take) -> None:
    url = site.put("/talk.mp4", talk, "video/mp4", Content_Length=str(2**60))
    with pytest.raises(SourceError, match="no room for http"):
        take(url)


def test_a_place_that_cannot_be_written_is_the_librarys_error(
    site: Site, talk: bytes, take: Take, home: Path
) -> None:
    home.mkdir()
    (home / "downloads").write_text("a file where a folder should be")
    with pytest.raises(PlayheadError, match=str(home)):
        take(site.put("/talk.mp4", talk, "video/mp4"))


def test_a_full_disk(site: Site, talk: bytes, take: Take, home: Path) -> None:
    """For which a limit on the size of files stands here."""
    url = site.put("/talk.mp4", talk, "video/mp4")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(talk) // 2, hard))
    try:
        with pytest.raises(DiskFullError, match="no room left"):
            take(url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert take(url).transcript.sentences[0].text == _SAID
    assert _downloads(home) == []


def _file(ext: str) -> dict[str, str]:
    return {"ext": ext, "url": f"https://example.org/captions.{ext}"}


@pytest.mark.parametrize(
    ("offered", "wanted", "spoken", "chosen"),
    [
        ({"de": "vtt", "en": "vtt"}, None, None, "en"),
        ({"de": "vtt", "en": "vtt"}, "de", "en", "de"),
        ({"de": "vtt", "en": "vtt"}, None, "de-CH", "de"),
        ({"en-x7Qa": "vtt", "en": "srt"}, "en", None, "en"),
        ({"de": "vtt", None: "srt"}, None, None, None),
        ({"fr": "vtt"}, None, None, "fr"),
        ({"fr": "vtt"}, None, "en", ""),
        ({"en": "json3", "live_chat": "json"}, None, "en", ""),
        ({"../../x": "vtt"}, None, None, None),
        ({}, None, None, ""),
    ],
)
def test_which_captions_are_taken(offered, wanted, spoken, chosen) -> None:
    """An empty language stands for none taken at all, None for one that is not known."""
    found = choose_captions({tag: [_file(ext)] for tag, ext in offered.items()}, wanted, spoken)
    assert (found[0] if found else "") == chosen


def test_of_two_formats_the_better_is_taken() -> None:
    found = choose_captions({"en": [_file("json3"), _file("srt"), _file("vtt")]}, None, None)
    assert found == ("en", _file("vtt"))
