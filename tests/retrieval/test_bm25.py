"""Terms: what BM25 sees of a text."""

from __future__ import annotations

import pytest

from retrieval.bm25 import document_terms, query_terms


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
