"""Whether a claim's numbers and dates are those that were said, of the same things.

A number must have been said with its value, its unit, and how exact it is ("up to 40" is not 40;
"40" may become "about 40"). Where several numbers were said they must not change places: a word
that stands with a number in the claim must have been said with that very number. In doubt a claim
is refused. English, German, French, Spanish, Portuguese, Italian, Dutch and Danish number words
are read, elsewhere digits and Chinese numerals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from retrieval.answer.checks.binding import Read, read, stands_alike, told_apart
from retrieval.answer.checks.quantities import language_of, numbers_in
from retrieval.answer.checks.quantity import Quantity, Value
from retrieval.answer.checks.said import Said
from retrieval.answer.checks.vocabulary import MONEY, MONEY_WORDS, SCALED

__all__ = ["check_numbers", "numbers_in"]

NOT_SAID = "has numbers that were not said"
OTHER_UNIT = "gives numbers another unit than was said"
OTHER_SENSE = "makes numbers more or less exact than was said"
OTHER_THING = "gives numbers to other things than was said"
_REASONS = (NOT_SAID, OTHER_UNIT, OTHER_SENSE)
_NEAR = 6
"""So many words around a number its unit may stand, where it does not follow it."""

_WEAKER = {("about", None), ("about", "almost"), ("about", "exactly"), (None, "only"),
           (None, "exactly"), ("about", "only")}  # fmt: skip
"""What a claim may make of how exact a number was said to be: `(claim's, said)`."""

_OF_TIME = frozenset({"before", "after", "until", "since", "by", "every"})
_NEUTRAL = frozenset({None, "at", "in"})
_CENTURY = 100
_HOUR = 60
_NOON = 12
_DAY = 24


def check_numbers(claim: str, said: Said) -> str | None:
    """Why a claim's numbers or dates are not those of what was said; None if they are.

    Args:
        claim: what a model states.
        said: the sentences that it cites; a title's or speaker's numbers ("Student 3") count with
            the words beside them.
    """
    language = language_of(said.language)
    claimed = read([claim], language)
    spoken = read(said.texts, language)
    titles = [read([title], language) for title in (*said.titles, *said.speakers)]
    found: list[tuple[Quantity, list[Quantity]]] = []
    missing: dict[str, list[str]] = {}
    for quantity in claimed.quantities:
        if not quantity.firm:
            continue
        reason, matching = _matching(quantity, claimed, spoken)
        if matching:
            found.append((quantity, matching))
        elif not any(_in_title(quantity, claimed, title, spoken) for title in titles):
            missing.setdefault(reason, []).append(claimed.written(quantity))
    if missing:
        return "; ".join(f"{reason}: {', '.join(names)}" for reason, names in missing.items())
    swapped = _swapped(found, claimed, spoken)
    return f"{OTHER_THING}: {', '.join(swapped)}" if swapped else None


def _matching(claimed: Quantity, claim: Read, spoken: Read) -> tuple[str, list[Quantity]]:
    """What was said that a claim's number may be; where there is none, why not."""
    best = 0
    matching: list[Quantity] = []
    for said in spoken.quantities:
        level = _level(claimed, said, claim, spoken)
        best = max(best, level)
        if level == len(_REASONS):
            matching.append(said)
    return _REASONS[min(best, len(_REASONS) - 1)], matching


def _level(claimed: Quantity, said: Quantity, claim: Read, spoken: Read) -> int:
    """How far two agree: 0 not in value, 1 in value, 2 in the unit too, 3 in all."""
    if not _same_value(claimed, said, claim, spoken):
        return int(claimed.kind == said.kind == "number" and claimed.values == said.values)
    if not _same_unit(claimed, said, spoken):
        return int(claimed.kind != "day")
    return 3 if _same_sense(claimed, said, claim, spoken) else 2


def _same_value(  # noqa: PLR0911 - one for each pair of kinds
    claimed: Quantity, said: Quantity, claim: Read, spoken: Read
) -> bool:
    match claimed.kind, said.kind:
        case "number", "number":
            return _sizes(claimed, said) <= _sizes(said, claimed)
        case "word", "day":
            return claimed.values == {said.unit}
        case "ordinal" | "day", "day" | "ordinal":
            return claimed.values == said.values
        case "decade", "decade":
            return _same_decade(claimed, said)
        case "number" | "clock" | "pair", "pair":
            return _same_pair(claimed, said, claim, spoken)
        case "number" | "clock" | "pair", "clock":
            return _same_time(claimed, said)
        case one, other:
            return one == other and claimed.values == said.values


def _sizes(quantity: Quantity, other: Quantity) -> frozenset[Value]:
    """Its values, in the smallest unit of the kind where the other is of the same kind."""
    one, two = SCALED.get(quantity.unit or ""), SCALED.get(other.unit or "")
    if one is None or two is None or one[0] != two[0]:
        return quantity.values
    return frozenset(
        value if isinstance(value, str) else value * one[1] for value in quantity.values
    )


def _same_decade(claimed: Quantity, said: Quantity) -> bool:
    """`the nineties` are the 1990s."""
    (one,), (other,) = claimed.values, said.values
    if isinstance(one, str) or isinstance(other, str):
        return False
    full = [value + 1900 if value < _CENTURY else value for value in (one, other)]
    return full[0] == full[1]


def _same_pair(claimed: Quantity, said: Quantity, claim: Read, spoken: Read) -> bool:
    """`sixteen twenty-eight` is 1628; `nine thirty` 9:30; `two ninety`, of money, 2.90."""
    hour, rest = said.parts or (0, 0)
    if claimed.kind == "pair":
        return claimed.parts == said.parts
    if claimed.kind == "clock":
        return claimed.values == {_HOUR * hour + rest} and claimed.unit is None
    money = said.unit in MONEY or any(
        token.text in MONEY_WORDS or token.text in MONEY or token.text.rstrip("s") in MONEY
        for token in spoken.tokens
    )
    if money:
        return {value * 100 for value in claimed.values if not isinstance(value, str)} == set(
            said.values
        )
    year = 10 <= hour <= 20 and claimed.values == said.values  # noqa: PLR2004
    follows, followed = claim.next_stem(claimed), spoken.next_stem(said)
    return year and follows in {None, followed}


def _same_time(claimed: Quantity, said: Quantity) -> bool:
    """Times of day: one without morning or evening may be either."""
    if claimed.kind == "pair":
        hour, rest = claimed.parts or (0, 0)
        times = {Fraction(_HOUR * hour + rest)}
    else:
        times = {value for value in claimed.values if not isinstance(value, str)}
        if claimed.kind == "number":
            if claimed.unit not in {None, "oclock"} or not all(0 <= t <= _DAY for t in times):
                return False
            times = {value * _HOUR for value in times}
    half = _NOON * _HOUR
    if claimed.kind == "clock" and claimed.unit == "fixed":
        return said.unit == "fixed" and times == said.values
    return {time % half for time in times} == {
        value % half for value in said.values if not isinstance(value, str)
    }


def _same_unit(claimed: Quantity, said: Quantity, spoken: Read) -> bool:
    if claimed.kind in {"word", "clock"} or said.kind == "clock" or claimed.unit is None:
        return True
    if claimed.unit == said.unit:
        return True
    if claimed.kind in {"day", "ordinal"}:
        return False
    one, other = SCALED.get(claimed.unit), SCALED.get(said.unit or "")
    if one and other and one[0] == other[0]:
        return True
    if claimed.unit == "degree" and said.unit in {"celsius", "fahrenheit"}:
        return True
    return said.unit is None and claimed.unit in spoken.units_near(said, _NEAR)


def _same_sense(claimed: Quantity, said: Quantity, claim: Read, spoken: Read) -> bool:
    """How exact it is, the other end of its range, and what its preposition makes of it."""
    if claimed.kind == "word":
        return (
            said.kind == "day"
            or claimed.role == said.role
            or not ({claimed.role, said.role} & _OF_TIME)
        )
    exact = claimed.compared == said.compared or (claimed.compared, said.compared) in _WEAKER
    if claimed.partner and said.partner:
        return exact and claimed.partner == said.partner
    alone = claimed.partner is None and (said.partner is None or said.spans)
    return exact and alone and _same_role(claimed, said, claim, spoken)


def _same_role(claimed: Quantity, said: Quantity, claim: Read, spoken: Read) -> bool:
    """What prepositions make of a number: "until 9" is not "at 9", nor "to 5" "by 5"."""
    roles = {claimed.role, said.role}
    if len(roles) == 1 or not (claimed.governs or said.governs):
        return True  # "45 pence a mile" is "45 pence per mile".
    if said.spans or "every" in roles:
        return False
    if claimed.role is None:
        before = claim.stem_before(claimed)
        return said.role != "to" or before is None or before != spoken.stem_before(said, skip=1)
    if claimed.role == "to" and said.role is None:
        return not claim.changes_before(claimed)
    return roles <= _NEUTRAL or roles == {"to", "at"}


def _in_title(quantity: Quantity, claim: Read, title: Read, spoken: Read) -> bool:
    """Whether a video's title has it, with the same word beside it, which was not said."""
    beside = claim.stems_beside(quantity) - set(spoken.words.values())
    return any(
        _level(quantity, other, claim, title) == len(_REASONS)
        and beside & title.stems_beside(other)
        for other in title.quantities
    )


def _swapped(
    found: Sequence[tuple[Quantity, list[Quantity]]], claim: Read, spoken: Read
) -> list[str]:
    """The numbers that stand with words, or in an order, other than was said."""
    if len({(said.values, said.unit) for said in spoken.governors}) < 2:  # noqa: PLR2004
        return []
    wrong = [
        claim.written(quantity)
        for quantity, matching in found
        if quantity.governs and not stands_alike(quantity, matching, claim, spoken)
    ]
    wrong += _out_of_order([pair for pair in found if pair[0].governs], claim, spoken)
    return list(dict.fromkeys(wrong))


def _out_of_order(
    found: Sequence[tuple[Quantity, list[Quantity]]], claim: Read, spoken: Read
) -> Iterator[str]:
    """Numbers in another order than was said, where no word shows which of them each is."""
    reached = -1
    for n, (quantity, matching) in enumerate(found):
        later = [said.start for said in matching if said.start > reached]
        same = [said.start for said in matching if said.start == reached and len(matching) == 1]
        if not later and not same:
            around = found[max(0, n - 1) : n + 1]
            if not all(told_apart(*pair, claim, spoken) for pair in around):
                yield claim.written(quantity)
            later = [said.start for said in matching]
        reached = min(later or same)
