"""From cues to a transcript."""

import json
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.captions.cue import Cue, Turn
from ingest.captions.files import read_captions
from ingest.captions.raw import cue_of
from ingest.captions.transcript import transcript_of_cues
from ingest.segments import segments_of
from playhead.text import join_words
from playhead.types import Word


def transcript(*cues):
    return transcript_of_cues(cues, "captions:sidecar", "en")


def told(*cues):
    return [(sentence.speaker, sentence.text) for sentence in transcript(*cues).sentences]


def test_what_it_says_of_itself():
    made = transcript(Cue(0, 1, "Yes."))
    assert (made.engine, made.language, made.word_times) == (
        "captions:sidecar", "en", "interpolated")  # fmt: skip
    words = (Word("Oh", 0, 0.4), Word("yes.", 0.5, 1))
    assert transcript(Cue(0, 1, "Oh yes.", None, words)).word_times == "measured"
    assert transcript().sentences == ()


def test_a_sentence_goes_on_in_the_next_cue():
    made = transcript(Cue(0, 2, "This is"), Cue(2, 4, "one sentence. This"), Cue(4, 6, "is two."))
    assert [sentence.text for sentence in made.sentences] == [
        "This is one sentence.",
        "This is two.",
    ]
    first, second = made.sentences
    assert (first.start, second.end) == (0, 6)
    assert 2 < second.start < 4
    assert first.end == second.start


def test_a_named_speaker_goes_on_to_the_end_of_the_sentence_and_no_further():
    assert told(
        cue_of(0, 2, "ANN: I think that we"),
        cue_of(2, 4, "should go. We will."),
        cue_of(4, 5, "Yes."),
    ) == [("ANN", "I think that we should go."), (None, "We will."), (None, "Yes.")]


def test_two_speakers_in_one_cue():
    assert told(cue_of(0, 4, "ANN: Shall we go\nBOB: No")) == [
        ("ANN", "Shall we go"), ("BOB", "No")]  # fmt: skip


def test_a_mark_without_a_name_ends_what_the_other_said():
    assert told(cue_of(0, 2, "<v Ann>so I think"), cue_of(2, 4, ">> wait a bit")) == [
        ("Ann", "so I think"), (None, "wait a bit")]  # fmt: skip


def test_cues_that_only_have_a_speaker():
    assert told(Cue(0, 1, "so I", "Ann"), Cue(1, 2, "think", "Ann"), Cue(2, 3, "no", "Bob")) == [
        ("Ann", "so I think"), ("Bob", "no")]  # fmt: skip
    assert told(Cue(0, 1, "so I", "Ann", (), (Turn(0, "Ann"),))) == [("Ann", "so I")]


LONG = (
    "We have looked at the numbers and they are not good. "
    "The remote control sold badly. "
    "I would like to lower the price to twelve euros."
)


def test_a_long_turn_that_others_interrupt_keeps_its_times_and_its_sentences():
    cues = [
        Cue(0, 30, LONG, "Ann"),
        Cue(3, 3.5, "Yeah.", "Bob"),
        Cue(16, 16.4, "Yeah.", "Bob"),
        Cue(31, 33, "I agree.", "Cleo"),
    ]
    made = transcript(*cues)
    assert [(s.speaker, s.text.split()[0]) for s in made.sentences] == [
        ("Ann", "We"), ("Bob", "Yeah."), ("Ann", "The"), ("Bob", "Yeah."), ("Ann", "I"),
        ("Cleo", "I")]  # fmt: skip
    alone = transcript(cues[0])
    assert [s for s in made.sentences if s.speaker == "Ann"] == list(alone.sentences)
    assert [(s.start, s.end) for s in made.sentences if s.speaker == "Bob"] == [
        (3, 3.5),
        (16, 16.4),
    ]


def test_who_is_interrupted_goes_on_in_the_next_caption():
    assert told(
        Cue(0, 5, "I think that we", "Ann"),
        Cue(2, 2.5, "Mm", "Bob"),
        Cue(5, 8, "should go", "Ann"),
    ) == [("Ann", "I think that we should go"), ("Bob", "Mm")]


def test_who_is_answered_does_not_go_on():
    assert told(
        Cue(0, 5, "shall we meet at", "Ann"),
        Cue(4.8, 6, "ten is fine", "Bob"),
        Cue(6, 8, "okay then", "Ann"),
    ) == [("Ann", "shall we meet at"), ("Bob", "ten is fine"), ("Ann", "okay then")]


TURNS = st.lists(
    st.tuples(
        st.floats(0, 90),
        st.floats(0.2, 80),
        st.sampled_from(["Ann", "Bob", "Cleo"]) | st.none(),
        st.lists(st.sampled_from(["so", "we", "go.", "Why?", "no,"]), min_size=1, max_size=12),
    ),
    max_size=6,
    unique_by=lambda turn: turn[0],
)


@given(TURNS)
def test_turns_that_overlap_become_whole_segments_in_order(turns):
    cues = [
        Cue(start, start + seconds, " ".join(f"{n}{word}" for word in words), who)
        for n, (start, seconds, who, words) in enumerate(turns)
    ]
    sentences = transcript(*cues).sentences
    assert Counter(word.text for s in sentences for word in s.words) == Counter(
        word for cue in cues for word in cue.text.split()
    )
    starts = [s.start for s in sentences]
    assert starts == sorted(starts)
    segments = segments_of("v", sentences)
    assert join_words(s.text for s in segments) == join_words(s.text for s in sentences)
    assert all(segment.end - segment.start <= 30 for segment in segments)
    for before, after in pairwise(segments):
        assert before.start <= after.start
        assert before.end <= after.end


@given(TURNS)
def test_each_speaker_says_everything_in_order_and_in_time(turns):
    named = [turn for turn in turns if turn[2]]
    cues = [
        Cue(start, start + seconds, " ".join(f"{n}{word}" for word in words), who)
        for n, (start, seconds, who, words) in enumerate(sorted(named))
    ]
    sentences = transcript(*cues).sentences
    for who in ("Ann", "Bob", "Cleo"):
        said = " ".join(s.text for s in sentences if s.speaker == who)
        assert said == " ".join(cue.text for cue in cues if cue.speaker == who)
    for word in (word for s in sentences for word in s.words):
        cue = cues[int(word.text[0])]
        assert cue.start <= word.start <= word.end <= cue.end


def test_the_columbia_captions(shared_data):
    cues = read_captions(shared_data / "columbia" / "columbia.en.vtt")
    sentences = transcript_of_cues(cues, "captions:sidecar", "en").sentences
    starts = {sentence.text: sentence.start for sentence in sentences}
    assert 25 < starts["There are no survivors."] < 27.5
    crew = next(s for s in sentences if s.text.startswith("Colonel"))
    assert (crew.start, crew.end) == (32.0, 52.0)
    assert crew.text.endswith(
        "Dr. Kalpana Chawla, and Ilan Ramon, a colonel in the Israeli Air Force."
    )
    assert len(sentences) == 25


def test_captions_that_are_sentences_stay_the_sentences_they_are(shared_data):
    merged = total = 0
    with (shared_data / "tutorialvqa" / "videos.jsonl").open() as lines:
        for line in lines:
            segments = json.loads(line)["segments"]
            cues = [cue_of(s["start"], s["end"], s["text"]) for s in segments]
            starts = {round(s.start, 3) for s in transcript(*cues).sentences}
            total += len(cues)
            merged += sum(bool(cue.text) and round(cue.start, 3) not in starts for cue in cues)
    assert merged <= 0.005 * total
