"""Work on new videos, one after the other in the background, and how far it has come."""

from __future__ import annotations

from ui.wiring import Playhead


class Jobs:
    """What is being taken in."""

    def __init__(self, app: Playhead) -> None:
        self._app = app
