import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.identity import canonical_url, file_id, url_id
from playhead.errors import SourceError


def test_a_file_is_known_by_its_bytes_not_by_its_name(tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(b"same bytes")
    (tmp_path / "b.mp4").write_bytes(b"same bytes")
    (tmp_path / "c.mp4").write_bytes(b"other bytes")
    first, second, third = (file_id(tmp_path / name) for name in ("a.mp4", "b.mp4", "c.mp4"))
    assert first == second == hashlib.sha256(b"same bytes").hexdigest()[:16]
    assert third != first


def test_a_file_that_is_not_there_is_a_source_error(tmp_path: Path):
    with pytest.raises(SourceError, match=r"nowhere\.mp4 cannot be read"):
        file_id(tmp_path / "nowhere.mp4")


@pytest.mark.parametrize(
    "other",
    [
        "HTTPS://Videos.Example.ORG/Talk?b=2&a=1",
        "https://videos.example.org:443/Talk?b=2&a=1",
        "https://videos.example.org/Talk?a=1&b=2#t=30",
        "https://videos.example.org/Talk?a=1&t=90s&b=2",
        "  https://videos.example.org/Talk?a=1&b=2\n",
    ],
)
def test_other_spellings_of_a_url_are_the_same_video(other: str):
    assert url_id(other) == url_id("https://videos.example.org/Talk?a=1&b=2")


@pytest.mark.parametrize(
    "other",
    [
        "http://videos.example.org/talk",
        "https://videos.example.org:8443/talk",
        "https://videos.example.org/Talk",
        "https://videos.example.org/talk?v=1",
        "https://videos.example.org/talk?v=",
    ],
)
def test_other_urls_are_other_videos(other: str):
    assert url_id(other) != url_id("https://videos.example.org/talk")


def test_a_host_alone_has_a_path():
    assert canonical_url("https://example.org") == canonical_url("https://example.org/")


def test_ipv6_hosts_keep_their_brackets():
    assert canonical_url("http://[::1]:8000/a") == "http://[::1]:8000/a"


@pytest.mark.parametrize(
    "url", ["", "talk.mp4", "file:///talk.mp4", "https://", "https://[bad", "http://host:port/"]
)
def test_what_is_no_url_of_the_web_is_a_source_error(url: str):
    with pytest.raises(SourceError, match="is not the URL of a video"):
        url_id(url)


@given(
    st.lists(st.tuples(st.text(min_size=1), st.text())),
    st.text(alphabet="abcXYZ/%20ä", max_size=20),
)
def test_the_canonical_form_is_its_own(query, path):
    from urllib.parse import urlencode

    once = canonical_url(f"https://example.org/{path}?{urlencode(query)}")
    assert canonical_url(once) == once
