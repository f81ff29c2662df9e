"""What a video's transcript can be made from, best first: captions, else recognition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from ingest.asr.loading import RecogniserName, load_recogniser
from ingest.asr.whisper import whisper_engine
from ingest.audio import decode_audio, no_sound
from ingest.captions.cue import Cue
from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.media import MediaInfo, SubtitleTrack, probe
from ingest.sentences import sentences_of
from ingest.sources import caption_language, sidecar_of
from ingest.tracks import choose_track, subtitle_cues
from playhead.errors import CaptionsError, NoSpeechError, SourceError
from playhead.progress import OnProgress
from playhead.types import Transcript

Asr = Literal["auto", "captions", "whisper", "pocketsphinx"]
"""Whether to recognise: only without captions, never, or in any case and by what."""


class Origin(Protocol):
    """Something a transcript can be made from."""

    @property
    def fingerprint(self) -> str:
        """Equal for two origins exactly if they make the same transcript of the same media."""
        ...

    def transcript(self, info: MediaInfo, on_progress: OnProgress) -> Transcript | None:
        """The transcript; None where there turns out to be nothing to make it from.

        Raises:
            IngestError: what was found is damaged, or nobody speaks.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A caption file."""

    path: Path
    language: str | None

    @property
    def fingerprint(self) -> str:
        """The file's content, and the language it is taken to be in."""
        try:
            digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        except OSError as error:
            raise SourceError(
                f"{self.path} cannot be read: {error.strerror}", "Check that you may read it"
            ) from error
        return f"captions:sidecar:{digest}:{self.language}"

    def transcript(self, info: MediaInfo, on_progress: OnProgress) -> Transcript:  # noqa: ARG002
        """What the captions say; those after the end of the media are left out."""
        cues = _within(read_captions(self.path), info.duration)
        if not cues:
            raise CaptionsError(
                f"all of {self.path} lies after the end of the video",
                "Put the captions of this very video there",
            )
        return transcript_of_cues(cues, "captions:sidecar", self.language)


@dataclass(frozen=True, slots=True)
class Track:
    """A subtitle track within the media file."""

    path: Path
    track: SubtitleTrack
    language: str | None

    @property
    def fingerprint(self) -> str:
        """Which track it is: the bytes of the media are the same, or it is another video."""
        return f"captions:track:{self.track.index}:{self.language}"

    def transcript(self, info: MediaInfo, on_progress: OnProgress) -> Transcript | None:  # noqa: ARG002
        """What the track says; None where it is empty, as some programs leave them."""
        cues = _within(subtitle_cues(self.path, self.track), info.duration)
        return transcript_of_cues(cues, "captions:track", self.language) if cues else None


@dataclass(frozen=True, slots=True)
class Speech:
    """The sound of the media file."""

    path: Path
    recogniser: RecogniserName
    model: str
    language: str | None
    device: str

    @property
    def fingerprint(self) -> str:
        """What recognises it."""
        if self.recogniser == "pocketsphinx":
            return self.recogniser
        return f"{whisper_engine(self.model)}:{self.language}"

    def transcript(self, info: MediaInfo, on_progress: OnProgress) -> Transcript:
        """What a recogniser hears."""
        if not info.has_audio:
            raise no_sound(self.path)
        # First, for it may not be there: decoding takes long.
        recogniser = load_recogniser(self.recogniser, self.model, self.language, self.device)
        heard = recogniser.recognise(decode_audio(self.path, on_progress), on_progress)
        if not heard.words:
            raise NoSpeechError(
                f"nobody speaks in {self.path}", "If somebody does, put captions beside it"
            )
        sentences = sentences_of(heard.words)
        return Transcript(sentences, heard.language, recogniser.engine, "measured")


def origins_of(
    path: Path, asr: Asr, model: str, language: str | None, device: str
) -> Iterator[Origin]:
    """What a media file's transcript can be made from, best first; looks no further than asked.

    Raises:
        SourceError: the file cannot be read.
        MediaError: it is no media, or damaged.
    """
    if asr in ("auto", "captions"):
        sidecar = sidecar_of(path, language)
        if sidecar is not None:
            yield Sidecar(sidecar, caption_language(sidecar) or language)
            return
        info = probe(path)
        track = choose_track(info.tracks, language, info.language)
        if track is not None:
            yield Track(path, track, track.language or language)
    if asr != "captions":
        name: RecogniserName = "pocketsphinx" if asr == "pocketsphinx" else "whisper"
        yield Speech(path, name, model, language, device)


def _within(cues: Sequence[Cue], duration: float) -> list[Cue]:
    """The cues that can be heard: some files end in a credit after the end of the video."""
    return [cue for cue in cues if cue.start < duration]
