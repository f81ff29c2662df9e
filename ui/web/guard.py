"""Who may come in, and what a browser may do with what it gets."""

from __future__ import annotations

from starlette.types import ASGIApp

from ui.web.site import Site
from ui.wiring import Playhead


def guarded(inner: ASGIApp, app: Playhead, site: Site) -> ASGIApp:
    """The application behind every check that holds for all of it."""
    return inner
