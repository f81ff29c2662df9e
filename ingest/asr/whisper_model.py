"""Finding and loading a Whisper model: a folder, the local cache, else one download."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any, Literal, get_args

from playhead.errors import RecogniserError

Device = Literal["auto", "cpu", "cuda"]

# What faster-whisper needs of a model folder; without the tokenizer it would try to fetch one.
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_PATIENCE_SECONDS = 5.0
_HUB_ID = re.compile(r"\w[\w.-]*/[\w.-]+")
_WAYS_OUT = (
    "Put captions beside the file (talk.vtt), or name a model folder copied from a machine that "
    "can download (--model FOLDER or PLAYHEAD_WHISPER_MODEL), or use the rough built-in "
    "recogniser (--asr pocketsphinx)"
)

_logger = logging.getLogger(__name__)


def load_model(model: str, device: str, threads: int = 0) -> Any:  # noqa: ANN401 - faster-whisper has no types
    """A `faster_whisper.WhisperModel`, in 8-bit integers on a CPU and half floats on a GPU.

    Args:
        model: a name faster-whisper knows, the id of a converted model on the Hugging Face Hub,
            or a folder that holds one.
        device: one of `Device`; "auto" takes a GPU if there is one.
        threads: how many of the processor's threads to use; 0 means all.

    Raises:
        RecogniserError: there is no such model or device, or it cannot be fetched or loaded.
    """
    import ctranslate2
    from faster_whisper import WhisperModel

    if device not in get_args(Device):
        raise RecogniserError(f"there is no device {device!r}", "Use auto, cpu or cuda")
    folder = model_folder(model)
    if device == "auto":
        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    try:
        return WhisperModel(
            str(folder),
            device=device,
            compute_type="float16" if device == "cuda" else "int8",
            cpu_threads=threads or os.cpu_count() or 1,
        )
    except Exception as error:  # The tokenizer's loader raises no less.
        raise RecogniserError(
            f"the Whisper model in {folder} cannot be loaded on {device}: {error}",
            "Use --device cpu" if device == "cuda" else "Copy or download the model again",
        ) from error


def model_folder(model: str) -> Path:
    """The folder of a model; downloads it where it is on the hub and not on this machine.

    Raises:
        RecogniserError: there is no such model, or it cannot be fetched.
    """
    from faster_whisper import available_models

    if model in available_models():
        return _cached(model) or _download(model)
    folder = Path(model).expanduser()
    if model and folder.is_dir():
        missing = [name for name in _NEEDED if not (folder / name).is_file()]
        if missing:
            raise RecogniserError(
                f"{folder} is not a model folder of faster-whisper: {missing[0]} is missing",
                "Convert a Whisper model with ct2-transformers-converter "
                "--copy_files tokenizer.json preprocessor_config.json",
            )
        return folder
    if _HUB_ID.fullmatch(model):
        return _cached(model) or _download(model)
    raise RecogniserError(
        f"there is no Whisper model and no folder {model!r}",
        f"The models are {', '.join(available_models())}",
    )


def installed_folder(model: str) -> Path | None:
    """The folder of a model that is on this machine; None for others, which are not fetched."""
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return _cached(model)
    return folder if _is_whole(folder) else None


def _cached(model: str) -> Path | None:
    from faster_whisper import download_model

    try:
        folder = Path(download_model(model, local_files_only=True))
    except (OSError, ValueError):
        return None
    # What an interrupted download left is no model.
    return folder if _is_whole(folder) else None


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _NEEDED)


def _download(model: str) -> Path:
    from faster_whisper import download_model
    from huggingface_hub import constants, get_session

    try:
        # The download itself waits without end for a hub that takes the call and says nothing.
        get_session().head(constants.ENDPOINT, timeout=_PATIENCE_SECONDS)
        _logger.warning("downloading the Whisper model %s, once", model)
        return Path(download_model(model))
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].removeprefix("Got: ")
        raise RecogniserError(
            f"the Whisper model {model!r} is not on this machine and cannot be fetched: {reason}",
            _WAYS_OUT,
        ) from error
