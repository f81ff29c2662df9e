"""Tiny models with random weights: what they score is nonsense, the way there is real."""

from __future__ import annotations

import string
from pathlib import Path

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizerFast,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
)

_MAX_TOKENS = 64
_VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "yes",
    "no",
    *string.ascii_lowercase,
    *(f"##{letter}" for letter in string.ascii_lowercase),
    *string.punctuation,
]


def make_reranker_model(folder: Path, labels: int = 1, vocabulary: int | None = None) -> Path:
    """Make a cross-encoder's folder: 2 layers, 32 wide; texts are told apart by their letters.

    Args:
        folder: not there yet.
        labels: how many numbers it gives for a pair; rerankers give one.
        vocabulary: how many tokens the network knows; by default as many as the tokenizer.
    """
    return _saved(folder, BertForSequenceClassification(_config(labels, vocabulary)))


def make_model_without_head(folder: Path) -> Path:
    """Make the same without what makes a score of it."""
    return _saved(folder, BertModel(_config()))


def make_language_model(folder: Path) -> Path:
    """Make a model that predicts words."""
    config = LlamaConfig(
        vocab_size=len(_VOCABULARY),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=_MAX_TOKENS,
    )
    return _saved(folder, LlamaForCausalLM(config))


def _config(labels: int = 1, vocabulary: int | None = None) -> BertConfig:
    torch.manual_seed(0)
    return BertConfig(
        vocab_size=vocabulary or len(_VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=_MAX_TOKENS,
        # So large that texts score far apart, and not so large that they score the same.
        initializer_range=0.3,
        num_labels=labels,
    )


def _saved(folder: Path, network: PreTrainedModel) -> Path:
    network.save_pretrained(folder)
    numbers = {token: number for number, token in enumerate(_VOCABULARY)}
    BertTokenizerFast(numbers, model_max_length=_MAX_TOKENS).save_pretrained(folder)
    return folder
