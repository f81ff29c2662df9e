"""`/watch/<video_id>`: a page of its own for a video, to be shared as a link to a moment."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from playhead.errors import LibraryError
from playhead.types import Video
from ui.wiring import Playhead

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Playhead</title>
<link rel="icon" href="/playhead/icon.svg">
<link rel="stylesheet" href="/playhead/playhead.css">
<link rel="stylesheet" href="/playhead/stage.css">
<script type="module" src="/playhead/watch.js"></script>
</head>
<body class="watch">
<header><a href="/">Playhead</a></header>
<main>
<h1>{title}</h1>
<div id="stage" data-video-id="{id}"></div>
<noscript><p><a href="/media/{id}">Play it without the transcript</a></p></noscript>
</main>
</body>
</html>
"""


def watch_routes(app: Playhead) -> APIRouter:
    """`/watch/{id}`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/watch/{video_id}")
    def watch(video_id: str) -> HTMLResponse:
        try:
            video = app.library.video(video_id)
        except LibraryError as error:
            raise HTTPException(404, error.problem) from error
        return HTMLResponse(watch_html(video))

    return router


def watch_html(video: Video) -> str:
    """The page of a video; the moment in `#t=start,end` is read by its script."""
    return _PAGE.format(title=escape(video.title), id=video.id)
