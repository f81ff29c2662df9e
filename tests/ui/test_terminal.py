"""An answer in the terminal, where its kind decides how it reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playhead.types import Answer, Citation, Claim
from ui.terminal import print_answer

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
