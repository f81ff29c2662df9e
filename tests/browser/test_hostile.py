"""A title, a transcript and a file that are full of HTML and script: shown as they are."""

from __future__ import annotations

from playwright.sync_api import Dialog, Page, expect

from tests.browser.chromium import Visitors
from tests.browser.library import EVIL, Library
from tests.browser.reading import ask, citations, open_library

QUESTION = "What did the pelican swallow?"
_SMUGGLED = "img[src='x'], body script:not([src]), b:text-is('Bold'), strong:text-is('loud')"


def watch_for_dialogs(page: Page) -> list[str]:
    """What scripts that came in would say."""
    said: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", on_dialog)
    return said


def test_in_the_conversation_and_beside_the_player(page: Page) -> None:
    said = watch_for_dialogs(page)
    asked = f"{QUESTION} {EVIL}"
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text(EVIL)
    chip = citations(answer).first
    expect(chip).to_contain_text(EVIL)
    chip.click()
    expect(page.locator("#stage").get_by_role("link", name=EVIL)).to_be_visible()
    expect(page.locator("[data-current]")).to_contain_text(EVIL)
    ask(page, asked)
    expect(page.locator(".ph-question").last).to_have_text(asked)
    assert page.locator(_SMUGGLED).count() == 0
    assert said == []


def test_on_the_watch_page_and_in_the_library(visitors: Visitors, library: Library) -> None:
    page = visitors()
    said = watch_for_dialogs(page)
    page.goto(f"/watch/{library.ids[EVIL]}")
    expect(page.get_by_role("heading", name=EVIL)).to_be_visible()
    expect(page).to_have_title(f"{EVIL} · Playhead")
    expect(page.get_by_role("list", name="Transcript")).to_contain_text(EVIL)
    assert page.locator(_SMUGGLED).count() == 0
    page.goto("/")
    expect(open_library(page).filter(has_text=EVIL)).to_be_visible()
    page.get_by_role("button", name=f"Transcript of {EVIL}").click()
    expect(page.get_by_role("dialog")).to_contain_text(EVIL)
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name=f"Ask only {EVIL}").check()
    page.get_by_role("tab", name="Ask").click()
    expect(page.get_by_text(f"Asking only: {EVIL}")).to_be_visible()
    assert page.locator(_SMUGGLED).count() == 0
    assert said == []


def test_a_script_in_the_page_would_not_run(visitors: Visitors) -> None:
    """The policy is the second wall: even markup that got in could do nothing."""
    visitors.forgiven += ["Content Security Policy", "/nothing"]
    page = visitors()
    page.goto("/")
    page.evaluate(
        """() => {
          const div = document.createElement("div");
          div.innerHTML = "<img src=/nothing onerror='window.smuggled = 1'>";
          const script = document.createElement("script");
          script.textContent = "window.smuggled = 2";
          document.body.append(div, script);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.smuggled ?? null") is None
    assert any("Content Security Policy" in error for error in visitors.errors)
