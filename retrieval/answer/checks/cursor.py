"""A text's tokens as numbers are read off them: what stands where, and what belongs together."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.checks import vocabulary as words
from retrieval.answer.checks.digits import spelled_numbers
from retrieval.answer.checks.words import Token


class Cursor:
    """The tokens of a text, with its spelled-out numbers and its language's units."""

    def __init__(self, tokens: Sequence[Token], language: str) -> None:
        self.tokens = tokens
        self.language = language
        self.english = language == words.ENGLISH
        self.units = words.UNITS[language]
        self.spelled = spelled_numbers(tokens, language)

    def text(self, at: int) -> str:
        """The token's text; "" beyond the end."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def joins(self, at: int) -> bool:
        """Whether there is a token and no mark before it."""
        return 0 < at < len(self.tokens) and not self.tokens[at].breaks

    def follows(self, at: int, *phrase: str) -> bool:
        """Whether these words stand here, with no mark before any."""
        return all(self.text(at + n) == w and self.joins(at + n) for n, w in enumerate(phrase))

    def dotted(self, at: int) -> bool:
        """Whether only a full stop stands before: `Sept. 5`, `10. März`."""
        return at < len(self.tokens) and self.tokens[at].gap.strip() == "."

    def is_numeric(self, at: int) -> bool:
        """Whether a token is a number or part of one."""
        if not 0 <= at < len(self.tokens):
            return False
        spelled = any(start <= at < number.end for start, number in self.spelled.items())
        return self.tokens[at].is_number or spelled
