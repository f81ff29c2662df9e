"""A video of the web into the library: its captions if people made them, else its sound.

downloads/<video_id>.lock    held by whoever fetches it
downloads/<video_id>/        what is there of it so far: broken off, it goes on from there

When the video is in the library, its downloads go.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from ingest.identity import url_id
from ingest.languages import is_language, two_letter
from ingest.library import VideoLibrary, write_error
from ingest.options import IngestOptions
from ingest.origins import Speech
from ingest.pipeline import Ingested, Published, ingest_file
from ingest.sources import CAPTION_SUFFIXES
from ingest.web.listing import Info, WebVideo
from ingest.web.network import Network
from ingest.web.session import open_client, plain_errors
from playhead.errors import CaptionsError, MediaError, NoSpeechError, SourceError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress

if TYPE_CHECKING:
    from ingest.web.client import WebClient

_SPARE_BYTES = 2**28
"""No disk is filled to the brim."""
_MAX_SECONDS = 3600.0
"""What does not say how much it is may take so long: radio has no end."""


def ingest_web_video(
    video: WebVideo,
    library: VideoLibrary,
    options: IngestOptions,
    on_progress: OnProgress = ignore_progress,
    *,
    allow_private: bool = False,
) -> Ingested:
    """Take a video of the web into the library; its id is that of its URL.

    Fetches nothing where the library has it, unless another transcript is asked for.

    Raises:
        IngestError: it cannot be had, there is nothing to make a transcript from, or it failed.
        LibraryError: the library cannot be read or written.
    """
    return ingest_from(Network(allow_private), video, library, options, on_progress)


def ingest_from(
    network: Network,
    video: WebVideo,
    library: VideoLibrary,
    options: IngestOptions,
    on_progress: OnProgress = ignore_progress,
) -> Ingested:
    """The same, on a network of one's own."""
    options = replace(options, language=two_letter(options.language))
    video_id = url_id(video.url)
    if _is_settled(video_id, library, options):
        return Ingested(library.video(video_id), library.transcript(video_id), "unchanged")
    with _alone(library.home, video_id) as folder:
        # Another process may have done it while this one waited.
        if _is_settled(video_id, library, options):
            return Ingested(library.video(video_id), library.transcript(video_id), "unchanged")
        with plain_errors(video.url), open_client(network) as client:
            path, published = _fetched(client, video, folder, options, on_progress)
        try:
            return ingest_file(path, library, options, on_progress, published)
        except (CaptionsError, MediaError, NoSpeechError) as error:
            # Nothing else would come of it the next time.
            shutil.rmtree(folder)
            captions = path.suffix in CAPTION_SUFFIXES
            remedy = "Leave its captions out with --asr whisper" if captions else error.remedy
            raise type(error)(error.problem.replace(str(path), video.url), remedy) from error


def _is_settled(video_id: str, library: VideoLibrary, options: IngestOptions) -> bool:
    """Whether the library has what is asked for, as far as that is known without the site."""
    known = library.fingerprint(video_id)
    if known is None:
        return False
    if options.asr == "captions":
        return known.startswith("captions:")
    speech = Speech(Path(), options)
    if speech.is_asked_for:
        return known == speech.fingerprint
    return options.language in (None, library.video(video_id).language)


@contextmanager
def _alone(home: Path, video_id: str) -> Iterator[Path]:
    """The folder for a video's downloads, while no other process uses it; gone when all is well."""
    folder = home / "downloads" / video_id
    lock = folder.with_suffix(".lock")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock):
            folder.mkdir(exist_ok=True)
            try:
                yield folder
                shutil.rmtree(folder)
            finally:
                if not any(folder.glob("*")):
                    shutil.rmtree(folder, ignore_errors=True)
                    lock.unlink()
    except OSError as error:
        raise write_error(home, error) from error


def _fetched(
    client: WebClient,
    video: WebVideo,
    folder: Path,
    options: IngestOptions,
    on_progress: OnProgress,
) -> tuple[Path, Published]:
    """What a transcript can be made from, downloaded, and what the site says of the video."""
    info = client.extract_info(video.address, ie_key=video.extractor, download=False)
    if info.get("_type", "video") != "video":
        raise SourceError(f"{video.url} is a list of videos", "Ingest the list by its own address")
    if info.get("live_status") in ("is_live", "is_upcoming"):
        raise SourceError(f"{video.url} is live", "Wait until it is over")
    pictures = (each.get("vcodec") or "none" for each in info.get("formats") or [info])
    is_video = any(codec != "none" for codec in pictures)
    title = video.title or info.get("title")
    published = Published(video.url, title, media="video" if is_video else None)
    if options.asr in ("auto", "captions"):
        offered = info.get("subtitles") or {}
        chosen = choose_captions(offered, options.language, info.get("language"))
        if chosen:
            path = _captions(client, info, *chosen, folder)
            return path, replace(published, duration=info.get("duration"))
    if options.asr == "captions":
        problem = f"{video.url} has no captions that people made"
        raise CaptionsError(problem, "Leave out --asr captions")
    return _sound(client, info, folder, on_progress), published


def choose_captions(
    offered: Mapping[str | None, list[dict[str, Any]]], wanted: str | None, spoken: str | None
) -> tuple[str | None, dict[str, Any]] | None:
    """Which captions to take, with their language (ISO 639-1) if it is known.

    `offered` is the files by language tag. `wanted` is the language asked for, `spoken` the
    video's: where neither is known, captions without a language come first, then English.
    """
    language = two_letter(wanted or spoken)
    order = [language, None] if language else [None, "en"]
    ranked = []
    for tag, files in offered.items():
        own = two_letter(tag) if tag and is_language(tag) else None
        for file in files:
            suffix = f".{file.get('ext')}"
            if suffix in CAPTION_SUFFIXES and (own in order or not language):
                rank = order.index(own) if own in order else len(order)
                key = (rank, len(tag or ""), tag or "", CAPTION_SUFFIXES.index(suffix))
                ranked.append((key, own, file))
    return min(ranked, key=lambda each: each[0])[1:] if ranked else None


def _captions(
    client: WebClient, info: Info, language: str | None, captions: Info, folder: Path
) -> Path:
    path = folder / ".".join(filter(None, ("captions", language, captions["ext"])))
    # They may be others now, and are small.
    path.unlink(missing_ok=True)
    if captions.get("data") is not None:
        path.write_text(captions["data"], encoding="utf-8")
    else:
        client.dl(str(path), {"http_headers": info.get("http_headers"), **captions}, subtitle=True)
    return path


def _sound(client: WebClient, info: Info, folder: Path, on_progress: OnProgress) -> Path:
    # What an earlier run has of it is continued, if it is of the same format.
    name = re.sub(r"[^A-Za-z0-9]+", "_", str(info.get("format_id")))[:40]
    path = folder / f"sound-{name}.media"
    if info["protocol"] in ("http", "https"):
        client.version = folder / "version"
    else:
        # Which of its fragments are there, and whole, yt-dlp does not know for sure.
        for part in folder.glob("*.part*"):
            part.unlink()
    client.add_progress_hook(_watch(folder, on_progress))
    client.dl(str(path), info)
    return path


def _watch(folder: Path, on_progress: OnProgress) -> Callable[[dict[str, Any]], None]:
    """Tells of progress, and ends what would fill the disk."""

    def hook(status: dict[str, Any]) -> None:
        url, done = status["info_dict"]["webpage_url"], status.get("downloaded_bytes") or 0
        total = status.get("total_bytes") or status.get("total_bytes_estimate")
        missing = int(status.get("total_bytes") or done) - done
        free = shutil.disk_usage(folder).free
        if missing + _SPARE_BYTES > free:
            problem = f"no room for {url}: {missing >> 20} MiB to come, {free >> 20} MiB free"
            raise SourceError(problem, "Free some space")
        if total is None and (status.get("elapsed") or 0) > _MAX_SECONDS:
            raise SourceError(f"{url} comes without an end", "What is live cannot be taken in")
        on_progress(ProgressEvent("fetch", done, total))

    return hook
