"""Corrected words keep the times of what they replace; nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.correction import (
    changed_sentences,
    rename_speaker,
    replace_words,
    transcript_from_text,
    transcript_to_text,
)
from playhead.errors import CorrectionError
from playhead.text import join_words
from playhead.types import Doubt, Sentence, Transcript, Word


def sentence(
    text: str,
    start: float = 0.0,
    speaker: str | None = None,
    doubt: Doubt | None = None,
    seconds: float = 1.0,
) -> Sentence:
    """A word a second, as long as `seconds` of it."""
    words = tuple(Word(w, start + n, start + n + seconds, 0.5) for n, w in enumerate(text.split()))
    return replace(Sentence.of(words, speaker), doubt=doubt)


def transcript(*sentences: Sentence) -> Transcript:
    return Transcript(sentences, "en", "whisper:tiny", "measured")


TALK = transcript(
    sentence("We run cooper netties here.", 5.0, "Ann"),
    sentence("Note: it is slow.", 65.0),
    sentence("Thank you.", 3700.0, None, "silence"),
)


def edited(of: Transcript, *changes: tuple[str, str]) -> Transcript:
    """The transcript, its text changed as in an editor."""
    text = transcript_to_text(of)
    for old, new in changes:
        assert text.count(old) == 1, text
        text = text.replace(old, new)
    return transcript_from_text(of, text)


def times(of: Sentence) -> list[tuple[str, float, float]]:
    return [(word.text, word.start, word.end) for word in of.words]


def test_a_transcript_as_text() -> None:
    lines = [line for line in transcript_to_text(TALK).splitlines() if not line.startswith("#")]
    assert lines == [
        "",
        "[0:05] Ann: We run cooper netties here.",
        "[1:05] Note: it is slow.",
        "[1:01:40 ?] Thank you.",
    ]


def test_a_text_that_was_left_alone_changes_nothing() -> None:
    assert edited(TALK) == TALK
    windows = "\ufeff" + transcript_to_text(TALK).replace("\n", "  \n\n")
    assert transcript_from_text(TALK, windows) == TALK
    names = transcript(*(replace(TALK.sentences[0], speaker=name) for name in ("", "Ann  Lee")))
    assert edited(names) == names


def test_fewer_words_share_the_time_of_those_they_replace() -> None:
    after = edited(TALK, ("cooper netties", "Kubernetes"))
    assert times(after.sentences[0]) == [
        ("We", 5.0, 6.0),
        ("run", 6.0, 7.0),
        ("Kubernetes", 7.0, 9.0),
        ("here.", 9.0, 10.0),
    ]
    assert [word.probability for word in after.sentences[0].words] == [0.5, 0.5, None, 0.5]
    assert after.sentences[1:] == TALK.sentences[1:]
    assert changed_sentences(TALK, after) == 1


def test_more_words_share_it_by_their_length() -> None:
    after = edited(TALK, ("run", "have been running"))
    words = times(after.sentences[0])
    assert [text for text, _, _ in words[1:4]] == ["have", "been", "running"]
    assert (words[1][1], words[3][2]) == (6.0, 7.0)
    assert words[3][2] - words[3][1] > words[1][2] - words[1][1] > 0
    assert words[4] == ("cooper", 7.0, 8.0)


def test_a_word_for_a_word_has_its_times() -> None:
    after = edited(TALK, ("run cooper", "ran copper"))
    assert times(after.sentences[0])[1:3] == [("ran", 6.0, 7.0), ("copper", 7.0, 8.0)]


def test_words_put_in_get_the_silence_there() -> None:
    talk = transcript(sentence("We go home.", seconds=0.4))
    (after,) = edited(talk, ("We go", "We never go")).sentences
    assert times(after)[:3] == [("We", 0.0, 0.4), ("never", 0.4, 1.0), ("go", 1.0, 1.4)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Now we go home.", ("Now", 3.0, 3.0)),
        ("we now go home.", ("now", 4.0, 4.0)),
        ("we go home. now", ("now", 6.0, 6.0)),
    ],
)
def test_where_there_is_none_they_stand_at_that_moment(
    text: str, word: tuple[str, float, float]
) -> None:
    talk = transcript(sentence("we go home.", 3.0))
    (after,) = edited(talk, ("we go home.", text)).sentences
    assert word in times(after)
    assert set(times(talk.sentences[0])) < set(times(after))


def test_words_that_overlap_stay_in_order() -> None:
    """As some recognisers write them: each is twice as long as the time to the next."""
    talk = transcript(sentence("we go home now", seconds=2.0))
    (fewer,) = edited(talk, ("go home", "went")).sentences
    assert times(fewer)[1] == ("went", 1.0, 3.0)
    (more,) = edited(talk, ("go home", "do not go home")).sentences
    assert times(more)[1][1:] == (1.0, 1.0)
    assert [word.start for word in more.words] == sorted(word.start for word in more.words)


def test_no_word_ends_before_it_starts() -> None:
    """Even where the times were out of order: the library could not be read again."""
    talk = transcript(Sentence.of((Word("we", 5.0, 6.0), Word("go", 3.0, 7.0))))
    (after,) = edited(talk, ("] we", "] they both")).sentences
    assert all(word.start <= word.end for word in after.words)


def test_what_was_not_said_gives_up_its_time() -> None:
    after = edited(TALK, ("We run cooper netties here.", "run cooper here."))
    assert times(after.sentences[0]) == [
        ("run", 6.0, 7.0),
        ("cooper", 7.0, 8.0),
        ("here.", 9.0, 10.0),
    ]
    assert (after.sentences[0].start, after.sentences[0].text) == (6.0, "run cooper here.")


@pytest.mark.parametrize("line", ["[1:01:40 ?]", "[1:01:40] ", "[1:01:40 ?]  \t"])
def test_a_line_without_words_is_a_sentence_that_goes(line: str) -> None:
    after = edited(TALK, ("[1:01:40 ?] Thank you.", line))
    assert after.sentences == TALK.sentences[:2]
    assert changed_sentences(TALK, after) == 1
    assert edited(TALK, (" We run cooper netties here.", "")).sentences == TALK.sentences[1:]


@pytest.mark.parametrize("line", ["[1:01:40] Thank you.", "[1:01:40 ?] Thank you all."])
def test_a_person_ends_a_doubt(line: str) -> None:
    after = edited(TALK, ("[1:01:40 ?] Thank you.", line))
    assert after.sentences[2].doubt is None
    assert after.sentences[2].words[0] == TALK.sentences[2].words[0]


@pytest.mark.parametrize(
    ("old", "new", "speaker", "text"),
    [
        ("Ann:", "Bob:", "Bob", "We run cooper netties here."),
        ("Ann: We", "Dr. Ann Lee: We", "Dr. Ann Lee", "We run cooper netties here."),
        ("Ann: We", "We", None, "We run cooper netties here."),
        ("Ann: We run", "Ann: We: run", "Ann", "We: run cooper netties here."),
        ("Ann: We run cooper", "We run: copper", None, "We run: copper netties here."),
    ],
)
def test_who_speaks(old: str, new: str, speaker: str | None, text: str) -> None:
    after = edited(TALK, (old, new))
    assert (after.sentences[0].speaker, after.sentences[0].text) == (speaker, text)


@pytest.mark.parametrize(
    ("line", "speaker", "text"),
    [
        ("Note: it was slow.", None, "Note: it was slow."),
        ("Bob: Note: it is slow.", "Bob", "Note: it is slow."),
        ("Bob: it is slow.", "Bob", "it is slow."),
        ("Note: it is: slow.", None, "Note: it is: slow."),
        ("Bob: Note: it", "Bob", "Note: it"),
    ],
)
def test_a_colon_may_be_said(line: str, speaker: str | None, text: str) -> None:
    after = edited(TALK, ("Note: it is slow.", line))
    assert (after.sentences[1].speaker, after.sentences[1].text) == (speaker, text)


def test_only_who_speaks_leaves_the_words_and_the_doubt() -> None:
    after = edited(TALK, ("Thank you.", "Bob: Thank you."))
    assert after.sentences[2] == replace(TALK.sentences[2], speaker="Bob")


LINES = [line for line in transcript_to_text(TALK).splitlines() if line.startswith("[")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the line [0:05] 'Ann: We run cooper netties here.' is gone, or not in its place"),
        ("# only a comment", "is gone, or not in its place"),
        ("\n".join(LINES[:2]), "the line [1:01:40] 'Thank you.' is gone"),
        ("\n".join([LINES[0], LINES[2]]), "the line [1:05] 'Note: it is slow.' is gone"),
        ("\n".join(reversed(LINES)), "the line [0:05] 'Ann: We run cooper netties here.' is gone"),
        ("\n".join([*LINES, LINES[2]]), "no sentence for the line '[1:01:40 ?] Thank you.'"),
        ("\n".join([*LINES, "and more"]), "'and more' does not begin with its time"),
        ("\n".join(["[0:05", *LINES[1:]]), "'[0:05' does not begin with its time"),
        ("[0:05]\n[1:05]\n[1:01:40 ?]", "nothing would be left of the transcript"),
        ("\x00\x01", "does not begin with its time"),
    ],
)
def test_a_text_that_is_none(text: str, problem: str) -> None:
    with pytest.raises(CorrectionError) as raised:
        transcript_from_text(TALK, text)
    assert problem in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_control_characters_do_not_get_in() -> None:
    after = edited(TALK, ("Ann: We", "An\x1bn: W\x07e"))
    assert after.sentences[0].speaker == "An n"
    assert after.sentences[0].text == "W e run cooper netties here."


@pytest.mark.parametrize(
    ("text", "old", "new", "result", "places"),
    [
        ("We run cooper netties.", "cooper netties", "Kubernetes", "We run Kubernetes.", 1),
        ("Ann, Ann's and (Ann) met Annie.", "Ann", "Anne", "Anne, Anne's and (Anne) met Annie.", 3),
        ("ann met Ann", "Ann", "Anne", "ann met Anne", 1),
        ("ba a a a", "a a", "b", "ba b a", 1),
        ("banana ana", "ana", "Ana", "banana Ana", 1),
        ("a café, a cafe\u0301 and a cafe", "cafe", "bar", "a café, a cafe\u0301 and a bar", 1),
        ("राम रामा", "राम", "श्याम", "श्याम रामा", 1),
        ("我们用AI技术很好", "AI", "人工智能", "我们用人工智能技术很好", 1),
        ("我们用技术很好", "技术", "AI", "我们用 AI 很好", 1),
        ("so so so good", "so so", "so", "so so good", 1),
        ("um we um go", "um", "", "we go", 2),
        ("C++ or C", "C++", "Rust", "Rust or C", 1),
        ("a\\1 b", "b", "\\1", "a\\1 \\1", 1),
        ("nothing", "thing", "body", "nothing", 0),
        ("one", "  one ", " the\n only  one ", "the only one", 1),
    ],
)
def test_words_are_replaced(text: str, old: str, new: str, result: str, places: int) -> None:
    of = transcript(Sentence(text, 1.0, 3.0), sentence("Something else."))
    after, count = replace_words(of, old, new)
    assert (after.sentences[0].text, count) == (result, places)
    assert (after.sentences[0] == of.sentences[0]) == (not places)
    assert after.sentences[1] == of.sentences[1]


def test_a_sentence_that_loses_all_its_words_goes() -> None:
    after, places = replace_words(TALK, "Thank you.", "")
    assert (after.sentences, places) == (TALK.sentences[:2], 1)
    with pytest.raises(CorrectionError, match="nothing would be left"):
        replace_words(transcript(TALK.sentences[2]), "Thank you.", "")


def test_no_words_cannot_be_replaced() -> None:
    with pytest.raises(CorrectionError, match="no words to replace"):
        replace_words(TALK, " \t", "x")


def test_words_that_a_recogniser_wrote_as_one_are_several() -> None:
    words = (Word("今天", 0.0, 1.0, 0.9), Word("天气", 1.0, 2.0, 0.8))
    of = transcript(Sentence.of(words))
    (after,) = edited(of, ("天气", "空气")).sentences
    assert [word.text for word in after.words] == ["今", "天", "空", "气"]
    assert times(after)[3] == ("气", 1.5, 2.0)
    assert [word.probability for word in after.words] == [0.9, 0.9, None, 0.8]


def test_speakers_are_renamed() -> None:
    after, places = rename_speaker(TALK, "Ann", "  Dr.  Lee ")
    assert (after.sentences[0], places) == (replace(TALK.sentences[0], speaker="Dr. Lee"), 1)
    assert after.sentences[1:] == TALK.sentences[1:]
    named, places = rename_speaker(TALK, "", "Bob")
    assert ([s.speaker for s in named.sentences], places) == (["Ann", "Bob", "Bob"], 2)
    assert named.sentences[2].doubt == "silence"
    nobody, _ = rename_speaker(TALK, "Ann", "")
    assert nobody.sentences[0].speaker is None
    assert rename_speaker(TALK, "ann", "Bob") == (TALK, 0)


VOCABULARY = ["the", "quick", "fox", "Ann:", "a", "jumps.", "今", "天", "don't", "–"]
GAPS = st.sampled_from([0.0, 0.0, 0.1, 0.5, 3.0])


def spoken(texts: st.SearchStrategy[list[str]]) -> st.SearchStrategy[Sentence]:
    """What Zoe says: words that follow each other, with and without silence."""

    def timed(texts: list[str], gaps: list[float]) -> Sentence:
        times = list(accumulate(gaps[: 2 * len(texts)]))
        words = zip(texts, times[::2], times[1::2], strict=True)
        return Sentence.of(tuple(Word(*word, 0.5) for word in words), "Zoe")

    return st.builds(timed, texts, st.lists(GAPS, min_size=16, max_size=16))


def said_instead(before: Sentence, texts: list[str]) -> Sentence:
    (after,) = edited(
        transcript(before), (f"Zoe: {before.text}\n", f"Zoe: {join_words(texts)}\n")
    ).sentences
    return after


@given(
    of=spoken(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8)),
    texts=st.lists(st.sampled_from([*VOCABULARY, "new", "words"]), min_size=1, max_size=12),
)
def test_times_stay_in_order_and_within_the_sentence(of: Sentence, texts: list[str]) -> None:
    after = said_instead(of, texts)
    assert [word.text for word in after.words] == texts
    edges = [time for word in after.words for time in (word.start, word.end)]
    assert edges == sorted(edges)
    assert of.start <= after.start <= after.end <= of.end
    assert {word for word in after.words if word.probability} <= set(of.words)


@given(
    of=spoken(st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=8, unique=True)),
    places=st.tuples(st.integers(0, 8), st.integers(0, 8)).map(sorted),
    new=st.lists(st.sampled_from(["brand", "new", "words"]), max_size=4),
)
def test_words_that_were_not_touched_keep_their_times(
    of: Sentence, places: list[int], new: list[str]
) -> None:
    """One run of words is changed; those before and after it are what they were."""
    first, end = places
    before, after = of.words[:first], of.words[end:]
    texts = [word.text for word in of.words]
    assume(before or after)
    words = said_instead(of, [*texts[:first], *new, *texts[end:]]).words
    assert words[: len(before)] == before
    assert words[len(words) - len(after) :] == after
