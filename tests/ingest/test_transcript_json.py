"""Transcripts and videos as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.transcript_json import (
    transcript_from_json,
    transcript_to_json,
    video_from_json,
    video_to_json,
)
from playhead.errors import DamagedVideoError
from playhead.types import Sentence, Transcript, Video, Word

TRANSCRIPT = Transcript(
    (
        Sentence.of((Word("Hello", 0.5, 0.82, 0.97), Word("there.", 0.82, 1.1)), "Ann"),
        Sentence("Only a text.", 2.0, 3.5),
    ),
    "en",
    "whisper:small",
    "measured",
)
VIDEO = Video("0123456789abcdef", "A talk", "/a/talk.mp4", 12.345, "video", "2026-01-02T03:04:05Z",
              "whisper:small", "en")  # fmt: skip


def test_what_is_written():
    assert transcript_to_json(TRANSCRIPT) == {
        "version": 1,
        "engine": "whisper:small",
        "language": "en",
        "word_times": "measured",
        "sentences": [
            {"speaker": "Ann", "words": [["Hello", 0.5, 0.82, 0.97], ["there.", 0.82, 1.1]]},
            {"text": "Only a text.", "start": 2.0, "end": 3.5},
        ],
    }


def test_times_are_rounded():
    words = (Word("a", 0.12345, 0.56789, 0.123456),)
    written = transcript_to_json(Transcript((Sentence.of(words),), None, "x", "measured"))
    assert written["sentences"][0]["words"] == [["a", 0.123, 0.568, 0.1235]]


def test_what_cannot_be_is_not_written():
    words = (Word("a", -0.5, -1.0, 1.5), Word("b", 2.0, 1.0, -0.1))
    written = transcript_to_json(Transcript((Sentence.of(words),), None, "x", "measured"))
    assert written["sentences"][0]["words"] == [["a", 0.0, 0.0, 1.0], ["b", 2.0, 2.0, 0.0]]
    transcript_from_json(written)


TIMES = st.integers(0, 10**8).map(lambda ms: ms / 1000)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@st.composite
def sentences(draw):
    speaker = draw(st.none() | TEXTS)
    start, end = sorted([draw(TIMES), draw(TIMES)])
    if draw(st.booleans()):
        return Sentence(draw(TEXTS), start, end, (), speaker)
    probability = st.none() | st.integers(0, 10_000).map(lambda n: n / 10_000)
    words = tuple(
        Word(text, start, end, draw(probability))
        for text in draw(st.lists(TEXTS, min_size=1, max_size=4))
    )
    return Sentence.of(words, speaker)


@given(st.lists(sentences(), max_size=4), st.none() | TEXTS, TEXTS)
def test_a_transcript_comes_back_as_it_was(made, language, engine):
    transcript = Transcript(tuple(made), language, engine, "interpolated")
    text = json.dumps(transcript_to_json(transcript), allow_nan=False)
    assert transcript_from_json(json.loads(text)) == transcript


@given(TEXTS, TEXTS, TIMES, st.sampled_from(["video", "audio"]), st.none() | TEXTS)
def test_a_video_comes_back_as_it_was(title, source, duration, media, language):
    video = Video("0123456789abcdef", title, source, duration, media, title, source, language)
    assert video_from_json(json.loads(json.dumps(video_to_json(video)))) == video


def test_fields_of_others_are_left_alone():
    assert video_from_json(video_to_json(VIDEO) | {"fingerprint": "x"}) == VIDEO


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "newer Playhead"),
        ({"version": True}, "'version' is not a version"),
        ({"engine": None}, "'engine' is not a text"),
        ({"language": 5}, "'language' is not a text"),
        ({"word_times": "guessed"}, "'word_times' is none of measured, interpolated"),
        ({"word_times": []}, "'word_times' is none of"),
        ({"sentences": {}}, "'sentences' is not a list"),
        ({"sentences": [5]}, "sentence 1 is not a JSON object"),
        ({"sentences": [{}]}, "sentence 1: 'start' is not a number"),
        ({"sentences": [{"words": []}]}, "sentence 1 has no words"),
        ({"sentences": [{"words": [["a", 0]]}]}, "sentence 1, word 1 is not a text, a start"),
        ({"sentences": [{"words": [["a", 0, "1"]]}]}, "sentence 1, word 1 is not a number"),
        ({"sentences": [{"words": [["a", 0, True]]}]}, "word 1 is not a number"),
        ({"sentences": [{"words": [["a", -1, 1]]}]}, "word 1 is not a number"),
        ({"sentences": [{"words": [["a", 0, float("nan")]]}]}, "word 1 is not a number"),
        ({"sentences": [{"words": [["a", 0, 10**400]]}]}, "word 1 is not a number"),
        ({"sentences": [{"words": [["a", 2, 1]]}]}, "word 1 ends before it starts"),
        ({"sentences": [{"words": [["a", 0, 1, 2]]}]}, "probability above 1"),
        ({"sentences": [{"text": "a", "start": 2, "end": 1}]}, "sentence 1 ends before"),
    ],
)
def test_what_is_wrong_is_said(change, says):
    with pytest.raises(DamagedVideoError, match=says):
        transcript_from_json(transcript_to_json(TRANSCRIPT) | change)


def test_what_is_missing_is_said():
    for name in ("version", "engine", "word_times", "sentences"):
        written = transcript_to_json(TRANSCRIPT)
        del written[name]
        with pytest.raises(DamagedVideoError, match=f"'{name}' is missing"):
            transcript_from_json(written)


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400)
)
NAMES = st.sampled_from(["words", "text", "start", "end", "speaker"]) | st.text(max_size=8)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.data())
def test_no_json_raises_anything_else(data):
    for read, good in (
        (transcript_from_json, transcript_to_json(TRANSCRIPT)),
        (video_from_json, video_to_json(VIDEO)),
    ):
        name = data.draw(st.sampled_from(sorted(good)))
        sentence = {"words": [data.draw(JSON)], "speaker": data.draw(JSON)}
        for value in (
            data.draw(JSON),
            good | {name: data.draw(JSON)},
            good | {"sentences": [data.draw(JSON), sentence]},
            good | {"sentences": [sentence]},
        ):
            try:
                read(value)
            except DamagedVideoError as error:
                assert str(error)  # noqa: PT017 - either outcome is right
