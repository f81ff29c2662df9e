"""Questions made of sentences: few, and each makes sense alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.sentence_questions import question_from

ASKED = {
    "To find the distance to the storm, you count the seconds between the flash and the thunder.": (
        "How do you find the distance to the storm?"
    ),
    "to find the distance to the storm you count the seconds between the flash and the sound": (
        "How do you find the distance to the storm?"
    ),
    "In order to keep the starter alive, feed it every day.": "How do you keep the starter alive?",
    "And then, to rotate the focus area again, drag one of the white circles.": (
        "How do you rotate the focus area?"
    ),
    "If you want to hide the filter from my image, activate the smart filter mask.": (
        "How do you hide the filter from your image?"
    ),
    "If you have a fever, you should call the office before ten.": (
        "What should you do if you have a fever?"
    ),
    "When the alarm rings, the doors of the hall close.": "What happens when the alarm rings?",
    "If I press the Shift key, it will constrain the motion.": (
        "What happens if you press the Shift key?"
    ),
    "The Vasa sank because too much of her weight lay too high.": "Why is it that the Vasa sank?",
    "The reason that bread rises is that yeast makes gas.": "Why is it that bread rises?",
    "The best way to learn is to teach somebody else.": "What is the best way to learn?",
    "The difference between a llama and an alpaca is the size of the ears.": (
        "What is the difference between a llama and an alpaca?"
    ),
    "The temperature of lightning is about five times higher than that of the sun.": (
        "What is the temperature of lightning?"
    ),
    "There are three kinds of clouds in the sky.": "How many kinds of clouds are there?",
    "The ship was 69 metres long.": "How long was the ship?",
    "The process takes about four hours at room temperature.": "How long does the process take?",
    "The tickets cost 15 dollars at the door.": "How much do the tickets cost?",
    "The voyage lasted twenty minutes in all.": "How long did the voyage last?",
    "The statue weighs almost 3 tons.": "How much does the statue weigh?",
    "The budget committee was founded in the 1970s.": "When was the budget committee founded?",
    "The lens was ground in Paris by Fresnel.": "Where was the lens ground?",
    "The rod was invented by Benjamin Franklin.": "By whom was the rod invented?",
    "Gustavus Adolphus ordered the ship in 1625.": "Who ordered the ship in 1625?",
    "In 1628 the great ship sank in the harbour.": "What happened in 1628?",
    "HTTP stands for hypertext transfer protocol.": "What does HTTP stand for?",
    "So a closure is a function that remembers its scope.": "What is a closure?",
}
NOT_ASKED = [
    "To do that, go to the Tools panel and click on the first tool.",
    "To move the text where we want it in our design, select the Move tool.",
    "To be honest, I do not know the answer to this.",
    "To sum up, you should feed the starter every day.",
    "To find one that works for you, first select a category of documents.",
    "It is because they said so in the meeting.",
    "If you look at the layers panel, you can see that the layer is there.",
    "If you're following along, you can use this image from the practice files.",
    "The first thing is a good idea for all of you.",
    "The problem was the size of the budget.",
    "Never stand under a tree, because lightning strikes the tallest objects.",
    "That was a real time-saver because the program created a layer mask.",
    "You created your own action and used it twice.",
    "Das Schiff sank, weil es zu schwer war.",
    "パンはイーストがガスを作るのでふくらみます。",
    "Thank you.",
    "",
]


@pytest.mark.parametrize("sentence", ASKED)
def test_sentences_that_ask(sentence: str) -> None:
    assert question_from(sentence) == ASKED[sentence]


@pytest.mark.parametrize("sentence", NOT_ASKED)
def test_sentences_from_which_no_question_is_safe(sentence: str) -> None:
    assert question_from(sentence) is None


@given(st.text(max_size=200) | st.lists(st.sampled_from(" ".join(ASKED).split())).map(" ".join))
def test_a_question_is_short_and_on_one_line(sentence: str) -> None:
    question = question_from(sentence)
    if question is not None:
        assert question == " ".join(question.split())
        assert question.endswith("?")
        assert question[0].isupper()
        assert len(question.split()) <= 18
