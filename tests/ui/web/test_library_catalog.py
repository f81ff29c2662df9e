"""The list of videos: true to the files, and read from them only when they changed."""

from __future__ import annotations

from pathlib import Path

from ingest.library import VideoLibrary
from playhead.types import Transcript, Video
from tests.fakes import video
from ui.web.catalog import Catalog
from ui.wiring import open_playhead

NOTHING_SAID = Transcript((), "en", "captions:sidecar", "measured")


class CountingLibrary(VideoLibrary):
    """Knows how often it was read in full."""

    readings = 0

    def videos(self) -> list[Video]:
        self.readings += 1
        return super().videos()


def test_the_files_are_read_again_only_when_they_changed(home: Path) -> None:
    with open_playhead() as app:
        library = CountingLibrary(home)
        app.__dict__["library"] = library
        catalog = Catalog(app)
        seen = {catalog.version}
        assert catalog.videos() == []

        first, second = video("a" * 16, "A"), video("b" * 16, "B")
        for added in (second, first):
            library.save(added, NOTHING_SAID, None, "x")
            assert catalog.version not in seen
            seen.add(catalog.version)
        library.readings = 0
        for _ in range(3):
            assert catalog.videos() == [first, second]
        assert library.readings == 1

        (home / "videos" / first.id / "transcript.json").write_text("damaged by hand")
        assert catalog.version not in seen
        assert catalog.videos() == [second]
        seen.add(catalog.version)
        library.remove(second.id)
        assert catalog.version not in seen
        assert catalog.videos() == []


def test_the_list_belongs_to_who_asked_for_it(home: Path) -> None:
    with open_playhead() as app:
        app.library.save(video("a" * 16), NOTHING_SAID, None, "x")
        catalog = Catalog(app)
        catalog.videos().clear()
        assert len(catalog.videos()) == 1
