"""Watching: the player goes to the moment, in whatever video it is, wherever that lies."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.chromium import Visitors
from tests.browser.library import (
    GLACIER,
    GLACIER_URL,
    OWL,
    OWL_START,
    SOURDOUGH,
    VASA,
    Library,
)
from tests.browser.reading import (
    another_page,
    ask,
    citations,
    expect_current,
    expect_playing,
    span,
)
from tests.conftest import TALKS

PLAYER = "video#player"


def test_a_chip_of_another_video_switches(page: Page, library: Library) -> None:
    bread = citations(ask(page, "How long does a loaf of bread take?")).first
    ship = citations(ask(page, "Why did the Vasa sink?")).first
    for chip, title in ((bread, SOURDOUGH), (ship, VASA), (bread, SOURDOUGH)):
        chip.click()
        expect_playing(page, span(chip)[0])
        assert page.locator(PLAYER).get_attribute("data-video-id") == library.ids[title]
        expect(page.locator("#stage").get_by_role("link", name=title)).to_be_visible()


def test_a_shared_link(visitors: Visitors, page: Page, library: Library) -> None:
    """Opened by somebody else, who has never been here."""
    chip = citations(ask(page, "Why did the Vasa sink?")).first
    start, _ = span(chip)
    other = visitors()
    other.goto(chip.get_attribute("href") or "")
    expect_playing(other, start)
    expect(other).to_have_title(f"{VASA} · Playhead")
    sentence = other.locator("[data-current]").inner_text().split("\n")[-1]
    assert sentence in ask_text(page)
    cues = "document.querySelector('#player').textTracks[0].cues.length"
    assert other.evaluate(cues) > 20, "the captions are a real track"
    row = other.get_by_role("button", name=re.compile("admiral"))
    row.first.click()
    expect_playing(other, float(row.first.get_attribute("data-start") or "nan"))
    expect_current(other, "admiral")
    other.evaluate("location.hash = 't=30,32'")
    expect_playing(other, 30.0)


def ask_text(page: Page) -> str:
    return page.locator("[data-answer]").last.inner_text()


def test_the_transcript_follows_and_is_searched(visitors: Visitors, library: Library) -> None:
    page = visitors()
    page.goto(f"/watch/{library.ids[VASA]}#t=60")
    expect_playing(page, 60.0)
    before = page.locator("[data-current]").inner_text()
    page.evaluate("document.querySelector('#player').currentTime = 120")
    expect(page.locator("[data-current]")).not_to_have_text(before)
    expect(page.locator("[data-current]")).to_be_in_viewport()
    page.get_by_label("Search in this transcript").fill("BALLAST")
    rows = page.get_by_role("list", name="Transcript").get_by_role("listitem").filter(visible=True)
    expect(rows.first).to_contain_text("ballast")
    assert all("ballast" in text for text in rows.all_inner_texts())


def test_a_recording_without_pictures(page: Page, library: Library) -> None:
    chip = citations(ask(page, "When did the radio broadcast begin?")).first
    chip.click()
    expect_playing(page, span(chip)[0])
    assert page.locator("audio#player").get_attribute("data-video-id") == library.ids["radio"]
    expect_current(page, "waltz")


def test_media_that_are_elsewhere_play_from_there(visitors: Visitors, page: Page) -> None:
    visitors.allowed.append("https://videos.example")
    whole = (TALKS / "sourdough.mp4").read_bytes()

    def serve(route: Route, request: Request) -> None:
        first, _, last = request.headers.get("range", "bytes=0-")[6:].partition("-")
        part = whole[int(first) : int(last) + 1 if last else None]
        headers = {
            "Content-Type": "video/mp4",
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {first}-{int(first) + len(part) - 1}/{len(whole)}",
        }
        route.fulfill(status=206, headers=headers, body=part)

    page.route(f"{GLACIER_URL}*", serve)
    chip = citations(ask(page, "How fast does the glacier move?")).first
    chip.click()
    expect_playing(page, span(chip)[0])
    expect_current(page, GLACIER)


def test_media_on_a_site_of_its_own_are_linked(page: Page) -> None:
    chip = citations(ask(page, "What does an owl hear under the snow?")).first
    chip.click()
    link = page.get_by_role("link", name=re.compile("youtube"))
    href = link.get_attribute("href") or ""
    assert href == f"https://www.youtube.com/watch?v=owl&t={int(OWL_START)}s"
    expect_current(page, OWL)


def test_a_file_that_browsers_do_not_play_is_prepared(page: Page, library: Library) -> None:
    """Once, with progress; and then it plays from the moment."""
    chip = citations(ask(page, "What did the pelican swallow?")).first
    chip.click()
    expect_playing(page, span(chip)[0])
    later = another_page(page)
    chip = citations(ask(later, "What did the pelican swallow?")).first
    chip.click()
    expect_playing(later, span(chip)[0])


def test_the_keyboard_does_it_all(page: Page) -> None:
    """Tab comes to every chip, Enter plays it, space and arrows drive the player."""
    answer = ask(page, "Why did the Vasa sink?")
    chips = [chip.get_attribute("href") for chip in citations(answer).all()]
    page.locator("body").evaluate("() => document.activeElement.blur()")
    reached: list[str | None] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.get_attribute("data-citation") is not None:
            reached.append(focused.get_attribute("href"))
        if len(reached) == len(chips):
            break
    assert reached == chips
    start, _ = span(page.locator(":focus"))
    page.keyboard.press("Enter")
    expect_playing(page, start)
    player = page.locator(PLAYER)
    page.keyboard.press(" ")
    expect(player).to_have_js_property("paused", value=True)
    time = player.evaluate("player => player.currentTime")
    page.keyboard.press("ArrowRight")
    assert player.evaluate("player => player.currentTime") > time + 4
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert player.evaluate("player => player.currentTime") < time
    page.keyboard.press(" ")
    expect(player).to_have_js_property("paused", value=False)
