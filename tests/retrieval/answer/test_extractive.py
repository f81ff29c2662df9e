"""The engine without a model, on scored evidence alone."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.engine import REASONS, Drafted, Kind, Task
from retrieval.answer.extractive import MAX_MURMURS, MAX_PLACES, MOST, ExtractiveEngine
from retrieval.answer.reading.evidence import ALONE_NOTHING, Evidence
from tests.fakes import segments, video


def evidence(*passages: list[float]) -> list[Evidence]:
    """Evidence in passages, one list of scores for each; each unit's text tells where it is."""
    found = []
    for number, scores in enumerate(passages):
        texts = [f"one whole unit {number}.{position}" for position in range(len(scores))]
        (segment,) = segments(f"v{number}", "|".join(texts))
        for position, (sentence, score) in enumerate(zip(segment.sentences, scores, strict=True)):
            unit = Evidence((sentence,), segment, video(f"v{number}"), score, number, position)
            found.append(unit)
    return found


def draft(found: Sequence[Evidence], kind: Kind = "moment") -> Drafted:
    """What the engine makes; it yields just the claims that it returns."""
    drafting = ExtractiveEngine().draft(Task("?", tuple(found), kind))
    yielded = []
    while True:
        try:
            yielded.append(next(drafting))
        except StopIteration as end:
            drafted: Drafted = end.value
            assert tuple(yielded) == drafted.claims
            return drafted


def shown(*passages: list[float]) -> list[str]:
    drafted = draft(evidence(*passages))
    return [claim.text for claim in drafted.claims]


def test_the_best_unit_and_what_was_said_next() -> None:
    assert shown([0.6, 0.9, 0.1, 0.2]) == ["one whole unit 0.1", "one whole unit 0.2"]


def said(*pairs: tuple[str, float]) -> list[str]:
    """What is shown of one passage, of sentences with scores."""
    (segment,) = segments("v", "|".join(text for text, _ in pairs))
    found = [
        Evidence((sentence,), segment, video("v"), score, 0, position)
        for position, (sentence, (_, score)) in enumerate(
            zip(segment.sentences, pairs, strict=True)
        )
    ]
    return [claim.text for claim in draft(found).claims]


BEST = ("The case is made of titanium.", 0.9)
NEXT = ("It was too expensive.", 0.2)


def test_murmurs_are_not_what_was_said_next() -> None:
    assert said(BEST, ("Yeah.", -1.0), ("Mm-hmm.", -1.0), NEXT) == [BEST[0], NEXT[0]]
    assert said(BEST, ("Yeah.", -1.0)) == [BEST[0]]
    assert said(BEST, *[("Yeah.", -1.0)] * (MAX_MURMURS + 1), NEXT) == [BEST[0]]


def test_what_comes_after_a_question_is_not_what_was_said_next() -> None:
    assert said(BEST, ("Who writes the report?", -1.0), NEXT) == [BEST[0]]


def test_a_short_answer_with_what_it_replies_to_and_what_was_said_next() -> None:
    asked, answer = ("Is it made of titanium?", -1.0), ("Yes.", 0.9)
    both = [asked[0], answer[0]]
    assert said(asked, answer, ("All of it.", -1.0), NEXT) == [*both, "All of it."]
    assert said(asked, answer, NEXT) == [*both, NEXT[0]]
    assert said(asked, answer, ("Why?", -1.0), NEXT) == both
    assert said(BEST, asked, ("Nobody knows.", -1.0), NEXT) == [BEST[0]]


def test_what_can_be_understood_alone_stands_without_the_question() -> None:
    asked, answer = ("Is it made of titanium?", -1.0), ("It is titanium, all of it.", 0.9)
    assert said(asked, answer) == [answer[0]]
    assert said(NEXT, ("All of it.", 0.9)) == ["All of it."]


def test_what_comes_after_a_gap_was_not_said_next() -> None:
    first, _, third = evidence([0.9, 0.1, 0.2])
    assert len(draft([first, third]).claims) == 1


def test_the_last_unit_of_a_passage_has_no_next() -> None:
    assert shown([0.1, 0.9], [0.2, 0.1]) == ["one whole unit 0.1"]


def test_a_second_place_that_fits_nearly_as_well() -> None:
    assert shown([0.85, 0.1], [0.1, 0.9, 0.0]) == [
        "one whole unit 1.1",
        "one whole unit 1.2",
        "one whole unit 0.0",
        "one whole unit 0.1",
    ]


def test_a_second_place_that_fits_less_well_is_not_shown() -> None:
    assert shown([0.75, 0.1], [0.9, 0.0]) == ["one whole unit 1.0", "one whole unit 1.1"]


def test_a_second_place_in_the_same_passage_is_not_shown() -> None:
    assert shown([0.9, 0.0, 0.9, 0.1]) == ["one whole unit 0.0", "one whole unit 0.1"]


def test_what_is_said_twice_is_shown_once() -> None:
    found = evidence([0.9], [0.9])
    (segment,) = segments("w", found[0].text)
    again = Evidence(segment.sentences, segment, video("w"), 0.9, 1, 0)
    drafted = draft([found[0], again])
    assert [claim.text for claim in drafted.claims] == ["one whole unit 0.0"]


def test_what_is_said_twice_takes_no_place_from_another() -> None:
    found = evidence([0.9], [0.0], [0.88])
    (segment,) = segments("w", found[0].text)
    found[1] = Evidence(segment.sentences, segment, video("w"), 0.9, 1, 0)
    drafted = draft(found)
    assert [claim.text for claim in drafted.claims] == ["one whole unit 0.0", "one whole unit 2.0"]


def test_what_follows_two_places_is_shown_once() -> None:
    found = evidence([0.9, 0.1], [0.89, 0.1])
    (segment,) = segments("w", found[1].text)
    found[3] = Evidence(segment.sentences, segment, video("w"), 0.1, 1, 1)
    drafted = draft(found)
    assert [claim.text for claim in drafted.claims] == [
        "one whole unit 0.0",
        "one whole unit 0.1",
        "one whole unit 1.0",
    ]
    assert drafted.claims[1].evidence == (found[1],)


def test_what_proves_nothing_is_no_evidence() -> None:
    drafted = draft(evidence([ALONE_NOTHING, ALONE_NOTHING]))
    assert (drafted.claims, drafted.reason) == ((), "no_evidence")


def test_whether_it_suffices_was_judged_before() -> None:
    assert shown([0.1]) == ["one whole unit 0.0"]


def test_of_whole_videos_the_best_units_are_shown_in_their_order() -> None:
    found = evidence([0.1, 0.9, 0.2], [0.8, 0.7, 0.6], [0.5, 0.4])
    claims = [claim.text for claim in draft(found, "summary").claims]
    best = sorted(found, key=lambda unit: -unit.score)[: MOST["summary"]]
    assert claims == [unit.text for unit in found if unit in best]


def test_no_evidence_at_all() -> None:
    assert draft([]).reason == "no_evidence"


SCORES = st.lists(st.floats(min_value=-1, max_value=1.3), min_size=1, max_size=5)


@given(st.lists(SCORES, max_size=5))
def test_whatever_the_scores(passages: list[list[float]]) -> None:
    found = evidence(*passages)
    drafted = draft(found)
    cited = [unit for claim in drafted.claims for unit in claim.evidence]
    assert len(cited) == len(set(cited)) == len(drafted.claims)
    assert {unit.passage for unit in cited} <= set(range(len(passages)))
    assert len({unit.passage for unit in cited}) <= MAX_PLACES
    assert [claim.text for claim in drafted.claims] == [unit.text for unit in cited]
    best = max((unit.score for unit in found), default=-1.0)
    assert bool(drafted.claims) == (best >= 0)
    assert (drafted.reason is None) == bool(drafted.claims)
    assert drafted.reason in {None, *REASONS}
    if cited:
        assert cited[0].score == best
