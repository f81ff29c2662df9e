"""Words that a recogniser may have made up carry a mark wherever the page shows them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.chromium import Visitors
from tests.browser.library import DRAFT, LOW_CONFIDENCE, METEORS
from tests.browser.reading import another_page, ask, citations, expect_current, open_library
from tests.browser.test_accessibility import assert_accessible


def test_what_may_be_made_up_is_marked_wherever_it_is_shown(visitors: Visitors) -> None:
    page = visitors(bypass_csp=True)
    page.goto("/")
    page.get_by_label("Ask your videos").wait_for()
    answer = ask(page, "When is the meteor shower at its best?")
    expect(answer.locator(".ph-doubt")).to_have_text(LOW_CONFIDENCE)
    citations(answer).first.click()
    expect_current(page, f"{METEORS} {LOW_CONFIDENCE}")
    assert_accessible(page)
    watching = another_page(page, citations(answer).first.get_attribute("href") or "")
    expect_current(watching, f"{METEORS} {LOW_CONFIDENCE}")
    another = another_page(page)
    open_library(another)
    another.get_by_role("button", name=f"Transcript of {DRAFT}").click()
    expect(another.get_by_role("dialog")).to_contain_text(f"{METEORS} {LOW_CONFIDENCE}")


def test_what_was_surely_said_is_not(page: Page) -> None:
    answer = ask(page, "Why did the Vasa sink?")
    citations(answer).first.click()
    expect(page.locator("[data-current]")).to_be_visible()
    expect(page.locator(".ph-doubt")).to_have_count(0)
