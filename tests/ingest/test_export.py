"""Transcripts in the forms that others read."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.captions.files import read_captions
from ingest.export import export_transcript
from ingest.transcript_json import transcript_from_json
from playhead.text import split_words
from playhead.types import Sentence, Transcript, Word


def transcript(*sentences):
    return Transcript(sentences, "en", "whisper:small", "measured")


def spoken(text, speaker=None, start=0.0, pace=0.5):
    words = [
        Word(word, start + i * pace, start + (i + 1) * pace)
        for i, word in enumerate(split_words(text))
    ]
    return Sentence.of(tuple(words), speaker)


TWO = transcript(spoken("Hello <there> & all.", "Ann"), spoken("Bye.", None, 3661.5))


def test_webvtt():
    assert export_transcript(TWO, "vtt") == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:02.000\n<v Ann>Hello &lt;there&gt; &amp; all.\n\n"
        "01:01:01.500 --> 01:01:02.000\nBye.\n"
    )


def test_subrip():
    assert export_transcript(TWO, "srt") == (
        "1\n00:00:00,000 --> 00:00:02,000\nHello <there> & all.\n\n"
        "2\n01:01:01,500 --> 01:01:02,000\nBye.\n"
    )


def test_text():
    more = transcript(*TWO.sentences, spoken("Well.", "Bob"), spoken("So.", "Bob"))
    assert export_transcript(more, "txt") == "Ann: Hello <there> & all.\nBye.\nBob: Well.\nSo.\n"


def test_json():
    assert transcript_from_json(json.loads(export_transcript(TWO, "json"))) == TWO


@pytest.mark.parametrize("form", ["vtt", "srt", "txt", "json"])
def test_an_empty_transcript(form):
    assert isinstance(export_transcript(transcript(), form), str)


def cues(exported):
    """(seconds, lines) of each cue of an exported WebVTT file."""
    for block in exported.split("\n\n")[1:]:
        times, *lines = block.strip().split("\n")
        start, end = (
            sum(float(part) * 60**i for i, part in enumerate(reversed(time.split(":"))))
            for time in times.split(" --> ")
        )
        yield end - start, lines


def test_captions_are_short_enough_to_read():
    long = "and so we go on and on without a stop because nobody ever taught us how to end it " * 3
    for seconds, lines in cues(export_transcript(transcript(spoken(long)), "vtt")):
        assert seconds <= 7
        assert len(lines) <= 2
        assert all(len(line) <= 42 for line in lines)


def test_wide_characters_count_twice():
    made = transcript(spoken("今" * 60, pace=0.01))
    assert all(
        len(line) <= 21 for _, lines in cues(export_transcript(made, "vtt")) for line in lines
    )


def test_marks_that_are_words_of_their_own_begin_no_caption_and_no_line():
    made = transcript(spoken("字" * 14 + "。", pace=0.5), spoken("字" * 21 + "。", pace=0.01))
    lines = [line for _, lines in cues(export_transcript(made, "vtt")) for line in lines]
    assert not any(line.startswith("。") for line in lines)


def test_a_word_longer_than_a_line_or_seven_seconds_is_a_caption():
    made = transcript(Sentence.of((Word("a" * 50, 0, 20.0), Word("b", 20.0, 20.0))))
    assert list(cues(export_transcript(made, "vtt"))) == [
        (20.0, ["a" * 50]), (pytest.approx(0.001), ["b"])]  # fmt: skip


def test_a_sentence_without_words():
    exported = export_transcript(transcript(Sentence("One two three.", 0.0, 30.0)), "vtt")
    assert sum(1 for _ in cues(exported)) > 1


# What a caption file cannot tell from marks is left out: notes, names before colons, lone dashes,
# and, in SubRip, which has no escapes, tags and entities.
WORD = st.from_regex(r"[&<'\"]?[a-zàß字か]{0,3}[<>]?[a-z0-9字][.,!?&;'\"]{0,2}", fullmatch=True)
PLAIN = st.from_regex(r"['\"]?[a-zàß字か]{0,3}[a-z0-9字][.,!?'\"]{0,2}", fullmatch=True)


def read_back(folder, exported, name):
    path: Path = folder / name
    path.write_text(exported, encoding="utf-8", newline="\n")
    return read_captions(path)


@given(
    st.lists(
        st.tuples(
            st.lists(WORD, min_size=1, max_size=30),
            st.none() | st.sampled_from(["Ann", "O'Neil & <Sons>"]),
            st.floats(0, 3),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_webvtt_reads_back_to_the_same_words(tmp_path_factory, said):
    sentences = [spoken(" ".join(words), name, 100.0 * i, pace)
                 for i, (words, name, pace) in enumerate(said)]  # fmt: skip
    exported = export_transcript(transcript(*sentences), "vtt")
    back = read_back(tmp_path_factory.getbasetemp(), exported, "back.vtt")
    heard = [(word, cue.speaker) for cue in back for word in split_words(cue.text)]
    assert heard == [(word.text, s.speaker) for s in sentences for word in s.words]


@given(st.lists(PLAIN, min_size=1, max_size=60), st.floats(0, 3))
def test_subrip_reads_back_to_the_same_words(tmp_path_factory, words, pace):
    made = spoken(" ".join(words), None, 5.0, pace)
    exported = export_transcript(transcript(made), "srt")
    back = read_back(tmp_path_factory.getbasetemp(), exported, "back.srt")
    assert [word for cue in back for word in split_words(cue.text)] == [w.text for w in made.words]
