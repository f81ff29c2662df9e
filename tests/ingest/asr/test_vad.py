from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.asr.vad import merged, speech_chunks
from ingest.audio import SAMPLE_RATE, Audio, decode_audio
from tests.media import silence, tone


@pytest.fixture(scope="session")
def speech(shared_data: Path) -> Audio:
    return decode_audio(shared_data / "jfk.flac")


@pytest.mark.parametrize(
    "audio",
    [
        np.zeros(0, np.float32),
        np.zeros(100, np.float32),
        silence(5),
        tone(5),
        np.random.default_rng(0).normal(0, 0.05, 5 * SAMPLE_RATE).astype(np.float32),
    ],
)
def test_where_nobody_speaks_there_are_no_chunks(audio: Audio):
    assert speech_chunks(audio, 20) == []


def test_chunks_lie_apart_in_order_and_within_the_recording(speech: Audio):
    chunks = speech_chunks(speech, 2.0)
    assert all(0 <= start < end <= speech.size / SAMPLE_RATE for start, end in chunks)
    assert all(before[1] <= after[0] for before, after in pairwise(chunks))
    assert max(end - start for start, end in chunks) <= 2.0


def test_chunks_hold_the_speech(speech: Audio):
    chunks = speech_chunks(speech, 20)
    assert chunks[0][0] < 0.5
    assert chunks[-1][1] > 10.0
    assert 7 < sum(end - start for start, end in chunks) < 11


def test_neighbours_become_one_while_they_fit():
    chunks = [(0.0, 4.0), (5.0, 9.0), (10.0, 14.0), (100.0, 104.0)]
    assert merged(chunks, 10) == [(0.0, 9.0), (10.0, 14.0), (100.0, 104.0)]


@given(
    st.lists(st.tuples(st.floats(0, 40), st.floats(0.1, 30))),
    st.floats(30, 60),
)
def test_merging_loses_no_speech(gaps_and_lengths, max_seconds):
    chunks, at = [], 0.0
    for gap, length in gaps_and_lengths:
        chunks.append((at + gap, at + gap + length))
        at = chunks[-1][1]
    windows = merged(chunks, max_seconds)
    assert all(
        any(first <= start and end <= last for first, last in windows) for start, end in chunks
    )
    # A chunk of just 30 s is a little longer once it has moved along the numbers.
    assert all(end - start <= max_seconds + 1e-9 for start, end in windows)
    assert all(a[1] <= b[0] for a, b in pairwise(windows))
