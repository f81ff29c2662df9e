"""A library made for a test, and its media over HTTP, without the page and without an index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from playhead.types import Video
from tests.timecoded import write_timecoded
from tests.ui.commandline import KEEPER, write_captions
from ui.web.media import MediaDesk
from ui.wiring import Playhead, open_playhead

_SECONDS = 60.0


@cache
def _content(suffix: str, **what: Any) -> bytes:
    with TemporaryDirectory() as folder:
        return write_timecoded(Path(folder, f"made{suffix}"), **what).read_bytes()


@dataclass
class MediaServer:
    """The desk of a library, and a client of its routes."""

    app: Playhead
    desk: MediaDesk
    client: TestClient

    @classmethod
    def opened(cls) -> MediaServer:
        """One for the library of the test, as if `playhead serve` started now."""
        with open_playhead() as app:
            desk = MediaDesk(app)
        api = FastAPI()
        api.include_router(desk.routes())
        return cls(app, desk, TestClient(api, base_url="http://127.0.0.1"))

    def add(self, path: Path, media_url: str | None = None) -> Video:
        """Take a file in, with captions of one sentence."""
        if path.suffix != ".vtt":
            write_captions(path.with_suffix(".vtt"), KEEPER)
        return ingest_file(path, self.app.library, IngestOptions(media_url=media_url)).video

    def add_new(self, path: Path, **what: Any) -> Video:
        """Take in a new file, by default one that browsers play."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_content(path.suffix, **what))
        return self.add(path)

    def state(self, video: Video) -> dict[str, Any]:
        """What the page is told of a video."""
        return self.client.get(f"/api/videos/{video.id}/playable").raise_for_status().json()

    def converted(self, video: Video) -> dict[str, Any]:
        """The same when the conversion that is asked for now has ended."""
        self.client.post(f"/api/videos/{video.id}/playable").raise_for_status()
        give_up = time.monotonic() + _SECONDS
        while time.monotonic() < give_up:
            state = self.state(video)
            if state["state"] != "converting":
                return state
        raise AssertionError(state)
