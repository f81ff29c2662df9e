"""Chromium for the tests, and what it must not do: fail in the console, or call another host."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.browser.reading import BEGINNINGS

# Read before any test, which all run without the developer's settings.
_REQUIRED = bool(os.environ.get("PLAYHEAD_REQUIRE_BROWSER"))

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    # A reader's click has allowed sound; a test opens links that nobody clicked.
    "--autoplay-policy=no-user-gesture-required",
    # Whatever asks for another host shall not find it, on machines with a network too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_PATIENCE_MS = 60_000


def installed() -> str:
    """Where the browser is; without one the tests are skipped, or fail where it is required."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    return path or _do_without("there is no Chromium (Debian: apt install chromium)")


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """The browser, started."""
    expect.set_options(timeout=_PATIENCE_MS)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS)) as browser,
    ):
        yield browser


def _do_without(reason: str) -> NoReturn:
    if _REQUIRED:
        pytest.fail(f"PLAYHEAD_REQUIRE_BROWSER is set, but {reason}")
    pytest.skip(reason)


class Visitors:
    """Readers, each with a browser session of their own, all of them watched.

    Args:
        browser: in which they read.
        site: where the page is: `http://127.0.0.1:7860`.

    A test may add to `allowed`, the addresses from which they may fetch, and to `forgiven`, parts
    of the errors that are meant to come.
    """

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser = browser
        self._site = site
        self._open = ExitStack()
        self.allowed = [site]
        self.forgiven: list[str] = []
        self.errors: list[str] = []
        self.fetched: list[str] = []

    def __call__(self, **options: Any) -> Page:
        """A new reader's blank page; options are those of `Browser.new_context`."""
        context = self._browser.new_context(base_url=self._site, **options)
        self._open.callback(context.close)
        return self.watched(context).new_page()

    def watched(self, context: BrowserContext) -> BrowserContext:
        """A session whose errors and requests are noted, those of all its pages."""
        context.set_default_timeout(_PATIENCE_MS)
        context.add_init_script(BEGINNINGS)
        context.on("console", self._heard)
        context.on("weberror", lambda event: self.errors.append(str(event.error)))
        context.on("request", lambda request: self.fetched.append(request.url))
        return context

    def leave(self) -> None:
        """Close every session, and make sure that nothing went wrong in any."""
        self._open.close()
        errors = [e for e in self.errors if not any(part in e for part in self.forgiven)]
        assert not errors, errors
        allowed = tuple([f"{host}/" for host in self.allowed] + ["data:", "blob:"])
        elsewhere = [url for url in self.fetched if not url.startswith(allowed)]
        assert not elsewhere, elsewhere

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")
