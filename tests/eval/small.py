"""A dataset small enough to rank by hand, in memory and as a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.dataset import Dataset, DatasetVideo, Question, Span
from ingest.captions.cue import Cue
from tests.fakes import HashEmbedder, video

SECONDS = 20.0
"""Of each cue: two are longer than a segment may be, so that each is a segment of its own."""

COOKING = ("Slice the onions.", "Melt butter, more butter, only butter.", "Onions in the butter.")
SAILING = ("Hoist the sail.", "Watch the wind and the sail.")


def entry(video_id: str, texts: Sequence[str], seconds: float = SECONDS) -> DatasetVideo:
    """A video whose cues follow each other."""
    cues = tuple(Cue(n * seconds, (n + 1) * seconds, text) for n, text in enumerate(texts))
    return DatasetVideo(video(video_id, f"On {video_id}", duration=600.0), cues)


def cue_span(ordinal: int, video_id: str | None = None) -> Span:
    """The time of the n-th cue."""
    return Span(ordinal * SECONDS, (ordinal + 1) * SECONDS, video_id)


QUESTIONS = (
    Question("first", "cooking", "Who mentions melt?", (cue_span(1),), "dev"),
    Question("second", "cooking", "butter", (cue_span(2),), "dev"),
    Question("both", "sailing", "sail", (cue_span(0), cue_span(1)), "test"),
    Question("missed", "sailing", "zeppelin", (cue_span(0),), "test"),
    Question("elsewhere", "sailing", "onions", (cue_span(1),), "test"),
    Question("nobody", "cooking", "Who paid for it?", (), "test"),
)
SMALL = Dataset("small", (entry("cooking", COOKING), entry("sailing", SAILING)), QUESTIONS)


class CountingEmbedder(HashEmbedder):
    """Counts what it has been asked to embed."""

    def __init__(self, *, words: bool = False) -> None:
        super().__init__(words=words)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        return super().encode(texts)

    def encode_words(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        return super().encode_words(texts)


def video_row(video_id: str = "v", **fields: Any) -> dict[str, Any]:
    """A line of `videos.jsonl`; `fields` override the defaults."""
    said = [{"id": 0, "start": 0.0, "end": 20.0, "text": "Slice the onions."}]
    return {"video_id": video_id, "title": "T", "duration": 60.0, "segments": said, **fields}


def question_row(qid: str = "q", **fields: Any) -> dict[str, Any]:
    """A line of `questions.jsonl`; `fields` override the defaults."""
    gold = [{"start": 0.0, "end": 20.0}]
    row = {"qid": qid, "video_id": "v", "question": "What?", "answerable": True, "gold": gold}
    return {**row, **fields}


def write_lines(folder: Path, videos: Sequence[Any], questions: Sequence[Any]) -> Path:
    """A dataset's folder, of rows or of lines as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("videos", videos), ("questions", questions)):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return folder
