import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.audio import decode_audio
from ingest.media import check_file, probe
from playhead.errors import MediaError, SourceError
from tests.media import Subtitles, add_cover, bars, tone, write_media


def test_a_video_tells_what_it_holds(tmp_path: Path):
    path = write_media(
        tmp_path / "talk.mp4",
        sound=tone(3),
        pictures=[bars(64, 48)] * 3,
        subtitles=[Subtitles("mov_text", [(1, 2, "hello")], "deu")],
        title="My talk",
    )
    info = probe(path)
    assert info.duration == pytest.approx(3.0, abs=0.1)
    assert info.has_video
    assert info.has_audio
    assert info.title == "My talk"
    [track] = info.tracks
    assert (track.codec, track.language) == ("mov_text", "de")


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.m4a", "aac"),
        ("a.mp3", "libmp3lame"),
        ("a.flac", "flac"),
        ("a.wav", "pcm_s16le"),
        ("a.ogg", "libopus"),
        ("a.aac", "aac"),
        ("a.webm", "libopus"),
    ],
)
def test_the_duration_of_a_recording_is_known_in_every_format(tmp_path, name, codec):
    info = probe(write_media(tmp_path / name, sound=tone(4), codec=codec))
    assert info.duration == pytest.approx(4.0, abs=0.15)
    assert not info.has_video


def test_a_recording_without_a_duration_is_measured(tmp_path: Path):
    # As browsers write them.
    path = tmp_path / "recorded.webm"
    with path.open("wb") as file, av.open(_Unseekable(file), "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=48000)
        stream.layout = "mono"
        for _ in range(100):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 960), np.int16), format="s16", layout="mono"
            )
            frame.sample_rate = 48000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        assert container.duration is None
    assert probe(path).duration == pytest.approx(2.0, abs=0.1)
    assert decode_audio(path).size / 16000 == pytest.approx(2.0, abs=0.1)


class _Unseekable:
    def __init__(self, file):
        self.write = file.write
        self.name = "recorded.webm"


def test_cover_art_does_not_make_a_recording_a_video(tmp_path: Path):
    path = write_media(tmp_path / "song.mp3", sound=tone(1), codec="libmp3lame")
    info = probe(add_cover(path))
    assert info.has_audio
    assert not info.has_video


def test_a_missing_file_is_a_source_error(tmp_path: Path):
    with pytest.raises(SourceError, match=r"nowhere\.mp4 does not exist"):
        probe(tmp_path / "nowhere.mp4")


def test_a_folder_is_a_source_error(tmp_path: Path):
    with pytest.raises(SourceError, match="is a folder"):
        probe(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="is not a regular file"):
        probe(tmp_path / "pipe.mp4")


def test_a_name_that_cannot_be_is_a_source_error(tmp_path: Path):
    with pytest.raises(SourceError, match="cannot be read"):
        probe(tmp_path / ("x" * 300 + ".mp4"))


def test_an_empty_file_is_a_media_error(tmp_path: Path):
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(MediaError, match=r"empty\.mp4 is empty"):
        probe(tmp_path / "empty.mp4")


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"hello\n" * 5000,
        bytes(range(256)) * 100,
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n",
        b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile http://127.0.0.1:9/a.mp4\n",
    ],
)
def test_what_is_no_media_is_a_media_error(tmp_path: Path, content: bytes):
    path = tmp_path / "talk.mp4"
    path.write_bytes(content)
    with pytest.raises(
        MediaError, match=r"talk\.mp4 is not a video or an audio recording"
    ) as error:
        probe(path)
    assert "\n" not in str(error.value)


def test_an_mp4_cut_before_its_index_is_truncated(tmp_path: Path):
    path = write_media(tmp_path / "talk.mp4", sound=tone(10))
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(MediaError, match=r"talk\.mp4 is truncated"):
        probe(path)


def test_ffmpeg_says_nothing_on_stderr(tmp_path: Path):
    path = write_media(tmp_path / "talk.mkv", sound=tone(5), pictures=[bars(64, 48)] * 5)
    damaged = bytearray(path.read_bytes())
    damaged[2000:2500] = b"\xff" * 500
    path.write_bytes(damaged)
    code = (
        "import sys; from pathlib import Path; from ingest.audio import decode_audio;"
        "from ingest.poster import poster; from playhead.errors import MediaError\n"
        "for step in (decode_audio, poster):\n"
        "    try: step(Path(sys.argv[1]))\n"
        "    except MediaError: pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/talk\xff.mp4"))
    path.write_bytes(b"x")
    with pytest.raises(SourceError, match="not UTF-8"):
        check_file(path)
