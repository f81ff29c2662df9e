"""The library as JSON: the forms of the command line, and what only the page needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from ingest.library import VideoLibrary
from playhead.links import is_url
from playhead.progress import Stage
from playhead.text import printable
from playhead.types import Doubt, MediaKind, Sentence, Video
from ui.forms import video_json
from ui.web.jobs import Job, JobState, WebAsr
from ui.web.site import Site


class VideoForm(BaseModel):
    """A video, as `library list --json` has it, with where to see it here.

    `source` is the path on the server only for those who sit at it; for others, what `watch` is.
    """

    id: str
    title: str
    source: str
    duration: float = Field(description="Seconds.")
    media: MediaKind
    added: str = Field(description="ISO 8601, UTC.")
    engine: str = Field(description="What made the transcript.")
    language: str | None
    draft: bool = Field(description="Whether the transcript is rough.")
    watch: str = Field(description="The path of the page that plays it.")
    poster: str | None = Field(description="The path of its picture, if there is one.")


class VideosForm(BaseModel):
    """All whole videos, by title."""

    videos: list[VideoForm]


class SentenceForm(BaseModel):
    """What was said from `start` to `end` (seconds), and by whom if that is known."""

    start: float
    end: float
    text: str
    speaker: str | None
    doubt: Doubt | None = Field(description="Why the words may be made up: listen.")


class VideoWithTranscript(BaseModel):
    """A video with all that was said, and how it plays."""

    video: VideoForm
    media: dict[str, Any] = Field(description="How a browser can play it.")
    captions: str
    poster: str | None
    sentences: list[SentenceForm]


class JobForm(BaseModel):
    """A file on its way into the library.

    `done` of `total` counts seconds of media while decoding and transcribing, else segments.
    """

    id: str
    name: str
    state: JobState
    stage: Stage | None
    done: float
    total: float | None
    error: str | None
    needs_captions: bool = Field(description="Failed, but a rough draft could be made.")
    video_id: str | None


class JobsForm(BaseModel):
    """What waits, goes on or has ended lately; of those that wait only the first are listed."""

    jobs: list[JobForm]
    waiting: int


class UploadForm(BaseModel):
    """What came of a file that was sent: work for media, a token for captions."""

    job: JobForm | None = None
    captions: str | None = None


class PathForm(BaseModel):
    """A file or folder on the server, and how to come by what is said in it."""

    path: str
    asr: WebAsr = "auto"


class RetryForm(BaseModel):
    """How to try again."""

    asr: WebAsr = "auto"


class SiteForm(BaseModel):
    """What may be added, and how large one file may be (bytes)."""

    local: bool
    max_upload: int
    suffixes: list[str]
    caption_suffixes: list[str]


def video_form(video: Video, library: VideoLibrary, site: Site) -> VideoForm:
    """A video for the readers of a site."""
    watch = f"/watch/{video.id}"
    has_poster = library.poster_path(video.id) is not None
    poster = f"/poster/{video.id}" if has_poster else None
    source = video.source if site.is_local or is_url(video.source) else watch
    return VideoForm(**video_json(video) | {"source": source, "watch": watch, "poster": poster})


def sentence_form(sentence: Sentence) -> SentenceForm:
    """A sentence without its words."""
    return SentenceForm(
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        speaker=sentence.speaker,
        doubt=sentence.doubt,
    )


def job_form(job: Job) -> JobForm:
    """How far a job has come; the file by its name alone."""
    return JobForm(
        id=job.id,
        name=printable(Path(job.path).name),
        state=job.state,
        stage=job.stage,
        done=job.done,
        total=job.total,
        error=job.error,
        needs_captions=job.needs_captions,
        video_id=job.video_id,
    )
