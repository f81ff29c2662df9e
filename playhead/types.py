"""The words of the domain, as frozen values: from a spoken word to a cited answer.

Pure values: no identity beyond their fields, no storage, no behaviour that needs a library.
Every time is a float, in seconds from the start of the media.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from playhead.text import join_words

WordTimes = Literal["measured", "interpolated"]
"""Whether word times were observed (by a recogniser) or spread over a cue that had only its own."""

MediaKind = Literal["video", "audio"]

Doubt = Literal["silence", "repetition", "unsure"]
"""Why a recogniser may have made words up: nobody speaks there, they loop, it was hardly sure."""

MAX_SEGMENT_SECONDS = 30.0
"""No segment is longer than this."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word with its times, and how sure the recogniser was (0 to 1, None if unknown)."""

    text: str
    start: float
    end: float
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A run of words that belong together; the unit of evidence.

    `text` is the words joined (see `playhead.text.join_words`). `words` is empty where a sentence
    comes from the index, which keeps sentences' times but not words'. `doubt` is set where the
    words may be made up: they are shown, but never without saying so.
    """

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
    speaker: str | None = None
    doubt: Doubt | None = None

    @classmethod
    def of(cls, words: tuple[Word, ...], speaker: str | None = None) -> Sentence:
        """A sentence from its words (at least one): text and times follow from them."""
        text = join_words(word.text for word in words)
        return cls(text, words[0].start, words[-1].end, words, speaker)


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything that was said in one video, in order of time.

    `engine` names what made it: "captions:sidecar", "captions:track", "whisper:<model>" or
    "pocketsphinx".
    """

    sentences: tuple[Sentence, ...]
    language: str | None
    engine: str
    word_times: WordTimes

    @property
    def draft(self) -> bool:
        """Whether it is rough enough that it should be redone by a better recogniser."""
        return is_draft(self.engine)


def is_draft(engine: str) -> bool:
    """Whether transcripts by this engine are drafts."""
    return engine == "pocketsphinx"


@dataclass(frozen=True, slots=True)
class Video:
    """A video (or audio recording) of the library: what it is and where it came from.

    `source` is an absolute path, or a URL where the media lives elsewhere. `added` is an ISO 8601
    time in UTC. `engine` is that of its transcript.
    """

    id: str
    title: str
    source: str
    duration: float
    media: MediaKind = "video"
    added: str = ""
    engine: str = ""
    language: str | None = None

    @property
    def draft(self) -> bool:
        """Whether its transcript is a draft."""
        return is_draft(self.engine)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of whole sentences of at most 30 seconds; the unit of retrieval.

    `ordinal` counts from 0 within the video. `id` is `<video_id>:<ordinal>`.
    """

    id: str
    video_id: str
    ordinal: int
    start: float
    end: float
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """What is said in it."""
        return join_words(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Hit:
    """A segment that a search found, its score (higher is better) and the video it lies in."""

    segment: Segment
    score: float
    video: Video


@dataclass(frozen=True, slots=True)
class Passage:
    """A hit with its neighbours: consecutive segments of one video, in order of time.

    Where two hits are neighbours their passages are one, and `hit` is the better of them.
    """

    hit: Hit
    before: tuple[Segment, ...] = ()
    after: tuple[Segment, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All its segments, in order."""
        return (*self.before, self.hit.segment, *self.after)

    @property
    def start(self) -> float:
        """Where its first segment starts."""
        return self.segments[0].start

    @property
    def end(self) -> float:
        """Where its last segment ends."""
        return self.segments[-1].end

    @property
    def text(self) -> str:
        """What is said in it."""
        return join_words(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a claim: words that were said, and where to hear them.

    `n` is its mark in the answer, from 1. `quote` is a sentence of the stored transcript, whole;
    `start` and `end` are that sentence's own, as are `speaker` and `doubt`.
    """

    n: int
    video_id: str
    title: str
    start: float
    end: float
    quote: str
    segment_id: str
    source: str
    draft: bool = False
    speaker: str | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer with the marks (`Citation.n`) of what proves it; never none."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim that a model made and that was not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question came to: claims with their proof, or a refusal with its reason.

    A refusal has no claims and no citations; `closest` is then what comes nearest, which answers
    nothing. `passages` is what was looked at, best first. `notice` tells of something the reader
    should know (a model that was down, say). `standalone` is a question that followed on others,
    as it was understood. `kind` is what was asked for: a "moment", a "summary" of whole videos, or
    which videos it "mentions". `confidence`, 0 to 1, is how likely the passages answer the question
    at all, before anything was made of them. `dropped` are the claims of a model that failed a
    check, and `way` how its server held it to the form of a reply: by the "schema", to "json", or
    by "text" alone.
    """

    question: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    refused: bool
    reason: str | None
    engine: str
    passages: tuple[Passage, ...]
    notice: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    closest: tuple[Citation, ...] = ()
    standalone: str | None = None
    kind: str = "moment"
    dropped: tuple[Dropped, ...] = ()
    way: str | None = None
    confidence: float = 0.0
