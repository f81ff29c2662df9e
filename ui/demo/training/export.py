"""From what was trained to a folder that faster-whisper loads."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path

from ctranslate2.converters import TransformersConverter
from transformers import PreTrainedTokenizerFast, WhisperForConditionalGeneration

from ui.demo.training.tokens import Vocabulary


class _Converter(TransformersConverter):  # type: ignore[misc]  # it has no types
    """Converts what is in memory."""

    def __init__(
        self, config: Path, model: WhisperForConditionalGeneration, vocabulary: Vocabulary
    ) -> None:
        super().__init__(str(config))
        # The conversion changes weights where they are.
        self._model = copy.deepcopy(model)
        self._tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_object=vocabulary.tokenizer
        )

    def load_model(self, *_args: object, **_options: object) -> WhisperForConditionalGeneration:
        return self._model

    def load_tokenizer(self, *_args: object, **_options: object) -> PreTrainedTokenizerFast:
        return self._tokenizer


def export(
    model: WhisperForConditionalGeneration,
    vocabulary: Vocabulary,
    folder: Path,
    quantization: str | None = "int8",
) -> None:
    """Write the model's folder for CTranslate2; one that is there already keeps its other files."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "made"
        model.config.save_pretrained(source)
        _Converter(source, model, vocabulary).convert(str(made), quantization=quantization)
        vocabulary.save(made)
        for path in made.iterdir():
            shutil.move(path, folder / path.name)
