"""Who speaks when, where no caption says so: speakers told apart by their voices.

pyannote.audio 4 does it, an optional extra (`pip install pyannote-audio`), with a model that has to
be asked for: https://huggingface.co/pyannote/speaker-diarization-community-1.
"""

from __future__ import annotations

import logging
import os
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import numpy as np

from ingest.audio import SAMPLE_RATE, Audio
from playhead.errors import RecogniserError
from playhead.types import Sentence, Word

MODEL = "pyannote/speaker-diarization-community-1"

# A word in the pause between two turns belongs to one that is this near (seconds).
_NEAR_SECONDS = 0.5
_PATIENCE_SECONDS = 5.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A time (seconds from the start of the media) in which one person speaks."""

    start: float
    end: float
    speaker: str


class Diarizer:
    """Finds the turns of a recording.

    Tests use a stand-in of pyannote.audio's shape. The real one, 4.0.7, was run with weights that
    know nothing; nobody has run it here with the model, which is given to persons only.

    Args:
        model: the id of a pipeline on the Hugging Face Hub, or a folder that holds one.
        device: "auto", "cpu" or "cuda".

    Raises:
        RecogniserError: pyannote.audio, the model or the device cannot be had.
    """

    def __init__(self, model: str = MODEL, device: str = "auto") -> None:
        self._pipeline = _load(model, device)

    def turns(self, audio: Audio) -> list[Turn]:
        """The turns, in order of their starts; no two at once, whoever else may be heard.

        Raises:
            RecogniserError: the model failed, which may be for lack of memory.
        """
        import torch

        waveform = torch.from_numpy(np.require(audio, requirements="W")).unsqueeze(0)
        try:
            # It warns of voices that are heard too briefly.
            with warnings.catch_warnings(action="ignore"):
                output = self._pipeline({"waveform": waveform, "sample_rate": SAMPLE_RATE})
        except (RuntimeError, ValueError, MemoryError) as error:
            raise RecogniserError(f"telling speakers apart failed: {error}") from error
        found = output.exclusive_speaker_diarization.itertracks(yield_label=True)
        return [Turn(float(time.start), float(time.end), str(name)) for time, _, name in found]


def with_speakers(sentences: Sequence[Sentence], turns: Sequence[Turn]) -> tuple[Sentence, ...]:
    """The same words in sentences that name their speaker: "Speaker 1" is who speaks first.

    A word belongs to the turn that it overlaps most, else to the nearest within half a second,
    else to whoever says the words around it. A sentence that several people say is cut between
    them; one stray word, in the middle of a turn or at its edge, is no change. Sentences that have
    a speaker stay as they are.
    """
    words = [word for sentence in sentences for word in sentence.words]
    speakers = _nearest(words, sorted(turns, key=lambda turn: turn.start))
    names: dict[str, str] = {}
    parts: list[Sentence] = []
    end = 0
    for sentence in sentences:
        start, end = end, end + len(sentence.words)
        runs = [] if sentence.speaker else _runs(speakers[start:end])
        if not runs:
            parts.append(sentence)
        for speaker, length in runs:
            name = speaker and names.setdefault(speaker, f"Speaker {len(names) + 1}")
            part = Sentence.of(tuple(words[start : start + length]), name)
            parts.append(replace(part, doubt=sentence.doubt))
            start += length
    return tuple(parts)


def _nearest(words: Iterable[Word], turns: Sequence[Turn]) -> list[str | None]:
    """Who speaks nearest to each word, None where nobody is near; `turns` are in order."""
    starts = [turn.start for turn in turns]
    # Not the ends: these are in order even where somebody speaks while others do.
    reach = list(accumulate((turn.end for turn in turns), max))
    speakers: list[str | None] = []
    for word in words:
        first = bisect_left(reach, word.start - _NEAR_SECONDS)
        last = bisect_right(starts, word.end + _NEAR_SECONDS)
        near = max(turns[first:last], key=lambda turn: _overlap(turn, word), default=None)
        speakers.append(near.speaker if near else None)
    return speakers


def _overlap(turn: Turn, word: Word) -> float:
    """For how long somebody speaks in a word; below 0, how far away they do."""
    return min(turn.end, word.end) - max(turn.start, word.start)


def _runs(speakers: Iterable[str | None]) -> list[tuple[str | None, int]]:
    """Who says how many words in a row; a single word, or nobody's, goes with a neighbour's."""
    runs: list[tuple[str | None, int]] = []
    for speaker, group in groupby(speakers):
        length = len(list(group))
        before, so_far = runs.pop() if runs else (None, 0)
        if before is None or (so_far == 1 < length and speaker):
            runs.append((speaker, so_far + length))
        elif length == 1 or speaker in (before, None):
            runs.append((before, so_far + length))
        else:
            runs += [(before, so_far), (speaker, length)]
    return runs


def _load(model: str, device: str) -> Any:  # noqa: ANN401 - pyannote.audio need not be there
    # It reports to its makers unless told not to.
    os.environ.setdefault("PYANNOTE_METRICS_ENABLED", "false")
    try:
        # It warns of decoders of files; here it is given sound.
        with warnings.catch_warnings(action="ignore"):
            pyannote = import_module("pyannote.audio")
    except (ImportError, OSError) as error:
        raise RecogniserError(
            f"telling speakers apart needs pyannote.audio, which cannot be loaded: {error}",
            "Install it with: pip install pyannote-audio",
        ) from error
    folder = _folder(model)
    import torch

    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        pipeline = pyannote.Pipeline.from_pretrained(folder)
        pipeline.to(torch.device(device))
    except Exception as error:  # What is in a folder can be wrong in every way.
        raise RecogniserError(
            f"the speaker model in {folder} cannot be loaded on {device}: {error}",
            "Use --device cpu" if device == "cuda" else "Copy or download it again",
        ) from error
    return pipeline


def _folder(model: str) -> str:
    """The folder of a model; downloads it where it is on the hub and not on this machine."""
    from huggingface_hub import constants, get_session, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError

    if Path(model).is_dir():
        return model
    try:
        with suppress(LocalEntryNotFoundError):
            return snapshot_download(model, local_files_only=True)
        # The download itself tries a hub that is not there for half a minute.
        get_session().head(constants.ENDPOINT, timeout=_PATIENCE_SECONDS)
        _logger.warning("downloading the speaker model %s, once", model)
        return snapshot_download(model)
    except RepositoryNotFoundError as error:
        raise RecogniserError(
            f"the speaker model {model!r} is only for those who asked for it",
            f"Accept its conditions at https://hf.co/{model}, make a token at "
            "https://hf.co/settings/tokens, and set HF_TOKEN to it",
        ) from error
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise RecogniserError(
            f"the speaker model {model!r} is not on this machine and cannot be fetched: {reason}",
            "Go online once: it stays on this machine",
        ) from error
