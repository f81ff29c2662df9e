"""What the fuzz run of media found, one small file for each."""

import resource
import struct
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.audio import SAMPLE_RATE, decode_audio
from ingest.conversion import convert
from ingest.library import VideoLibrary
from ingest.media import check_riff_size, probe
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from ingest.playable import Conversion
from ingest.poster import poster
from ingest.tracks import subtitle_cues
from playhead.errors import MediaError, SourceError
from tests.media import RATE, Subtitles, bars, tone, write_media

CAPTIONS = IngestOptions(asr="captions")
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nFirst.\n\n00:27.000 --> 00:28.000\nLast.\n"


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])


def patch(path: Path, key: bytes, offset: int, form: str, value: float) -> None:
    """Write a number at so many bytes after the start of a key."""
    content = bytearray(path.read_bytes())
    struct.pack_into(form, content, content.index(key) + offset, value)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "aac", {"movflags": "faststart"}),
        ("a.mkv", "flac", {}),
        ("a.webm", "libopus", {}),
        ("a.wav", "pcm_s16le", {}),
        ("a.avi", "pcm_s16le", {}),
        ("a.flac", "flac", {}),
    ],
)
def test_captions_do_not_hide_that_their_media_breaks_off(tmp_path, name, codec, options):
    path = write_media(tmp_path / name, sound=tone(30), codec=codec, options=options)
    path.with_suffix(".vtt").write_text(VTT)
    cut(path, 0.5)
    with pytest.raises(MediaError, match="is truncated"):
        ingest_file(path, VideoLibrary(tmp_path / "home"), CAPTIONS)


@pytest.mark.parametrize("suffix", [".mkv", ".webm"])
def test_a_stated_duration_that_is_too_short_hides_no_captions(tmp_path: Path, suffix: str):
    path = write_media(tmp_path / f"a{suffix}", sound=tone(30), codec="libopus")
    path.with_suffix(".vtt").write_text(VTT)
    patch(path, b"\x44\x89\x88", 3, ">d", 3000.0)
    done = ingest_file(path, VideoLibrary(tmp_path / "home"), CAPTIONS)
    assert done.video.duration == pytest.approx(30.0, abs=0.1)
    assert [sentence.text for sentence in done.transcript.sentences] == ["First.", "Last."]


def test_the_last_caption_may_say_that_it_stays_for_hours(tmp_path: Path):
    track = Subtitles("subrip", [(1.0, 2.0, "Hello"), (3.0, 9999.0, "The end")])
    path = write_media(
        tmp_path / "a.mkv", sound=tone(5), pictures=[bars(64, 48)] * 5, subtitles=[track]
    )
    assert [cue.text for cue in subtitle_cues(path, probe(path).tracks[0])] == ["Hello", "The end"]


def test_subtitles_keep_their_times_where_an_edit_list_cuts(tmp_path: Path):
    track = Subtitles("mov_text", [(1.0, 4.0, "First"), (7.0, 9.0, "Second")])
    path = write_media(
        tmp_path / "a.mp4", sound=tone(10), pictures=[bars(64, 48)] * 10, subtitles=[track]
    )
    content = bytearray(path.read_bytes())
    at = content.find(b"trak")
    while at >= 0:
        (scale,) = struct.unpack_from(">I", content, content.index(b"mdhd", at) + 16)
        elst = content.index(b"elst", at) + 12
        length, start = struct.unpack_from(">II", content, elst)
        struct.pack_into(">II", content, elst, length - 2000, start + 2 * scale)
        at = content.find(b"trak", at + 1)
    path.write_bytes(content)
    [cue] = subtitle_cues(path, probe(path).tracks[0])
    assert (cue.start, cue.end, cue.text) == (5.0, 7.0, "Second")


def test_streams_that_appear_in_the_middle_of_a_file(tmp_path: Path):
    # As where recordings of broadcasts were joined.
    plain = write_tracks(tmp_path / "plain.ts", 1).read_bytes()
    many = write_tracks(tmp_path / "many.ts", 60)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(plain * 9 + many.read_bytes() + plain * 9)
    assert probe(joined).has_audio
    assert decode_audio(joined).size / SAMPLE_RATE == pytest.approx(57.0, abs=3.0)
    convert(joined, Conversion(".m4a", None, "encode"), tmp_path / "playable.m4a")
    assert probe(tmp_path / "playable.m4a").duration == pytest.approx(57.0, abs=3.0)


def write_tracks(path: Path, count: int) -> Path:
    """Three seconds of silence in so many tracks."""
    silent = np.zeros((1, 1152), np.int16)
    with av.open(str(path), "w") as container:
        for stream in [container.add_stream("mp2", rate=RATE, layout="mono") for _ in range(count)]:
            for number in range(42):
                frame = av.AudioFrame.from_ndarray(silent, format="s16", layout="mono")
                frame.sample_rate, frame.pts = RATE, number * 1152
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def test_a_gigantic_cover_is_left_out_and_takes_no_memory(tmp_path: Path):
    path = write_media(tmp_path / "song.mp3", sound=tone(2), codec="libmp3lame")
    picture = b"\0image/png\0\x03\0" + gigantic_png(9000)
    frame = b"APIC" + len(picture).to_bytes(4, "big") + b"\0\0" + picture
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + frame + path.read_bytes())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert probe(path).has_audio
    assert poster(path) is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def gigantic_png(side: int) -> bytes:
    """A black square."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    packer, row = zlib.compressobj(1), bytes(side * 3 + 1)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_sound_of_which_nothing_can_be_decoded_is_damaged(tmp_path: Path):
    path = write_media(tmp_path / "a.mp4", sound=tone(10), pictures=[bars(64, 48)] * 10)
    # The first sample of the sound is said to last for hours, and the others cannot be found.
    content = bytearray(path.read_bytes())
    at = content.index(b"stts", content.index(b"soun"))
    struct.pack_into(">I", content, at + 16, 0x7FFFFFF)
    path.write_bytes(content)
    with pytest.raises(MediaError, match="nothing of its sound can be decoded"):
        decode_audio(path)


@pytest.mark.parametrize(("name", "codec"), [("a.ogg", "libopus"), ("a.ts", "aac")])
def test_joined_recordings_are_as_long_as_all_of_them(tmp_path: Path, name: str, codec: str):
    path = write_media(tmp_path / name, sound=tone(15), codec=codec)
    path.write_bytes(path.read_bytes() * 2)
    path.with_suffix(".vtt").write_text(VTT)
    done = ingest_file(path, VideoLibrary(tmp_path / "home"), CAPTIONS)
    assert done.video.duration == pytest.approx(30.0, abs=0.5)
    assert [sentence.text for sentence in done.transcript.sentences] == ["First.", "Last."]


def test_a_file_that_is_gone_meanwhile_is_told(tmp_path: Path):
    with pytest.raises(SourceError, match="cannot be read"):
        check_riff_size(tmp_path / "gone.wav")


def test_slow_pictures_out_of_order_are_no_restarted_clock(tmp_path: Path):
    # One a second, and the last is said to be later than it is: every packet is looked at.
    path = tmp_path / "slides.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1, options={"bf": "3", "b-adapt": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(30):
            frame = av.VideoFrame.from_ndarray(bars(64, 48), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    patch(path, b"\x44\x89\x88", 3, ">d", 20_000.0)
    # The encoder begins two pictures late.
    assert probe(path).duration == pytest.approx(32.0, abs=0.1)
