"""Everybody can use the page: axe-core finds nothing to complain about, light or dark."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chromium import Visitors
from tests.browser.reading import another_page, ask

Scheme = Literal["light", "dark"]


@pytest.fixture(params=["light", "dark"])
def reader(visitors: Visitors, request: pytest.FixtureRequest) -> Page:
    """A page that axe may look into, which the page's own policy forbids to scripts."""
    scheme: Scheme = request.param
    page = visitors(bypass_csp=True, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/")
    page.get_by_label("Ask your videos").wait_for()
    return page


def test_the_conversation_and_the_player(reader: Page) -> None:
    reader.locator("[data-suggested]").first.wait_for()
    assert_accessible(reader)
    ask(reader, "Why did the Vasa sink?")
    expect(reader.locator("[data-answer]")).to_have_count(1)
    ask(reader, "Who won the chess championship in 1972?")
    expect(reader.locator("[data-refused]")).to_be_visible()
    reader.locator("a[data-citation]").first.click()
    expect(reader.locator("[data-current]")).to_be_visible()
    assert_accessible(reader)


def test_the_library(reader: Page) -> None:
    reader.get_by_role("tab", name="Library").click()
    reader.get_by_role("button", name="Add videos").click()
    expect(reader.get_by_text("Why the Vasa sank")).to_be_visible()
    assert_accessible(reader)


def test_a_page_of_its_own(reader: Page) -> None:
    ask(reader, "Why did the Vasa sink?")
    href = reader.locator("a[data-citation]").first.get_attribute("href")
    watching = another_page(reader, href or "")
    expect(watching.locator("[data-current]")).to_be_visible()
    assert_accessible(watching)


def assert_accessible(page: Page) -> None:
    """Nothing that axe-core is sure of."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
