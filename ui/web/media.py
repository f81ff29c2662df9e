"""Media, captions and pictures of the library's videos, and no other file."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from playhead.errors import LibraryError
from playhead.links import is_url
from playhead.types import Video
from ui.wiring import Playhead


class MediaDesk:
    """Hands out what belongs to a video."""

    def __init__(self, app: Playhead) -> None:
        self._app = app

    def routes(self) -> APIRouter:
        """`/media/{id}`, `/captions/{id}`, `/poster/{id}`."""
        router = APIRouter(include_in_schema=False)

        @router.api_route("/media/{video_id}", methods=["GET", "HEAD"])
        def media(video_id: str) -> FileResponse:
            video = self._video(video_id)
            if is_url(video.source) or not Path(video.source).is_file():
                raise HTTPException(404, "the media file is not where it was")
            return FileResponse(video.source)

        @router.get("/captions/{video_id}")
        def captions(video_id: str) -> FileResponse:
            path = self._app.library.captions_path(self._video(video_id).id)
            if path is None:
                raise HTTPException(404, "no captions")
            return FileResponse(path, media_type="text/vtt")

        return router

    def _video(self, video_id: str) -> Video:
        try:
            return self._app.library.video(video_id)
        except LibraryError as error:
            raise HTTPException(404, error.problem) from error
