"""Work on new videos, one after the other in the background, and how far it has come."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

from playhead.errors import PlayheadError, RecogniserError
from playhead.progress import ProgressEvent, Stage
from playhead.text import printable
from ui.web.uploads import Uploads
from ui.wiring import Playhead, ingest_options
from ui.workers import Worker

JobState = Literal["waiting", "working", "done", "failed"]
WebAsr = Literal["auto", "draft"]
"""What to do without captions: recognise speech, or make a rough draft."""

# What is done is told of for so long; of what failed, so much.
_DONE_SECONDS = 60.0
_MAX_ENDED = 50
_CLOSING_SECONDS = 2.0
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A file on its way into the library; `done` and `total` as in a `ProgressEvent`.

    `needs_captions`: it failed for want of a recogniser, which a rough draft could do without.
    """

    id: str
    path: Path
    asr: WebAsr = "auto"
    state: JobState = "waiting"
    stage: Stage | None = None
    done: float = 0.0
    total: float | None = None
    error: str | None = None
    needs_captions: bool = False
    video_id: str | None = None
    changed: float = field(default_factory=time.monotonic)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed")


class _Stopped(Exception):  # noqa: N818 - it is no error
    """Nobody wants the job any more."""


class Jobs:
    """What is being taken in, by one thread that lives as long as there is work."""

    def __init__(self, app: Playhead) -> None:
        self._app = app
        self._lock = Lock()
        self._jobs: dict[str, Job] = {}
        self._worker: Thread | None = None
        self._closing = False
        self._intake = Worker(app.settings.home, captions_first=True, is_background=True)
        self.uploads = Uploads(app.uploads)

    def add(self, paths: Iterable[Path], asr: WebAsr = "auto") -> list[Job]:
        """Take in files when their turn comes, in place of whatever failed on them before."""
        files = dict.fromkeys(paths)
        with self._lock:
            for job in list(self._jobs.values()):
                if job.state == "failed" and job.path in files:
                    del self._jobs[job.id]
            added = [Job(secrets.token_hex(8), path, asr) for path in files]
            self._jobs |= {job.id: job for job in added}
            self._start()
        return added

    def listed(self) -> list[Job]:
        """All that waits, goes on or failed, and what is done just now; as they came."""
        with self._lock:
            self._forget_old()
            return list(self._jobs.values())

    def retry(self, job_id: str, asr: WebAsr) -> Job | None:
        """Try again what failed; None if there is no such job."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.state != "failed":
                return None
            self._jobs[job_id] = Job(job_id, job.path, asr)
            self._start()
            return self._jobs[job_id]

    def drop(self, job_id: str) -> bool:
        """Stop a job, or forget one that ended; whether there was one."""
        with self._lock:
            job = self._jobs.pop(job_id, None)
            if job is not None and job.state == "working":
                self._intake.stop()
        if job is not None and job.state != "working":
            self._tidy(job)
        return job is not None

    def resume(self) -> None:
        """Go on with what was sent to a server that was killed before it was in the library."""
        # Where the library cannot be read, whoever asks for its videos is told.
        with suppress(PlayheadError, OSError):
            self.add(self.uploads.recover(self._app.library))

    def close(self) -> None:
        """Stop, and leave what was sent for the next time."""
        with self._lock:
            self._closing = True
            self._jobs.clear()
            self._intake.stop()
            worker = self._worker
        if worker is not None:
            worker.join(_CLOSING_SECONDS)

    def _start(self) -> None:
        if self._worker is None and any(job.state == "waiting" for job in self._jobs.values()):
            self._worker = Thread(target=self._work, name="ingest", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._change(job.id, state="done", video_id=self._take_in(job))
                self._tidy(job)
            except _Stopped:
                self._tidy(job)
            except RecogniserError as error:
                # What its remedy names are options of the command line.
                line = str(PlayheadError(error.problem, "Send captions along with it"))
                self._fail(job, line, needs_captions=job.asr != "draft")
            except PlayheadError as error:
                self._fail(job, self._without_paths(job, str(error)))
            except Exception:
                _logger.exception("taking in %s", job.path)
                self._fail(job, "Something is wrong with Playhead itself: see where it runs.")

    def _next(self) -> Job | None:
        with self._lock:
            job = next((job for job in self._jobs.values() if job.state == "waiting"), None)
            if job is None:
                self._worker = None
                self._intake.stop()
            else:
                self._jobs[job.id] = job = replace(job, state="working")
            return job

    def _take_in(self, job: Job) -> str:
        """The id of the video that comes of a file."""

        def on_progress(event: ProgressEvent) -> None:
            self._change(job.id, stage=event.stage, done=event.done, total=event.total)

        # What would fail every file is better known before hours of recognition.
        self._app.library.check_writable()
        self._app.store.count()
        options = ingest_options(self._app, "pocketsphinx" if job.asr == "draft" else "auto")
        video_id = self._intake.take_in(job.path, options, on_progress).video.id
        self._app.index_video(video_id, on_progress)
        if not any(other.state == "waiting" for other in self.listed()):
            self._app.store.optimize()
        return video_id

    def _change(self, job_id: str, **news: object) -> None:
        """Tell how a job is.

        Raises:
            _Stopped: nobody wants it any more.
        """
        with self._lock:
            if job_id not in self._jobs:
                raise _Stopped
            news["changed"] = time.monotonic()
            self._jobs[job_id] = replace(self._jobs[job_id], **news)  # type: ignore[arg-type]

    def _forget_old(self) -> None:
        limit = time.monotonic() - _DONE_SECONDS
        ended = [job for job in self._jobs.values() if job.has_ended]
        done = [job for job in ended if job.state == "done" and job.changed < limit]
        for job in {*done, *ended[:-_MAX_ENDED]}:
            del self._jobs[job.id]

    def _fail(self, job: Job, line: str, *, needs_captions: bool = False) -> None:
        try:
            self._change(job.id, state="failed", error=line, needs_captions=needs_captions)
        except _Stopped:
            self._tidy(job)

    def _without_paths(self, job: Job, line: str) -> str:
        """A line for readers, who know the file by the name it had where they sent it from."""
        line = line.replace(printable(str(job.path)), printable(job.path.name))
        return line.replace(str(self._app.settings.home), "$PLAYHEAD_HOME")

    def _tidy(self, job: Job) -> None:
        """Let go of a file that was sent, unless the library plays it or there is more to do."""
        wanted = any(o.path == job.path and not o.has_ended for o in self.listed())
        if self.uploads.is_ours(job.path) and not wanted and not self._closing:
            self.uploads.settle(job.path.parent.name, self._app.library)
