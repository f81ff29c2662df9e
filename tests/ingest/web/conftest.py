"""A site on this machine, its files, and a library to take them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.audio import decode_audio
from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.pipeline import Ingested
from ingest.web.fetching import ingest_from
from ingest.web.listing import WebVideo, videos_at
from ingest.web.network import Network
from tests.ingest.web.site import Site, serve
from tests.media import Subtitles, tone, write_media

Take = Callable[..., Ingested]
LOCAL = Network(allow_private=True, timeout=30, patience=30)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def library(home: Path) -> VideoLibrary:
    return VideoLibrary(home)


@pytest.fixture
def take(library: VideoLibrary) -> Take:
    """What comes of the one video behind a URL: `take(url, network=..., asr=...)`."""

    def taken(url: str, network: Network = LOCAL, on_progress=lambda _event: None, **options):
        (video,) = videos_at(url, None, network)
        if not isinstance(video, WebVideo):
            raise video
        return ingest_from(network, video, library, IngestOptions(**options), on_progress)

    return taken


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small film with captions within, so that nobody need recognise what is said."""
    path = tmp_path_factory.mktemp("web") / "talk.mp4"
    cues = [(0.2, 1.0, "Bake the loaf for forty minutes."), (1.2, 2.5, "Let it cool on a rack.")]
    track = Subtitles("mov_text", cues, "eng")
    return write_media(path, sound=tone(60.0), subtitles=[track]).read_bytes()


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory, demo_talks: Path) -> bytes:
    """Two seconds of speech as a podcast has it."""
    audio = decode_audio(demo_talks / "sourdough.mp4")[: 2 * 16_000]
    return write_media(tmp_path_factory.mktemp("web") / "speech.mp3", sound=audio).read_bytes()
