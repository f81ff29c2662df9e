"""Questions for an empty page, out of the library itself."""

from __future__ import annotations

from fastapi import APIRouter

from ui.web.catalog import Catalog
from ui.wiring import Playhead


def suggestion_routes(app: Playhead, catalog: Catalog) -> APIRouter:
    """`GET /api/suggestions`."""
    return APIRouter()
