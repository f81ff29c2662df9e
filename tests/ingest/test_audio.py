from pathlib import Path

import numpy as np
import pytest

from ingest.audio import SAMPLE_RATE, decode_audio
from playhead.errors import MediaError
from playhead.progress import ProgressEvent
from tests.media import bars, silence, tone, write_media


def loud_spans(audio) -> list[tuple[float, float]]:
    """Where there is sound, in seconds; pauses under 50 ms do not count."""
    loud = np.flatnonzero(np.abs(audio) > 0.05) / SAMPLE_RATE
    breaks = np.flatnonzero(np.diff(loud) > 0.05)
    starts = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    return list(zip(starts, ends, strict=True))


def assert_spans(audio, expected):
    spans = loud_spans(audio)
    assert len(spans) == len(expected), spans
    assert np.allclose(spans, expected, atol=0.03), spans


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "aac"),
        ("a.mkv", "flac"),
        ("a.webm", "libopus"),
        ("a.mp3", "libmp3lame"),
        ("a.flac", "flac"),
        ("a.wav", "pcm_s16le"),
        ("a.opus", "libopus"),
        ("a.avi", "pcm_s16le"),
    ],
)
def test_sound_is_decoded_at_its_time_in_every_format(tmp_path: Path, name: str, codec: str):
    sound = np.concatenate([silence(1), tone(2), silence(1)])
    audio = decode_audio(write_media(tmp_path / name, sound=sound, codec=codec))
    assert audio.dtype == np.float32
    assert audio.ndim == 1
    assert audio.size / SAMPLE_RATE == pytest.approx(4.0, abs=0.05)
    assert_spans(audio, [(1, 3)])
    assert np.abs(audio).max() == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("name", ["talk.mp4", "talk.mkv"])
def test_sound_that_starts_after_the_picture_starts_late(tmp_path: Path, name: str):
    path = write_media(tmp_path / name, sound=[(2.0, tone(3))], pictures=[bars(64, 48)] * 5)
    assert_spans(decode_audio(path), [(2, 5)])


def test_time_runs_from_where_the_earliest_stream_starts(tmp_path: Path):
    path = write_media(
        tmp_path / "talk.mkv",
        sound=[(13.0, tone(1))],
        pictures=[bars(64, 48)] * 4,
        pictures_start=11.0,
    )
    assert_spans(decode_audio(path), [(2, 3)])


@pytest.mark.parametrize(("name", "codec"), [("talk.mkv", "pcm_s16le"), ("talk.mp4", "aac")])
def test_a_gap_between_packets_is_silence(tmp_path: Path, name: str, codec: str):
    # Whole frames: the encoder fills up what is less.
    pieces = [(0.0, tone(0.96)), (4.0, tone(0.96)), (5.5, tone(0.96))]
    path = write_media(tmp_path / name, sound=pieces, codec=codec, pictures=[bars(64, 48)] * 7)
    assert_spans(decode_audio(path), [(0, 0.96), (4, 4.96), (5.5, 6.46)])


def test_many_small_gaps_add_up(tmp_path: Path):
    # 40 ms each: below what counts as a gap, but the last piece is 0.8 s late.
    pieces = [(n * 0.168, tone(0.128)) for n in range(21)]
    path = write_media(tmp_path / "drift.mkv", sound=pieces, codec="pcm_s16le")
    assert decode_audio(path).size / SAMPLE_RATE == pytest.approx(20 * 0.168 + 0.128, abs=0.06)


def test_a_clock_that_restarts_goes_on_where_it_was(tmp_path: Path):
    # Ogg files joined end to end, as internet radio does.
    first = write_media(tmp_path / "1.ogg", sound=tone(3), codec="libopus")
    second = write_media(tmp_path / "2.ogg", sound=tone(2), codec="libopus")
    joined = tmp_path / "joined.ogg"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    assert decode_audio(joined).size / SAMPLE_RATE == pytest.approx(5.0, abs=0.1)


def test_a_time_beyond_the_end_does_not_fill_the_memory(tmp_path: Path):
    path = write_media(
        tmp_path / "jump.mkv",
        sound=[(0.0, tone(2)), (1_000_000.0, tone(2))],
        codec="pcm_s16le",
    )
    assert decode_audio(path).size / SAMPLE_RATE == pytest.approx(4.0, abs=0.1)


def test_loud_stereo_is_mixed_without_going_beyond_full_scale(tmp_path: Path):
    import av

    path = tmp_path / "stereo.wav"
    both = (np.stack([tone(1, level=0.99)] * 2, axis=1).reshape(1, -1) * 32767).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=SAMPLE_RATE)
        stream.layout = "stereo"
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert np.abs(decode_audio(path)).max() == pytest.approx(0.99, abs=0.01)


def test_progress_is_in_seconds_of_media(tmp_path: Path):
    events: list[ProgressEvent] = []
    decode_audio(write_media(tmp_path / "a.flac", sound=tone(35)), events.append)
    assert [event.stage for event in events] == ["decode"] * 4
    assert [round(event.done) for event in events] == [10, 20, 30, 35]
    assert {event.total for event in events} == {35.0}


def test_a_silent_film_has_no_sound(tmp_path: Path):
    path = write_media(tmp_path / "silent.mp4", pictures=[bars(64, 48)] * 3)
    with pytest.raises(MediaError, match=r"silent\.mp4 has no sound"):
        decode_audio(path)


def test_sound_without_a_decoder_is_no_sound(tmp_path: Path):
    path = write_media(tmp_path / "talk.mkv", sound=tone(3), pictures=[bars(64, 48)] * 3)
    path.write_bytes(path.read_bytes().replace(b"A_FLAC", b"A_XXXX"))
    with pytest.raises(MediaError, match=r"talk\.mkv has no sound, or none that can be decoded"):
        decode_audio(path)


def test_a_sample_rate_that_cannot_be_is_damage(tmp_path: Path):
    path = write_media(tmp_path / "talk.wav", sound=tone(3))
    content = path.read_bytes()
    path.write_bytes(content[:24] + (3).to_bytes(4, "little") + content[28:])
    with pytest.raises(MediaError, match=r"talk\.wav is damaged: 3 samples a second"):
        decode_audio(path)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.flac", "flac", {}),
        ("a.wav", "pcm_s16le", {}),
        ("a.mkv", "aac", {}),
        ("a.webm", "libopus", {}),
        ("a.avi", "pcm_s16le", {}),
        ("a.mp3", "libmp3lame", {}),
        # Index at the front, as for the web.
        ("a.mp4", "aac", {"movflags": "faststart"}),
    ],
)
def test_a_file_that_breaks_off_is_truncated(tmp_path: Path, name: str, codec: str, options):
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 60 * SAMPLE_RATE).astype(np.float32)
    path = write_media(tmp_path / name, sound=noise, codec=codec, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaError, match="is truncated"):
        decode_audio(path)


def test_sound_may_end_before_the_picture(tmp_path: Path):
    path = write_media(tmp_path / "talk.mkv", sound=tone(3), pictures=[bars(64, 48)] * 20)
    assert_spans(decode_audio(path), [(0, 3)])


def test_a_damaged_spot_is_passed_over_in_time(tmp_path: Path):
    path = write_media(tmp_path / "talk.mkv", sound=tone(120), codec="flac")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    path.write_bytes(content)
    assert decode_audio(path).size / SAMPLE_RATE == pytest.approx(120.0, abs=0.1)


def test_much_damage_is_an_error(tmp_path: Path):
    path = write_media(tmp_path / "talk.mkv", sound=tone(60), codec="flac")
    content = bytearray(path.read_bytes())
    rng = np.random.default_rng(1)
    for place in rng.integers(len(content) // 10, len(content), 4000):
        content[place] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"talk\.mkv is damaged"):
        decode_audio(path)


def test_a_real_talk_is_decoded_whole(shared_data: Path):
    audio = decode_audio(shared_data / "columbia" / "columbia.mp4")
    assert audio.size / SAMPLE_RATE == pytest.approx(198.8, abs=0.1)
