import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.asr.whisper import WhisperRecogniser, _in_order, _whole_words
from ingest.asr.whisper_model import model_folder
from playhead.errors import RecogniserError
from playhead.text import split_words
from playhead.types import Word


def test_the_engine_is_named_after_the_folder(demo_model: Path):
    assert WhisperRecogniser(str(demo_model), device="cpu").engine == "whisper:playhead-demo"


def test_a_model_that_is_nowhere_names_the_ways_out():
    with pytest.raises(RecogniserError) as error:
        WhisperRecogniser("small")
    message = str(error.value)
    assert "\n" not in message
    for way in ("talk.vtt", "--model FOLDER", "PLAYHEAD_WHISPER_MODEL", "--asr pocketsphinx"):
        assert way in message


def test_a_model_of_the_hub_that_cannot_be_fetched_is_told():
    with pytest.raises(RecogniserError, match="'someone/some-model' is not on this machine"):
        WhisperRecogniser("someone/some-model")


@pytest.mark.parametrize("name", ["smal", "./nowhere", "", "a/b/c"])
def test_a_model_that_does_not_exist_is_told(name: str):
    with pytest.raises(RecogniserError, match=r"there is no Whisper model .* The models are tiny"):
        WhisperRecogniser(name)


def test_a_folder_is_found_at_home(demo_model: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(demo_model.parent))
    assert model_folder("~/playhead-demo") == demo_model


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_no_model(demo_model: Path, tmp_path: Path, missing: str):
    folder = shutil.copytree(demo_model, tmp_path / "model")
    (folder / missing).unlink()
    with pytest.raises(RecogniserError, match=f"is not a model folder.*{missing} is missing"):
        WhisperRecogniser(str(folder))


@pytest.mark.parametrize("damaged", ["model.bin", "tokenizer.json", "config.json"])
def test_a_damaged_model_cannot_be_loaded(demo_model: Path, tmp_path: Path, damaged: str):
    folder = shutil.copytree(demo_model, tmp_path / "model")
    (folder / damaged).write_bytes(b"not that at all")
    with pytest.raises(RecogniserError, match="cannot be loaded on cpu"):
        WhisperRecogniser(str(folder), device="cpu")


def test_a_language_it_does_not_know_is_told(demo_model: Path):
    with pytest.raises(RecogniserError, match=r"does not know the language 'de'\. It knows en"):
        WhisperRecogniser(str(demo_model), "de", "cpu")


def test_a_device_that_does_not_exist_is_told(demo_model: Path):
    with pytest.raises(RecogniserError, match="there is no device 'tpu'"):
        WhisperRecogniser(str(demo_model), device="tpu")


def test_a_device_that_is_not_there_is_told(demo_model: Path):
    import ctranslate2

    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a GPU")
    with pytest.raises(RecogniserError, match=r"cannot be loaded on cuda.*--device cpu"):
        WhisperRecogniser(str(demo_model), device="cuda")


@dataclass(frozen=True)
class Piece:
    """As faster-whisper gives them."""

    word: str
    start: float
    end: float
    probability: float = 0.9


def test_pieces_of_one_word_become_one():
    pieces = [
        Piece(" a", 0, 1),
        Piece(" well", 1, 2),
        Piece("-known", 2, 3, 0.5),
        Piece(" 5", 3, 4),
    ]
    assert [(word.text, word.start, word.end) for word in _whole_words(pieces)] == [
        ("a", 0, 1),
        ("well-known", 1, 3),
        ("5", 3, 4),
    ]


def test_several_characters_in_one_piece_share_its_time():
    words = list(_whole_words([Piece("你好", 1.0, 2.0), Piece("吗", 2.0, 2.5)]))
    assert [(word.text, word.start, word.end) for word in words] == [
        ("你", 1.0, 1.5),
        ("好", 1.5, 2.0),
        ("吗", 2.0, 2.5),
    ]


@given(st.lists(st.text(max_size=5)))
def test_no_character_is_lost(texts):
    pieces = [Piece(text, n, n + 1) for n, text in enumerate(texts)]
    assert [word.text for word in _whole_words(pieces)] == split_words("".join(texts))


@given(st.lists(st.tuples(st.floats(-5, 40), st.floats(-5, 40))))
def test_times_end_up_in_order(times):
    words = _in_order((Word("a", start, end) for start, end in times), 30.0)
    assert len(words) == len(times)
    assert all(0 <= word.start <= word.end <= 30 for word in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
