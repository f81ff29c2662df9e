"""Files as they come: safe names, and nothing left of what does not come whole."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from fastapi import HTTPException
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from ingest.sources import MEDIA_SUFFIXES
from tests.media import tone, write_media
from ui.web.uploads import Uploads, safe_name

MAX_BYTES = 255


@given(st.text(max_size=400), st.sampled_from([*sorted(MEDIA_SUFFIXES), ".VTT", ".en.srt"]))
def test_a_safe_name_is_one_of_a_file_in_its_folder(stem: str, suffix: str) -> None:
    try:
        name = safe_name(stem + suffix)
    except HTTPException:
        assume(False)
    assert Path(name).name == name
    assert "\\" not in name
    assert not name.startswith(".")
    assert "Cc" not in map(unicodedata.category, name)
    assert len(name.encode()) <= MAX_BYTES
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("talk.mp4", "talk.mp4"),
        ("../../etc/talk.mp4", "talk.mp4"),
        ("C:\\Users\\me\\talk.mp4", "talk.mp4"),
        ("...hidden.MP4", "hidden.MP4"),
        ("a\0b\nc.mp4", "a b c.mp4"),
        ("<script>alert(1)</script>.mp4", "script>.mp4"),
        ("Bürger.mp4", "Bürger.mp4"),
        ("x" * 300 + ".en.vtt", "x" * 193 + ".en.vtt"),
    ],
)
def test_names(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


async def _breaking_off(content: bytes) -> AsyncIterator[bytes]:
    yield content
    raise ClientDisconnect


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "media")
    with pytest.raises(ClientDisconnect):
        anyio.run(uploads.receive, "talk.mp4", _breaking_off(b"x" * 3_000_000), 10**7)
    assert list((tmp_path / "media").rglob("*.mp4")) == []


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 1000):
        yield content[begin : begin + 1000]


def test_what_a_killed_server_left_is_deleted_some_day(tmp_path: Path) -> None:
    coming = tmp_path / "media" / ".coming"
    coming.mkdir(parents=True)
    old, new = coming / "old.mp4", coming / "new.mp4"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (0, 0))
    sound = write_media(tmp_path / "tone.wav", sound=tone(1)).read_bytes()
    uploads = Uploads(tmp_path / "media")
    sent = anyio.run(uploads.receive, "tone.wav", _whole(sound), 10**7)
    assert sent.path.read_bytes() == sound
    assert set(coming.iterdir()) == {new, sent.path}
    assert uploads.keep(sent, None).read_bytes() == sound
    assert set(coming.iterdir()) == {new}


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(HTTPException) as caught:
        anyio.run(Uploads(tmp_path / "media").receive, "talk.mp4", _whole(b"x"), 10)
    assert caught.value.status_code == 507
    assert str(tmp_path) not in caught.value.detail
