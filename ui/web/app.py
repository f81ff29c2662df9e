"""The web application: the Gradio page, and what stands beside it, behind one guard."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from playhead import __version__
from ui.web.api import answer_routes
from ui.web.catalog import Catalog
from ui.web.errors import PROBLEMS, tell_errors
from ui.web.feedback import Feedback
from ui.web.guard import guarded
from ui.web.headers import media_origins
from ui.web.jobs import Jobs
from ui.web.library_routes import library_routes
from ui.web.media import MediaDesk
from ui.web.page import build_page
from ui.web.shell import Shell
from ui.web.site import Site
from ui.web.suggestions import suggestion_routes
from ui.web.watch import watch_routes
from ui.wiring import Playhead

_STATIC = Path(__file__).parent / "static"
_THEME = gr.themes.Default(
    primary_hue="indigo",
    neutral_hue="slate",
    # Fonts that are there already: none is fetched.
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
)

_LOCAL = Site()


def build_app(app: Playhead, site: Site = _LOCAL) -> ASGIApp:
    """The page at `/`; a file is only ever read because a video of the library names it."""
    api = FastAPI(
        title="Playhead",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=PROBLEMS,
    )
    tell_errors(api, app, site)
    catalog, jobs, media = Catalog(app), Jobs(app), MediaDesk(app)
    feedback = Feedback(app.settings.home)
    for router in (
        answer_routes(app, site),
        library_routes(app, site, catalog, jobs, media),
        media.routes(),
        feedback.routes(),
        suggestion_routes(app, catalog),
        watch_routes(app),
    ):
        api.include_router(router)
    api.mount("/playhead", StaticFiles(directory=_STATIC))
    if site.mcp:
        from ui.web.mcp import mount_mcp

        mount_mcp(api, app, site)
    gr.mount_gradio_app(
        api,
        build_page(app, site, feedback),
        path="/",
        theme=_THEME,
        footer_links=[],
        ssr_mode=False,
        run_history=False,
        # What went wrong unexpectedly is for the log, not for readers.
        show_error=False,
    )
    return guarded(Shell(api), site, lambda: media_origins(catalog.videos()))
