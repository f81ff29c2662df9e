"""Gradio makes an event loop when a page is built, and leaves it to whoever comes next."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def closed_after() -> Iterator[None]:
    """No event loop of this thread, and nothing of one, is left at the end."""
    with warnings.catch_warnings(action="ignore"):
        yield
        asyncio.get_event_loop_policy().get_event_loop().close()
        asyncio.set_event_loop(None)
        gc.collect()
