"""The Library tab: found, chosen, added, removed, and up to date whoever changes the library."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Visitors
from tests.browser.library import DRAFT, SOURDOUGH, VASA, Library, ids_in
from tests.browser.reading import CITATION, ask, citations, expect_playing, open_library, span
from tests.conftest import TALKS
from tests.ui.commandline import SCRIPT, write_captions

TITLE = "The volcano talks"
VOLCANO = "The volcano on the island last erupted in the spring of 1911."
COMET = "The comet comes back every seventy six years."


def card(page: Page, title: str) -> Locator:
    return page.locator(".ph-card").filter(has_text=title)


def test_cards_and_the_search_for_titles(page: Page, library: Library) -> None:
    cards = open_library(page)
    assert cards.count() >= len(library.ids)
    for title, video_id in library.ids.items():
        assert card(page, title).get_attribute("data-video-id") == video_id
    expect(card(page, SOURDOUGH).locator("img")).to_have_js_property("complete", value=True)
    expect(card(page, SOURDOUGH)).to_contain_text("3:20")
    expect(card(page, SOURDOUGH)).to_contain_text("captions")
    expect(card(page, DRAFT)).to_contain_text("draft")
    page.get_by_label("Search videos by title").fill("sourDOUGH step")
    expect(cards.filter(visible=True)).to_have_count(1)
    expect(cards.filter(visible=True)).to_contain_text(SOURDOUGH)


def test_questions_go_to_what_is_chosen(page: Page) -> None:
    open_library(page)
    page.get_by_role("checkbox", name=f"Ask only {SOURDOUGH}").check()
    page.get_by_role("tab", name="Ask").click()
    expect(page.get_by_text(f"Asking only: {SOURDOUGH}")).to_be_visible()
    ask(page, "Why did the Vasa sink?")
    expect(page.locator("[data-refused]")).to_be_visible()
    assert citations(page.locator("[data-answer]")).filter(has_text=VASA).count() == 0
    page.get_by_role("button", name="Ask all videos").click()
    answer = ask(page, "Why did the Vasa sink?")
    expect(citations(answer).first).to_contain_text(VASA)


def test_what_was_said_in_a_video(page: Page, library: Library) -> None:
    """A card opens its transcript; a sentence there plays on the video's own page."""
    open_library(page)
    page.get_by_role("button", name=f"Transcript of {VASA}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Search in this transcript").fill("captain")
    said = dialog.get_by_role("listitem").filter(visible=True).get_by_role("button").first
    expect(said).to_contain_text("captain", ignore_case=True)
    start = float(said.get_attribute("data-start") or "nan")
    with page.context.expect_page() as opened:
        said.click()
    expect_playing(opened.value, start)
    assert f"/watch/{library.ids[VASA]}#t=" in opened.value.url
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_video_is_uploaded_asked_and_removed(
    page: Page, library: Library, tmp_path: Path
) -> None:
    video = tmp_path / "volcano.mp4"
    # A talk's pictures under another title of the same length, and with other captions.
    talk = (TALKS / "vasa.mp4").read_bytes()
    assert len(VASA) == len(TITLE)
    video.write_bytes(talk.replace(VASA.encode(), TITLE.encode()))
    captions = write_captions(tmp_path / "volcano.vtt", VOLCANO)
    open_library(page)
    page.get_by_role("button", name="Add videos").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files([video, captions])
    expect(card(page, TITLE)).to_be_visible()
    expect(page.locator(".ph-job:not([data-state=done])")).to_have_count(0)
    page.get_by_role("tab", name="Ask").click()
    chip = citations(ask(page, "When did the volcano last erupt?")).first
    expect(chip).to_contain_text(TITLE)
    chip.click()
    expect_playing(page, span(chip)[0])
    open_library(page)
    uploaded = list((library.home / "media").rglob("*.mp4"))
    assert uploaded
    page.get_by_role("button", name=f"Remove {TITLE}").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(card(page, TITLE)).to_be_visible()
    page.get_by_role("button", name=f"Remove {TITLE}").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(card(page, TITLE)).to_have_count(0)
    assert TITLE not in ids_in(library.home)
    assert not any(path.exists() for path in uploaded)
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("[data-answer]")).to_have_count(0)
    ask(page, "When did the volcano last erupt?")
    expect(page.locator("[data-refused]")).to_be_visible()


def test_what_is_no_video_is_told(page: Page, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Nothing to hear here.")
    open_library(page)
    page.get_by_role("button", name="Add videos").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files([text])
    rows = page.get_by_role("list", name="Being added").get_by_role("listitem")
    row = rows.filter(has_text="notes.txt")
    expect(row).to_contain_text("no video")
    page.get_by_role("button", name="Forget notes.txt").click()
    expect(row).to_have_count(0)


def test_a_path_on_this_machine(page: Page, visitors: Visitors, tmp_path: Path) -> None:
    """A wrong one is told at once; what fails later is told in its row, and can be put away."""
    visitors.forgiven.append("400 (Bad Request)")
    open_library(page)
    page.get_by_role("button", name="Add videos").click()
    path = page.get_by_label("A file or folder on this machine")
    path.fill(str(tmp_path / "nowhere.mp4"))
    path.press("Enter")
    expect(page.get_by_text("nowhere.mp4 does not exist")).to_be_visible()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0" * 10_000)
    path.fill(str(broken))
    path.press("Enter")
    row = page.locator(".ph-job").filter(has_text="broken.mp4")
    expect(row).to_have_attribute("data-state", "failed")
    row.get_by_role("button", name="Forget broken.mp4").click()
    expect(row).to_have_count(0)


def test_another_terminal_adds_a_video(page: Page, library: Library, tmp_path: Path) -> None:
    """The page shows it by itself, and knows what was said in it."""
    open_library(page)
    captions = write_captions(tmp_path / "comet.vtt", COMET)
    command = [SCRIPT, "--home", library.home, "ingest", captions]
    command += ["--media-url", "https://www.youtube.com/watch?v=comet"]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expect(card(page, "comet")).to_be_visible()
    page.get_by_role("tab", name="Ask").click()
    answer = ask(page, "How often does the comet come back?")
    expect(answer.locator(CITATION).first).to_contain_text("comet")
