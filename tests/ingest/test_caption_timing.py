"""Cues in order, each word once, every word with a time."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.captions.cue import Cue, Turn
from ingest.captions.files import read_captions
from ingest.captions.timing import tidy_cues, words_of_cues
from playhead.text import split_words
from playhead.types import Word


def texts(cues):
    return [cue.text for cue in tidy_cues(cues)]


def spans(cues):
    return [(cue.start, cue.end) for cue in tidy_cues(cues)]


def in_a_row(*lines, seconds=2.0):
    return [Cue(i * seconds, (i + 1) * seconds, line) for i, line in enumerate(lines)]


def test_order_and_empty_cues():
    cues = [Cue(5, 6, "late"), Cue(1, 2, "early"), Cue(3, 4, " "), Cue(3, 4, "[Music]")]
    assert texts(cues) == ["early", "late"]


def test_nothing():
    assert tidy_cues([]) == []
    assert words_of_cues([]) == ([], "interpolated")


def test_an_overlap_is_cut_at_the_next_start():
    assert spans([Cue(0, 10, "one"), Cue(2, 4, "two"), Cue(3, 9, "three")]) == [
        (0, 2), (2, 3), (3, 9)]  # fmt: skip


def test_an_end_before_the_start_is_made_up_from_the_text():
    assert spans([Cue(3.0, 2.0, "fifteen letters"), Cue(3.4, 5.0, "x")]) == [(3.0, 3.4), (3.4, 5.0)]
    assert spans([Cue(3.0, 3.0, "fifteen letters")]) == [(3.0, 4.0)]


def test_cues_that_start_together_share_the_time():
    cues = [Cue(0, 4, "abc"), Cue(0, 4, "defg"), Cue(3, 5, "x")]
    assert texts(cues) == ["abc", "defg", "x"]
    (a, b), (c, d), _ = spans(cues)
    assert (a, d) == (0, 3)
    assert 0 < b == c < 3


def test_the_same_text_twice_at_the_same_time_is_a_shadow():
    assert texts([Cue(0, 4, "same"), Cue(0, 4, "same"), Cue(0.1, 4, "same")]) == ["same"]


def test_people_talk_while_others_talk():
    cues = [Cue(0, 30, "a long turn", "Ann"), Cue(3, 3.5, "Yeah.", "Bob"), Cue(29, 33, "So", "Cy")]
    assert tidy_cues(cues) == cues
    assert [(w.start, w.end) for w in words_of_cues(tidy_cues(cues))[0][0]] == [
        (0, 5.0), (5.0, 17.5), (17.5, 30)]  # fmt: skip


def test_nobody_talks_while_they_talk_themselves():
    cues = [Cue(0, 9, "one", "Ann"), Cue(2, 3, "two", "Bob"), Cue(4, 6, "three", "Ann")]
    assert spans(cues) == [(0, 4), (2, 3), (4, 6)]


def test_captions_without_a_name_take_turns_with_all():
    cues = [
        Cue(0, 9, "one", "Ann"),
        Cue(2, 9, "two", "Bob"),
        Cue(4, 9, "three"),
        Cue(5, 6, "x", "C"),
    ]
    assert spans(cues) == [(0, 4), (2, 4), (4, 5), (5, 6)]
    several = Cue(2, 4, "yes no", "Bob", (), (Turn(1, "Cleo"),))
    assert spans([Cue(0, 9, "one", "Ann"), several]) == [(0, 2), (2, 4)]


def test_speakers_who_start_together_keep_their_times():
    cues = [Cue(0, 10, "I think so", "Ann"), Cue(0, 1, "No.", "Bob"), Cue(0, 1, "Me too.", "Bob")]
    (ann, bob, again) = sorted(tidy_cues(cues), key=lambda cue: (cue.speaker, cue.start))
    assert (ann.start, ann.end) == (0, 10)
    assert (bob.start, again.end) == (0, 1)
    assert bob.end == again.start
    assert spans([*cues[:2], Cue(0, 10, "Mm.")])[-1][1] == 10


def test_two_people_say_the_same_at_once():
    cues = [Cue(4, 4.6, "Yeah.", "Bob"), Cue(4.2, 4.9, "Yeah.", "Cleo")]
    assert tidy_cues(cues) == cues
    assert texts([*cues, Cue(4.3, 4.9, "Yeah.", "Cleo"), Cue(4.4, 4.9, "Yeah.")]) == ["Yeah."] * 2


def test_what_another_said_before_does_not_scroll():
    lines = ["no no no", "no no no we go", "we go home now", "go home now we stop", "we stop then"]
    cues = [Cue(i, i + 1.0, line, "AB"[i % 2]) for i, line in enumerate(lines)]
    assert tidy_cues(cues) == cues


@pytest.mark.parametrize(
    "lines",
    [
        ("no no no", "I said no", "no means no"),
        ("Stop it.", "Stop it.", "Now."),
        ("I have a dream", "I have a dream that one day", "this nation will rise up", "and live"),
        ("Go!", "Go!", "Go!", "Go!"),
    ],
)
def test_a_repetition_that_was_said_survives(lines):
    assert texts(in_a_row(*lines)) == list(lines)


def test_the_same_sentence_later_survives():
    assert texts([Cue(0, 2, "Never again."), Cue(60, 62, "Never again.")]) == ["Never again."] * 2


SITE = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.500 align:start position:0%
 
hello<00:00:00.500><c> there</c><00:00:01.000><c> everyone</c>

00:00:02.500 --> 00:00:02.510 align:start position:0%
hello there everyone
 

00:00:02.510 --> 00:00:05.000 align:start position:0%
hello there everyone
welcome<00:00:03.000><c> to</c><00:00:03.500><c> the</c><00:00:04.000><c> show</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
welcome to the show
 

00:00:05.010 --> 00:00:06.000 align:start position:0%
welcome to the show
no

00:00:06.000 --> 00:00:06.010 align:start position:0%
no
 

00:00:06.010 --> 00:00:08.000 align:start position:0%
no
no<00:00:06.500><c> no</c><00:00:07.000><c> no</c>

00:00:08.000 --> 00:00:08.010 align:start position:0%
no no no
 

00:00:12.010 --> 00:00:14.000 align:start position:0%
no no no
bye<00:00:13.000><c> now</c>
"""  # noqa: W293 - the site writes a space on such lines


def test_scrolling_with_inline_times(tmp_path):
    path: Path = tmp_path / "site.vtt"
    path.write_text(SITE)
    cues = tidy_cues(read_captions(path))
    assert [cue.text for cue in cues] == [
        "hello there everyone", "welcome to the show", "no", "no no no", "bye now"]  # fmt: skip
    words, times = words_of_cues(cues)
    assert times == "measured"
    assert [(word.text, word.start, word.end) for word in words[1]] == [
        ("welcome", 2.51, 3.0),
        ("to", 3.0, 3.5),
        ("the", 3.5, 4.0),
        ("show", 4.0, 5.0),
    ]
    assert [(w.text, w.start, w.end) for w in words[2]] == [("no", 5.01, 6.0)]


def scrolling(lines, style):
    """How a site shows lines that scroll: as (start, end, text)."""
    shown = []
    for i, line in enumerate(lines):
        start, end = i * 2.0, i * 2.0 + 1.99
        if style == "grow":
            words = line.split()
            step = (end - start) / len(words)
            shown += [
                Cue(start + n * step, start + (n + 1) * step, " ".join(words[: n + 1]))
                for n in range(len(words))
            ]
            continue
        above = {"two": 1, "filler": 1, "three": 2}[style]
        shown.append(Cue(start, end, " ".join(lines[max(0, i - above) : i + 1])))
        if style == "filler":
            shown.append(Cue(end, end + 0.01, line))
    return shown


WORDS = st.sampled_from(["no", "we", "go", "home", "then", "yes", "well", "stop"])
# Lines with first words of their own: where two begin alike, only inline times tell for sure which
# of the words shown are old.
LINES = st.lists(
    st.lists(WORDS, min_size=1, max_size=5), min_size=4, max_size=8, unique_by=lambda line: line[0]
).map(lambda lines: [" ".join(line) for line in lines])


@given(LINES, st.sampled_from(["two", "filler", "three"]))
def test_every_word_of_scrolling_captions_comes_once(lines, style):
    assert " ".join(texts(scrolling(lines, style))) == " ".join(lines)


def test_text_that_grows_word_by_word():
    lines = ["well then we go home", "yes we go"]
    assert " ".join(texts(scrolling(lines, "grow"))) == " ".join(lines)


def test_overlapping_lines_without_repetition():
    cues = [Cue(0, 5, "hello there"), Cue(2.5, 8, "welcome all"), Cue(5, 9, "to this")]
    assert texts(cues) == ["hello there", "welcome all", "to this"]
    assert spans(cues) == [(0, 2.5), (2.5, 5), (5, 9)]


def test_who_speaks_goes_on_after_the_repeated_words():
    cues = [
        Cue(0, 2, "one two three", "ANN", (), (Turn(0, "ANN"),)),
        Cue(2, 4, "one two three four five six", "ANN", (), (Turn(0, "ANN"),)),
        Cue(4, 6, "four five six so then", None, (), (Turn(3, "BOB"),)),
    ]
    tidy = tidy_cues(cues)
    assert [(cue.text, cue.speaker, cue.turns) for cue in tidy] == [
        ("one two three", "ANN", (Turn(0, "ANN"),)),
        ("four five six", "ANN", ()),
        ("so then", "BOB", (Turn(0, "BOB"),)),
    ]


def test_words_above_the_first_inline_time_get_time_if_they_are_new(tmp_path):
    path = tmp_path / "a.vtt"
    path.write_text("WEBVTT\n\n00:00.000 --> 00:04.000\nbrand new\nline<00:02.000><c> here</c>\n")
    words = words_of_cues(tidy_cues(read_captions(path)))[0][0]
    assert [word.text for word in words] == ["brand", "new", "line", "here"]
    assert all(word.end > word.start for word in words)


def test_words_are_measured_only_if_all_are():
    timed = Cue(0, 2, "a b", None, (Word("a", 0, 1), Word("b", 1, 2)))
    assert words_of_cues([timed, Cue(2, 3, "one")])[1] == "measured"
    assert words_of_cues([timed, Cue(2, 3, "two words")])[1] == "interpolated"
    assert words_of_cues([Cue(2, 3, "one")])[1] == "interpolated"


SPEAKERS = st.sampled_from([None, "Ann", "Bob", "Cleo"])
TIMES = st.integers(0, 60_000).map(lambda ms: ms / 1000)


@st.composite
def any_cue(draw):
    text = draw(st.lists(WORDS, max_size=4).map(" ".join))
    start, end = draw(TIMES), draw(TIMES)
    words = ()
    if text and draw(st.booleans()):
        words = tuple(Word(word, draw(TIMES), draw(TIMES)) for word in text.split())
    return Cue(start, end, text, draw(SPEAKERS), words)


@given(st.lists(any_cue(), max_size=12))
def test_whatever_the_cues_words_are_in_order_and_within(cues):
    tidy = tidy_cues(cues)
    words, _ = words_of_cues(tidy)
    for cue, after in combinations(tidy, 2):
        assert cue.start <= after.start
        assert cue.start <= cue.end
        assert cue.end <= after.start or not cue.takes_turns_with(after)
    for cue, spoken in zip(tidy, words, strict=True):
        assert [word.text for word in spoken] == split_words(cue.text)
        assert all(cue.start <= word.start <= word.end <= cue.end for word in spoken)
        assert all(word.start <= after.start for word, after in pairwise(spoken))


@given(st.lists(st.tuples(TIMES, TIMES, SPEAKERS), max_size=12))
def test_no_word_is_lost_or_doubled(given_cues):
    cues = [
        Cue(start, end, f"a{n} b{n} c{n}", who) for n, (start, end, who) in enumerate(given_cues)
    ]
    assert sorted(cue.text for cue in tidy_cues(cues)) == sorted(cue.text for cue in cues)


@given(st.lists(st.tuples(TIMES, TIMES, st.sampled_from(["Yeah.", "Yeah. So"])), max_size=8))
def test_what_people_say_alike_is_neither_scrolling_nor_a_shadow(given_cues):
    cues = [Cue(start, end, text, f"s{n}") for n, (start, end, text) in enumerate(given_cues)]
    tidy = tidy_cues(cues)
    assert sorted((c.speaker, c.text) for c in tidy) == sorted((c.speaker, c.text) for c in cues)
    times = {cue.speaker: (cue.start, cue.end) for cue in tidy}
    assert all(times[c.speaker] == (c.start, c.end) for c in cues if c.start < c.end)
