"""Playable versions: the same moments at the same times, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.conversion import convert
from ingest.media import probe
from ingest.playable import Conversion, conversion_of
from playhead.errors import DiskFullError, LibraryError, MediaError, SourceError
from playhead.progress import ProgressEvent
from tests.media import bars, hold_upright, tone, write_media
from tests.timecoded import seconds_heard, seconds_seen, write_timecoded


def converted(path: Path, folder: Path | None = None) -> Path:
    conversion = conversion_of(path)
    assert conversion is not None
    target = (folder or path.parent / "playable") / f"made{conversion.suffix}"
    convert(path, conversion, target)
    assert conversion_of(target) is None
    return target


@pytest.mark.parametrize(
    ("name", "picture", "sound"),
    [
        ("a.mkv", "libx264", "aac"),
        ("a.mkv", "libx264", "libopus"),
        ("a.mkv", "libvpx", "aac"),
        ("a.mkv", "libvpx", "libopus"),
        ("a.mkv", "libx265", "ac3"),
        ("a.mp4", "mpeg4", "aac"),
        ("a.ts", "libx264", "aac"),
        ("a.avi", "mpeg4", "libmp3lame"),
        ("a.avi", "libx264", "pcm_s16le"),
        ("a.wmv", "msmpeg4", "libmp3lame"),
    ],
)
def test_a_video_shows_the_same_at_the_same_time(name, picture, sound, tmp_path: Path):
    quiet = {"x265-params": "log-level=none"} if picture == "libx265" else {}
    path = write_timecoded(tmp_path / name, picture=picture, sound=sound, picture_options=quiet)
    made = converted(path)
    assert probe(made).duration == pytest.approx(8, abs=0.25)
    # In AVI a picture is as late as the encoder was; here by half a second.
    assert seconds_seen(made, 0.9, 3.9, 6.9) == [0, 3, 6]
    assert seconds_heard(made, 0.4, 3.4, 6.4) == [0, 3, 6]


@pytest.mark.parametrize(
    ("name", "sound"),
    [("a.aac", "aac"), ("a.m4a", "alac"), ("a.wav", "pcm_f32le"), ("a.mka", "libopus")],
)
def test_a_recording_lets_hear_the_same_at_the_same_time(name, sound, tmp_path: Path):
    made = converted(write_timecoded(tmp_path / name, picture=None, sound=sound))
    assert seconds_heard(made, 0.4, 3.4, 6.4) == [0, 3, 6]
    assert not probe(made).has_video


@settings(max_examples=8)
@given(
    picture_from=st.integers(0, 3),
    sound_from=st.integers(0, 3),
    streams=st.sampled_from([("libx264", "aac"), ("mpeg4", "ac3"), ("libvpx", "libopus")]),
)
def test_its_clock_starts_where_the_first_stream_does(
    picture_from: int, sound_from: int, streams: tuple[str, str]
):
    with TemporaryDirectory() as folder:
        path = write_timecoded(
            Path(folder, "a.mkv"),
            picture=streams[0],
            sound=streams[1],
            picture_from=picture_from,
            sounds=[(sound_from, 8)],
        )
        made = converted(path)
        start = min(picture_from, sound_from)
        both = 4.4
        assert seconds_seen(made, both) == [4 + start]
        assert seconds_heard(made, both) == [4 + start]
        if sound_from > start:
            assert seconds_heard(made, sound_from - start - 0.5) == [None]


def test_a_hole_in_the_sound_becomes_silence(tmp_path: Path):
    """Browsers would play on over it."""
    path = write_timecoded(tmp_path / "a.mkv", sound="ac3", sounds=[(0, 2), (5, 8)])
    made = converted(path)
    assert seconds_heard(made, 1.4, 3.4, 6.4) == [1, None, 6]
    with av.open(str(made)) as container:
        packets = [packet for packet in container.demux(audio=0) if packet.size]
    ends = [packet.pts + packet.duration for packet in packets]
    assert [packet.pts for packet in packets][1:] == ends[:-1]


@pytest.mark.parametrize("codec", ["pcm_u8", "ac3"])
def test_a_long_hole_takes_no_memory(codec: str, tmp_path: Path):
    sounds = [(2.0, 4.0), (400.0, 402.0)]
    path = write_timecoded(tmp_path / "a.mkv", picture=None, sound=codec, sounds=sounds)
    before = peak_mebibytes()
    made = converted(path)
    # All of the silence at once would be 150 MB.
    assert peak_mebibytes() - before < 60
    assert seconds_heard(made, 0.4, 200.0, 399.4) == [2, None, 401 % 32]


def peak_mebibytes() -> float:
    resource = pytest.importorskip("resource")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_phone_held_upright(tmp_path: Path):
    path = hold_upright(write_media(tmp_path / "a.mp4", pictures=[bars(64, 32)] * 3))
    with av.open(str(converted(path))) as container:
        frame = next(container.decode(video=0))
    picture = frame.to_ndarray(format="rgb24").astype(int)
    assert picture.shape[:2] == (64, 32)
    # The left half of the scene is on top now, its dark bottom to the left.
    assert picture[10, 20, 0] > 150
    assert picture[10, 20, 1] < 100
    assert picture[50, 20].min() > 150
    assert picture[50, 3].max() < 100


def test_a_picture_is_at_most_720_lines_and_even(tmp_path: Path):
    path = write_media(tmp_path / "a.avi", pictures=[bars(1999, 1001)])
    with av.open(str(converted(path))) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (1280, 640)
        assert stream.codec_context.pix_fmt == "yuv420p"


def test_its_index_comes_first(tmp_path: Path):
    made = converted(write_timecoded(tmp_path / "a.mkv")).read_bytes()
    assert made.index(b"moov") < made.index(b"mdat")


@pytest.mark.parametrize("picture", ["libx264", "mpeg2video"])
def test_a_clock_that_jumps_back(picture: str, tmp_path: Path):
    """Recordings that were joined end to end."""
    first = write_timecoded(tmp_path / "a.ts", picture=picture).read_bytes()
    (tmp_path / "joined.ts").write_bytes(first * 2)
    made = converted(tmp_path / "joined.ts")
    assert seconds_seen(made, 3.5, 8 + 3.7) == [3, 3]
    assert seconds_heard(made, 3.4, 8 + 3.6) == [3, 3]
    assert probe(made).duration == pytest.approx(16, abs=0.6)


@pytest.mark.parametrize("sound", ["aac", "ac3"])
def test_a_broken_timestamp_far_ahead(sound: str, tmp_path: Path):
    sounds = [(0.0, 2.0), (9000.0, 9002.0)]
    path = write_timecoded(tmp_path / "a.mkv", picture=None, sound=sound, sounds=sounds)
    made = converted(path)
    assert probe(made).duration == pytest.approx(4, abs=0.2)
    assert seconds_heard(made, 1.4, 3.4) == [1, 9001 % 32]


def test_progress_is_in_seconds_of_media(tmp_path: Path):
    path = write_timecoded(tmp_path / "a.mkv")
    events: list[ProgressEvent] = []
    convert(path, Conversion(".mp4", "copy", "copy"), tmp_path / "made.mp4", events.append)
    done = [event.done for event in events]
    assert {event.stage for event in events} == {"convert"}
    assert done == sorted(done)
    assert len(done) >= 6
    assert events[0].total == pytest.approx(8, abs=0.1)
    assert done[-1] == events[-1].total == pytest.approx(8, abs=0.1)


def test_nothing_is_left_of_one_that_is_stopped(tmp_path: Path):
    path = write_timecoded(tmp_path / "a.mkv")
    folder = tmp_path / "playable"
    seen: list[list[str]] = []

    def stop(event: ProgressEvent) -> None:
        seen.append([entry.name for entry in folder.iterdir()])
        if event.done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(path, Conversion(".mp4", "copy", "copy"), folder / "made.mp4", stop)
    assert {name for names in seen for name in names} == {".new-made.mp4"}
    assert list(folder.iterdir()) == []


LIMITED = """
import resource, sys
from pathlib import Path
from ingest.conversion import convert
from ingest.playable import Conversion
from playhead.errors import PlayheadError
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    convert(Path(sys.argv[1]), Conversion(".mp4", "copy", "copy"), Path(sys.argv[2]))
except PlayheadError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits are of Unix")
def test_a_full_disk(tmp_path: Path):
    path = write_timecoded(tmp_path / "a.mkv", picture_options={"crf": "0"})
    target = tmp_path / "playable" / "made.mp4"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"{DiskFullError.__name__} no room left")
    assert done.stderr == ""
    assert list(target.parent.iterdir()) == []


def test_a_folder_that_cannot_be(tmp_path: Path):
    path = write_timecoded(tmp_path / "a.mkv")
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot be written"):
        convert(path, Conversion(".mp4", "copy", "copy"), tmp_path / "file" / "made.mp4")


def test_a_file_that_is_gone(tmp_path: Path):
    with pytest.raises(SourceError, match="does not exist"):
        convert(tmp_path / "a.mkv", Conversion(".mp4", "copy", "copy"), tmp_path / "made.mp4")


def test_a_picture_of_which_nothing_can_be_decoded(tmp_path: Path):
    path = write_media(tmp_path / "a.mp4", pictures=[bars(64, 48)] * 3, sound=tone(3))
    conversion = conversion_of(path)
    assert conversion is not None
    with av.open(str(path)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    content = bytearray(path.read_bytes())
    for at, size in places:
        content[at : at + size] = bytes(size)
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"a\.mp4 is damaged"):
        convert(path, conversion, tmp_path / "playable" / "made.mp4")
    assert list((tmp_path / "playable").iterdir()) == []


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000), streams=st.sampled_from([("mpeg4", "ac3"), ("libx264", "aac")]))
def test_damage_is_passed_over_or_told(seed: int, streams: tuple[str, str]):
    """Whatever is wrong with a file: a playable version, or one line and nothing written."""
    with TemporaryDirectory() as folder:
        path = write_timecoded(Path(folder, "a.mkv"), picture=streams[0], sound=streams[1])
        content = bytearray(path.read_bytes())
        random = np.random.default_rng(seed)
        for at in random.integers(300, len(content), 8):
            content[at : at + 20] = random.bytes(20)
        path.write_bytes(content[: len(content) - int(random.integers(0, 2000))])
        target = Path(folder, "playable", "made.mp4")
        failure = failure_of(path, target)
        left = [entry.name for entry in Path(folder).rglob("*made*")]
        assert left == ([] if failure else ["made.mp4"])
        assert failure is None or "\n" not in failure


def failure_of(path: Path, target: Path) -> str | None:
    try:
        convert(path, conversion_of(path) or Conversion(".mp4", "copy", "copy"), target)
    except MediaError as error:
        return str(error)
    return None
