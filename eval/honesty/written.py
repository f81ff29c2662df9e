"""Claims that a language model wrote about recordings, true and false, put straight to the checks.

    {"said": [{"text", "speaker"}], "title", "question", "text", "kind"}

one JSON object a line; "title" is the id of a recording that ships (`eval/data`). "close" and
"free" claims are true (in the sentences' own words, and in others), all other kinds are false. The
quote of each citation is the whole sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.dataset import read_videos
from eval.honesty.judgement import Judgement
from playhead.errors import DatasetError
from playhead.types import Segment, Sentence, Video
from retrieval.answer.checks.claims import Checker
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import CitedSentence, ClaimReply

_DATA = Path(__file__).parent.parent / "data"
FOLDER = _DATA / "claims"
SETS = ("tune", "test")
"""The checks were made with the first in view; the second they have never seen."""
TRUE = frozenset({"close", "free"})

_RECORDINGS = ("recordings", "demo")
_SECONDS, _HOUR = 5.0, 3600.0


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A claim, and the sentences that it cites, as evidence by their ids."""

    kind: str
    text: str
    sentences: dict[str, Evidence]

    @property
    def said(self) -> str:
        """What it cites."""
        return " ".join(unit.text for unit in self.sentences.values())

    @property
    def reply(self) -> ClaimReply:
        """As a model would have made it."""
        cited = [
            CitedSentence(sentence=name, quote=unit.text) for name, unit in self.sentences.items()
        ]
        return ClaimReply(text=self.text, evidence=cited)


def read_claims(path: Path) -> tuple[WrittenClaim, ...]:
    """Read a file of claims.

    Raises:
        DatasetError: it cannot be read, or a line is not what it should be.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}", "Restore the file") from error
    titles = {
        entry.video.id: entry.video.title
        for name in _RECORDINGS
        for entry in read_videos(_DATA / name)
    }
    claims = []
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                claims.append(_claim(json.loads(line), titles))
            except (KeyError, TypeError, ValueError) as error:
                problem = f"{path}, line {number} is not as it should be: {error!r}"
                raise DatasetError(problem, "Restore the file") from error
    return tuple(claims)


def judge_written(claims: tuple[WrittenClaim, ...], checker: Checker) -> Iterator[Judgement]:
    """What the checks say of each claim."""
    for claim in claims:
        reason = checker.problem(claim.reply, claim.sentences)
        yield Judgement(claim.kind, claim.kind in TRUE, claim.text, claim.said, reason)


def _claim(row: dict[str, Any], titles: Mapping[str, str]) -> WrittenClaim:
    video_id = str(row["title"])
    video = Video(video_id, titles[video_id], f"dataset:{video_id}", _HOUR, language="en")
    sentences = {
        f"S{number}": _evidence(str(said["text"]), str(said["speaker"]), video, number)
        for number, said in enumerate(row["said"], start=1)
    }
    if not sentences:
        raise ValueError("it cites nothing")
    return WrittenClaim(str(row["kind"]), str(row["text"]), sentences)


def _evidence(text: str, speaker: str, video: Video, number: int) -> Evidence:
    start = number * _SECONDS
    sentence = Sentence(text, start, start + _SECONDS, speaker=speaker or None)
    segment = Segment(f"{video.id}:0", video.id, 0, 0.0, start + _SECONDS, (sentence,))
    return Evidence((sentence,), segment, video, 1.0, 0, number)
