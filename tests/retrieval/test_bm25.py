"""Terms: what BM25 sees of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qdrant_edge import Bm25, Bm25Config

from retrieval.bm25 import AVERAGE_TERMS, document_terms, query_terms
from retrieval.store.schema import SCHEMA_VERSION


def found(question: str, document: str) -> float:
    """The share of a question's terms that a document has."""
    terms = set(query_terms(question).indices)
    return len(terms.intersection(document_terms(document).indices)) / len(terms)


def test_a_question_and_a_document_share_the_terms_of_the_same_words() -> None:
    question = query_terms("knead the dough")
    document = document_terms("Kneading dough takes ten minutes.")
    assert len(question.indices) == len(question.values) == 2
    assert set(question.indices) <= set(document.indices)


@pytest.mark.parametrize("other", ["CAFE", "café", "Café!", "cafes"])
def test_case_accents_and_endings_do_not_matter(other: str) -> None:
    assert query_terms(other).indices == query_terms("cafe").indices


@pytest.mark.parametrize("text", ["", " ", "the of and to", "!?…", "🎬", "\0"])
def test_text_without_terms(text: str) -> None:
    assert query_terms(text).indices == document_terms(text).indices == []


def test_a_term_said_more_often_weighs_more_and_in_a_longer_text_less() -> None:
    (once,) = document_terms("dough").values
    (twice,) = document_terms("dough dough").values
    assert twice > once
    long = document_terms("dough " + " ".join(f"word{n}" for n in range(100)))
    (dough,) = query_terms("dough").indices
    assert long.values[long.indices.index(dough)] < once


@pytest.mark.parametrize("text", ["世界", "один", "سلام", "नमस्ते"])
def test_other_scripts_have_terms(text: str) -> None:
    assert query_terms(text).indices
    assert set(query_terms(text).indices) <= set(document_terms(f"x {text} y").indices)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("面包怎么做", "今天我们学习面包怎么做，很简单"),
        ("水", "三百克水。"),
        ("パンの作り方", "今日はパンの作り方を説明します"),
        ("トム・クルーズ", "俳優のトム・クルーズさん"),
        ("ﾊﾟﾝ", "今日はパンを作る"),
        ("ขนมปัง", "วันนี้เราจะทำขนมปังกัน"),
        ("ขนมปัง 2 ก้อน", "ทำขนมปัง2ก้อน"),
        ("Python怎么学", "我们学Python。怎么学呢"),
    ],
)
def test_words_in_scripts_without_spaces_are_found(question: str, document: str) -> None:
    assert found(question, document) == 1


def test_a_text_of_another_kind_shares_nothing_without_spaces_either() -> None:
    said = "首先需要五百克面粉和三百克水。面团要在温暖的地方发酵一夜。"
    assert found("澳大利亚的首都是哪里？", said) == 0
    assert found("需要多少面粉？", said) == pytest.approx(2 / 5)


LETTERS = st.one_of(
    st.characters(min_codepoint=first, max_codepoint=last, categories=["Lo"])
    for first, last in [(0x0E01, 0x0E2E), (0x1780, 0x17A2), (0x3041, 0x3096), (0x4E00, 0x9FA5)]
)


@given(LETTERS, LETTERS)
def test_each_two_characters_are_a_term(first: str, second: str) -> None:
    both = document_terms(first + second).indices
    assert len(query_terms(first + second).indices) == 1
    for said in (first, second, first + second):
        assert set(query_terms(said).indices) <= set(both)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000", "1000"),
        ("12,345,678 people", "12345678 people"),
        ("1,234.5", "1234.5"),
        ("C++", "C plus plus"),
        ("C++11", "c plus plus 11"),
        ("(C#)", "C sharp"),
        ("Grade A+.", "grade A plus"),
    ],
)
def test_written_and_said(one: str, other: str) -> None:
    assert set(query_terms(one).indices) == set(query_terms(other).indices)
    assert set(document_terms(one).indices) == set(document_terms(other).indices)


@pytest.mark.parametrize(
    ("question", "document", "share"),
    [
        ("C++", "vitamin C is good", 1 / 2),
        ("C#", "we use C++ here", 1 / 2),
        ("2,5", "25", 0),
        ("1,0000", "10000", 0),
        ("0.1,000", "0.1000", 1 / 3),
    ],
)
def test_what_is_not_the_same(question: str, document: str, share: float) -> None:
    assert found(question, document) == share


LATIN = st.text(
    st.characters(max_codepoint=0x24F, exclude_characters=",+#") | st.sampled_from(" .'-19"),
)


@given(LATIN)
def test_other_latin_text_is_left_as_it_is(text: str) -> None:
    plain = Bm25(Bm25Config(avg_len=AVERAGE_TERMS, ascii_folding=True))
    assert document_terms(text).indices == plain.embed_document(text).indices
    assert query_terms(text).indices == plain.embed_query(text).indices


# Stored with every segment: other terms are another schema.
PINNED_SCHEMA = 2
PINNED_TERMS = [
    151069542, 264741300, 465439522, 516762017, 660577303, 832131717, 940395164, 946033505,
    1200021954, 1394226660, 1528336298, 1939799981, 1939915661,
]  # fmt: skip


def test_other_terms_are_another_schema() -> None:
    text = "It cost 1,000 euros in C++, as Zoë's 3.5 runners said: 面包。"
    assert (SCHEMA_VERSION, sorted(document_terms(text).indices)) == (PINNED_SCHEMA, PINNED_TERMS)
