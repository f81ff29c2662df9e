"""Segments out of sentences."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.segments import segments_of
from playhead.text import join_words
from playhead.types import Sentence, Word


def sentence(start, end, text="one two."):
    return Sentence(text, start, end)


def ids(segments):
    return [(s.id, s.ordinal, s.start, s.end, len(s.sentences)) for s in segments]


def test_no_sentences():
    assert segments_of("v", ()) == ()


def test_whole_sentences_up_to_thirty_seconds():
    made = segments_of("v", [sentence(1, 10), sentence(12, 31), sentence(31, 32), sentence(50, 60)])
    assert ids(made) == [("v:0", 0, 1, 31, 2), ("v:1", 1, 31, 60, 2)]
    assert made[0].video_id == "v"
    assert made[0].text == "one two. one two."


def test_exactly_thirty_seconds_fit():
    assert len(segments_of("v", [sentence(0, 15), sentence(15, 30)])) == 1
    assert len(segments_of("v", [sentence(0, 15), sentence(15, 30.001)])) == 2


def test_a_sentence_that_fits_is_untouched():
    words = (Word("a", 0.0, 1.0, 0.5), Word("b.", 1.0, 2.0))
    whole = Sentence.of(words, "Ann")
    assert segments_of("v", [whole])[0].sentences == (whole,)


def test_a_long_sentence_is_cut_at_the_longest_pause():
    words = [Word(f"w{i}", i + (2.0 if i >= 17 else 0.0), i + 1 + (2.0 if i >= 17 else 0.0))
             for i in range(40)]  # fmt: skip
    parts = segments_of("v", [Sentence.of(tuple(words), "Ann")])
    assert [len(part.sentences[0].words) for part in parts] == [17, 23]
    assert {part.sentences[0].speaker for part in parts} == {"Ann"}


def test_every_part_of_a_sentence_in_doubt_is_in_doubt():
    words = tuple(Word("you", float(n), n + 0.5) for n in range(70))
    (said, *more) = segments_of("v", [replace(Sentence.of(words), doubt="repetition")])
    assert more
    assert {s.doubt for part in (said, *more) for s in part.sentences} == {"repetition"}


def test_a_long_sentence_without_pauses_is_cut_at_a_comma():
    words = tuple(Word("w," if i == 20 else "w", i, i + 1.0) for i in range(40))
    parts = segments_of("v", [Sentence.of(words)])
    assert [len(part.sentences[0].words) for part in parts] == [21, 19]


def test_a_cut_leaves_no_scrap():
    words = tuple(Word("w", i, i + 1.0) for i in range(31))
    parts = segments_of("v", [Sentence.of(words)])
    assert min(len(part.sentences[0].words) for part in parts) >= 5


def test_a_word_longer_than_a_segment_loses_its_end():
    words = (Word("a", 0.1, 50.0), Word("b", 50.0, 51.0))
    made = segments_of("v", [Sentence.of(words)])
    assert [(s.start, s.text) for s in made] == [(0.1, "a"), (50.0, "b")]
    assert 29.9 < made[0].end - made[0].start <= 30.0


def test_a_long_sentence_without_words_is_cut_all_the_same():
    made = segments_of("v", [sentence(0, 100, "one two three four five six seven eight")])
    assert join_words(s.text for s in made) == "one two three four five six seven eight"
    assert len(made) >= 4
    assert segments_of("v", [sentence(0, 100, "")])[0].end == 30.0


def test_sentences_that_overlap():
    made = segments_of("v", [sentence(0, 20), sentence(3, 4), sentence(19, 35), sentence(25, 28)])
    assert ids(made) == [("v:0", 0, 0, 20, 2), ("v:1", 1, 19, 35, 2)]


def test_a_segment_starts_with_the_first_of_its_words():
    words = tuple(Word("w", i, i + 1.0) for i in range(40))
    made = segments_of("v", [Sentence.of(words, "Ann"), sentence(31, 32)])
    assert all(s.start == min(x.start for x in s.sentences) for s in made)
    made = segments_of("v", [Sentence.of(words, "Ann"), sentence(3, 4)])
    assert [(s.start, s.end) for s in made[-1:]] == [(3, 4)]


def test_another_limit():
    assert len(segments_of("v", [sentence(0, 5), sentence(5, 10)], 5.0)) == 2
    with pytest.raises(ValueError, match="max_seconds"):
        segments_of("v", [], 0.0)


TEXTS = st.sampled_from(["so", "we", "go,", "on.", "字", "。"])
GAPS = st.floats(0, 3) | st.just(0.0) | st.floats(0, 200)


@st.composite
def spoken(draw):
    """Sentences in order of time; words may overlap the next one, or last for minutes."""
    sentences, now = [], draw(st.floats(0, 1e5))
    for _ in range(draw(st.integers(0, 12))):
        words = []
        for text in draw(st.lists(TEXTS, min_size=1, max_size=15)):
            words.append(Word(text, now, now + draw(GAPS)))
            now += draw(GAPS)
        whole = Sentence.of(tuple(words), draw(st.sampled_from([None, "Ann"])))
        timed = draw(st.booleans())
        start, end = whole.start, max(word.end for word in words)
        sentences.append(whole if timed else Sentence(whole.text, start, end))
        now = max(now, end)
    return sentences


@given(spoken(), st.sampled_from([30.0, 7.3]))
def test_segments_are_the_transcript_in_pieces_that_are_short_enough(sentences, most):
    segments = segments_of("v", sentences, most)
    assert join_words(s.text for s in segments) == join_words(s.text for s in sentences)
    assert [s.ordinal for s in segments] == list(range(len(segments)))
    assert [s.id for s in segments] == [f"v:{i}" for i in range(len(segments))]
    for segment in segments:
        assert 0 <= segment.end - segment.start <= most
        assert segment.sentences
        assert all(segment.start <= s.start for s in segment.sentences)
        assert all(s.end <= segment.end for s in segment.sentences)
    assert all(a.start <= b.start for a, b in pairwise(segments))


@given(spoken())
def test_every_word_with_a_time_keeps_its_start(sentences):
    before = [w for s in sentences for w in s.words]
    kept = {id(s) for s in sentences if s.words}
    after = [
        w
        for segment in segments_of("v", [s for s in sentences if id(s) in kept])
        for s in segment.sentences
        for w in s.words
    ]
    assert [(w.text, w.start) for w in after] == [(w.text, w.start) for w in before]
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert all(a.end - a.start > 30.0 or b.end < a.end for a, b in changed)
