"""Media, captions and pictures of the library's videos, and no other file."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, HTTPException, Request, Response

from ingest.playable import Conversion, conversion_of
from ingest.sources import MEDIA_SUFFIXES
from playhead.errors import LibraryError, PlayheadError
from playhead.links import is_url, moment_link
from playhead.types import MediaKind, Video
from ui.web.exact_files import MEDIA_TYPES, OpenFileResponse, open_exactly
from ui.web.playables import Playables
from ui.wiring import Playhead

_POSTER_CACHE = "private, max-age=300"
_CAPTIONS_CACHE = "private, no-cache"


@dataclass(frozen=True, slots=True)
class MediaState:
    """Whether a page can play a video, and from where.

    - `ready`: from `src`.
    - `convert`: browsers cannot play the file; a version that they can may be asked for.
    - `converting`: that is being made, or waits for its turn; `done` of `total` seconds.
    - `failed`: it could not be made; `error` is why, in a line.
    - `elsewhere`: `link` leads to its start where it lies (`playhead.links.moment_link`, at 0); a
      player may try `src`, if there is one.
    - `missing`: the file is not where it was.
    """

    state: Literal["ready", "convert", "converting", "failed", "elsewhere", "missing"]
    kind: MediaKind
    src: str | None = None
    link: str | None = None
    done: float | None = None
    total: float | None = None
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the page gets it."""
        return asdict(self)


class MediaDesk:
    """Hands out what belongs to a video."""

    def __init__(self, app: Playhead) -> None:
        self._app = app
        self._playables = Playables(app.settings.home / "playable", app.library.has)
        self._verdicts: dict[tuple[str, int, int], Conversion | str | None] = {}

    def state(self, video: Video) -> MediaState:
        """How a page can play a video now. Reads the file's headers when it sees it first."""
        if is_url(video.source):
            return _elsewhere(video)
        # In this order: a conversion that ends in between is kept before it is no more work.
        work = self._playables.work(video.id)
        if self._playables.kept(video.id) is not None:
            return _ready(video)
        if work is None:
            return self._state_of_file(video)
        if work.error is not None:
            return MediaState("failed", video.media, error=work.error)
        return MediaState("converting", video.media, done=work.done, total=work.total)

    def _state_of_file(self, video: Video) -> MediaState:
        try:
            verdict = self._verdict(Path(video.source))
        except OSError:
            name = Path(video.source).name
            return MediaState("missing", video.media, error=f"{name} is not where it was.")
        if isinstance(verdict, str):
            return MediaState("failed", video.media, error=verdict)
        return _ready(video) if verdict is None else MediaState("convert", video.media)

    def make_playable(self, video: Video) -> MediaState:
        """Begin to convert a video that needs it, in the background; again if it failed."""
        if self.state(video).state in ("convert", "failed"):
            path = Path(video.source)
            with suppress(OSError):
                verdict = self._verdict(path)
                if isinstance(verdict, Conversion):
                    self._playables.begin(video.id, path, verdict, video.duration)
        return self.state(video)

    def forget(self, video_id: str) -> None:
        """Delete what was made of a video that is removed."""
        self._playables.forget(video_id)

    def routes(self) -> APIRouter:
        """`/media/{id}`, `/captions/{id}`, `/poster/{id}`, `/api/videos/{id}/playable`."""
        router = APIRouter()

        @router.api_route("/media/{video_id}", methods=["GET", "HEAD"], include_in_schema=False)
        def media(video_id: str, request: Request) -> Response:
            return self._media(self._video(video_id), request)

        @router.api_route("/captions/{video_id}", methods=["GET", "HEAD"], include_in_schema=False)
        def captions(video_id: str, request: Request) -> Response:
            path = self._app.library.captions_path(self._video(video_id).id)
            return _small_file(path, "text/vtt; charset=utf-8", _CAPTIONS_CACHE, request)

        @router.api_route("/poster/{video_id}", methods=["GET", "HEAD"], include_in_schema=False)
        def poster(video_id: str, request: Request) -> Response:
            path = self._app.library.poster_path(self._video(video_id).id)
            return _small_file(path, "image/jpeg", _POSTER_CACHE, request)

        @router.get("/api/videos/{video_id}/playable")
        def playable(video_id: str) -> MediaState:
            """Whether a browser can play a video."""
            return self.state(self._video(video_id))

        @router.post("/api/videos/{video_id}/playable")
        def make_playable(video_id: str) -> MediaState:
            """Begin to make a version that browsers can play, if that is needed."""
            return self.make_playable(self._video(video_id))

        return router

    def _media(self, video: Video, request: Request) -> Response:
        path = self._playables.kept(video.id) or Path(video.source)
        if is_url(video.source) or path.suffix.lower() not in MEDIA_TYPES:
            raise HTTPException(404, "there is no media file to be played from here")
        try:
            descriptor = open_exactly(path)
        except OSError as error:
            raise HTTPException(404, "the media file is not where it was") from error
        response = OpenFileResponse(descriptor, path)
        if _is_known(request, response):
            response.close()
            return _not_modified(response)
        return response

    def _verdict(self, path: Path) -> Conversion | str | None:
        """What has to be done to a file, or the line that tells what is wrong with it.

        Raises:
            OSError: there is no such file.
        """
        descriptor = open_exactly(path)
        try:
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        key = (str(path), status.st_size, status.st_mtime_ns)
        if key not in self._verdicts:
            try:
                self._verdicts[key] = conversion_of(path)
            except PlayheadError as error:
                self._verdicts[key] = str(error).replace(str(path), path.name)
        return self._verdicts[key]

    def _video(self, video_id: str) -> Video:
        try:
            return self._app.library.video(video_id)
        except LibraryError as error:
            raise HTTPException(404, error.problem) from error


def _ready(video: Video) -> MediaState:
    return MediaState("ready", video.media, src=f"/media/{video.id}")


def _elsewhere(video: Video) -> MediaState:
    suffix = PurePosixPath(unquote(urlsplit(video.source).path)).suffix.lower()
    src = video.source if suffix in MEDIA_SUFFIXES else None
    return MediaState("elsewhere", video.media, src=src, link=moment_link(video.source, 0))


def _small_file(path: Path | None, media_type: str, cache: str, request: Request) -> Response:
    try:
        content = path.read_bytes() if path else None
    except OSError:
        content = None
    if content is None:
        raise HTTPException(404, "there is none for this video")
    headers = {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
    }
    response = Response(content, media_type=media_type, headers=headers)
    return _not_modified(response) if _is_known(request, response) else response


def _is_known(request: Request, response: Response) -> bool:
    """Whether the browser says that it has just this."""
    known = request.headers.get("if-none-match", "")
    return response.headers["etag"] in (tag.strip().removeprefix("W/") for tag in known.split(","))


def _not_modified(response: Response) -> Response:
    kept = {name: response.headers[name] for name in ("etag", "cache-control")}
    return Response(status_code=304, headers=kept)
