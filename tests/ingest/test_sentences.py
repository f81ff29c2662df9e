"""Sentences out of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences_of
from playhead.types import Word


def timed(text, pauses=(), length=0.3):
    """Words of `length` seconds that follow each other, save for pauses before some of them."""
    words, now = [], 0.0
    for i, part in enumerate(text.split()):
        now += dict(pauses).get(i, 0.0)
        words.append(Word(part, round(now, 3), round(now + length, 3)))
        now += length
    return words


def cut(words, **hints):
    return [sentence.text for sentence in sentences_of(words, **hints)]


LONG = "and so we go on and on without a stop because nobody ever taught us how to end it "


def test_no_words():
    assert sentences_of([]) == ()


def test_by_punctuation():
    assert cut(timed("It works. It does. Fine")) == ["It works.", "It does.", "Fine"]


def test_a_sentence_has_its_words_and_times():
    first, second = sentences_of(timed("It works. It does."))
    assert (first.start, first.end) == (0.0, 0.6)
    assert [word.text for word in second.words] == ["It", "does."]


def test_by_pauses_where_there_is_no_punctuation():
    words = timed("so this is the first thing and that is the other", {6: 0.8})
    assert cut(words) == ["so this is the first thing", "and that is the other"]


def test_abbreviations_are_no_punctuation_to_trust():
    words = timed("so mr. smith went to the place and we saw dr. jones there", {7: 0.8})
    assert cut(words) == ["so mr. smith went to the place", "and we saw dr. jones there"]


def test_a_hesitation_makes_no_sentence():
    assert cut(timed("so this is one thing", {1: 0.8})) == ["so this is one thing"]
    assert cut(timed("so this is one thing", {1: 2.5})) == ["so", "this is one thing"]


def test_a_run_on_is_cut_at_its_longest_pause():
    words = timed(LONG * 3, {20: 0.2, 25: 0.1})
    assert len(cut(words)[0].split()) == 20


def test_a_run_on_without_any_pause_is_cut_at_a_comma_or_a_caption():
    assert len(cut(timed((LONG * 3).replace("us how", "us, how")))[0].split()) == 15
    assert len(cut(timed(LONG * 3), borders=[9, 17])[0].split()) == 17


@pytest.mark.parametrize("seconds", [0.1, 0.3, 2.0, 40.0])
def test_no_sentence_without_punctuation_grows_long(seconds):
    sentences = sentences_of(timed(LONG * 10, length=seconds))
    assert all(len(sentence.words) <= 30 for sentence in sentences)
    assert all(
        sentence.end - sentence.start <= 15 or len(sentence.words) == 1 for sentence in sentences
    )


def test_a_stretch_without_punctuation_in_a_text_with_it():
    text = "It works. " * 20 + LONG.capitalize() * 8 + "It does. " * 20
    sentences = cut(timed(text))
    assert sentences[:20] == ["It works."] * 20
    assert sentences[-19:] == ["It does."] * 19
    assert all(len(sentence.split()) <= 30 for sentence in sentences)


def test_a_long_sentence_with_its_full_stop_stays_whole():
    text = LONG * 4 + "end. It works."
    assert len(cut(timed(text))) == 2


def test_a_heading_ends_in_silence():
    words = timed("Chapter One It was a dark night. And so on.", {2: 3.0})
    assert cut(words)[:2] == ["Chapter One", "It was a dark night."]
    goes_on = timed("Chapter One, it was a dark night. And so on.", {2: 3.0})
    assert cut(goes_on)[0] == "Chapter One, it was a dark night."


def test_captions_in_sentence_case_without_full_stops():
    words = timed("Choose the file menu Click the save button Wait for the end of it")
    assert cut(words, borders=[0, 4, 8]) == [
        "Choose the file menu", "Click the save button", "Wait for the end of it"]  # fmt: skip


def test_no_sentence_crosses_a_speaker_change():
    words = timed("I think that we no we do not yes")
    speakers = ["Ann"] * 4 + ["Bob"] * 4 + [None]
    sentences = sentences_of(words, speakers=speakers)
    assert [(s.text, s.speaker) for s in sentences] == [
        ("I think that we", "Ann"), ("no we do not yes", "Bob")]  # fmt: skip


def test_breaks_are_kept():
    assert cut(timed("I think so do you"), breaks=[3]) == ["I think so", "do you"]


def test_scripts_without_spaces():
    words = [Word(char, i * 0.2, i * 0.2 + 0.2) for i, char in enumerate("今日は。明日は。")]
    assert cut(words) == ["今日は。", "明日は。"]


TOKENS = st.sampled_from(["we", "go.", "Go", "no,", "U.S.", "Dr.", "5", "。", "what?", '"', "…"])


@given(st.data())
def test_no_word_is_lost_moved_or_doubled(data):
    texts = data.draw(st.lists(TOKENS, max_size=120))
    steps = data.draw(st.lists(st.floats(0, 8), min_size=len(texts), max_size=len(texts)))
    words, now = [], 0.0
    for text, step in zip(texts, steps, strict=True):
        words.append(Word(text, now, now + step / 2))
        now += step
    places = st.lists(st.integers(0, len(texts)), max_size=5)
    names = st.lists(
        st.sampled_from([None, "Ann", "Bob"]), min_size=len(texts), max_size=len(texts)
    )
    speakers = data.draw(names)
    breaks = data.draw(places)
    sentences = sentences_of(words, speakers=speakers, breaks=breaks, borders=data.draw(places))
    assert [word for sentence in sentences for word in sentence.words] == words
    assert all(sentence.words for sentence in sentences)
    at = 0
    for sentence in sentences:
        heard = speakers[at : at + len(sentence.words)]
        assert sentence.speaker == heard[0]
        assert all(name in (None, heard[0]) for name in heard)
        assert not set(range(at + 1, at + len(sentence.words))) & set(breaks)
        at += len(sentence.words)
