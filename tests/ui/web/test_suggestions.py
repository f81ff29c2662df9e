"""Suggestions over a real library: made once, and anew when the library changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.ui.commandline import Playhead, write_captions
from ui.web.catalog import Catalog
from ui.web.suggestions import suggestion_routes
from ui.wiring import Playhead as Application
from ui.wiring import open_playhead

YEAST = (
    "Yeast is a living thing that eats the sugar of the flour and breathes out gas.",
    "Feed the yeast with flour and water once a day, or it starves in the jar.",
    "When the yeast has doubled in the jar, the dough can be mixed and left to rise.",
)


@pytest.fixture
def app(own_library: Path) -> Iterator[Application]:
    with open_playhead(home=own_library) as app:
        yield app


@pytest.fixture
def web(app: Application) -> Iterator[TestClient]:
    api = FastAPI()
    api.include_router(suggestion_routes(app, Catalog(app)))
    with TestClient(api) as client:
        yield client


def suggested(web: TestClient) -> list[str]:
    answer = web.get("/api/suggestions")
    assert answer.status_code == 200
    assert list(answer.json()) == ["questions"]
    return list(answer.json()["questions"])


def test_the_library_answers_them(web: TestClient, app: Application) -> None:
    found = suggested(web)
    assert found
    assert found == suggested(web)
    assert not any(app.answerer.ask(question).refused for question in found)


def test_a_new_video_is_asked_about(
    web: TestClient, app: Application, playhead: Playhead, tmp_path: Path
) -> None:
    before = suggested(web)
    talk = write_captions(tmp_path / "yeast.vtt", *YEAST, seconds=30.0)
    app.store.close()  # The other process, which is this one, shall own the index meanwhile.
    playhead("ingest", talk, "--media-url", "https://videos.example/yeast.mp4").done()
    after = suggested(web)
    assert any("yeast" in question for question in after)
    assert after != before


def test_an_empty_library(home: Path) -> None:
    api = FastAPI()
    with open_playhead(home=home) as app, TestClient(api) as client:
        api.include_router(suggestion_routes(app, Catalog(app)))
        assert suggested(client) == []
        assert not home.exists()


def test_an_index_that_cannot_be_read(web: TestClient, own_library: Path) -> None:
    """No error: there is a page without suggestions, until the index answers again."""
    index, away = own_library / "index", own_library / "away"
    index.rename(away)
    index.write_text("no folder")
    assert suggested(web) == []
    index.unlink()
    shutil.move(away, index)
    assert suggested(web)
