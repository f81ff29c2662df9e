from pathlib import Path

import pytest

from ingest.media import SubtitleTrack, probe
from ingest.tracks import choose_track, subtitle_cues
from tests.media import Subtitles, bars, tone, write_media

CUES = [(1.0, 2.0, "Hello <i>there</i>"), (2.5, 3.25, "à bientôt")]
ASS = [
    (1.0, 2.0, r"0,0,Default,Ann,0,0,0,,{\an8}Hello {\i1}there{\i0}, you"),
    (2.5, 3.25, r"1,0,Default,,0,0,0,,à\Nbientôt"),
]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "mov_text"),
        ("a.mov", "mov_text"),
        ("a.mkv", "subrip"),
        ("b.mkv", "webvtt"),
    ],
)
def test_text_tracks_are_read_with_their_times(tmp_path: Path, name: str, codec: str):
    path = write_media(tmp_path / name, sound=tone(4), subtitles=[Subtitles(codec, CUES, "eng")])
    [track] = probe(path).tracks
    cues = subtitle_cues(path, track)
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (1.0, 2.0, "Hello there"),
        (2.5, 3.25, "à bientôt"),
    ]


def test_substation_tracks_are_read_with_their_speakers(tmp_path: Path):
    path = write_media(tmp_path / "a.mkv", sound=tone(4), subtitles=[Subtitles("ass", ASS)])
    [track] = probe(path).tracks
    first, second = subtitle_cues(path, track)
    assert (first.text, first.speaker) == ("Hello there, you", "Ann")
    assert (second.text, second.speaker) == ("à bientôt", None)


def test_voices_of_webvtt_tracks_are_kept(tmp_path: Path):
    tracks = [Subtitles("webvtt", [(1.0, 2.0, "<v Ann>Hello</v>")])]
    path = write_media(tmp_path / "a.mkv", sound=tone(4), subtitles=tracks)
    [cue] = subtitle_cues(path, probe(path).tracks[0])
    assert (cue.text, cue.speaker) == ("Hello", "Ann")


def test_times_run_as_those_of_the_sound(tmp_path: Path):
    path = write_media(
        tmp_path / "a.mkv",
        pictures=[bars(64, 48)] * 4,
        pictures_start=10.0,
        subtitles=[Subtitles("subrip", [(11.0, 12.0, "Hello")])],
    )
    [cue] = subtitle_cues(path, probe(path).tracks[0])
    assert (cue.start, cue.end) == (1.0, 2.0)


def test_the_second_of_two_tracks_is_read_alone(tmp_path: Path):
    tracks = [
        Subtitles("subrip", [(1.0, 2.0, "Guten Tag")], "ger"),
        Subtitles("subrip", [(1.0, 2.0, "Good day")], "eng"),
    ]
    path = write_media(tmp_path / "a.mkv", sound=tone(3), subtitles=tracks)
    german, english = probe(path).tracks
    assert (german.language, english.language) == ("de", "en")
    assert [cue.text for cue in subtitle_cues(path, english)] == ["Good day"]


def test_bitmap_subtitles_are_no_text_track(tmp_path: Path):
    path = write_media(tmp_path / "a.mkv", sound=tone(4), subtitles=[Subtitles("subrip", CUES)])
    path.write_bytes(path.read_bytes().replace(b"S_TEXT/UTF8", b"S_HDMV/PGS\0"))
    assert probe(path).tracks == ()


def track(index: int, language: str | None = None, **marks: bool) -> SubtitleTrack:
    return SubtitleTrack(index, "subrip", language, **marks)


@pytest.mark.parametrize(
    ("tracks", "language", "sound", "chosen"),
    [
        ([], None, None, None),
        ([track(2, "fr")], None, None, 2),
        ([track(2, "fr"), track(3, "de", default=True)], None, None, 3),
        ([track(2, "fr", default=True), track(3, "de")], None, "de", 3),
        ([track(2, "fr"), track(3)], None, None, 3),
        ([track(2, "fr"), track(3, "en")], None, None, 3),
        ([track(2, "fr"), track(3, "de")], None, "ja", 2),
        ([track(2, "fr", default=True), track(3, "de")], "de", None, 3),
        ([track(2, "fr", default=True), track(3)], "de", None, 3),
        ([track(2, "fr", default=True)], "de", None, None),
        ([track(2, "en", default=True, forced=True), track(3, "en")], None, None, 3),
        ([track(2, "en", forced=True)], None, None, None),
    ],
)
def test_the_track_that_is_likely_what_is_said(tracks, language, sound, chosen):
    found = choose_track(tracks, language, sound)
    assert (found.index if found else None) == chosen
