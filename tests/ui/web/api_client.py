"""Programs' part of the web application, as they reach it."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.testclient import TestClient

from ui.web.api import answer_routes
from ui.web.errors import PROBLEMS, tell_errors
from ui.web.site import Site
from ui.wiring import Playhead


def client_of(app: Playhead, site: Site) -> TestClient:
    """A client of the routes that answer and search."""
    api = FastAPI(openapi_url="/api/openapi.json", responses=PROBLEMS)
    tell_errors(api, app, site)
    api.include_router(answer_routes(app, site))
    return TestClient(api, raise_server_exceptions=False)
