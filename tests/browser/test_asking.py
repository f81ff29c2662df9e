"""Asking in the page: answers with citations, refusals, follow-ups, readers among themselves."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Visitors
from tests.browser.library import DRAFT, SOURDOUGH, VASA, Library
from tests.browser.reading import (
    CITATION,
    another_page,
    ask,
    citations,
    expect_playing,
    question_box,
    span,
)

WHY = "Why did the Vasa sink?"


def test_an_answer_and_its_second_citation(page: Page, library: Library) -> None:
    answer = ask(page, WHY)
    first, second = citations(answer).first, citations(answer).nth(1)
    for chip in (first, second):
        start, end = span(chip)
        assert 0 < start < end
        assert chip.get_attribute("data-video-id") == library.ids[VASA]
        assert (chip.get_attribute("href") or "").startswith(f"/watch/{library.ids[VASA]}#t=")
        expect(chip).to_contain_text(VASA)
    assert answer.locator("[data-refused]").count() == 0
    second.click()
    expect_playing(page, span(second)[0])
    said = answer.inner_text()
    current = page.locator("[data-current]").inner_text().split("\n")[-1]
    assert current in said, "the sentence that is highlighted is the one that is cited"
    marks = page.get_by_role("button", name=re.compile(r"^Cited at "))
    assert marks.count() == len({span(chip) for chip in citations(answer).all()})
    marks.first.click()
    expect_playing(page, span(first)[0])


def test_the_answer_streams_in_before_it_is_whole(page: Page) -> None:
    """What stands there until then says so to a screen reader."""
    box = question_box(page)
    box.fill(WHY)
    seen = page.evaluate_handle(
        """() => {
          const seen = [];
          const look = () => {
            const bot = [...document.querySelectorAll(".ph-busy, .ph-answer")].at(-1);
            const what = !bot ? "nothing" : bot.matches(".ph-busy") ? "busy"
              : bot.matches("[data-answer]") ? "whole" : "growing";
            if (seen.at(-1) !== what) seen.push(what);
          };
          new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
          return seen;
        }"""
    )
    box.press("Enter")
    page.locator("[data-answer]").wait_for()
    assert [what for what in seen.json_value() if what != "nothing"] == ["busy", "growing", "whole"]
    expect(box).to_have_value("")


def test_a_question_that_the_videos_do_not_answer(page: Page) -> None:
    ask(page, "Who won the chess championship in 1972?")
    refused = page.locator("[data-refused]")
    expect(refused).to_be_visible()
    closest = refused.locator(CITATION).first
    closest.click()
    expect(
        page.locator(f"[data-video-id='{closest.get_attribute('data-video-id')}']").first
    ).to_be_visible()


def test_a_question_that_follows_on_another(page: Page) -> None:
    first = ask(page, WHY)
    follow = ask(page, "What was said right after that?")
    assert span(citations(follow).first)[0] >= span(citations(first).first)[1] - 0.5
    assert citations(follow).first.get_attribute("data-video-id") == citations(
        first
    ).first.get_attribute("data-video-id")


def test_two_readers_at_once(visitors: Visitors) -> None:
    """Nothing that one asks shows up at the other; a page that is opened anew is empty."""
    pages = [visitors(), visitors()]
    asked = {WHY: VASA, "How long does a loaf of bread take?": SOURDOUGH}
    for page in pages:
        page.goto("/")
        question_box(page).wait_for()
    for page, question in zip(pages, asked, strict=True):
        question_box(page).fill(question)
    for page in pages:
        question_box(page).press("Enter")
    for page, title in zip(pages, asked.values(), strict=True):
        page.locator("[data-answer]").wait_for()
        chips = page.locator(CITATION)
        assert chips.count() == page.locator(CITATION, has_text=title).count() > 0
        assert page.locator("[data-answer]").count() == 1
    anew = another_page(pages[0])
    question_box(anew).wait_for()
    assert anew.locator("[data-answer]").count() == 0


def test_an_empty_page_suggests_what_it_can_answer(page: Page) -> None:
    suggested = page.locator("button[data-suggested]")
    suggested.first.wait_for()
    assert 4 <= suggested.count() <= 6
    question = suggested.first.inner_text()
    suggested.first.click()
    page.locator("[data-answer]").wait_for()
    expect(page.get_by_text(question, exact=True)).to_be_visible()
    expect(page.locator("[data-refused]")).to_have_count(0)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("[data-answer]")).to_have_count(0)
    expect(suggested.first).to_be_visible()


@pytest.mark.parametrize("word", [None, "It <b>misses</b> the captain"])
def test_a_thumb_is_kept(word: str | None, page: Page, library: Library) -> None:
    answer = ask(page, WHY)
    answer.get_by_role("button", name="Not helpful" if word else "Helpful", exact=True).click()
    if word:
        answer.get_by_role("textbox").fill(word)
        answer.get_by_role("button", name="Send").click()
    expect(answer.get_by_text("Thank you.")).to_be_visible()
    *_, line = (library.home / "feedback.jsonl").read_text("utf-8").splitlines()
    row = json.loads(line)
    assert (row["thumb"], row["word"], row["question"]) == ("down" if word else "up", word, WHY)


def test_a_thumb_without_a_word_is_kept_when_its_reader_turns_away(
    page: Page, library: Library
) -> None:
    answer = ask(page, WHY)
    answer.get_by_role("button", name="Not helpful").click()
    question_box(page).focus()
    expect(answer.get_by_text("Thank you.")).to_be_visible()
    *_, line = (library.home / "feedback.jsonl").read_text("utf-8").splitlines()
    assert (json.loads(line)["thumb"], json.loads(line)["word"]) == ("down", None)


def test_an_empty_question_is_none(page: Page) -> None:
    question_box(page).press("Enter")
    ask(page, WHY)
    assert page.locator("[data-answer]").count() == 1
    expect(page.locator(".ph-question")).to_have_count(1)


def test_an_answer_from_a_draft_says_so(page: Page) -> None:
    answer = ask(page, "When is the meteor shower at its best?")
    expect(citations(answer).first).to_contain_text(DRAFT)
    expect(answer).to_contain_text("draft")
    expect(page.locator("#stage")).to_contain_text("draft")
