"""What may be asked: the one place where a question is checked."""

from __future__ import annotations

from playhead.errors import QuestionError

MAX_QUESTION_CHARACTERS = 2_000


def clean_question(text: str) -> str:
    """The question with single spaces.

    Raises:
        QuestionError: it is empty, no text, or longer than `MAX_QUESTION_CHARACTERS`.
    """
    question = " ".join(text.split())
    if not question:
        raise QuestionError("the question is empty", "Ask something")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"the question has {len(question):,} characters, at most "
            f"{MAX_QUESTION_CHARACTERS:,} are read",
            "Ask a shorter one",
        )
    # What the shell hands over that is not UTF-8 arrives as lone surrogates, which no model reads.
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("the question is not UTF-8 text", "Set the terminal to UTF-8")
    return question
