"""What tests do with a library over HTTP, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

Serve = Callable[..., AbstractContextManager[TestClient]]
_JOB_SECONDS = 30.0


def videos(web: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = web.get("/api/videos").raise_for_status().json()["videos"]
    return listed


def ended(web: TestClient) -> list[dict[str, Any]]:
    """The jobs when there is nothing more to do."""
    give_up = time.monotonic() + _JOB_SECONDS
    while time.monotonic() < give_up:
        jobs: list[dict[str, Any]] = web.get("/api/jobs").json()["jobs"]
        if all(job["state"] in ("done", "failed") for job in jobs):
            return jobs
        time.sleep(0.02)
    raise AssertionError(jobs)


def send(web: TestClient, path: Path, **query: str) -> dict[str, Any]:
    """What the server says of a file that is sent to it."""
    query = {"name": path.name} | query
    reply = web.post("/api/videos", params=query, content=path.read_bytes())
    assert reply.status_code == 202, reply.text
    sent: dict[str, Any] = reply.json()
    return sent


def kept(home: Path) -> list[str]:
    """What lies in the folder of uploads."""
    folder = home / "media"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
