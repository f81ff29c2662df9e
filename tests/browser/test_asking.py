"""Asking in the page: the answer with its citations, a refusal."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def ask(page: Page, question: str) -> None:
    """Type a question and press Enter."""
    box = page.get_by_label("Ask your videos")
    box.fill(question)
    box.press("Enter")


def test_an_answer_and_its_citations(page: Page) -> None:
    ask(page, "Why did the Vasa sink?")
    first = page.locator("a[data-citation]").first
    expect(first).to_contain_text("Vasa")
    video_id = first.get_attribute("data-video-id")
    start, end = (float(first.get_attribute(f"data-{at}") or "") for at in ("start", "end"))
    assert 0 < start < end
    assert (first.get_attribute("href") or "").startswith(f"/watch/{video_id}#t=")
    expect(page.locator("[data-refused]")).to_have_count(0)


def test_a_question_that_the_videos_do_not_answer(page: Page) -> None:
    ask(page, "Who won the chess championship in 1972?")
    expect(page.locator("[data-refused]")).to_be_visible()
