"""What a claim must pass: each check with what it lets through and what it stops."""

from __future__ import annotations

import pytest

from playhead.types import Sentence
from retrieval.answer.checks.claims import check_citation, check_claim, check_words
from retrieval.answer.evidence import Evidence
from retrieval.answer.reply import CitedSentence, ClaimReply
from retrieval.embedding import SentenceTransformerEmbedder
from tests.fakes import segments, video


def evidence(text: str) -> Evidence:
    (segment,) = segments("v", text)
    return Evidence((Sentence(text, 0, 1),), segment, video("v"), 1.0, 0, 0)


SAID = "It uses 5 cats, 1,000 dogs and Mary's horse, but it really isn't true."
SENTENCES = {"S1": evidence(SAID), "S2": evidence("让面团发酵一小时。")}


@pytest.mark.parametrize(
    "quote",
    [
        SAID,
        "uses 5 cats",
        "USES 5 CATS",
        "5 cats, 1,000 dogs",
        "1,000 dogs and Mary's horse",
        '"it really isn\'t true"',
        "  uses\n5   cats ",
        "it uses 5",
        "true.",
    ],
)
def test_a_quote_that_was_said(quote: str) -> None:
    assert check_citation(CitedSentence(sentence="S1", quote=quote), SENTENCES) is None


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " … ",
        "uses 6 cats",
        "uses cats",
        "cats 5",
        "5 cats and 1,000 dogs",
        "dogs 5 cats",
        "ally isn't true",
        "use 5 cats",
        "uses 5 ca",
        "1,00",
        "it really is true",
        f"{SAID} Indeed.",
    ],
)
def test_a_quote_that_was_not_said(quote: str) -> None:
    problem = check_citation(CitedSentence(sentence="S1", quote=quote), SENTENCES)
    assert problem == "quotes words that are not in S1"


def test_quotes_in_a_script_without_spaces() -> None:
    assert check_citation(CitedSentence(sentence="S2", quote="发酵一小时"), SENTENCES) is None
    assert check_citation(CitedSentence(sentence="S2", quote="发酵两小时"), SENTENCES)


@pytest.mark.parametrize("name", ["S3", "", "s1", "S1 "])
def test_an_id_that_was_not_given(name: str) -> None:
    problem = check_citation(CitedSentence(sentence=name, quote=SAID), SENTENCES)
    assert problem == f"cites {name!r}, which is not in the passages"


WORDS_SAID = [
    # Numbers, in digits and spelled.
    ("It has 1000 rows.", "It has 1,000 rows."),
    ("It has 1,000 rows.", "There are 1000 of these rows."),
    ("It has five rows.", "It has 5 rows."),
    ("It has 5 rows.", "It has five rows."),
    ("It has 2,000 rows.", "It has two thousand rows."),
    ("It has 3,000,000 users.", "It has 3 million users."),
    ("It has 45 rows.", "It has forty-five rows."),
    ("It has 350 rows.", "It has three hundred and fifty rows."),
    ("It took 2.5 seconds.", "2.5 seconds is what it took."),
    ("It starts at 14:32.", "At 14:32 it starts."),
    # Names.
    ("There we met Mary.", "We met Mary there."),
    ("We were at John's house.", "We were at John's house."),
    ("We met John.", "It was John's house where we met."),
    ("This is the house of John’s.", "It is John's house."),
    ("It is what the UN says.", "The UN says it."),
    ("There I met Mary.", "I met Mary there."),
    ("Mary wrote it.", "It was written by Mary."),
    ("The loaf is brown.", "It is brown, that loaf."),
    # Negation.
    ("It is not true.", "It isn't true."),
    ("Nobody came.", "They did not come, nobody."),
    ("It is true.", "It is true."),
    ("We bake without salt.", "We bake with no salt."),
]


@pytest.mark.parametrize(("claim", "said"), WORDS_SAID)
def test_words_that_were_said(claim: str, said: str) -> None:
    assert check_words(claim, said) is None


WORDS_NOT_SAID = [
    ("It has 6 rows.", "It has 5 rows.", "numbers"),
    ("It has 100 rows.", "It has 1,000 rows.", "numbers"),
    ("It has six rows.", "It has five rows.", "numbers"),
    ("It has 1,000 rows.", "It has two thousand rows.", "numbers"),
    ("It has 3 users.", "It has 3 million users.", "numbers"),
    ("It has 40 rows.", "It has forty-five rows.", "numbers"),
    ("It has five rows.", "It has rows.", "numbers"),
    ("It starts at 14:30.", "It starts at 14:32.", "numbers"),
    ("It took 25 seconds.", "It took 2.5 seconds.", "numbers"),
    ("We met Mary.", "We met John.", "names"),
    ("We were at Mary's house.", "We were at John's house.", "names"),
    ("Mary wrote it.", "John wrote it.", "names"),
    ("It was written. Mary did it.", "It was written by John.", "names"),
    ("This is from the UN.", "This is from the EU.", "names"),
    ("It is true.", "It isn't true.", "negat"),
    ("It isn't true.", "It is true.", "negat"),
    ("It isn’t true.", "It is true.", "negat"),
    ("We bake without salt.", "We bake with salt.", "negat"),
    ("You can bake it.", "You cannot bake it.", "negat"),
    ("They never came.", "They came.", "negat"),
]


@pytest.mark.parametrize(("claim", "said", "what"), WORDS_NOT_SAID)
def test_words_that_were_not_said(claim: str, said: str, what: str) -> None:
    problem = check_words(claim, said)
    assert problem
    assert what in problem


def checked(text: str, said: str, embedder: SentenceTransformerEmbedder) -> str | None:
    reply = ClaimReply(text=text, evidence=[CitedSentence(sentence="S1", quote=said)])
    return check_claim(reply, {"S1": evidence(said)}, embedder)


def test_a_claim_close_in_meaning(embedder: SentenceTransformerEmbedder) -> None:
    said = "Cover the bowl and let the dough rest for one hour."
    assert checked("The dough rests in a covered bowl for one hour.", said, embedder) is None


def test_a_claim_of_another_meaning(embedder: SentenceTransformerEmbedder) -> None:
    said = "Cover the bowl and let the dough rest for one hour."
    problem = checked("The train to the coast takes one hour.", said, embedder)
    assert problem
    assert "means something else" in problem


@pytest.mark.parametrize(
    "reply",
    [
        ClaimReply(text=" ", evidence=[CitedSentence(sentence="S1", quote=SAID)]),
        ClaimReply(text=SAID, evidence=[]),
    ],
)
def test_a_claim_of_nothing(reply: ClaimReply, embedder: SentenceTransformerEmbedder) -> None:
    assert check_claim(reply, SENTENCES, embedder) == "says nothing, or cites nothing"


def test_what_was_said_word_for_word_always_passes(embedder: SentenceTransformerEmbedder) -> None:
    for said in ["At John's I met 3 people.", "No boat can sail into the wind.", SAID]:
        assert checked(said, said, embedder) is None


def test_a_claim_may_rest_on_two_sentences(embedder: SentenceTransformerEmbedder) -> None:
    sentences = {
        "S1": evidence("The captain sailed alone in 1898."),
        "S2": evidence("His boat was called Spray."),
    }
    both = [CitedSentence(sentence=name, quote=unit.text) for name, unit in sentences.items()]
    text = "In 1898 the captain sailed alone in his boat Spray."
    assert check_claim(ClaimReply(text=text, evidence=both), sentences, embedder) is None
    for half in both:
        assert check_claim(ClaimReply(text=text, evidence=[half]), sentences, embedder)
