"""With a language model: each claim is on the page as soon as it is proven, lies never are."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Visitors
from tests.browser.library import Library
from tests.browser.reading import question_box
from tests.browser.serving import serving
from tests.hostile_server import claim, reply
from tests.openai_server import OpenAIServer, Request, Wire, event, id_of

WHY = "Why did the Vasa sink?"
FIRST = "The Vasa sank because too much of her weight lay too high above the water."
SECOND = "About one hundred and twenty tonnes of stone lay in the hold as ballast"
LIE = "The Vasa sank because <b>a whale</b> rammed her."


@pytest.fixture
def goes_on() -> Event:
    """The model waits for it in the middle of its reply."""
    return Event()


@pytest.fixture
def reader(
    visitors: Visitors, library: Library, goes_on: Event, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """A page of a second server of the same library, which asks a language model."""

    def respond(request: Request) -> Wire:
        def parts() -> Iterator[bytes]:
            ids = [id_of(request, words) for words in (FIRST, SECOND)]
            said = reply(
                claim(FIRST, (ids[0], FIRST)),
                claim(LIE, (ids[0], FIRST)),
                claim(f"{SECOND}.", (ids[1], SECOND)),
            )
            cut = said.index(LIE)
            yield event(request, {"content": said[:cut]}).encode()
            assert goes_on.wait(30)
            yield event(request, {"content": said[cut:]}).encode()
            yield b"data: [DONE]\n\n"

        return Wire(parts(), {"Content-Type": "text/event-stream"})

    with OpenAIServer(respond) as model:
        monkeypatch.setenv("PLAYHEAD_LLM", "openai")
        monkeypatch.setenv("PLAYHEAD_LLM_BASE_URL", model.url)
        monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "scripted")
        monkeypatch.setenv("PLAYHEAD_LLM_API_KEY", "none")
        with serving(library.home) as address:
            visitors.allowed.append(address)
            page = visitors()
            page.goto(address)
            yield page
            goes_on.set()
            # Before its server goes, which the page would miss.
            page.context.close()


def test_claims_come_in_one_by_one(reader: Page, goes_on: Event) -> None:
    question_box(reader).fill(WHY)
    question_box(reader).press("Enter")
    conversation = reader.get_by_role("log")
    expect(conversation).to_contain_text(FIRST)
    # The model has not said the rest yet; what is there can be clicked.
    expect(conversation).not_to_contain_text(SECOND)
    expect(reader.locator("a[data-citation]")).to_have_count(1)
    expect(reader.locator("[data-answer]")).to_have_count(0)
    question_box(reader).fill("What the reader types meanwhile")
    goes_on.set()
    expect(reader.locator("[data-answer]")).to_contain_text(SECOND)
    expect(conversation).not_to_contain_text("whale")
    expect(question_box(reader)).to_have_value("What the reader types meanwhile")


def test_a_new_conversation_ends_the_answer(reader: Page, goes_on: Event) -> None:
    question_box(reader).fill(WHY)
    question_box(reader).press("Enter")
    expect(reader.get_by_role("log")).to_contain_text(FIRST)
    reader.get_by_role("button", name="New conversation").click()
    expect(reader.get_by_role("log")).not_to_contain_text(FIRST)
    goes_on.set()
    question_box(reader).fill(WHY)
    question_box(reader).press("Enter")
    expect(reader.locator("[data-answer]")).to_have_count(1)
