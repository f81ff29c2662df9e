"""Logging: one namespace, silent unless asked, always on stderr."""

from __future__ import annotations

import logging
import os
import sys
from threading import RLock

# Libraries that print progress bars or warnings of no use to somebody who asked a question.
_CHATTY = ("httpx", "httpcore", "sentence_transformers", "transformers", "faster_whisper", "libav")


def configure(*, verbose: bool) -> None:
    """Set up logging for a command: warnings and errors, or everything of ours if `verbose`."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    for name in ("playhead", "ingest", "retrieval", "eval", "ui"):
        logging.getLogger(name).setLevel(logging.DEBUG if verbose else logging.WARNING)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def share_no_semaphore() -> None:
    """Give tqdm, whose bars are off everywhere, a lock of this process alone.

    Its own is a semaphore that processes could share. Of one that was killed it would be left
    behind, and Python would warn of that on the user's terminal.
    """
    from tqdm import tqdm

    tqdm.set_lock(RLock())
