"""The demo's own Whisper model, through the real path: decoding, VAD, batches, word times."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import NamedTuple

import jiwer
import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from ingest.asr.recognition import Recognition, recognise
from ingest.asr.whisper import WhisperRecogniser
from ingest.audio import SAMPLE_RATE, Audio, decode_audio
from ingest.drafts import Draft
from ingest.media import probe
from ingest.sentences import sentences_of
from playhead.progress import ProgressEvent
from playhead.types import Word
from tests.ingest.asr.conftest import Listen
from tests.media import silence

DEMO = Path(__file__).parents[3] / "ui" / "demo"
TALKS = ["lightning", "sourdough", "vasa"]
TRUTH = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
# [word, start] of every word, known from the synthesis.
WORDS = json.loads((DEMO / "words.json").read_text(encoding="utf-8"))


class Heard(NamedTuple):
    """What was recognised in a talk."""

    seconds: float
    recognition: Recognition
    events: list[ProgressEvent]

    @property
    def words(self) -> tuple[Word, ...]:
        return self.recognition.words


@pytest.fixture(scope="module")
def recogniser(demo_model: Path) -> WhisperRecogniser:
    return WhisperRecogniser(str(demo_model), device="cpu")


@pytest.fixture(scope="module", params=TALKS)
def talk(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def heard(talk: str, recogniser: WhisperRecogniser, demo_talks: Path, tmp_path_factory) -> Heard:
    path = demo_talks / f"{talk}.mp4"
    seconds = probe(path).duration
    events: list[ProgressEvent] = []
    recognition = recognise(
        path,
        recogniser,
        None,
        kept=Draft(tmp_path_factory.mktemp("home"), "0" * 16, "test"),
        total=seconds,
        on_progress=events.append,
    )
    return Heard(seconds, recognition, events)


@pytest.fixture(scope="module")
def first_minute(demo_talks: Path) -> Audio:
    return decode_audio(demo_talks / "lightning.mp4")[: SAMPLE_RATE * 60]


def folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def word_errors(talk: str, words: Sequence[str], seconds: float = inf) -> float:
    """The word error rate in the beginning of a talk, without case and punctuation."""
    truth = [folded(word) for word, start in WORDS[talk] if start < seconds]
    return jiwer.wer(" ".join(truth), " ".join(map(folded, words)))


def start_errors(talk: str, words: tuple[Word, ...]) -> np.ndarray:
    """By how many seconds the starts of the words that are right differ from the truth."""
    truth = [folded(word) for word, _ in WORDS[talk]]
    blocks = Levenshtein.opcodes(truth, [folded(word.text) for word in words])
    return np.array(
        [
            abs(words[block.dest_start + i].start - WORDS[talk][block.src_start + i][1])
            for block in blocks
            if block.tag == "equal"
            for i in range(block.src_end - block.src_start)
        ]
    )


def test_a_talk_is_written_down(talk: str, heard: Heard):
    assert word_errors(talk, [word.text for word in heard.words]) <= 0.1


def test_words_start_where_they_are_spoken(talk: str, heard: Heard):
    errors = start_errors(talk, heard.words)
    assert np.median(errors) <= 0.1
    assert np.quantile(errors, 0.95) <= 0.3


def test_words_are_in_order_within_the_talk(heard: Heard):
    words = heard.words
    assert all(type(word.start) is float and type(word.probability) is float for word in words)
    assert all(a.start <= a.end <= b.start for a, b in pairwise(words))
    assert words[-1].end <= heard.seconds


def test_capitals_and_full_stops_make_sentences(talk: str, heard: Heard):
    texts = {sentence.text for sentence in sentences_of(heard.words)}
    right = [sentence for sentence in TRUTH[talk]["sentences"] if sentence["text"] in texts]
    assert len(right) >= 0.8 * len(TRUTH[talk]["sentences"])


def test_nobody_is_said_to_speak_between_the_sentences(talk: str, heard: Heard):
    starts = np.array([word.start for word in heard.words])
    for before, after in pairwise(TRUTH[talk]["sentences"]):
        # A word's start may be a little off.
        silent = (starts > before["end"]) & (starts < after["start"] - 0.3)
        assert not silent.any()


def test_progress_goes_forward_to_the_end(heard: Heard):
    assert {(event.stage, event.total) for event in heard.events} == {("transcribe", heard.seconds)}
    assert all(a.done <= b.done for a, b in pairwise(heard.events))
    assert heard.events[-1].done == heard.seconds


def test_the_language_is_the_only_one_it_knows(heard: Heard):
    assert heard.recognition.language == "en"


@pytest.mark.parametrize("hiss", [0.0, 0.003])
def test_where_nobody_speaks_are_no_words(
    recogniser: WhisperRecogniser, listen: Listen, hiss: float
):
    noise = np.random.default_rng(0).standard_normal(SAMPLE_RATE * 20).astype(np.float32)
    assert listen(recogniser, noise * np.float32(hiss)).words == ()


def test_silence_before_the_speech_moves_the_words(
    recogniser: WhisperRecogniser, listen: Listen, first_minute: Audio
):
    words = listen(recogniser, np.concatenate([silence(35), first_minute])).words
    assert word_errors("lightning", [word.text for word in words], 60) <= 0.1
    assert words[0].start == pytest.approx(35 + WORDS["lightning"][0][1], abs=0.3)


def test_equal_sound_gives_equal_words(
    recogniser: WhisperRecogniser, listen: Listen, first_minute: Audio
):
    assert listen(recogniser, first_minute) == listen(recogniser, first_minute)


def test_hints_do_no_harm(demo_model: Path, listen: Listen, first_minute: Audio):
    hinted = WhisperRecogniser(str(demo_model), device="cpu", hotwords="lightning Fahrenheit")
    words = [word.text for word in listen(hinted, first_minute).words]
    assert word_errors("lightning", words, 60) <= 0.1


def test_the_sequential_path_with_timestamps(demo_model: Path, first_minute: Audio):
    from faster_whisper import WhisperModel

    model = WhisperModel(str(demo_model), device="cpu", compute_type="int8")
    segments = list(model.transcribe(first_minute, condition_on_previous_text=False)[0])
    words = [word for segment in segments for word in segment.text.split()]
    assert word_errors("lightning", words, 60) <= 0.15
    # The model is too small to write exact times into its text: they are some seconds off.
    starts = [sentence["start"] for sentence in TRUTH["lightning"]["sentences"]]
    near = [min(abs(segment.start - start) for start in starts) for segment in segments]
    assert np.median(near) <= 2.0
    assert all(a.start <= a.end <= b.start + 0.01 for a, b in pairwise(segments))


def test_the_folder_is_small_and_in_8_bit_integers(demo_model: Path):
    from ctranslate2.models import Whisper

    assert sum(path.stat().st_size for path in demo_model.iterdir()) <= 6_000_000
    model = Whisper(str(demo_model), device="cpu")
    assert model.compute_type.startswith("int8")
    assert not model.is_multilingual
