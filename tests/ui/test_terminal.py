"""An answer in the terminal, where its kind decides how it reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playhead.types import Answer, Citation, Claim, Hit, Segment, Sentence
from retrieval.answer.wording import LOW_CONFIDENCE
from tests.fakes import video
from ui.terminal import print_answer, print_hits

CITED = (
    Citation(1, "a" * 16, "Bread", 5.0, 9.0, "Salt slows it.", "a:0", "https://v.example/a.mp4"),
    Citation(2, "b" * 16, "Soup", 65.0, 69.0, "Salt it last.", "b:0", "https://v.example/b.mp4"),
)
OWN_WORDS = Answer(
    "Which videos mention salt?",
    tuple(Claim(citation.quote, (citation.n,)) for citation in CITED),
    CITED,
    refused=False,
    reason=None,
    engine="extractive",
    passages=(),
    kind="mentions",
)


def shown(answer: Answer, capsys: pytest.CaptureFixture[str]) -> str:
    print_answer(answer)
    return capsys.readouterr().out


def test_of_several_videos_each_claim_has_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(OWN_WORDS, capsys) == (
        "- Bread: Salt slows it. [1]\n- Soup: Salt it last. [2]\n"
        "\n[1] Bread, 0:05\n    https://v.example/a.mp4#t=5\n"
        "\n[2] Soup, 1:05\n    https://v.example/b.mp4#t=65\n"
    )


def test_a_claim_about_two_videos_has_both_titles_and_their_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = replace(OWN_WORDS, claims=(Claim("Both speak of salt.", (1, 2)),), engine="llm:tiny")
    out = shown(both, capsys)
    assert out.startswith("- Bread; Soup: Both speak of salt. [1][2]\n")
    assert "“Salt slows it.”" in out
    assert "“Salt it last.”" in out


def test_of_one_video_a_title_before_each_would_be_idle(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = replace(
        OWN_WORDS, kind="summary", citations=tuple(replace(c, title="Bread") for c in CITED)
    )
    assert shown(one, capsys).startswith("- Salt slows it. [1]\n- Salt it last. [2]\n\n[1] Bread")


def test_an_answer_about_a_moment_is_running_text_with_its_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = shown(replace(OWN_WORDS, kind="moment"), capsys)
    assert out.startswith("Salt slows it. [1] Salt it last. [2]\n\n[1] Bread, 0:05\n    “Salt")


def test_a_long_claim_goes_on_under_its_first_word(capsys: pytest.CaptureFixture[str]) -> None:
    long = replace(OWN_WORDS, claims=(Claim("salt " * 60, (1,)),))
    first, second, *_ = shown(long, capsys).splitlines()
    assert first.startswith("- Bread: salt ")
    assert second.startswith("  salt ")


ANN, DOUBTED = replace(CITED[0], speaker="Ann Lee"), replace(CITED[1], doubt="silence")
SPOKEN = replace(OWN_WORDS, citations=(ANN, DOUBTED))


def test_a_quote_says_who_says_it_and_whether_it_may_be_made_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shown(replace(SPOKEN, kind="moment"), capsys) == (
        f"Salt slows it. [1] Salt it last. [2] ({LOW_CONFIDENCE})\n"
        "\n[1] Bread, 0:05\n    Ann Lee: “Salt slows it.”\n    https://v.example/a.mp4#t=5\n"
        f"\n[2] Soup, 1:05 ({LOW_CONFIDENCE})\n    “Salt it last.”\n"
        "    https://v.example/b.mp4#t=65\n"
    )


def test_so_does_a_claim_that_is_the_quote(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(SPOKEN, capsys) == (
        f"- Bread: Salt slows it. [1]\n- Soup: Salt it last. [2] ({LOW_CONFIDENCE})\n"
        "\n[1] Bread, 0:05, Ann Lee\n    https://v.example/a.mp4#t=5\n"
        f"\n[2] Soup, 1:05 ({LOW_CONFIDENCE})\n    https://v.example/b.mp4#t=65\n"
    )


def test_a_model_s_claim_from_what_may_be_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    claims = (Claim("Salt it twice.", (1, 2)), Claim("Salt it.", (1,)))
    out = shown(replace(SPOKEN, claims=claims, kind="moment"), capsys)
    assert out.startswith(f"Salt it twice. [1][2] ({LOW_CONFIDENCE}) Salt it. [1]\n")


def test_a_draft_in_doubt_is_both(capsys: pytest.CaptureFixture[str]) -> None:
    both = replace(SPOKEN, citations=(ANN, replace(DOUBTED, draft=True)))
    heading = f"[2] Soup, 1:05 (draft transcript: listen) ({LOW_CONFIDENCE})"
    assert heading in shown(both, capsys)


def test_the_closest_moments_of_a_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    refused = replace(SPOKEN, claims=(), citations=(), refused=True, closest=(ANN, DOUBTED))
    out = shown(refused, capsys)
    assert "  - Bread, 0:05\n    Ann Lee: “Salt slows it.”\n" in out
    assert f"  - Soup, 1:05 ({LOW_CONFIDENCE})\n    “Salt it last.”\n" in out


def hits(*sentences: Sentence, capsys: pytest.CaptureFixture[str]) -> str:
    source = "https://v.example/a.mp4"
    segment = Segment("a:0", "a", 0, 5.0, 9.0, sentences)
    print_hits([Hit(segment, 0.5, video("a", "Bread", source=source))])
    first, *said, last = capsys.readouterr().out.splitlines()
    assert last == f"    {source}#t=5"
    return "\n".join([first, *said])


def test_a_hit_turn_by_turn(capsys: pytest.CaptureFixture[str]) -> None:
    said = [("Ann", "Salt it?"), ("Bob", "Yes."), ("Bob", "Last."), (None, "No.")]
    sentences = [Sentence(text, 5, 6, speaker=speaker) for speaker, text in said]
    assert hits(*sentences, capsys=capsys) == (
        " 1. Bread, 0:05-0:09\n    Ann: “Salt it?”\n    Bob: “Yes. Last.”\n    “No.”"
    )


def test_a_hit_with_what_may_be_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = [Sentence("Salt it.", 5, 6), Sentence("Thank you.", 6, 9, doubt="repetition")]
    assert hits(*sentences, capsys=capsys) == (
        f" 1. Bread, 0:05-0:09 ({LOW_CONFIDENCE})\n    Salt it. Thank you."
    )
