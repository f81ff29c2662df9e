"""What a video's transcript can be made from, best first: captions, else recognition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.asr.doubts import with_doubts
from ingest.asr.loading import RecogniserName, load_diarizer, load_recogniser
from ingest.asr.recogniser import Recogniser
from ingest.asr.recognition import Kept, recognise
from ingest.asr.whisper import whisper_engine
from ingest.audio import check_sound, decode_audio, no_sound
from ingest.captions.cue import Cue
from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.diarization import with_speakers
from ingest.media import MediaInfo, SubtitleTrack, probe
from ingest.options import IngestOptions
from ingest.sentences import sentences_of
from ingest.sources import caption_language, sidecar_of
from ingest.tracks import choose_track, subtitle_cues
from playhead.errors import CaptionsError, NoSpeechError, SourceError
from playhead.progress import OnProgress
from playhead.types import Transcript


class Captions(Protocol):
    """Captions that a transcript can be made from."""

    @property
    def fingerprint(self) -> str:
        """Equal for two origins exactly if they make the same transcript of the same media."""
        ...

    def transcript(self, info: MediaInfo) -> Transcript | None:
        """The transcript; None where there turns out to be nothing to make it from.

        Raises:
            IngestError: what was found is damaged.
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

    def transcript(self, info: MediaInfo) -> Transcript:
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

    def transcript(self, info: MediaInfo) -> Transcript | None:
        """What the track says; None where it is empty, as some programs leave them."""
        cues = _within(subtitle_cues(self.path, self.track), info.duration)
        return transcript_of_cues(cues, "captions:track", self.language) if cues else None


@dataclass(frozen=True, slots=True)
class Speech:
    """The sound of the media file, to be recognised."""

    path: Path
    options: IngestOptions

    @property
    def fingerprint(self) -> str:
        """What recognises it, with all that changes its words."""
        options = self.options
        parts = ["pocketsphinx"]
        if self._name == "whisper":
            parts = [whisper_engine(options.model), str(options.language)]
        if self._name == "whisper" and options.vocabulary:
            digest = hashlib.sha256("\n".join(options.vocabulary).encode()).hexdigest()
            parts.append(f"words:{digest[:8]}")
        return ":".join([*parts, "speakers"] if options.diarize else parts)

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody chose it, and not only what is there left it."""
        options = self.options
        return options.asr != "auto" or bool(options.vocabulary) or options.diarize

    def check(self, info: MediaInfo, on_progress: OnProgress) -> float:
        """See that there is sound, whole, and a recogniser for it; gives its length in seconds.

        What would fail is better known before it is begun.

        Raises:
            MediaError: no sound, or the file breaks off.
            RecogniserError: the recogniser or its model is not there.
        """
        if not info.has_audio:
            raise no_sound(self.path)
        # First, for it may not be there: reading takes long.
        self._recogniser()
        if self.options.diarize:
            load_diarizer(self.options.device)
        return check_sound(self.path, on_progress)

    def transcript(self, length: float, kept: Kept, on_progress: OnProgress) -> Transcript:
        """What a recogniser hears in the whole `length` of seconds.

        Raises:
            NoSpeechError: nobody speaks.
            IngestError: the sound is damaged, or the recogniser failed.
        """
        recogniser = self._recogniser()
        found = recognise(
            self.path,
            recogniser,
            self.options.language,
            kept=kept,
            total=length,
            on_progress=on_progress,
        )
        if not found.words:
            raise NoSpeechError(
                f"nobody speaks in {self.path}", "If somebody does, put captions beside it"
            )
        sentences = with_doubts(sentences_of(found.words), found.stretches, found.speech)
        if self.options.diarize:
            turns = load_diarizer(self.options.device).turns(decode_audio(self.path))
            sentences = with_speakers(sentences, turns)
        return Transcript(sentences, found.language, recogniser.engine, "measured")

    @property
    def _name(self) -> RecogniserName:
        return "pocketsphinx" if self.options.asr == "pocketsphinx" else "whisper"

    def _recogniser(self) -> Recogniser:
        options = self.options
        return load_recogniser(
            self._name,
            options.model,
            options.language,
            options.device,
            hotwords=", ".join(options.vocabulary) or None,
            threads=options.threads,
        )


def origins_of(path: Path, options: IngestOptions) -> Iterator[Captions | Speech]:
    """What a media file's transcript can be made from, best first; looks no further than asked.

    Raises:
        SourceError: the file cannot be read.
        MediaError: it is no media, or damaged.
    """
    asr, language = options.asr, options.language
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
        yield Speech(path, options)


def _within(cues: Sequence[Cue], duration: float) -> list[Cue]:
    """The cues that can be heard: some files end in a credit after the end of the video."""
    return [cue for cue in cues if cue.start < duration]
