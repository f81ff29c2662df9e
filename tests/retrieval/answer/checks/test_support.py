"""A claim must be readable, word by word, out of what it cites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.checks.lexicon import CONDITIONS, FREE, GUARDS, NEGATIONS, PARTICLES
from retrieval.answer.checks.said import Said, seems_english
from retrieval.answer.checks.support import check_support

BREAD = Said(
    (
        "So, um, the starter is fed at eight in the morning.",
        "It doubles in four hours if the kitchen is warm.",
        "Never add the salt together with the starter, because it slows the fermentation down.",
    ),
    language="en",
)
MEETING = Said(
    (
        "I think we should raise the price.",
        "Does the case come in green?",
        "We painted the lids and shipped them in March.",
        "I would rather wait, and most of the customers agree.",
    ),
    ("Ann", "Bob", "Cleo Smith", "Ann"),
    language="en",
)


@pytest.mark.parametrize(
    "claim",
    [
        "The starter is fed at eight in the morning.",
        "The starter is fed at 8 in the morning.",
        "The starter doubles in four hours if the kitchen is warm.",
        "Never add the salt together with the starter.",
        "The starter is fed at eight, and it doubles in four hours if the kitchen is warm.",
        "The speaker says that the starter is fed at eight.",
    ],
)
def test_what_can_be_read_out_of_it(claim: str) -> None:
    assert check_support(claim, BREAD) is None


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The starter is starved at eight in the morning.", "words that were not said: starve"),
        ("The starter is fed at eight in the morning to keep it sour.", "not said: keep, sour"),
        ("The starter doubles in four hours.", "leaves out: if"),
        ("Add the salt together with the starter.", "leaves out: never"),
        ("The starter is never fed at eight.", "negates"),
        ("The salt doubles in four hours if the kitchen is warm.", "leaves out: never"),
        ("The morning is fed at eight.", "together"),
        ("The starter is fed in the kitchen if it is warm.", "together"),
        ("Only the starter is fed at eight.", "not said: only"),
        ("It is.", "says nothing"),
    ],
)
def test_what_cannot(claim: str, reason: str) -> None:
    problem = check_support(claim, BREAD)
    assert problem is not None
    assert reason in problem


@pytest.mark.parametrize(
    "claim",
    [
        "Ann thinks we should raise the price.",
        "Cleo Smith painted the lids and shipped them in March.",
        "They painted the lids and shipped the lids in March.",
        "Ann would rather wait.",
        "Ann would rather wait, and most of the customers agree.",
    ],
)
def test_what_somebody_said(claim: str) -> None:
    assert check_support(claim, MEETING) is None


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Cleo Smith would rather wait.", "mouth of Cleo Smith"),
        ("Bob says that they painted the lids.", "mouth of Bob"),
        ("The case comes in green.", "only asked"),
        ("They raise the price.", "leaves out: should"),
        ("Ann would rather wait, and the customers agree.", "leaves out: most"),
        ("Ann would rather wait, and all of the customers agree.", "not said: all"),
        ("They shipped the case in March.", "together"),
    ],
)
def test_what_nobody_said(claim: str, reason: str) -> None:
    problem = check_support(claim, MEETING)
    assert problem is not None
    assert reason in problem


GERMAN = Said(("Das Brot ist nicht fertig, denn es fehlt Salz.",), language="de")


def test_in_other_languages_only_what_was_said_word_for_word() -> None:
    assert check_support("Das Brot ist nicht fertig", GERMAN) is None
    assert "word for word" in (check_support("Das Brot ist fertig.", GERMAN) or "")
    unknown = Said(GERMAN.texts)
    assert "word for word" in (check_support("Das Brot ist fertig.", unknown) or "")
    assert check_support("面包要烤四十分钟", Said(("面包要烤四十分钟。",), language="zh")) is None
    assert check_support("面包要烤五十分钟", Said(("面包要烤四十分钟。",), language="zh"))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("The starter is fed at eight in the morning, and it doubles.", True),
        ("Forty-one findings. Nine of them are serious.", True),
        ("Das Brot ist nicht fertig, denn es fehlt Salz; so war es in der Küche.", False),
        ("Il pane non è pronto, e la farina è nella dispensa.", False),
        ("Het brood is niet klaar, want we zijn het zout vergeten.", False),
        ("Brødet er ikke færdigt, for vi har glemt saltet i dag.", False),
        ("面包要烤四十分钟。", False),
        ("", False),
    ],
)
def test_english_is_known_by_its_small_words(text: str, english: bool) -> None:
    assert seems_english(text) == english


def test_words_have_one_part_to_play() -> None:
    assert not FREE & GUARDS
    assert GUARDS >= NEGATIONS | CONDITIONS | PARTICLES


NOUNS = st.sampled_from(["captain", "harbour", "rope", "lantern", "cook", "anchor"])
VERBS = st.sampled_from(["sees", "lifts", "paints", "follows", "repairs"])


@given(NOUNS, VERBS, NOUNS)
def test_a_sentence_proves_itself_and_not_its_reverse(one: str, verb: str, other: str) -> None:
    said = Said((f"The {one} {verb} the {other}.",), language="en")
    assert check_support(f"The {one} {verb} the {other}", said) is None
    if one != other:
        assert check_support(f"The {other} {verb} the {one}.", said)


@given(NOUNS, VERBS, NOUNS, st.sampled_from(sorted(GUARDS - {"than"})))
def test_no_word_of_logic_is_put_in_or_left_out(
    one: str, verb: str, other: str, guard: str
) -> None:
    plain = f"The {one} {verb} the {other}."
    guarded = f"The {one} {guard} {verb} the {other}."
    assert check_support(guarded, Said((plain,), language="en"))
    if guard not in PARTICLES:
        assert check_support(plain, Said((guarded,), language="en"))


@given(st.text(max_size=80), st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_any_text_is_judged(claim: str, texts: list[str]) -> None:
    problem = check_support(claim, Said(tuple(texts)))
    assert problem is None or problem.strip()
