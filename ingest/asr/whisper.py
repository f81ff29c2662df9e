"""Speech recognition with Whisper, by faster-whisper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

from ingest.asr.recogniser import Chunk, Heard, Stretch
from ingest.asr.whisper_model import load_model
from playhead.errors import RecogniserError
from playhead.text import split_words
from playhead.types import Word

# faster-whisper's 8 take 3.6 GB of memory on a CPU with the small model, by its own account.
_BATCH = {"cpu": 4, "cuda": 8}


class WhisperRecogniser:
    """The `Recogniser` for good transcripts.

    Args:
        model: a name faster-whisper knows, the id of a converted model on the Hugging Face Hub,
            or a folder that holds one.
        language: ISO 639-1; None lets the model tell by the first half minute of speech.
        device: "auto", "cpu" or "cuda".
        hotwords: names and terms that the model shall expect, separated by spaces.
        threads: how many of the processor's threads to use; 0 means all.

    Raises:
        RecogniserError: no such model, device or language, or the model cannot be fetched.
    """

    # Whisper hears 30 seconds at a time.
    window_seconds = 30.0
    joins_windows = True

    def __init__(
        self,
        model: str,
        language: str | None = None,
        device: str = "auto",
        *,
        hotwords: str | None = None,
        threads: int = 0,
    ) -> None:
        from faster_whisper import BatchedInferencePipeline

        self.engine = whisper_engine(model)
        self._hotwords = hotwords
        loaded = load_model(model, device, threads)
        self._pipeline = BatchedInferencePipeline(loaded)
        self.chunk_windows = _BATCH.get(loaded.model.device, 1)
        _check_fits(hotwords, loaded)
        known = loaded.supported_languages
        if language is not None and language not in known:
            raise RecogniserError(
                f"the Whisper model {model!r} does not know the language {language!r}",
                f"It knows {', '.join(known)}",
            )

    def hear(self, chunk: Chunk, language: str | None) -> Heard:
        """The words of a chunk; times are seconds from the start of the media.

        Raises:
            RecogniserError: the model failed, which may be for lack of memory or of a library.
        """
        zero = chunk.start
        try:
            segments, info = self._pipeline.transcribe(
                chunk.audio,
                language=language,
                word_timestamps=True,
                # Windows of ours keep their silences, so that word times need no mapping back.
                clip_timestamps=[
                    {"start": start - zero, "end": end - zero} for start, end in chunk.windows
                ],
                batch_size=self.chunk_windows,
                hotwords=self._hotwords,
            )
            heard = [segment for segment in segments if _says_something(segment)]
        except (RuntimeError, ValueError, MemoryError) as error:
            raise RecogniserError(
                f"the Whisper recogniser failed: {error}",
                "Use --device cpu, or a smaller model (--model base)",
            ) from error
        words = _in_order(
            (word for segment in heard for word in _whole_words(segment.words or ())),
            chunk.end - zero,
        )
        return Heard(
            tuple(replace(w, start=_ms(w.start + zero), end=_ms(w.end + zero)) for w in words),
            info.language,
            tuple(_stretch(segment, zero) for segment in heard),
        )


def _check_fits(hotwords: str | None, model: Any) -> None:  # noqa: ANN401 - it has no types
    """faster-whisper would silently leave out what is too much.

    Raises:
        RecogniserError: there is too much of it.
    """
    room = model.max_length // 2 - 1
    size = len(model.hf_tokenizer.encode(f" {hotwords or ''}", add_special_tokens=False).ids)
    if size > room:
        raise RecogniserError(
            f"the vocabulary is too long for Whisper: {size} tokens, and {room} fit",
            "Keep the names that it gets wrong, about 70 of them",
        )


def whisper_engine(model: str) -> str:
    """How transcripts by a model name their engine: a folder goes by its own name."""
    return f"whisper:{Path(model).name}"


def _says_something(segment: Any) -> bool:  # noqa: ANN401 - faster-whisper has no types
    return any(char.isalnum() for char in segment.text)


def _stretch(segment: Any, zero: float) -> Stretch:  # noqa: ANN401
    return Stretch(
        _ms(segment.start + zero),
        _ms(segment.end + zero),
        segment.text.strip(),
        float(segment.avg_logprob),
        float(segment.no_speech_prob),
    )


def _ms(seconds: float) -> float:
    """Rounded to milliseconds, as transcripts keep times; a plain float, not numpy's."""
    return round(float(seconds), 3)


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
