"""The JSON that the command line promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from playhead.links import moment_link
from playhead.types import Answer, Citation, Hit, Passage, Video
from retrieval.answer.wording import marked_text
from retrieval.speakers import speakers_of
from retrieval.units import doubt_of


def hits_json(question: str, mode: str, hits: Sequence[Hit]) -> dict[str, Any]:
    """What `search --json` prints."""
    return {"query": question, "mode": mode, "hits": [_hit(hit) for hit in hits]}


def answer_json(answer: Answer) -> dict[str, Any]:
    """What `ask --json` prints; `answer` is the claims as text with their marks."""
    return {
        "question": answer.question,
        "refused": answer.refused,
        "reason": answer.reason,
        "engine": answer.engine,
        "notice": answer.notice,
        "kind": answer.kind,
        "standalone": answer.standalone,
        "confidence": answer.confidence,
        "way": answer.way,
        "answer": marked_text(answer),
        "claims": [{"text": c.text, "citations": list(c.citations)} for c in answer.claims],
        "citations": [_citation(citation) for citation in answer.citations],
        "dropped": [{"text": d.text, "reason": d.reason} for d in answer.dropped],
        "closest": [_citation(citation) for citation in answer.closest],
        "passages": [_passage(passage) for passage in answer.passages],
        "timings_ms": dict(answer.timings_ms),
    }


def video_json(video: Video) -> dict[str, Any]:
    """What `library list --json` prints of a video."""
    return asdict(video) | {"draft": video.draft}


def _hit(hit: Hit) -> dict[str, Any]:
    segment = hit.segment
    return {
        "segment_id": segment.id,
        "video_id": segment.video_id,
        "title": hit.video.title,
        "start": segment.start,
        "end": segment.end,
        "score": hit.score,
        "text": segment.text,
        "speakers": speakers_of(segment.sentences),
        "doubt": doubt_of(segment.sentences),
        "link": moment_link(hit.video.source, segment.start),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "video_id": citation.video_id,
        "title": citation.title,
        "segment_id": citation.segment_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "speaker": citation.speaker,
        "draft": citation.draft,
        "doubt": citation.doubt,
        "link": moment_link(citation.source, citation.start),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    sentences = [sentence for segment in passage.segments for sentence in segment.sentences]
    return {
        "segment_id": passage.hit.segment.id,
        "video_id": passage.hit.segment.video_id,
        "title": passage.hit.video.title,
        "start": passage.start,
        "end": passage.end,
        "score": passage.hit.score,
        "text": passage.text,
        "speakers": speakers_of(sentences),
        "doubt": doubt_of(sentences),
    }
