"""A tiny Whisper model with random weights: what it writes is nonsense, the way there is real."""

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


def make_whisper_model(folder: Path) -> Path:
    """Make a model folder as faster-whisper wants it: 2 layers, 64 wide, English only."""
    tokenizer = _tokenizer()
    tokenizer.save(str(_converted(tokenizer, folder) / "tokenizer.json"))
    return folder


def _converted(tokenizer: Tokenizer, folder: Path) -> Path:
    end = tokenizer.token_to_id("<|endoftext|>")
    config = WhisperConfig(
        vocab_size=tokenizer.get_vocab_size() + _TIMESTAMPS,
        d_model=64,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
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
    converter.tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    converter.convert(str(folder))
    return folder


class _Converter(TransformersConverter):
    """Converts what is in memory."""

    model: WhisperForConditionalGeneration
    tokenizer: PreTrainedTokenizerFast

    def load_model(self, *_args, **_kwargs):
        return self.model

    def load_tokenizer(self, *_args, **_kwargs):
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
