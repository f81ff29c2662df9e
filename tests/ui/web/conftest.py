"""A server of the test's library: its routes alone, without the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from retrieval.embedding import SentenceTransformerEmbedder
from tests.media import bars, tone, write_media
from tests.ui.commandline import KEEPER, write_captions
from ui.web.catalog import Catalog
from ui.web.errors import tell_errors
from ui.web.jobs import Jobs
from ui.web.library_routes import library_routes
from ui.web.media import MediaDesk
from ui.web.site import Site
from ui.wiring import open_playhead

_LOCAL = Site()
Serve = Callable[..., AbstractContextManager[TestClient]]


@pytest.fixture
def serve(home: Path, embedder: SentenceTransformerEmbedder) -> Serve:
    """Starts a server of the test's library; its jobs end with it."""

    @contextmanager
    def start(site: Site = _LOCAL) -> Iterator[TestClient]:
        with open_playhead() as app:
            app.__dict__["embedder"] = embedder
            api = FastAPI()
            tell_errors(api, app, site)
            parts = Catalog(app), Jobs(app), MediaDesk(app)
            api.include_router(library_routes(app, site, *parts))
            with TestClient(api, base_url="http://127.0.0.1") as client:
                yield client

    return start


@pytest.fixture
def web(serve: Serve) -> Iterator[TestClient]:
    """A server of the test's library, which is empty unless it asks for a ready one first."""
    with serve() as client:
        yield client


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A video with its captions beside it."""
    write_captions(tmp_path / "talks" / "talk.vtt", KEEPER)
    return write_media(tmp_path / "talks" / "talk.mp4", pictures=[bars(64, 48)] * 6, sound=tone(6))
