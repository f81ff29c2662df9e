import io
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.poster import poster
from playhead.errors import SourceError
from tests.media import add_cover, bars, hold_upright, tone, write_media


def picture_of(jpeg: bytes | None):
    assert jpeg is not None
    with av.open(io.BytesIO(jpeg), format="mjpeg") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)


def test_a_poster_shows_a_frame_at_most_640_wide(tmp_path: Path):
    path = write_media(tmp_path / "talk.mp4", pictures=[bars(1280, 720)] * 3)
    picture = picture_of(poster(path))
    assert picture.shape == (360, 640, 3)
    red, white = picture[100, 100], picture[100, 500]
    assert red[0] > 200
    assert red[1] < 100
    assert white.min() > 200


def test_small_pictures_stay_small(tmp_path: Path):
    path = write_media(tmp_path / "talk.mp4", pictures=[bars(320, 240)] * 3)
    assert picture_of(poster(path)).shape == (240, 320, 3)


def test_a_black_beginning_is_passed_over(tmp_path: Path):
    black = np.zeros((48, 64, 3), np.uint8)
    # Every frame a key frame, or there is only the first to go to.
    pictures = [black] * 4 + [bars(64, 48)] * 16
    path = write_media(tmp_path / "talk.mkv", pictures=pictures)
    assert picture_of(poster(path)).std() > 50


def test_a_film_that_is_all_black_has_a_black_poster(tmp_path: Path):
    path = write_media(tmp_path / "talk.mp4", pictures=[np.zeros((48, 64, 3), np.uint8)] * 3)
    assert picture_of(poster(path)).max() < 30


def test_a_phone_held_upright_makes_an_upright_poster(tmp_path: Path):
    path = hold_upright(write_media(tmp_path / "talk.mp4", pictures=[bars(64, 32)] * 3))
    picture = picture_of(poster(path))
    assert picture.shape[:2] == (64, 32)
    # The left half of the scene is on top now, its dark bottom to the left.
    assert picture[10, 20, 0] > 150
    assert picture[10, 20, 1] < 100
    assert picture[50, 20].min() > 150
    assert picture[50, 3].max() < 100


def test_the_cover_of_a_recording_is_its_poster(tmp_path: Path):
    path = write_media(tmp_path / "song.mp3", sound=tone(1), codec="libmp3lame")
    assert picture_of(poster(add_cover(path))).shape == (48, 64, 3)


def test_a_recording_without_a_cover_has_no_poster(tmp_path: Path):
    assert poster(write_media(tmp_path / "a.flac", sound=tone(1))) is None


def test_pictures_that_cannot_be_decoded_are_no_poster(tmp_path: Path):
    path = write_media(tmp_path / "talk.mkv", sound=tone(3), pictures=[bars(64, 48)] * 3)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"V_MPEG4/ISO/ASP", b"V_MPEG4/ISO/XXX"))
    assert poster(path) is None


def test_a_file_that_is_not_there_is_a_source_error(tmp_path: Path):
    with pytest.raises(SourceError):
        poster(tmp_path / "nowhere.mp4")
