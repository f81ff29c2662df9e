"""Whose words a question asks for, where it is known who speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.reading.evidence import ALONE_NOTHING, Evidence
from retrieval.answer.reading.speakers import ANOTHER_SPEAKER, by_speaker, of_speaker_asked_for
from tests.fakes import segments, video

SPOKEN = [
    ("Marit", "We sold more than we planned.", 0.6),
    ("Project Manager", "The price stays as it is.", 0.5),
    ("Cllr Briggs-Tate", "The buses are late again.", 0.4),
    (None, "Somebody claps for a while.", 0.3),
    ("Marit", "So.", ALONE_NOTHING),
    ("Bram", "Yes.", ALONE_NOTHING),
]


def evidence() -> list[Evidence]:
    (segment,) = segments("v", "|".join(text for _, text, _ in SPOKEN))
    return [
        Evidence((replace(sentence, speaker=speaker),), segment, video("v"), score, 0, n)
        for n, (sentence, (speaker, _, score)) in enumerate(
            zip(segment.sentences, SPOKEN, strict=True)
        )
    ]


def kept(found: list[Evidence]) -> list[str | None]:
    """Whose words count in full."""
    return list(
        dict.fromkeys(
            after.speaker
            for before, after in zip(evidence(), found, strict=True)
            if before.score == after.score and before.score > 0
        )
    )


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did Marit say about the results?", "Marit"),
        ("what does marit think of it", "Marit"),
        ("What did the project manager say about the price?", "Project Manager"),
        ("What did Councillor Briggs-Tate ask?", None),
        ("What did Cllr Briggs-Tate ask?", "Cllr Briggs-Tate"),
        ("What did Briggs-Tate propose?", "Cllr Briggs-Tate"),
        ("How will it go on, according to Marit?", "Marit"),
        ("Why was it sold, says Marit?", "Marit"),
    ],
)
def test_the_words_of_whoever_is_named(question: str, speaker: str | None) -> None:
    found = of_speaker_asked_for(question, evidence())
    if speaker is None:
        assert found == evidence()
        return
    assert kept(found) == [speaker, None]
    for before, after in zip(evidence(), found, strict=True):
        if after != before:
            assert after == replace(before, score=before.score * ANOTHER_SPEAKER)


@pytest.mark.parametrize(
    "question",
    [
        "What was said about Marit?",
        "What did she say?",
        "What did the say?",
        "Who is Marit?",
        "What did Olga say about the results?",
        "",
    ],
)
def test_nobody_is_named_whose_words_are_asked_for(question: str) -> None:
    assert of_speaker_asked_for(question, evidence()) == evidence()


def test_one_speaker_s_words() -> None:
    assert kept(by_speaker("Bram", evidence())) == [None]
    assert by_speaker("Bram", evidence())[4:] == evidence()[4:]


@given(st.text(max_size=60))
def test_whatever_is_asked_nothing_is_left_out(question: str) -> None:
    found = of_speaker_asked_for(f"What did {question} say about {question}?", evidence())
    assert [unit.text for unit in found] == [unit.text for unit in evidence()]
    assert all(a.score <= b.score for a, b in zip(found, evidence(), strict=True))
