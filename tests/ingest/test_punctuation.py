"""Where punctuation ends a sentence."""

import pytest

from ingest.punctuation import sentence_ends
from playhead.text import join_words, split_words


def sentences(text):
    """The text cut where sentences end."""
    cut, words = [[]], split_words(text)
    for word, ended in zip(words, sentence_ends(words), strict=True):
        cut[-1].append(word)
        if ended:
            cut.append([])
    return [join_words(words) for words in cut if words]


@pytest.mark.parametrize(
    "text",
    [
        "It works. | It does!",
        "Does it? | Yes.",
        "Dr. Chawla and Mr. Brown met Prof. Clark. | They left.",
        "The U.S. Army came. | In the U.S. | The army stayed.",
        "Use a tool, e.g. Photoshop, i.e. a painter. | Fine.",
        "It costs 3.5 dollars. | Version 2.0 is out.",
        "See No. 5 and Fig. 3. | Then stop.",
        "Is it? | No. | It is not.",
        "1. Open the file. | 2. Save it.",
        "It was in 1984. | Then came 1985.",
        "He said, \"Stop.\" | She did.",
        "“Really?” he said, and left. | So did she.",
        "(It was late.) | We slept.",
        "Well... it works. | Fine... | The end.",
        "So… I think so.",
        "John F. Kennedy spoke. | It was plan B. | Then he left.",
        "They make bolts, nuts, etc. and sell them. | They sell nuts, etc. | The end.",
        "Apple Inc. Chairman Cook spoke.",
        "At 9 a.m. we met. | At 5 p.m. | We left.",
        "I use Node.js. | It runs.",
        "Yahoo! is a company. | It was.",
        "Mankind vs. nature. | Done.",
        "今日は晴れです。 | 明日は雨です！ | 本当？",
        "「行こう。」 | 彼は言った。",
        "यह एक वाक्य है। | दूसरा।",
        "Wait, what?! | No way!!",
        "Sept. 11 was a day. | In Sept. | We met.",
        "¿Qué? | ¡Nada!",
    ],
)  # fmt: skip
def test_sentences(text):
    assert sentences(text.replace(" | ", " ")) == [
        join_words(split_words(part)) for part in text.split(" | ")
    ]


def test_small_letters_tell_nothing_where_there_are_only_small_letters():
    assert sentences("it works. it does. dr. who came.") == [
        "it works.", "it does.", "dr. who came."]  # fmt: skip


def test_quotes_that_stand_alone_belong_to_the_sentence_before():
    assert sentences('He left. " Then she did. )') == ['He left. "', "Then she did. )"]


def test_no_words():
    assert sentence_ends([]) == []
