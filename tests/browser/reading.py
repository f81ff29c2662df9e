"""What readers do on the page, and what they see of it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

CITATION = "a[data-citation]"
# In every page from its start: where the player began to play, or came to by a seek, the last time.
# Looked at only now and then, a slow machine's player would have played on from there.
BEGINNINGS = """
for (const what of ["playing", "seeked"])
  document.addEventListener(what, ({ target }) => { target.began = target.currentTime; }, true);
"""
_PLAYS = """async ([start, within]) => {
  const until = performance.now() + 30_000;
  const player = () => document.querySelector("#player");
  const plays = (at) => at && !at.paused && !at.seeking && at.readyState > 2
    && Math.abs(at.began - start) <= within;
  while (!plays(player()) && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const at = player();
  return at && {
    began: at.began ?? null, time: at.currentTime, paused: at.paused,
    error: at.error?.message ?? null,
  };
}"""


def question_box(page: Page) -> Locator:
    """Where one asks."""
    return page.get_by_label("Ask your videos")


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, and wait for its whole answer."""
    before = page.locator("[data-answer]").count()
    box = question_box(page)
    box.fill(question)
    box.press("Enter")
    answer = page.locator("[data-answer]").nth(before)
    answer.wait_for()
    return answer


def another_page(page: Page, path: str = "/") -> Page:
    """The same reader opens a page beside the first.

    Left while its last reply is being closed, Gradio's page complains of that in the console, so
    no test goes elsewhere in a page in which it has asked.
    """
    another = page.context.new_page()
    another.goto(path)
    return another


def citations(answer: Locator) -> Locator:
    """The citations of an answer, by their place in it."""
    return answer.locator(CITATION)


def span(citation: Locator) -> tuple[float, float]:
    """From when to when a citation is, in seconds."""
    start, end = (citation.get_attribute(f"data-{name}") for name in ("start", "end"))
    return float(start or "nan"), float(end or "nan")


def expect_playing(page: Page, start: float, within: float = 0.5) -> None:
    """Wait until the player plays; it began no further from a moment than it may have."""
    seen = page.evaluate(_PLAYS, [start, within])
    assert seen, "there is no player"
    assert not seen["paused"], seen
    assert abs((seen["began"] or 0.0) - start) <= within, seen
    assert seen["time"] >= seen["began"], seen


def expect_current(page: Page, text: str) -> None:
    """The sentence that is highlighted."""
    expect(page.locator("[data-current]").filter(visible=True)).to_contain_text(text)


def open_library(page: Page) -> Locator:
    """Go to the library; gives its cards."""
    page.get_by_role("tab", name="Library").click()
    cards = page.locator(".ph-card")
    cards.first.wait_for()
    return cards
