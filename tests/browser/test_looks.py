"""The page on a phone, and at night."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Visitors
from tests.browser.library import VASA, Library
from tests.browser.reading import ask, citations, expect_playing, open_library, question_box, span

PHONE = {"width": 360, "height": 740}
_SPILLS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def phone(visitors: Visitors) -> Page:
    page = visitors(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page.goto("/")
    question_box(page).wait_for()
    return page


def test_a_phone_asks_and_watches(phone: Page) -> None:
    """Nothing lies beside the screen, and who taps a citation sees it play."""
    answer = ask(phone, "Why did the Vasa sink?")
    assert phone.evaluate(_SPILLS) == 0
    expect(question_box(phone)).to_be_in_viewport()
    chip = citations(answer).first
    chip.tap()
    expect_playing(phone, span(chip)[0])
    expect(phone.locator("#player")).to_be_in_viewport()
    assert phone.evaluate(_SPILLS) == 0


def test_a_phone_in_the_library_and_on_a_shared_link(phone: Page, library: Library) -> None:
    open_library(phone)
    assert phone.evaluate(_SPILLS) == 0
    phone.get_by_role("button", name=f"Transcript of {VASA}").tap()
    expect(phone.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    assert phone.evaluate(_SPILLS) == 0
    phone.goto(f"/watch/{library.ids[VASA]}#t=66,70")
    expect_playing(phone, 66.0)
    expect(phone.locator("#player")).to_be_in_viewport()
    assert phone.evaluate(_SPILLS) == 0


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_readers_own_colours(scheme: str, *, dark: bool, visitors: Visitors) -> None:
    page = visitors(color_scheme=scheme)
    page.goto("/")
    question_box(page).wait_for()
    # Each channel of the page's ground, 0 to 255.
    ground = page.evaluate(
        "() => getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3)"
    )
    assert all((float(channel) < 60) == dark for channel in ground), ground
