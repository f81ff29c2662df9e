"""A file becomes a video of the library: whole or not at all, and only if anything is new."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from ingest.drafts import Draft, alone
from ingest.identity import canonical_url, file_id, url_id
from ingest.languages import two_letter
from ingest.library import VideoLibrary
from ingest.media import MediaInfo, check_file, probe
from ingest.options import DEFAULT_OPTIONS, IngestOptions
from ingest.origins import Captions, Sidecar, Speech, origins_of
from ingest.poster import poster
from ingest.sources import (
    MEDIA_SUFFIXES,
    caption_language,
    caption_stem,
    captions_alone,
    is_captions,
)
from playhead.errors import (
    CaptionsError,
    DamagedVideoError,
    SourceError,
    UnknownVideoError,
)
from playhead.links import is_url
from playhead.progress import OnProgress, ignore_progress
from playhead.text import without_controls
from playhead.types import MediaKind, Transcript, Video

Status = Literal["added", "unchanged", "replaced"]

_MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class Published:
    """Where a file was fetched from, and what its site says of it; `duration` is in seconds.

    The video is then known by that URL, which is what will be played and linked to.
    """

    url: str
    title: str | None = None
    duration: float | None = None
    media: MediaKind | None = None


@dataclass(frozen=True, slots=True)
class Ingested:
    """A video as it now is in the library, and whether that is news."""

    video: Video
    transcript: Transcript
    status: Status


def ingest_file(
    path: Path,
    library: VideoLibrary,
    options: IngestOptions = DEFAULT_OPTIONS,
    on_progress: OnProgress = ignore_progress,
    published: Published | None = None,
) -> Ingested:
    """Take a media file into the library, or a caption file whose media lies at a URL.

    Does nothing where the library has what would come of it: the same content, with a transcript
    made from the same. A file that was moved meanwhile is known by its content; the library then
    notes where it lies now. A recognition that was broken off goes on where it was.

    Raises:
        IngestError: there is nothing to make a transcript from, or it failed.
        LibraryError: the library cannot be read or written.
    """
    check_file(path)
    options = replace(options, language=two_letter(options.language))
    if is_captions(path):
        return _ingest_captions(path, library, options, published)
    return _ingest_media(path, library, options, on_progress, published)


def _ingest_media(
    path: Path,
    library: VideoLibrary,
    options: IngestOptions,
    on_progress: OnProgress,
    published: Published | None,
) -> Ingested:
    source = _source(path, options, published)
    video_id = url_id(source) if published else file_id(path)
    for origin in origins_of(path, options):
        if _is_current(video_id, origin, library, options):
            return _unchanged(video_id, source, library)
        info = probe(path)
        video = _video(video_id, source, path, info, published)
        if isinstance(origin, Speech):
            return _recognised(video, origin, info, library, on_progress)
        transcript = origin.transcript(info)
        if transcript is not None:
            return _save(video, transcript, poster(path), origin.fingerprint, library)
    raise CaptionsError(
        f"{path} has no captions, neither beside it nor inside",
        f"Put {path.stem}.vtt beside it, or leave out --asr captions",
    )


def _recognised(
    video: Video,
    speech: Speech,
    info: MediaInfo,
    library: VideoLibrary,
    on_progress: OnProgress,
) -> Ingested:
    length = speech.check(info, on_progress)
    with alone(library.home, video.id):
        # Another process may have done it while this one waited.
        if _is_current(video.id, speech, library, speech.options):
            return _unchanged(video.id, video.source, library)
        draft = Draft(library.home, video.id, speech.fingerprint)
        transcript = speech.transcript(length, draft, on_progress)
        done = _save(video, transcript, poster(speech.path), speech.fingerprint, library)
        draft.discard()
        return done


def _ingest_captions(
    path: Path, library: VideoLibrary, options: IngestOptions, published: Published | None
) -> Ingested:
    if options.media_url is None and published is None:
        raise captions_alone(path)
    if options.asr not in ("auto", "captions"):
        raise SourceError(f"{path} has no sound to recognise", f"Leave out --asr {options.asr}")
    source = _source(path, options, published)
    video_id = url_id(source)
    origin = Sidecar(path, caption_language(path) or options.language)
    if _is_current(video_id, origin, library, options):
        return _unchanged(video_id, source, library)
    # How long the media is may be known to nobody: at least as long as somebody speaks.
    stated = published.duration if published else None
    length = float("inf") if stated is None else stated
    info = MediaInfo(duration=length, has_video=True, has_audio=True)
    transcript = origin.transcript(info)
    if stated is None:
        ends = max(sentence.end for sentence in transcript.sentences)
        info = replace(info, duration=ends)
    video = _video(video_id, source, path, info, published)
    return _save(video, transcript, None, origin.fingerprint, library)


def _source(path: Path, options: IngestOptions, published: Published | None) -> str:
    """Where the media will be played from."""
    if published is not None:
        return published.url
    return _url_of(options.media_url, path) if options.media_url else str(path.resolve())


def _video(
    video_id: str, source: str, path: Path, info: MediaInfo, published: Published | None
) -> Video:
    """What the library will say of a file; what its site says of it comes first."""
    said = published or Published(source)
    stem = caption_stem(path) if is_captions(path) else path.stem
    return Video(
        id=video_id,
        title=_title(said.title or info.title, stem),
        source=source,
        duration=info.duration if said.duration is None else said.duration,
        media=said.media or ("video" if info.has_video else "audio"),
    )


def _is_current(
    video_id: str, origin: Captions | Speech, library: VideoLibrary, options: IngestOptions
) -> bool:
    """Whether the library has what this origin would give, or better."""
    known = library.fingerprint(video_id)
    if known is None or known == origin.fingerprint:
        return known is not None
    # Left to choose, do not recognise again what somebody chose another recogniser for, nor in
    # place of captions that are gone.
    by_default = isinstance(origin, Speech) and not origin.is_asked_for
    return by_default and options.language in (None, library.video(video_id).language)


def _unchanged(video_id: str, source: str, library: VideoLibrary) -> Ingested:
    """The video as it is, save that a file which was moved is pointed to where it lies now."""
    video, transcript = library.video(video_id), library.transcript(video_id)
    if source != video.source and (is_url(source) or _is_gone(video.source)):
        video = replace(video, source=source)
        picture = library.poster_path(video_id)
        library.save(
            video,
            transcript,
            picture.read_bytes() if picture else None,
            library.fingerprint(video_id) or "",
        )
    return Ingested(video, transcript, "unchanged")


def _save(
    video: Video,
    transcript: Transcript,
    picture: bytes | None,
    fingerprint: str,
    library: VideoLibrary,
) -> Ingested:
    status: Status = "replaced" if library.has(video.id) else "added"
    video = replace(
        video,
        added=_added(video.id, library),
        engine=transcript.engine,
        language=transcript.language,
    )
    library.save(video, transcript, picture, fingerprint)
    return Ingested(video, transcript, status)


def _added(video_id: str, library: VideoLibrary) -> str:
    """When the video came into the library first."""
    with contextlib.suppress(UnknownVideoError, DamagedVideoError):
        return library.video(video_id).added
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_gone(source: str) -> bool:
    return not is_url(source) and not os.path.lexists(source)


def media_url_of(template: str, path: Path) -> str:
    """Where the media of one file is said to lie: the template, with its name for `{stem}`."""
    stem = caption_stem(path) if is_captions(path) else path.stem
    # Names that are no text are refused later; until then they stay apart.
    return template.replace("{stem}", quote(stem, safe="", errors="surrogateescape"))


def _url_of(template: str, path: Path) -> str:
    """The URL of the media of one file.

    Raises:
        SourceError: it is not a URL.
    """
    url = media_url_of(template, path)
    canonical_url(url)
    return url


def _title(stated: str | None, stem: str) -> str:
    """What the file calls itself, if a person may have written that; else its name."""
    title = " ".join(without_controls(stated or "").split())
    letters = sum(char.isalnum() for char in title)
    is_name = Path(title).suffix.lower() in MEDIA_SUFFIXES or title.lower().startswith("untitled")
    if letters > 1 and len(title) <= _MAX_TITLE and not is_name:
        return title
    return " ".join(without_controls(stem).replace("_", " ").split()) or stem
