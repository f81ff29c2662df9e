import sys
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.asr.recognition import chunks_of
from ingest.asr.sphinx import SphinxRecogniser
from ingest.audio import decode_audio
from playhead.errors import RecogniserError
from playhead.progress import ProgressEvent
from tests.ingest.asr.conftest import Listen
from tests.media import silence


@pytest.fixture(scope="session")
def recogniser() -> SphinxRecogniser:
    return SphinxRecogniser()


@pytest.fixture
def heard(recogniser: SphinxRecogniser, listen: Listen, shared_data: Path):
    events: list[ProgressEvent] = []
    audio = decode_audio(shared_data / "jfk.flac")[: 16000 * 5 // 2]
    return listen(recogniser, audio, on_progress=events.append), events


def test_it_hears_what_is_said(heard):
    recognition, _ = heard
    text = " ".join(word.text for word in recognition.words)
    assert "my fellow americans" in text
    assert recognition.language == "en"


def test_words_are_plain_and_have_their_times(heard):
    recognition, _ = heard
    words = recognition.words
    assert all(word.text.replace("'", "").isalpha() for word in words)
    assert all(0 <= word.start < word.end <= 2.5 for word in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
    assert all(0 <= word.probability <= 1 for word in words)
    americans = next(word for word in words if word.text == "americans")
    assert americans.start == pytest.approx(1.6, abs=0.3)


def test_progress_goes_to_the_end(heard):
    _, events = heard
    assert {event.stage for event in events} == {"transcribe"}
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert (events[-1].done, events[-1].total) == (2.5, 2.5)


def test_the_same_sound_gives_the_same_words(recogniser, demo_talks: Path):
    """Whatever was heard before: what is recognised again after a crash is the same."""
    audio = decode_audio(demo_talks / "lightning.mp4")[: 16000 * 10]
    first, second, *_ = chunks_of([audio[: 16000 * 5], audio[16000 * 5 :]], recogniser)
    heard = [recogniser.hear(chunk, None) for chunk in (first, second, first)]
    assert heard[0] == heard[2] == SphinxRecogniser().hear(first, None)
    assert heard[0] != heard[1]


def test_silence_has_no_words(recogniser: SphinxRecogniser, listen: Listen):
    assert listen(recogniser, silence(5)).words == ()


def test_it_knows_no_other_language():
    with pytest.raises(RecogniserError, match="pocketsphinx knows English only, not 'de'"):
        SphinxRecogniser("de")


def test_without_pocketsphinx_it_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(RecogniserError, match="pocketsphinx or its model is not installed"):
        SphinxRecogniser()


def test_word_times_are_true(recogniser: SphinxRecogniser, listen: Listen, demo_talks: Path):
    # "Lightning is a huge electric spark" begins at 0.3 s, as known from its synthesis.
    audio = decode_audio(demo_talks / "lightning.mp4")[: 16000 * 4]
    words = listen(recogniser, audio).words
    text = " ".join(word.text for word in words[:6])
    assert text == "lightning is a huge electric spark"
    assert words[0].start == pytest.approx(0.3, abs=0.05)
