"""A small library to ask: two talks of six segments each, in a store on disk, the real model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from playhead.types import Segment
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.index import SegmentIndexer
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.fakes import segments, video

BREAD = segments(
    "bread",
    "Welcome back to the kitchen, everybody.|Today we bake a sourdough loaf from scratch.",
    "Mix five hundred grams of flour with three hundred and fifty grams of water."
    "|Cover the bowl and let the dough rest for one hour.",
    "Now add ten grams of salt.|Never add the salt together with the starter."
    "|It slows the fermentation down.",
    "Preheat the oven to 240 degrees.|Put a pan of water on the lowest rack, because steam makes "
    "the crust crisp.",
    "Bake the loaf for forty minutes until it is dark brown.|Let it cool on a rack before you "
    "cut it.",
    "Okay.|Yes.|Thanks for watching, and see you next week.",
)
SAILS = segments(
    "sails",
    "In this lesson we learn how to steer a small sailing boat.|Put on your life jacket first.",
    "Pull the tiller towards you and the boat turns away from you.|Push it and the boat turns "
    "the other way.",
    "To sail against the wind you tack from one side to the other.|No boat can sail straight "
    "into the wind.",
    "Captain Joshua Slocum sailed alone around the world in 1898.|His boat was called Spray.",
    "When a squall comes, let the mainsheet out at once.|That spills the wind and keeps the "
    "boat upright.",
    "Tie the boat up with a bowline.|This knot never slips and is easy to untie.",
)


@pytest.fixture(scope="session")
def library(embedder: SentenceTransformerEmbedder, quick_disk: Path | None) -> Iterator[EdgeStore]:
    """The two talks; to be read only."""
    with (
        TemporaryDirectory(dir=quick_disk) as folder,
        closing(EdgeStore(Path(folder) / "index", embedder.name)) as store,
    ):
        indexer = SegmentIndexer(store, embedder)
        indexer.index(video("bread", "How to bake bread"), BREAD)
        indexer.index(video("sails", "How to sail", engine="pocketsphinx"), SAILS)
        yield store


@pytest.fixture(scope="session")
def spoken() -> dict[str, Segment]:
    """Every segment of the library by its id."""
    return {segment.id: segment for segment in [*BREAD, *SAILS]}


@pytest.fixture(scope="session")
def searcher(library: EdgeStore, embedder: SentenceTransformerEmbedder) -> Searcher:
    """Searches the library."""
    return Searcher(library, embedder)
