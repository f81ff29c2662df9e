"""Whether a question leans on what was asked before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.questions.leaning import own_words, taken_apart

LEANING = """\
why?
Why not?
how long?
How many grams?
which one?
who was it?
Who said that?
What does it do to the dough?
How much salt do I add to it?
What did she say about the budget?
How does he test the stability?
what about the salt?
How about rye?
and the crust?
and sourdough?
and in winter?
and how much for two loaves?
Does that always work?
what else?
tell me more
are you sure about that?
Where was that?
Can I still use it?
Why is that knot useful?
And who won?
Warum?
Und wer war das?
Wie lange denn?
Et après ?
Combien de temps ?
¿Por qué?
¿Y cuándo fue eso?""".splitlines()

ALONE = """\
What is sourdough?
How long does it take to bake a loaf?
Is it possible to work fewer hours?
How much did it cost to build the Vasa?
How hot does it get inside a bolt of lightning?
Would it still save money if parents were paid for the return trip?
What did Slocum call his boat?
Why did the team drop its plan?
What went wrong with the backups and what will be done about it?
I made an action, now how do I save it?
What do they say about the salt?
What did they decide about the fee?
How do I know that the bread is done?
Is there a museum?
Are there any cannons there?
What happened this year?
When is the next meeting?
and what is the maximum load?
How to bake bread
salt
Thanks!
How many grams of salt are in the dough?
Was kostet das Mehl?
Où est le sel ?""".splitlines()


@pytest.mark.parametrize("question", LEANING)
def test_leaning(question: str) -> None:
    assert taken_apart(question).leans


@pytest.mark.parametrize("question", ALONE)
def test_alone(question: str) -> None:
    assert not taken_apart(question).leans


def test_hardly_a_question_of_this_repository_leans() -> None:
    """They were asked with nothing before them. Three lean; two of these by a late "it"."""
    data = Path(__file__).parents[4] / "eval" / "data"
    asked = []
    for name in ("demo", "recordings"):
        rows = (data / name / "questions.jsonl").read_text("utf-8").splitlines()
        asked += [json.loads(row)["question"] for row in rows]
    assert len([question for question in asked if taken_apart(question).leans]) <= 3


def test_words_of_a_subject() -> None:
    assert own_words("How long does the loaf's crust bake?") == ["loaf's", "crust", "bake"]
    assert own_words("What did she say then?") == []


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart(question: str) -> None:
    asked = taken_apart(question)
    assert asked.leans or asked.own
