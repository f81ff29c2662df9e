"""Which sentences a recogniser may have made up."""

import json
import math
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.asr.doubts import with_doubts
from ingest.asr.recogniser import Stretch
from ingest.asr.vad import speech_chunks
from ingest.audio import SAMPLE_RATE, decode_audio
from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.sentences import sentences_of
from playhead.text import split_words
from playhead.types import Sentence, Word
from tests.media import tone

RECORDINGS = Path(__file__).parents[3] / "eval" / "data" / "recordings" / "videos.jsonl"
EVERYWHERE = [(0.0, 1e6)]
HONEST = "So the third thing to look at is how the queue grows when nobody reads from it."
THANKS = "Thanks for watching!"


def said(*texts, start=0.0, probability=0.9, length=0.3):
    """Sentences of words that follow each other."""
    clock = count()

    def word(text):
        at = start + next(clock) * length
        return Word(text, round(at, 3), round(at + length, 3), probability)

    return [Sentence.of(tuple(map(word, split_words(text)))) for text in texts]


def written(sentences, avg_logprob=-0.3, no_speech=0.05):
    """One stretch over some sentences."""
    text = " ".join(sentence.text for sentence in sentences)
    return Stretch(sentences[0].start, sentences[-1].end, text, avg_logprob, no_speech)


def doubts(sentences, stretches=(), speech=EVERYWHERE):
    return [sentence.doubt for sentence in with_doubts(sentences, stretches, speech)]


@pytest.mark.parametrize(
    "text",
    [
        HONEST,
        "No, no, no.",
        "No, no, no, no, no, we never shipped that.",
        "It is very, very, very slow.",
        "And the window goes up, up, up until it drops.",
        "Bye bye. Bye bye.",
        "Thank you, thank you very much, thank you, thank you.",
        "We fix it, we ship it, we fix it, we ship it.",
        "Location, location, location.",
        "Yes. Yes. Yes.",
        "Ten, nine, eight, seven, six, five, four, three, two, one, zero.",
        "If you want to, if you want to zoom out, hold the key.",
        "哈哈哈，对对对",
        "- - - - - - - -",
    ],
)
def test_what_people_say(text):
    assert doubts(said(text)) == [None]
    assert doubts(said(text), [written(said(text))]) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "thank you thank you thank you",
        "Thank you. Thank you! THANK YOU,",
        "you you you you you you you you you",
        "I'm sorry, I'm sorry, I'm sorry, I'm sorry.",
        "and so we go to the next one " * 3,
        "1.0 1.0 1.0 1.0 1.0 1.0",
        "謝謝觀看謝謝觀看謝謝觀看",
        "ご視聴ありがとうございました ご視聴ありがとうございました ご視聴ありがとうございました",
    ],
)
def test_loops(text):
    assert doubts(said(text)) == ["repetition"]


def test_a_loop_is_marked_from_its_first_sentence_to_its_last():
    before, after = "Let us stop here.", "Now the second half."
    sentences = said(before, *["Thank you."] * 4, after)
    assert doubts(sentences) == [None, *["repetition"] * 4, None]
    long = "We will be right back after a word from the people who pay for all of this."
    assert doubts(said(before, *[long] * 3, after)) == [None, *["repetition"] * 3, None]
    assert doubts(said(before, *[long] * 2, after)) == [None] * 4


def test_a_long_sentence_that_ends_in_a_loop():
    assert doubts(said(HONEST.rstrip(".") + " thank you thank you thank you.")) == ["repetition"]
    # Two words at its end are not what the sentence is about.
    sentences = said(HONEST.rstrip(".") + " thank you.", "Thank you.", "Thank you.")
    assert doubts(sentences) == [None, "repetition", "repetition"]


@pytest.mark.parametrize(("times", "expected"), [(4, None), (6, "repetition")])
def test_a_loop_that_never_repeats_itself_exactly(times, expected):
    """Four times compress to 1/2.1, which honest tutorials come to, six to 1/2.7."""
    text = " ".join(f"now we buy number {i}" for i in range(times))
    sentences = said(text)
    assert doubts(sentences) == [None]
    assert doubts(sentences, [written(sentences)]) == [expected]


def latin_to(first, text):
    """A text in another alphabet: the letters of one half of it, say, are 32 from `first` on."""
    return "".join(
        chr(first + ord(char) - ord("a")) if "a" <= char <= "z" else char for char in text.lower()
    )


@pytest.mark.parametrize("first", [ord("a"), 0x0430, 0x0905, 0x05D0], ids=hex)
def test_honest_half_minutes_in_any_alphabet(first):
    line = RECORDINGS.read_text().splitlines()[0]
    words = " ".join(segment["text"] for segment in json.loads(line)["segments"]).split()
    for start in range(0, len(words) - 100, 100):
        sentences = said(latin_to(first, " ".join(words[start : start + 100])))
        assert doubts(sentences, [written(sentences)]) == [None]


def test_text_over_silence():
    sentences = [*said(HONEST), *said(THANKS, start=20.0), *said(HONEST, start=30.0)]
    assert doubts(sentences, speech=[(0.0, 6.0), (29.8, 36.0)]) == [None, "silence", None]
    assert doubts(sentences, speech=[]) == ["silence"] * 3


def test_a_real_talk_and_what_is_written_over_the_music_behind_it(demo_talks):
    talk = decode_audio(demo_talks / "sourdough.mp4")[: 30 * SAMPLE_RATE]
    sound = np.concatenate([talk, tone(10.0)])
    captions = transcript_of_cues(read_captions(demo_talks / "sourdough.vtt"), "captions", "en")
    real = [sentence for sentence in captions.sentences if sentence.end < 30]
    made_up = said(THANKS, "Please subscribe.", start=33.0)
    marked = with_doubts([*real, *made_up], [], speech_chunks(sound, 30.0))
    assert [sentence.doubt for sentence in marked] == [None] * len(real) + ["silence"] * 2


def test_music_and_applause_by_whispers_own_test():
    music, applause = said(THANKS), said("Thank you.")
    # The voice detector took the singing for speech.
    assert doubts(music, [written(music, -1.2, 0.8)]) == ["silence"]
    assert doubts(music, [written(music, -0.4, 0.8)]) == [None]
    assert doubts(applause, [written(applause, -1.2, 0.3)]) == ["unsure"]


def test_words_drawn_into_the_pauses_beside_them_are_heard():
    early = Sentence.of((Word("So", 2.0, 6.1, 0.9), Word("yes.", 6.1, 6.4, 0.9)))
    late = Sentence.of((Word("Thanks.", 10.0, 14.0, 0.9),))
    assert doubts([early, late], speech=[(5.8, 6.5), (9.9, 10.4)]) == [None, None]
    assert doubts([late], speech=[(9.9, 10.2)]) == ["silence"]


def test_words_without_a_length():
    inside = Sentence.of((Word("Go", 5.0, 5.0, 0.9),))
    assert doubts([inside], speech=[(4.0, 6.0)]) == [None]
    assert doubts([inside], speech=[(6.0, 7.0)]) == ["silence"]


@pytest.mark.parametrize(("first", "expected"), [(8, "unsure"), (9, None)])
def test_a_sentence_across_two_stretches_goes_by_most_of_its_words(first, expected):
    sentences = said(HONEST)
    assert len(sentences[0].words) == 17
    middle = sentences[0].words[first].start
    good = Stretch(0.0, middle, HONEST, -0.2, 0.0)
    bad = Stretch(middle, sentences[0].end, HONEST, -1.4, 0.0)
    assert doubts(sentences, [bad, good]) == [expected]


def test_a_word_across_two_stretches_goes_by_its_middle():
    word = [Sentence.of((Word("Mud.", 0.8, 2.0, 0.9),))]
    stretches = [Stretch(0.0, 1.0, "So.", -0.2, 0.0), Stretch(1.0, 2.0, "Mud.", -1.4, 0.0)]
    assert doubts(word, stretches) == ["unsure"]


def test_sentences_of_one_stretch_are_as_unsure_as_their_words():
    sure, unsure = said("This is clear."), said("Murmur more mud.", start=2.0, probability=0.3)
    stretches = [written([*sure, *unsure])]
    assert doubts([*sure, *unsure], stretches) == [None, "unsure"]
    one_bad_word = said("We met on the hill above Wharram.")
    words = one_bad_word[0].words
    one_bad_word = [Sentence.of((*words[:-1], replace(words[-1], probability=0.01)))]
    assert doubts(one_bad_word, [written(one_bad_word)]) == [None]
    assert doubts(said("Mud.", probability=0.0), [written(said("Mud."))]) == ["unsure"]


@pytest.mark.parametrize("probability", [None, 0.01])
def test_without_stretches_probabilities_say_nothing(probability):
    assert doubts(said(HONEST, probability=probability)) == [None]


def test_unknown_probabilities_say_nothing():
    sentences = said(HONEST, probability=None)
    assert doubts(sentences, [written(sentences)]) == [None]


def test_nothing_to_mark():
    assert with_doubts([], [], []) == ()
    from_index = Sentence("Thanks for watching!", 1.0, 2.0)
    assert with_doubts([from_index], [], []) == (from_index,)


def test_hardly_anything_in_honest_transcripts():
    videos = [json.loads(line) for line in RECORDINGS.read_text().splitlines()]
    found = [
        doubt for video in videos for doubt in doubts(said(*(s["text"] for s in video["segments"])))
    ]
    assert len(found) > 2000
    assert sum(doubt is not None for doubt in found) <= len(found) / 1000


WORD = st.sampled_from(["no", "thank", "you", "go.", "Go", "-", "字", "so,"])
TIMES = st.floats(0, 100, allow_nan=False).map(lambda at: round(at, 2))
SPANS = st.lists(st.tuples(TIMES, TIMES).map(sorted).map(tuple), max_size=5).map(
    lambda spans: [b for a, b in pairwise([(-1.0, -1.0), *sorted(spans)]) if a[1] <= b[0]]
)
STRETCHES = st.lists(
    st.builds(
        lambda times, text, logprob, silence: Stretch(*sorted(times), text, logprob, silence),
        st.tuples(TIMES, TIMES), st.text(max_size=40), st.floats(-3, 0), st.floats(0, 1),
    ),
    max_size=4,
)  # fmt: skip


@st.composite
def transcripts(draw):
    steps = draw(st.lists(st.tuples(WORD, st.floats(0, 3), st.floats(0, 1)), max_size=60))
    words, now = [], 0.0
    for text, step, probability in steps:
        words.append(Word(text, now, now + step / 2, draw(st.sampled_from([None, probability]))))
        now += step
    return sentences_of(words)


@given(transcripts(), STRETCHES, SPANS)
def test_nothing_changes_but_the_doubts(sentences, stretches, speech):
    marked = with_doubts(sentences, stretches, speech)
    assert [replace(sentence, doubt=None) for sentence in marked] == list(sentences)
    assert with_doubts(marked, stretches, speech) == marked


@given(transcripts(), STRETCHES, SPANS)
def test_more_speech_is_never_more_silence(sentences, stretches, speech):
    less = doubts(sentences, stretches, speech)
    more = doubts(sentences, stretches, EVERYWHERE)
    assert all(a == "silence" for a, b in zip(less, more, strict=True) if b == "silence")


PHRASES = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12)


@given(PHRASES, st.integers(3, 8), st.integers(0, 20), st.integers(1, 9))
def test_every_loop_is_found_however_it_is_cut(phrase, times, before, length):
    """Among words that never come again."""
    times = max(times, math.ceil(6 / len(phrase)))
    texts = [f"w{i}" for i in range(before)] + phrase * times + ["end", "of", "it"]
    words = [Word(text, i * 0.3, i * 0.3 + 0.3) for i, text in enumerate(texts)]
    chunks = [tuple(words[at : at + length]) for at in range(0, len(words), length)]
    loop = range(before, before + len(phrase) * times)
    for chunk, doubt in zip(chunks, doubts([Sentence.of(c) for c in chunks]), strict=True):
        inside = sum(words.index(word) in loop for word in chunk)
        assert (doubt == "repetition") == (2 * inside > len(chunk) or inside >= 6)


@given(st.lists(st.integers(0, 1000), max_size=60, unique=True))
def test_words_that_never_come_again_are_no_loop(numbers):
    sentences = said(" ".join(f"w{number}" for number in numbers)) if numbers else []
    assert set(doubts(sentences)) <= {None}
