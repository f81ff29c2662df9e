"""What browsers can play, and what they cannot; each case was tried in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.playable import Conversion, conversion_of
from playhead.errors import MediaError, SourceError
from tests.media import add_cover, tone, write_media
from tests.timecoded import write_timecoded


@pytest.mark.parametrize(
    ("name", "picture", "sound"),
    [
        ("a.mp4", "libx264", "aac"),
        ("a.mp4", "libx264", None),
        ("a.mp4", "libx264", "libmp3lame"),
        ("a.m4v", "libx264", "aac"),
        ("a.mov", "libx264", "aac"),
        ("a.MP4", "libx264", "aac"),
        ("a.webm", "libvpx", "libopus"),
        ("a.webm", None, "libopus"),
        ("a.m4a", None, "aac"),
        ("a.mp3", None, "libmp3lame"),
        ("a.wav", None, "pcm_s16le"),
        ("a.flac", None, "flac"),
        ("a.ogg", None, "libopus"),
        ("a.opus", None, "libopus"),
    ],
)
def test_what_plays_as_it_is(name, picture, sound, tmp_path: Path):
    path = write_timecoded(tmp_path / name.lower(), picture=picture, sound=sound)
    assert conversion_of(path.rename(tmp_path / name)) is None


@pytest.mark.parametrize(
    ("name", "picture", "sound", "conversion"),
    [
        # What browsers know, in a container that they do not.
        ("a.mkv", "libx264", "aac", Conversion(".mp4", "copy", "copy")),
        ("a.mkv", "libvpx", "libopus", Conversion(".webm", "copy", "copy")),
        ("a.mkv", None, "libopus", Conversion(".webm", None, "copy")),
        ("a.mkv", None, "aac", Conversion(".m4a", None, "copy")),
        ("a.aac", None, "aac", Conversion(".m4a", None, "copy")),
        ("a.ts", "libx264", "aac", Conversion(".mp4", "copy", "copy")),
        # A codec that they do not know.
        ("a.mp4", "mpeg4", "aac", Conversion(".mp4", "encode", "copy")),
        ("a.mp4", "libx264", "ac3", Conversion(".mp4", "copy", "encode")),
        ("a.mkv", "libx264", "libopus", Conversion(".mp4", "copy", "encode")),
        ("a.mkv", "libvpx", "aac", Conversion(".webm", "copy", "encode")),
        ("a.m4a", None, "alac", Conversion(".m4a", None, "encode")),
        ("a.wav", None, "pcm_f32le", Conversion(".m4a", None, "encode")),
        # No times for showing, which a copy would need.
        ("a.avi", "libx264", "libmp3lame", Conversion(".mp4", "encode", "copy")),
    ],
)
def test_what_has_to_be_done(name, picture, sound, conversion, tmp_path: Path):
    path = write_timecoded(tmp_path / name, picture=picture, sound=sound)
    assert conversion_of(path) == conversion


@pytest.mark.parametrize("pixels", ["yuv422p", "yuv444p", "yuv420p10le"])
def test_h264_that_browsers_show_black(pixels: str, tmp_path: Path):
    path = write_timecoded(tmp_path / "a.mp4", pixels=pixels)
    assert conversion_of(path) == Conversion(".mp4", "encode", "copy")


def test_a_name_that_tells_another_format(tmp_path: Path):
    """A server goes by the name, and some browsers by what the server says."""
    path = write_timecoded(tmp_path / "a.webm", picture="libvpx", sound="libopus")
    renamed = path.rename(tmp_path / "a.mp4")
    assert conversion_of(renamed) == Conversion(".webm", "copy", "copy")


def test_an_index_in_many_pieces(tmp_path: Path):
    """As recorders write it that must survive a crash."""
    path = write_timecoded(tmp_path / "a.mp4", movflags="frag_keyframe+empty_moov")
    assert conversion_of(path) == Conversion(".mp4", "copy", "copy")


def test_a_late_start(tmp_path: Path):
    """Chromium's 0:00 would be before it, ours is at it."""
    path = write_timecoded(tmp_path / "a.mp4", picture_from=3, sounds=[(3, 8)])
    assert conversion_of(path) == Conversion(".mp4", "copy", "copy")
    path = write_timecoded(tmp_path / "b.mp4", picture_from=3)
    assert conversion_of(path) is None


def test_a_varying_bit_rate(tmp_path: Path):
    """Browsers reckon where a moment lies in an MP3 file as if it were constant."""
    path = write_timecoded(
        tmp_path / "a.mp3",
        picture=None,
        sound="libmp3lame",
        sounds=[(0, 1), (4, 8)],
        sound_options={"flags": "+qscale", "global_quality": "472"},
    )
    assert conversion_of(path) == Conversion(".m4a", None, "copy")


def test_a_recording_with_a_cover(tmp_path: Path):
    path = write_media(tmp_path / "song.mp3", sound=tone(1), codec="libmp3lame")
    assert conversion_of(add_cover(path)) is None


def test_what_is_no_media(tmp_path: Path):
    with pytest.raises(SourceError, match="does not exist"):
        conversion_of(tmp_path / "nowhere.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(MediaError, match="is not a video"):
        conversion_of(tmp_path / "text.mp4")
    subtitles = tmp_path / "subtitles.mp4"
    subtitles.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n")
    with pytest.raises(MediaError, match="is not a video"):
        conversion_of(subtitles)
