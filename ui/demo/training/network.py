"""A small Whisper, started so that it learns soon, and what it is told besides the text.

The encoder's attention begins as a convolution: each head looks a few positions to one side, which
a product of Whisper's own sinusoids can tell. Two more losses speed it up: the encoder names the
sound at each position (flite knows it), and one head in each layer of the decoder is told where the
words are. The last of them then gives the words' times.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional
from transformers import WhisperConfig, WhisperForConditionalGeneration
from transformers.models.whisper.modeling_whisper import WhisperAttention

from ui.demo.training.tokens import Vocabulary
from ui.demo.training.windows import Batch
from ui.demo.training.writing import IGNORED

_WIDTH, _HEADS = 128, 4
_ENCODER_LAYERS, _DECODER_LAYERS = 2, 2
_ALIGNMENT_HEADS = [[_DECODER_LAYERS - 1, 0]]
# Of the encoder's layers, 20 ms each, and of the decoder's first one, a token each.
_SHIFTS = ((-4, -1, 1, 4), (-12, -4, 4, 12), (-1, -2))
_SHARPNESS = 1.5
_LOUDNESS = 0.1
_WEIGHTS = {"sounds": 0.5, "now": 0.5, "next": 0.5}


def new_whisper(vocabulary: Vocabulary) -> WhisperForConditionalGeneration:
    """An untrained model, English only, that transcribes."""
    config = WhisperConfig(
        vocab_size=vocabulary.tokenizer.get_vocab_size(),
        d_model=_WIDTH,
        encoder_layers=_ENCODER_LAYERS,
        decoder_layers=_DECODER_LAYERS,
        encoder_attention_heads=_HEADS,
        decoder_attention_heads=_HEADS,
        encoder_ffn_dim=4 * _WIDTH,
        decoder_ffn_dim=4 * _WIDTH,
        init_std=0.05,
        pad_token_id=vocabulary.end,
        bos_token_id=vocabulary.end,
        eos_token_id=vocabulary.end,
        decoder_start_token_id=vocabulary.start,
        suppress_tokens=None,
        begin_suppress_tokens=[*vocabulary.word("")[:1], vocabulary.end],
    )
    model = WhisperForConditionalGeneration(config)
    model.generation_config.alignment_heads = _ALIGNMENT_HEADS  # type: ignore[attr-defined]
    encoder, decoder = model.model.encoder, model.model.decoder
    sinusoids = encoder.embed_positions.weight.data[: config.max_target_positions]
    decoder.embed_positions.weight.data = _LOUDNESS * sinusoids
    for layer, shifts in zip((*encoder.layers, decoder.layers[0]), _SHIFTS, strict=True):
        for head, shift in enumerate(shifts):
            _look_aside(layer.self_attn, head, shift)
    return model


def _look_aside(attention: WhisperAttention, head: int, shift: int) -> None:
    """Let a head attend `shift` positions later: the product of two sinusoids tells distance."""
    size, half = _WIDTH // _HEADS, _WIDTH // 2
    pace = math.log(10_000) / (half - 1)
    query, key = (projection.weight.data for projection in (attention.q_proj, attention.k_proj))
    for k in range(size // 2):
        row, angle = head * size + 2 * k, shift * math.exp(-pace * k)
        for weight, turn in ((query, angle), (key, 0.0)):
            # The first half of the embedding holds the sines, the second the cosines.
            weight[row, k] += _SHARPNESS * math.cos(turn)
            weight[row, half + k] += _SHARPNESS * math.sin(turn)
            weight[row + 1, k] -= _SHARPNESS * math.sin(turn)
            weight[row + 1, half + k] += _SHARPNESS * math.cos(turn)


class Trainee(nn.Module):
    """The model and what is thrown away when it has learned."""

    def __init__(self, vocabulary: Vocabulary, sounds: int) -> None:
        super().__init__()
        self.whisper = new_whisper(vocabulary)
        self.sounds = nn.Linear(_WIDTH, sounds)
        self._asked: dict[tuple[int, str], Tensor] = {}
        for number, layer in enumerate(self.whisper.model.decoder.layers):
            for part in ("q_proj", "k_proj"):
                getattr(layer.encoder_attn, part).register_forward_hook(self._keep(number, part))

    def _keep(self, layer: int, part: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            self._asked[layer, part] = output

        return hook

    def _hear(self, features: Tensor, first_position: int) -> Tensor:
        """The encoder's output; Whisper's own code takes nothing shorter than 30 s."""
        encoder = self.whisper.model.encoder
        states = functional.gelu(encoder.conv1(features))
        states = functional.gelu(encoder.conv2(states)).transpose(1, 2)
        last_position = first_position + states.shape[1]
        states = states + encoder.embed_positions.weight[first_position:last_position]
        for layer in encoder.layers:
            states = layer(states, None)
        heard: Tensor = encoder.layer_norm(states)
        return heard

    def losses(self, batch: Batch, first_position: int) -> dict[str, Tensor]:
        """The parts of the loss; "all" is their weighted sum."""
        heard = self._hear(batch.features, first_position)
        states = self.whisper.model.decoder(
            input_ids=batch.inputs, encoder_hidden_states=heard, use_cache=False
        ).last_hidden_state
        wanted = batch.labels != IGNORED
        written = self.whisper.proj_out(states[wanted]).float()
        named = self.sounds(heard).float()
        parts = {
            "text": functional.cross_entropy(written, batch.labels[wanted]),
            "sounds": functional.cross_entropy(named.transpose(1, 2), batch.sounds),
            "now": self._misplaced(0, batch.heard_now),
            "next": self._misplaced(_DECODER_LAYERS - 1, batch.heard_next),
        }
        parts["all"] = parts["text"] + sum(_WEIGHTS[name] * parts[name] for name in _WEIGHTS)
        return parts

    def _misplaced(self, layer: int, wanted: Tensor) -> Tensor:
        """How far the first head of a layer's cross attention is from where the words are."""
        size = _WIDTH // _HEADS
        query, key = (self._asked[layer, part][..., :size] for part in ("q_proj", "k_proj"))
        scores = (query @ key.transpose(1, 2)).float() / math.sqrt(size)
        matters = wanted.sum(-1) > 0
        away = -(wanted * functional.log_softmax(scores, -1)).sum(-1)
        return away[matters].mean() if matters.any() else away.sum() * 0
