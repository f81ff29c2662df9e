"""Speech recognition with Whisper, by faster-whisper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

from ingest.asr.recogniser import Recognition
from ingest.asr.vad import merged, speech_chunks
from ingest.asr.whisper_model import load_model
from ingest.audio import SAMPLE_RATE, Audio
from playhead.errors import RecogniserError
from playhead.progress import OnProgress, ProgressEvent
from playhead.text import split_words
from playhead.types import Word

# Whisper hears 30 seconds at a time.
_WINDOW_SECONDS = 30.0
# faster-whisper's 8 take 3.6 GB of memory on a CPU with the small model, by its own account.
_BATCH = {"cpu": 4, "cuda": 8}
# What Whisper itself takes for silence: both thresholds passed (https://arxiv.org/abs/2212.04356,
# section 4.5). faster-whisper does not look at them when it works in batches.
_NO_SPEECH, _UNSURE = 0.6, -1.0


class WhisperRecogniser:
    """The `Recogniser` for good transcripts.

    Args:
        model: a name faster-whisper knows, the id of a converted model on the Hugging Face Hub,
            or a folder that holds one.
        language: ISO 639-1; None lets the model tell by the first half minute of speech.
        device: "auto", "cpu" or "cuda".

    Raises:
        RecogniserError: no such model, device or language, or the model cannot be fetched.
    """

    def __init__(self, model: str, language: str | None = None, device: str = "auto") -> None:
        self.engine = whisper_engine(model)
        self._language = language
        self._model = load_model(model, device)
        known = self._model.supported_languages
        if language is not None and language not in known:
            raise RecogniserError(
                f"the Whisper model {model!r} does not know the language {language!r}",
                f"It knows {', '.join(known)}",
            )

    def recognise(self, audio: Audio, on_progress: OnProgress) -> Recognition:
        """The words of a recording; times are seconds from the start of `audio`.

        Raises:
            RecogniserError: the model failed, which may be for lack of memory or of a library.
        """
        from faster_whisper import BatchedInferencePipeline

        total = audio.size / SAMPLE_RATE
        windows = merged(speech_chunks(audio, _WINDOW_SECONDS), _WINDOW_SECONDS)
        if not windows:
            return Recognition((), self._language)
        try:
            segments, info = BatchedInferencePipeline(self._model).transcribe(
                audio,
                language=self._language,
                word_timestamps=True,
                # Windows of ours keep their silences, so that word times need no mapping back.
                clip_timestamps=[{"start": start, "end": end} for start, end in windows],
                batch_size=_BATCH.get(self._model.model.device, 1),
            )
            words = _in_order(_words(_reported(segments, total, on_progress)), total)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise RecogniserError(
                f"the Whisper recogniser failed: {error}",
                "Use --device cpu, or a smaller model (--model base)",
            ) from error
        on_progress(ProgressEvent("transcribe", total, total))
        return Recognition(words, info.language)


def whisper_engine(model: str) -> str:
    """How transcripts by a model name their engine: a folder goes by its own name."""
    return f"whisper:{Path(model).name}"


def _reported(segments: Iterable[Any], total: float, on_progress: OnProgress) -> Iterator[Any]:
    for segment in segments:
        on_progress(ProgressEvent("transcribe", min(segment.end, total), total))
        yield segment


def _words(segments: Iterable[Any]) -> Iterator[Word]:
    for segment in segments:
        silent = segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _UNSURE
        if not silent and any(char.isalnum() for char in segment.text):
            yield from _whole_words(segment.words or ())


def _whole_words(pieces: Sequence[Any]) -> Iterator[Word]:
    """The words that Whisper's pieces make up.

    A piece can be half a word ("-known" after "well") or, in scripts without spaces, several. So
    the time of each character within its piece decides.
    """
    characters = [
        (piece, number / len(text), (number + 1) / len(text))
        for piece in pieces
        if (text := "".join(piece.word.split()))
        for number in range(len(text))
    ]
    position = 0
    for text in split_words("".join(piece.word for piece in pieces)):
        first, from_share, _ = characters[position]
        last, _, to_share = characters[position + len(text) - 1]
        position += len(text)
        yield Word(
            text=text,
            # Plain floats: faster-whisper's are numpy's.
            start=float(first.start + from_share * (first.end - first.start)),
            end=float(last.start + to_share * (last.end - last.start)),
            probability=float(min(first.probability, last.probability)),
        )


def _in_order(words: Iterable[Word], total: float) -> tuple[Word, ...]:
    """Words with times in order: none starts before the one before it, or lasts into the next."""
    spoken = list(words)
    starts = list(accumulate((min(max(0.0, word.start), total) for word in spoken), max))
    limits = chain(starts[1:], [total])
    return tuple(
        replace(word, start=round(start, 3), end=round(min(max(word.end, start), limit), 3))
        for word, start, limit in zip(spoken, starts, limits, strict=False)
    )
