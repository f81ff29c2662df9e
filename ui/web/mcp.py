"""Search and ask as tools of an assistant, by the Model Context Protocol."""

from __future__ import annotations

from fastapi import FastAPI

from ui.web.site import Site
from ui.wiring import Playhead


def mount_mcp(api: FastAPI, app: Playhead, site: Site) -> None:
    """Offer the tools at `/mcp`."""
