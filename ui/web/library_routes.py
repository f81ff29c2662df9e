"""The library for the page and for programs: list, look into, add, remove."""

from __future__ import annotations

from fastapi import APIRouter

from ui.web.catalog import Catalog
from ui.web.jobs import Jobs
from ui.web.media import MediaDesk
from ui.web.site import Site
from ui.wiring import Playhead


def library_routes(
    app: Playhead, site: Site, catalog: Catalog, jobs: Jobs, media: MediaDesk
) -> APIRouter:
    """Everything under `/api/videos`, and `/api/jobs`."""
    return APIRouter()
