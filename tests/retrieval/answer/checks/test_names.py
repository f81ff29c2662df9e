"""A claim's names: they were said, stand where they stood, and nobody says what others said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.checks.names import check_names
from retrieval.answer.checks.said import Said


def problem(
    claim: str, *texts: str, language: str | None = "en", **fields: tuple[str, ...]
) -> str | None:
    return check_names(claim, Said(texts, language=language, **fields))


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("There we met Mary.", "We met Mary there."),
        ("We met John.", "It was John's house where we met."),
        ("John's house is big.", "The house of John is big."),
        ("It is what the UN says.", "The UN says it."),
        ("There I met Mary.", "I met Mary there."),
        ("The loaf is brown.", "It is brown, that loaf."),
        ("Adding salt helps.", "You add salt and it helps."),
        ("The US is big.", "The U.S. is big."),
        ("It has a USB port.", "There is a U S B port."),
        ("The Smiths left.", "Mr. Smith left."),
        ("Muller came.", "Müller came."),
        ("Ann and Bob came.", "Bob and Ann came."),
        ("Ann hired Bob.", "Ann hired Bob in March."),
        ("Ann hired Bob.", "Ann joined in 2010. Then she hired Bob."),
        ("On Monday Ann came.", "Ann came on Monday."),
        ("Sales of the iPhone rose.", "They say that sales of the iphone rose."),
        ("It is Europe first, then Canada.", "That is Europe first. Then, um, Canada."),
        ("In Photoshop, choose File.", "in photoshop choose file"),
    ],
)
def test_names_that_were_said(claim: str, said: str) -> None:
    assert problem(claim, said) is None


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("We met Mary.", "We met John."),
        ("It was written. Mary did it.", "It was written by John."),
        ("This is from the UN.", "This is from the EU."),
        ("Anderson came.", "Andersen came."),
        ("We met Anderson.", "We met Andersen."),
        ("Marie hired him.", "Mary hired him."),
        ("Simone came.", "Simon came."),
        ("Will hired him.", "Ann hired him."),
        ("We use the iPad.", "We use the iPhone."),
        ("\u0410nn came.", "Ann came."),
        ("We met Иван.", "We met Ann."),
        ("We met 王.", "We met Ann."),
    ],
)
def test_names_that_were_not_said(claim: str, said: str) -> None:
    found = problem(claim, said)
    assert found
    assert "names that were not said" in found


@pytest.mark.parametrize("mark", ["\u200b", "\u200d", "\u00ad", "\u202e", "\ufeff"])
def test_names_with_characters_that_cannot_be_seen(mark: str) -> None:
    assert problem(f"An{mark}n came.", "Ann came.")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Bob hired Ann.", "Ann hired Bob."),
        ("Ann lives in Rome.", "Ann lives in Paris and Bob lives in Rome."),
        ("Ann lives in Rome.", "Ann lives in Paris, Bob lives in Rome."),
        ("Ann lives in Rome.", "Ann came in. Bob lives in Rome."),
        ("Ann fired Bob.", "Ann hired Bob and fired Carl."),
        ("Ann Jones came.", "Ann Smith and Bob Jones came."),
        ("They met Smith Ann.", "They met Ann Smith."),
        ("Thanks Bob. Okay, Ann.", "Thanks Ann. Okay, Bob."),
    ],
)
def test_names_that_changed_places(claim: str, said: str) -> None:
    found = problem(claim, said)
    assert found
    assert "otherwise than was said" in found


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ("Bob says the dough rests.", True),
        ("Bob explains that the dough rests.", True),
        ("According to Bob the dough rests.", True),
        ("The speaker says the dough rests.", True),
        ("He says the dough rests.", True),
        ("Bob: the dough rests.", True),
        ("Ann says the dough rests.", False),
        ("According to Ann the dough rests.", False),
        ("The dough rests, says Ann.", False),
        ("Ann's view is that the dough rests.", False),
        ("The project manager says the dough rests.", False),
        ("Bob rests.", False),
    ],
)
def test_who_says_it(claim: str, true: bool) -> None:
    assert (problem(claim, "The dough rests.", by=("Bob",)) is None) is true


@pytest.mark.parametrize(
    ("claim", "said", "true"),
    [
        ("Bob said it is late.", "Bob said that it is late.", True),
        ("Bob said it is late.", "According to Bob it is late.", True),
        ("Bob says it is late.", "It is late.", False),
        ("Bob said it is late.", "Ann said it is late.", False),
        ("Bob says it is late.", "Ann said to Carl and Bob left that it is late.", False),
        ("The officer says it holds.", "The officer has looked. She says it holds.", True),
        ("Bob was asked to go.", "Bob was asked to go.", True),
        ("60 percent said yes.", "60 percent said yes.", True),
    ],
)
def test_who_is_said_to_say_it(claim: str, said: str, true: bool) -> None:
    assert (problem(claim, said) is None) is true


def test_each_of_two_speakers_says_their_own() -> None:
    texts, by = ("The price is high.", "The colour is green."), ("Ann", "Bob")
    assert problem("Ann says the price is high.", *texts, by=by) is None
    assert problem("Bob says the colour is green.", *texts, by=by) is None
    assert problem("Bob says the price is high.", *texts, by=by)
    assert problem("Ann says the colour is green.", *texts, by=by)


def test_a_speaker_who_speaks_of_themselves() -> None:
    assert problem("Bob baked it.", "I baked it.", by=("Bob",)) is None
    assert problem("It was baked by Bob.", "I baked it.", by=("Bob",)) is None
    assert problem("Ann baked it.", "I baked it.", by=("Bob",))
    assert problem("I baked it with Bob.", "I baked it.", by=("Bob",))


def test_names_of_the_title() -> None:
    assert (
        problem("In Photoshop the layer opens.", "The layer opens.", titles=("Photoshop",)) is None
    )
    assert problem("In Gimp the layer opens.", "The layer opens.", titles=("Photoshop",))


@pytest.mark.parametrize(
    ("claim", "said", "true"),
    [
        ("Das Brot ist fertig.", "Nun ist das Brot fertig.", True),
        (
            "Wegen des Dampfs wird die Kruste dünn.",
            "Die Kruste wird dünn, wegen des Dampfes.",
            True,
        ),
        ("Jetzt kommt Anna.", "Anna kommt jetzt.", True),
        ("Es dauert Stunden.", "Es dauert eine Stunde.", True),
        ("Anna hat Bob eingestellt.", "Eva hat Bob eingestellt.", False),
        ("Der Teig ruht.", "Das Brot ruht.", False),
        ("Wir sahen Hansen.", "Wir sahen Hans.", False),
    ],
)
def test_german_nouns_have_capitals(claim: str, said: str, true: bool) -> None:
    assert (problem(claim, said, language="de") is None) is true


NAMES = ["Ann", "Bob", "Carl", "Dora", "Emil", "Frida"]


@given(st.permutations(NAMES), st.sampled_from(["hired", "met", "paid", "will call"]))
def test_two_names_never_change_places(names: list[str], verb: str) -> None:
    one, other, third, *_ = names
    said = f"In the end {one} {verb} {other}."
    assert problem(f"{one} {verb} {other}.", said) is None
    assert problem(f"{other} {verb} {one}.", said)
    assert problem(f"{one} {verb} {third}.", said)
    assert problem(f"{third} {verb} {other}.", said)


@given(st.text(max_size=80))
def test_any_text_can_be_checked(text: str) -> None:
    problem(text, text)
    problem(text, "Ann hired Bob.", by=("Carl",))
