"""The one place that joins the rooms: settings in, ready objects out, each built when needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.errors import SettingsError
from playhead.progress import OnProgress, ignore_progress
from playhead.settings import Settings, load_settings

if TYPE_CHECKING:
    from ingest.library import VideoLibrary
    from ingest.options import IngestOptions
    from playhead.types import Segment, Video
    from retrieval.answer.answerer import Answerer
    from retrieval.answer.checks.claims import Checker
    from retrieval.answer.checks.entailment import Entailment
    from retrieval.answer.engine import Engine
    from retrieval.answer.llamaindex import PlayheadQueryEngine
    from retrieval.answer.llm.server import ModelServer
    from retrieval.answer.questions.followup import Rewriter
    from retrieval.embedding import Embedder
    from retrieval.index import SegmentIndexer
    from retrieval.llamaindex import PlayheadRetriever
    from retrieval.reranker import Reranker
    from retrieval.search import Searcher
    from retrieval.store.protocol import Store

_OLLAMA_URL = "http://localhost:11434"
_OPENAI_URL = "https://api.openai.com/v1"


@dataclass
class Playhead:
    """The application's objects, for one set of settings."""

    settings: Settings

    @cached_property
    def library(self) -> VideoLibrary:
        """The files."""
        from ingest.library import VideoLibrary

        return VideoLibrary(self.settings.home)

    @property
    def uploads(self) -> Path:
        """Where the page keeps what it is sent: a folder for each video, named by its id."""
        return self.settings.home / "media"

    @cached_property
    def store(self) -> Store:
        """The index: in the library's folder, or on a server where a URL is set."""
        settings = self.settings
        if settings.qdrant_url is None:
            from retrieval.store.edge import EdgeStore
            from retrieval.store.shared import SharedStore

            return SharedStore(EdgeStore(settings.home / "index", settings.embedding_model))
        from retrieval.store.server import ServerStore, connect

        key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
        return ServerStore(connect(settings.qdrant_url, key), settings.embedding_model)

    def sharing(self) -> AbstractContextManager[None]:
        """Own the index while this lasts, and let other processes use it; a server needs no owner.

        Where another process owns it, that one is asked, and followed when it ends.
        """
        from retrieval.store.shared import SharedStore

        return self.store.sharing() if isinstance(self.store, SharedStore) else nullcontext()

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model; loaded when it first embeds."""
        from retrieval.embedding import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(self.settings.embedding_model)

    @cached_property
    def reranker(self) -> Reranker | None:
        """Puts the best hits in order, if the settings name a model; loaded when it first does."""
        if self.settings.reranker_model is None:
            return None
        from retrieval.reranker import CrossEncoderReranker

        return CrossEncoderReranker(self.settings.reranker_model)

    @cached_property
    def searcher(self) -> Searcher:
        """Finds segments."""
        from retrieval.search import Searcher

        return Searcher(self.store, self.embedder, self.reranker)

    @cached_property
    def engine(self) -> Engine:
        """Makes claims of evidence: the transcript's own sentences, or a language model."""
        from retrieval.answer.extractive import ExtractiveEngine

        if self.settings.llm == "none":
            return ExtractiveEngine()
        from retrieval.answer.llm.engine import LlmEngine

        settings, server = self.settings, self.model_server
        return LlmEngine(
            server,
            f"llm:{server.model}",
            self.checker,
            ExtractiveEngine(),
            seconds=settings.llm_timeout,
            context=settings.llm_context,
        )

    @cached_property
    def model_server(self) -> ModelServer:
        """Where the language model is.

        Raises:
            SettingsError: a model is wanted, but not named.
        """
        base_url, model, key = self.llm_settings()
        if self.settings.llm == "ollama":
            from retrieval.answer.llm.server import ollama

            return ollama(base_url, model, self.settings.llm_context, key)
        from retrieval.answer.llm.server import openai_compatible

        return openai_compatible(base_url, model, key)

    @cached_property
    def checker(self) -> Checker:
        """Judges what a language model claims."""
        from retrieval.answer.checks.claims import Checker

        return Checker(self.entailment)

    @cached_property
    def entailment(self) -> Entailment | None:
        """Judges whether a claim follows from what it cites, if the settings name a model."""
        if self.settings.nli_model is None:
            return None
        from retrieval.answer.checks.entailment import CrossEncoderEntailment

        return CrossEncoderEntailment(self.settings.nli_model)

    @cached_property
    def rewriter(self) -> Rewriter | None:
        """Makes a question that follows on others stand alone; the language model, if there is."""
        if self.settings.llm == "none":
            return None
        from retrieval.answer.llm.rewriter import LlmRewriter

        return LlmRewriter(self.model_server)

    @cached_property
    def answerer(self) -> Answerer:
        """Answers questions."""
        from retrieval.answer.answerer import Answerer

        return Answerer(self.store, self.searcher, self.engine, self.rewriter)

    def retriever(
        self, limit: int = 10, neighbours: int = 0, videos: tuple[str, ...] = ()
    ) -> PlayheadRetriever:
        """A LlamaIndex retriever.

        Args:
            limit: at most so many nodes.
            neighbours: how many segments before and after each hit its node also holds.
            videos: search these only, named as for `video_ids`; empty means all.
        """
        from retrieval.llamaindex import PlayheadRetriever

        ids = self.video_ids(videos)
        return PlayheadRetriever(
            self.store, self.searcher, limit, neighbours=neighbours, video_ids=ids
        )

    def query_engine(self, videos: tuple[str, ...] = ()) -> PlayheadQueryEngine:
        """A LlamaIndex query engine that answers from `videos`; empty means all."""
        from retrieval.answer.llamaindex import PlayheadQueryEngine

        return PlayheadQueryEngine(self.answerer, self.video_ids(videos))

    @cached_property
    def indexer(self) -> SegmentIndexer:
        """Keeps the index in step with the files."""
        from retrieval.index import SegmentIndexer

        return SegmentIndexer(self.store, self.embedder)

    def index_video(self, video_id: str, on_progress: OnProgress = ignore_progress) -> int:
        """Cut a video's transcript into segments and index them, as the files have it.

        Returns:
            The number of segments.
        """
        video, segments = self._in_files(video_id)
        self.indexer.index(video, segments, on_progress)
        return len(segments)

    def is_indexed(self, video_id: str) -> bool:
        """Whether the index holds just what the files say of a video."""
        return self.indexer.holds(*self._in_files(video_id))

    def remove_video(self, video_id: str) -> None:
        """Remove a video from the index and then from the files.

        The copy that the page was sent for it goes, too; a file that lies elsewhere stays.
        """
        self.store.delete(video_id)
        self.library.remove(video_id)
        shutil.rmtree(self.uploads / video_id, ignore_errors=True)

    def video_ids(self, names: tuple[str, ...]) -> list[str]:
        """Ids of the videos that a user named by id or by the beginning of one.

        Raises:
            UnknownVideoError: there is none, or several begin so.
        """
        return [self.library.resolve(name) for name in names]

    def free_disk_bytes(self) -> int:
        """Room left where the library is, or would be."""
        folder = self.settings.home
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def _in_files(self, video_id: str) -> tuple[Video, tuple[Segment, ...]]:
        from ingest.segments import segments_of

        transcript = self.library.transcript(video_id)
        return self.library.video(video_id), segments_of(video_id, transcript.sentences)

    def llm_settings(self) -> tuple[str, str, str | None]:
        """Base URL, model and key of the language model.

        Raises:
            SettingsError: a model is wanted, but not named.
        """
        settings = self.settings
        if settings.llm_model is None:
            raise SettingsError(
                f"PLAYHEAD_LLM is {settings.llm!r}, but no model is named",
                "Set PLAYHEAD_LLM_MODEL, or PLAYHEAD_LLM=none for the transcript's own words",
            )
        default_url = _OLLAMA_URL if settings.llm == "ollama" else _OPENAI_URL
        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
        return settings.llm_base_url or default_url, settings.llm_model, key


def ingest_options(
    app: Playhead,
    asr: str = "auto",
    *,
    language: str | None = None,
    device: str = "auto",
    media_url: str | None = None,
    vocabulary: Path | None = None,
    diarize: bool = False,
    allow_private: bool = False,
) -> IngestOptions:
    """How to take in files: what the command says, and the settings' Whisper model.

    Raises:
        SourceError: the vocabulary cannot be read.
    """
    from ingest.options import IngestOptions
    from ingest.vocabulary import read_vocabulary

    return IngestOptions(
        asr=asr,  # type: ignore[arg-type]  # the command line offers only what there is
        model=app.settings.whisper_model,
        language=language,
        device=device,
        media_url=media_url,
        vocabulary=read_vocabulary(vocabulary) if vocabulary else (),
        diarize=diarize,
        allow_private=allow_private,
    )


@contextmanager
def open_playhead(**flags: object) -> Iterator[Playhead]:
    """The application for the length of a command; lets go of the index at the end."""
    app = Playhead(load_settings(**flags))
    try:
        yield app
    finally:
        if "store" in app.__dict__:
            app.store.close()
