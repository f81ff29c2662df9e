"""A real server over a ready library, and a real browser in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Visitors, chromium, installed
from tests.browser.library import Library, filled
from tests.browser.serving import serving


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is."""
    return installed()


@pytest.fixture(scope="session")
def library(chromium_path: str, quick_disk: Path | None) -> Iterator[Library]:
    """The library that is served; made only where there is a browser to look at it."""
    with TemporaryDirectory(dir=quick_disk) as folder:
        yield filled(Path(folder))


@pytest.fixture(scope="session")
def site(library: Library) -> Iterator[str]:
    """The address of the page."""
    with serving(library.home) as address:
        yield address


# The module's, not the session's: while Playwright's event loop runs, no other test of this
# process could run one of its own.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """The browser."""
    with chromium(chromium_path) as started:
        yield started


@pytest.fixture
def visitors(browser: Browser, site: str) -> Iterator[Visitors]:
    """Makes readers; none of them may meet an error, or another host."""
    made = Visitors(browser, site)
    yield made
    made.leave()


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """A reader's page, opened and ready to ask."""
    page = visitors()
    page.goto("/")
    page.get_by_label("Ask your videos").wait_for()
    return page
