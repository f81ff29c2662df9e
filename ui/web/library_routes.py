"""The library for the page and for programs: list, look into, add, remove."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from ingest.sources import CAPTION_SUFFIXES, MEDIA_SUFFIXES, Unusable, find_sources, is_captions
from ui.web.catalog import Catalog
from ui.web.errors import PROBLEMS
from ui.web.jobs import Jobs, WebAsr
from ui.web.library_forms import (
    JobForm,
    JobsForm,
    PathForm,
    RetryForm,
    SiteForm,
    UploadForm,
    VideosForm,
    VideoWithTranscript,
    job_form,
    sentence_form,
    video_form,
)
from ui.web.media import MediaDesk
from ui.web.site import Site
from ui.wiring import Playhead

# Of a folder with thousands of files, so many are listed as waiting.
_MAX_WAITING = 50
_NO_JOB = "There is no such job (any more)."
_IfNoneMatch = Annotated[str | None, Header()]


def library_routes(
    app: Playhead, site: Site, catalog: Catalog, jobs: Jobs, media: MediaDesk
) -> APIRouter:
    """Everything under `/api/videos`, `/api/jobs`, and `/api/site`."""

    @asynccontextmanager
    async def at_work(_api: object) -> AsyncIterator[None]:
        await run_sync(jobs.resume)
        yield
        await run_sync(jobs.close)

    router = APIRouter(prefix="/api", tags=["library"], responses=PROBLEMS, lifespan=at_work)
    _add_reading(router, app, site, catalog, media)
    _add_adding(router, app, site, jobs)
    _add_jobs(router, jobs)

    @router.delete("/videos/{video_id}", status_code=204)
    def remove(video_id: str) -> None:
        """Remove a video by its whole id, with the copy of it that was sent.

        No file that lies elsewhere is touched.
        """
        app.remove_video(video_id)
        media.forget(video_id)

    return router


def _add_reading(
    router: APIRouter, app: Playhead, site: Site, catalog: Catalog, media: MediaDesk
) -> None:
    @router.get("/site")
    def about() -> SiteForm:
        """What may be added here."""
        return SiteForm(
            local=site.is_local,
            max_upload=site.max_upload,
            suffixes=sorted(MEDIA_SUFFIXES),
            caption_suffixes=list(CAPTION_SUFFIXES),
        )

    @router.get("/videos", response_model=VideosForm)
    def videos(if_none_match: _IfNoneMatch = None) -> Response:
        """All videos, as `playhead library list --json` has them."""

        def listed() -> VideosForm:
            found = catalog.videos()
            return VideosForm(videos=[video_form(v, app.library, site) for v in found])

        return _tagged(catalog.version, if_none_match, listed)

    @router.get("/videos/{video_id}", response_model=VideoWithTranscript)
    def video(video_id: str, if_none_match: _IfNoneMatch = None) -> Response:
        """A video (the beginning of its id is enough) with all that was said in it."""
        found = app.library.video(app.library.resolve(video_id))
        sentences = app.library.transcript(found.id).sentences
        form = video_form(found, app.library, site)
        whole = VideoWithTranscript(
            video=form,
            media=media.state(found).as_json(),
            captions=f"/captions/{found.id}",
            poster=form.poster,
            sentences=[sentence_form(sentence) for sentence in sentences],
        )
        version = hashlib.sha256(whole.model_dump_json().encode()).hexdigest()[:16]
        return _tagged(version, if_none_match, lambda: whole)


def _add_adding(router: APIRouter, app: Playhead, site: Site, jobs: Jobs) -> None:
    @router.post("/videos", status_code=202, openapi_extra=_RAW_BODY)
    async def upload(
        request: Request,
        name: Annotated[str, Query(description="The file's name, such as talk.mp4")],
        asr: WebAsr = "auto",
        captions: Annotated[str | None, Query(description="What came of captions")] = None,
        content_length: Annotated[int, Header()] = 0,
    ) -> UploadForm:
        """Send a file as the request's body.

        Of captions (`talk.vtt`) comes a token; a video that is then sent with it has them.
        """
        if content_length > site.max_upload:
            raise HTTPException(413, f"This is more than {site.max_upload:,} bytes, the most here.")
        if content_length > app.free_disk_bytes():
            raise HTTPException(507, "There is no room left for it on the server's disk.")
        beside = jobs.uploads.waiting_captions(captions) if captions else None
        try:
            sent = await jobs.uploads.receive(name, request.stream(), site.max_upload)
        except ClientDisconnect:
            raise HTTPException(400, "The file did not come whole.") from None
        if is_captions(sent.path):
            return UploadForm(captions=sent.token)
        kept = await run_sync(jobs.uploads.keep, sent, beside)
        return UploadForm(job=job_form(jobs.add([kept], asr)[0]))

    @router.post("/videos/path", status_code=202)
    def add_path(asked: PathForm) -> JobsForm:
        """Add a file, or all media of a folder, where it lies; only for those who sit there."""
        if not site.is_local:
            raise HTTPException(403, "Paths are only for the page on the server's own machine.")
        found = list(find_sources([_whole_path(asked.path)]))
        files = [path for path in found if isinstance(path, Path)]
        errors = [path.error for path in found if isinstance(path, Unusable)]
        if errors and not files:
            raise errors[0]
        added = jobs.add((path.resolve() for path in files), asked.asr)
        return JobsForm(jobs=list(map(job_form, added[:_MAX_WAITING])), waiting=len(added))


def _add_jobs(router: APIRouter, jobs: Jobs) -> None:
    @router.get("/jobs")
    def listed() -> JobsForm:
        """What is being taken in."""
        found = jobs.listed()
        waiting = [job for job in found if job.state == "waiting"]
        left_out = set(waiting[_MAX_WAITING:])
        shown = [job_form(job) for job in found if job not in left_out]
        return JobsForm(jobs=shown, waiting=len(waiting))

    @router.post("/jobs/{job_id}/retry", status_code=202)
    def retry(job_id: str, how: RetryForm) -> JobForm:
        """Try again what failed."""
        job = jobs.retry(job_id, how.asr)
        if job is None:
            raise HTTPException(404, _NO_JOB)
        return job_form(job)

    @router.delete("/jobs/{job_id}", status_code=204)
    def drop(job_id: str) -> None:
        """Stop a job, or forget one that ended."""
        if not jobs.drop(job_id):
            raise HTTPException(404, _NO_JOB)


def _tagged(version: str, known: str | None, make: Callable[[], BaseModel]) -> Response:
    """JSON that is sent only to those who do not have this version of it."""
    tag = f'"{version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if known is not None and tag in known:
        return Response(status_code=304, headers=headers)
    return Response(make().model_dump_json(), headers=headers, media_type="application/json")


def _whole_path(typed: str) -> Path:
    """A path as a person pastes it."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        path = Path(text)
    if not path.is_absolute() or "\0" in text:
        raise HTTPException(400, f"{text!r} is not a whole path. Give one that starts at the root.")
    return path


_RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
