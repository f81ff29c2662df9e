"""The model's own vocabulary, in Whisper's layout: bytes and merges, specials, timestamps."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TIMESTAMP_SECONDS = 0.02
_SIZE = 1024
_SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
_TIMESTAMPS = 1501
# faster-whisper forbids the first token of each of these, which must not be a mere space then.
_FORBIDDEN = " - ' ♪" * 1000


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """A byte-level BPE tokenizer of `texts`: 256 bytes and 768 merges, then what is special."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_SIZE,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*texts, _FORBIDDEN], trainer)
    times = (f"<|{number * TIMESTAMP_SECONDS:.2f}|>" for number in range(_TIMESTAMPS))
    tokenizer.add_special_tokens([*_SPECIAL, *times])
    return tokenizer


class Vocabulary:
    """The ids of texts and of what is special."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.end = self._id("<|endoftext|>")
        self.start = self._id("<|startoftranscript|>")
        self.previous = self._id("<|startofprev|>")
        self.no_speech = self._id("<|nospeech|>")
        self.no_timestamps = self._id("<|notimestamps|>")
        self.full_stop = self._id(".")
        self._words: dict[str, list[int]] = {}

    def time(self, seconds: float) -> int:
        """The id of a moment."""
        return self.no_timestamps + 1 + round(seconds / TIMESTAMP_SECONDS)

    def word(self, text: str) -> list[int]:
        """The ids of a word and the space before it."""
        if text not in self._words:
            self._words[text] = self.tokenizer.encode(f" {text}", add_special_tokens=False).ids
        return self._words[text]

    def spoken_size(self, number: int) -> int:
        """How many characters of a token are spoken: of punctuation none."""
        text = self.tokenizer.decode([number]).strip()
        return len(text) if any(character.isalnum() for character in text) else 0

    def save(self, folder: Path) -> None:
        """Write `tokenizer.json`."""
        self.tokenizer.save(str(folder / "tokenizer.json"))

    def _id(self, token: str) -> int:
        number = self.tokenizer.token_to_id(token)
        assert isinstance(number, int)  # noqa: S101 - it was added
        return number
