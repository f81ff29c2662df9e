"""A Whisper with random weights, of the shape of base: nonsense, in the time that base takes."""

from __future__ import annotations

import itertools
import string
from pathlib import Path

import torch
from ctranslate2.converters import TransformersConverter
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, WhisperConfig, WhisperForConditionalGeneration

_SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
_TIMESTAMPS = 1501
_WORDS = 1000


def make_random_whisper(folder: Path) -> Path:
    """Make a model folder as faster-whisper wants it: 6 layers, 512 wide, English only."""
    tokenizer = _tokenizer()
    tokenizer.save(str(_converted(tokenizer, folder) / "tokenizer.json"))
    return folder


def _converted(tokenizer: Tokenizer, folder: Path) -> Path:
    vocabulary = tokenizer.get_vocab()
    end = vocabulary["<|endoftext|>"]
    config = WhisperConfig(
        vocab_size=len(vocabulary) + _TIMESTAMPS,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        pad_token_id=end,
        bos_token_id=end,
        eos_token_id=end,
        decoder_start_token_id=end + 1,
        begin_suppress_tokens=[end],
    )
    torch.manual_seed(0)
    source = folder.with_name(folder.name + "-source")
    config.save_pretrained(source)
    converter = _Converter(str(source))
    converter.model = WhisperForConditionalGeneration(config)
    converter.tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer
    )
    converter.convert(str(folder), quantization="int8")
    return folder


class _Converter(TransformersConverter):  # type: ignore[misc]  # it has no types
    """Converts what is in memory."""

    model: WhisperForConditionalGeneration
    tokenizer: PreTrainedTokenizerFast

    def load_model(self, *_args: object, **_options: object) -> WhisperForConditionalGeneration:
        return self.model

    def load_tokenizer(self, *_args: object, **_options: object) -> PreTrainedTokenizerFast:
        return self.tokenizer


def _tokenizer() -> Tokenizer:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    syllables = ("".join(pair) for pair in itertools.product(string.ascii_lowercase, repeat=3))
    # The letter that stands for a space before a word.
    words = ("\u0120" * (number % 2) + text for number, text in enumerate(syllables))
    texts = [*letters, *itertools.islice(words, _WORDS)]
    tokenizer = Tokenizer(models.BPE(vocab={text: n for n, text in enumerate(texts)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(_SPECIAL)
    return tokenizer
