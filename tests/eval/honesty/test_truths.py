"""True claims: what each way of telling makes of a sentence, and what it leaves alone."""

from __future__ import annotations

from random import Random

import pytest

from eval.honesty.scene import Numbered, Scene, Source
from eval.honesty.truths import RETELLINGS, tidy


def told(kind: str, text: str, speaker: str | None = "Margo", after: str = "") -> str | None:
    said = Numbered("S1", text, speaker, 0)
    sentences = (said, Numbered("S2", after, speaker, 0)) if after else (said,)
    found = RETELLINGS[kind](Source(text, said, Scene(sentences), Random(1)))
    if found is None:
        return None
    claim, cited = found
    assert cited == (sentences if kind == "two sentences" else (said,))
    return claim


@pytest.mark.parametrize(
    ("kind", "text", "claim"),
    [
        ("verbatim", "So, um, the gate opens.", "So, um, the gate opens."),
        ("without filler", "So, um, the gate of the depot opens.", "The gate of the depot opens."),
        ("number in another form", "It took forty-five days.", "It took 45 days."),
        ("number in another form", "It took 12 days.", "It took twelve days."),
        ("contraction", "It isn't open.", "It is not open."),
        ("contraction", "It is not open.", "It isn't open."),
        ("contraction", "We're late.", "We are late."),
        (
            "first clause",
            "The council painted the old depot, and it bought a new one.",
            "The council painted the old depot.",
        ),
        ("inflected", "They're going to sell the depot.", "They will sell the depot."),
        ("speaker named", "So I asked three firms.", "Margo asked three firms."),
    ],
)
def test_the_same_in_another_form(kind: str, text: str, claim: str) -> None:
    assert told(kind, text) == claim


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("without filler", "The gate of the depot opens."),
        ("number in another form", "This one opens at half past ten."),
        ("number in another form", "It was one hundred and twenty."),
        ("contraction", "They left the gate as it was."),
        ("first clause", "If the council sold the old depot, and it bought a new one, fine."),
        ("first clause", "The council sold neither the depot, and it kept the yard."),
        ("framed", "I sold the old depot to the council."),
        ("framed", "Sell the old depot to the council."),
        ("inflected", "They have sold the depot."),
        ("speaker named", "I asked for my own money back."),
    ],
)
def test_what_is_not_certain_is_left_alone(kind: str, text: str) -> None:
    assert told(kind, text) is None


def test_the_speaker_is_named_where_there_is_one() -> None:
    text = "The council painted the old depot."
    forms = {
        f"{who} {verb} that the council painted the old depot."
        for who in ("Margo", "The speaker")
        for verb in ("says", "said", "explains")
    }
    assert told("framed", text) in forms
    assert told("framed", text, speaker=None) in {f for f in forms if f.startswith("The")}
    assert told("speaker named", "I asked three firms.", speaker=None) is None


def test_two_sentences_of_one_speaker_are_joined() -> None:
    after = "The new yard is at the harbour."
    joined = told("two sentences", "The council painted the old depot.", after=after)
    assert joined in {
        f"The council painted the old depot. {after}",
        "The council painted the old depot, and the new yard is at the harbour.",
    }


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("And, um, the, the gate opens.", "The gate opens."),
        ("One change, um, they sold it.", "One change, they sold it."),
        ("Well, it's, er, it's open.", "It's open."),
        ("We had had enough.", "We had had enough."),
        ("Umbrellas are sold there.", "Umbrellas are sold there."),
    ],
)
def test_fillers_go_and_words_stay(text: str, bare: str) -> None:
    assert tidy(text) == bare
