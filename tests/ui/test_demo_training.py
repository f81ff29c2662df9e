"""How the demo's Whisper is trained: its vocabulary, its lessons, and what is written of it."""

from __future__ import annotations

import itertools
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from faster_whisper.tokenizer import Tokenizer as FasterTokenizer

from ingest.asr.whisper import WhisperRecogniser
from ui.demo.making.speech import RATE
from ui.demo.training.export import export
from ui.demo.training.network import Trainee
from ui.demo.training.timed_speech import Timed, speak_timed
from ui.demo.training.tokens import Vocabulary, train_tokenizer
from ui.demo.training.tracks import Track, log_mel
from ui.demo.training.windows import Windows
from ui.demo.training.writing import IGNORED, SilentWriting, Writing

TEXT = "The ship sank. Thirty-one men said so, and nobody paid." * 8
SPOKEN = [Timed(word, 1 + number / 2, 1.3 + number / 2) for number, word in enumerate(TEXT.split())]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(train_tokenizer([TEXT]))


@pytest.fixture(scope="module")
def windows(vocabulary: Vocabulary) -> Windows:
    noise = np.random.default_rng(0).standard_normal((80, 4500)).astype(np.float16)
    sounds = tuple(Timed("ah", word.start, word.end) for word in SPOKEN)
    track = Track("noise", (noise,), tuple(SPOKEN), sounds)
    return Windows([track], [track], vocabulary, random.Random(0))


def test_the_vocabulary_is_one_that_faster_whisper_knows(vocabulary: Vocabulary) -> None:
    known = FasterTokenizer(vocabulary.tokenizer, multilingual=False)
    assert (known.sot, known.eot, known.no_speech) == (
        vocabulary.start,
        vocabulary.end,
        vocabulary.no_speech,
    )
    assert known.timestamp_begin == vocabulary.time(0)
    assert vocabulary.time(30) == vocabulary.tokenizer.get_vocab_size() - 1
    words, _ = known.split_to_word_tokens([*known.encode(" Thirty-one men, said"), known.eot])
    assert words[-3:-1] == [",", " said"]
    # What it never lets a model write must not be what words are made of.
    assert not {*known.non_speech_tokens} & {*known.encode(TEXT), *known.encode(" ")}


def test_tokens_are_where_their_words_are(vocabulary: Vocabulary) -> None:
    writing = Writing(vocabulary, before=["Thirty"])
    writing.say(SPOKEN[:3], 0.5)
    writing.close(2.0)
    inputs, labels = writing.padded(len(writing.ids) + 4)
    start = inputs.index(vocabulary.start)
    assert inputs[0] == vocabulary.previous
    assert labels[:start] == [IGNORED] * start
    assert labels[start:-5] == [*inputs[start + 1 : -5], vocabulary.end]
    assert labels[-5:] == [IGNORED] * 5
    spans = [span for span in writing.spans if span]
    assert spans[0][0] == pytest.approx(0.5)
    assert spans[-1][0] == 2.0
    assert all(a[1] <= b[0] + 1e-9 for a, b in itertools.pairwise(spans))


def test_where_nobody_speaks_the_text_is_empty(vocabulary: Vocabulary) -> None:
    for seed in range(8):
        writing = SilentWriting(vocabulary, random.Random(seed))
        _, labels = writing.padded(len(writing.ids) - 1)
        assert labels[0] == vocabulary.no_speech
        assert labels[1:] in ([vocabulary.end], [vocabulary.full_stop, vocabulary.end])


@pytest.mark.parametrize("seconds", [5.0, 30.0])
def test_a_batch_fits_together(windows: Windows, seconds: float) -> None:
    batch = windows.draw(6, seconds, 0.5)
    assert batch.features.shape == (6, 80, seconds * 100)
    assert batch.inputs.shape == batch.labels.shape
    assert batch.heard_now.shape == batch.heard_next.shape == (*batch.inputs.shape, seconds * 50)
    # The attention that is wanted for a token is a share of one, or does not matter.
    shares = batch.heard_next.sum(-1)
    assert torch.all((shares == 0) | torch.isclose(shares, torch.ones(())))


def test_what_is_exported_loads_and_the_model_stays_as_it_was(
    windows: Windows, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    trainee = Trainee(vocabulary, windows.sound_count)
    batch = windows.draw(2, 5.0, 1.0)
    before = trainee.losses(batch, 0)["all"]
    assert torch.isfinite(before)
    export(trainee.whisper, vocabulary, tmp_path / "tiny")
    assert trainee.losses(batch, 0)["all"] == before
    assert WhisperRecogniser(str(tmp_path / "tiny"), device="cpu").engine == "whisper:tiny"


def test_the_spectrum_is_faster_whisper_s() -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    sound = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) * np.float32(0.1)
    mel = log_mel(sound).astype(np.float32)
    scaled = (np.maximum(mel, mel.max() - 8) + 4) / 4
    expected = FeatureExtractor()(sound)[:, :-1]
    assert np.allclose(scaled, expected[:, : scaled.shape[1]], atol=2e-3)


@pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")
def test_flite_tells_when_each_word_is_said() -> None:
    spoken = speak_timed("Mix it, 1,250 grams, with autolyse.", "slt", 1.0, {"autolyse": "oh no"})
    assert spoken is not None
    assert [word.text for word in spoken.words] == [
        "Mix",
        "it,",
        "1,250",
        "grams,",
        "with",
        "autolyse.",
    ]
    times = [time for word in spoken.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= len(spoken.samples) / RATE
    assert speak_timed("Mix - it", "slt", 1.0, {}) is None
