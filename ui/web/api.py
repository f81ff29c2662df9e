"""Search and answers for programs: the JSON of the command line."""

from __future__ import annotations

from fastapi import APIRouter

from ui.web.site import Site
from ui.wiring import Playhead


def answer_routes(app: Playhead, site: Site) -> APIRouter:
    """`POST /api/ask` and `POST /api/search`."""
    return APIRouter()
