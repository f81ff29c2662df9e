"""A reply is read as it arrives: whole claims count, whatever is around them; nothing raises."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.llm.parser import ReplyParser

CLAIM = {"text": "It bakes.", "evidence": [{"sentence": "S1", "quote": "bakes"}]}
OTHER = {"text": "It “cools” {here}, [there].", "evidence": []}
REPLY = json.dumps({"sufficient": True, "claims": [CLAIM, OTHER]})


def parsed(*pieces: str) -> tuple[list[Any], ReplyParser]:
    parser = ReplyParser()
    return [claim for piece in pieces for claim in parser.feed(piece)], parser


@given(st.lists(st.integers(0, len(REPLY)), max_size=20))
def test_it_does_not_matter_where_the_pieces_end(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(REPLY)]
    pieces = [REPLY[a:b] for a, b in pairwise(places)]
    claims, parser = parsed(*pieces)
    assert (claims, parser.sufficient, parser.complete) == ([CLAIM, OTHER], True, True)


def test_a_claim_is_there_as_soon_as_it_is_complete() -> None:
    parser = ReplyParser()
    found = [(n, claim) for n, char in enumerate(REPLY) for claim in parser.feed(char)]
    assert found == [(REPLY.index("}]}") + 2, CLAIM), (len(REPLY) - 3, OTHER)]


@pytest.mark.parametrize("cut", range(len(REPLY)))
def test_what_is_complete_before_a_cut_counts(cut: int) -> None:
    claims, parser = parsed(REPLY[:cut])
    assert claims == [CLAIM, OTHER][: (cut >= REPLY.index("}]}") + 3) + (cut >= len(REPLY) - 2)]
    assert not parser.complete
    assert parser.sufficient is (True if cut > REPLY.index(" ", 3) + 4 else None)


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{REPLY}\n```",
        f"Here is {{the}} reply: {REPLY} {{and more}}",
        f"<think>{{a: 1}} or {{}}</think>\n{REPLY}",
        f'{{"reply": {REPLY}}}',
        f"[{REPLY}]",
        f"{{ {{ {{ {REPLY}",
        f'{{"thought": "none"}} {REPLY}',
        f"\ufeff{REPLY}\x00{REPLY}",
        REPLY + REPLY,
        REPLY.replace('"claims"', '"x": {"claims": [1]}, "y": [[{}]], "z": "}", "claims"'),
        json.dumps(json.loads(REPLY), indent="\t"),
        json.dumps(json.loads(REPLY), ensure_ascii=False),
    ],
)
def test_what_is_around_it_does_not_matter(text: str) -> None:
    for pieces in ([text], list(text)):
        claims, parser = parsed(*pieces)
        assert (claims, parser.complete) == ([CLAIM, OTHER], True)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "}", "null", "Forty minutes.", "{}", '{"a": 1}', "[" * 65_536, '{"a":' * 13_000,
        "{" * 65_536, '{"sufficient": "true", "claims": {}}', "\ud800", '{"\ud800": 1', "{\x00}",
    ],
)  # fmt: skip
def test_what_is_no_reply_gives_nothing(text: str) -> None:
    started = time.perf_counter()
    claims, parser = parsed(text)
    assert (claims, parser.sufficient, parser.complete) == ([], None, False)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ('{"text": "a", "text": "b"}', [{"text": "b"}]),
        ('{"text": NaN}', []),
        ('{"text": 1}, {"text": -Infinity}', [{"text": 1}]),
        ('{"text": 1e999}', []),
        ('"a", 1, null, true, [], {}', ["a", 1, None, True, [], {}]),
        ('{"text": "a\nb"}', [{"text": "a b"}]),
        ('{"text": "\\ud83d\\ude00 \\u0041"}', [{"text": "😀 A"}]),
        ("[[[[[[[[[[[[1]]]]]]]]]]]], 2", [None, 2]),
        ("[" * 60_000, []),
        ("1" * 60_000, []),
    ],
)
def test_claims_of_any_form_are_handed_on(claims: str, expected: list[Any]) -> None:
    found, parser = parsed(f'{{"sufficient": true, "claims": [{claims}]}}')
    assert (found, parser.sufficient) == (expected, True)


def test_no_beats_yes() -> None:
    assert parsed('{"sufficient": true, "sufficient": false')[1].sufficient is False
    assert parsed('{"sufficient": false, "sufficient": true')[1].sufficient is False


def test_nothing_is_read_after_the_reply() -> None:
    claims, _ = parsed(REPLY, ', "claims": [1]}', REPLY)
    assert claims == [CLAIM, OTHER]


texts = st.text(st.sampled_from('{}[]",:\\ \nSs1utf\ud800claims') | st.characters(), max_size=60)


@given(st.lists(texts | st.sampled_from([REPLY, REPLY[:40], REPLY[40:]]), max_size=6))
def test_nothing_raises(pieces: list[str]) -> None:
    claims, parser = parsed(*pieces)
    assert isinstance(claims, list)
    assert parser.complete in (True, False)
