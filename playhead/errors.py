"""Every error a user can cause, as one tree with one base.

    PlayheadError
    ├── SettingsError          a setting has a value that cannot be
    ├── QuestionError          an empty question, or one far too long
    ├── IngestError
    │   ├── SourceError        a path that is not there or cannot be read
    │   ├── MediaError         a file that is no media, is damaged, or has no sound
    │   ├── CaptionsError      captions that are not captions, or none where they were demanded
    │   ├── NoSpeechError      sound, but nobody speaks
    │   └── RecogniserError    a recogniser or its model is missing or failed
    ├── LibraryError           the library folder cannot be read or written
    │   ├── UnknownVideoError  no video of that id
    │   ├── DamagedVideoError  a video's files are not what they should be
    │   └── DiskFullError      no room left
    ├── StoreError             the index does not answer
    │   ├── StoreLockedError   another process owns it
    │   └── StoreMismatchError it was made with another embedding model
    ├── EmbeddingError         the embedding model is missing or failed
    ├── RerankerError          the reranker model is missing, no reranker, or failed
    ├── EntailmentError        the entailment model is missing, not made for it, or failed
    ├── CorrectionError        a transcript cannot be corrected like this
    ├── DatasetError           an evaluation dataset is not one
    └── AnswerError            the language model is misconfigured

The command line catches the base class, prints one line and exits 1. Anything else is a bug.
"""

from __future__ import annotations

from playhead.text import printable


class PlayheadError(Exception):
    """An expected failure: what happened and why, and what to do about it.

    Args:
        problem: what happened and why, without a final full stop.
        remedy: what the user can do, without a final full stop; empty if nothing can be done.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Both on one line, whatever line breaks the parts had."""
        # What a library gives as its reason may end in a full stop of its own.
        line = f"{self.problem.rstrip('.')}."
        if self.remedy:
            line += f" {self.remedy.rstrip('.')}."
        return printable(" ".join(line.split()))


class SettingsError(PlayheadError):
    """A setting has a value that cannot be."""


class QuestionError(PlayheadError):
    """A question that cannot be asked."""


class IngestError(PlayheadError):
    """A video could not be taken in."""


class SourceError(IngestError):
    """A path that is not there or cannot be read."""


class MediaError(IngestError):
    """A file that is no media, is damaged, or has no sound."""


class CaptionsError(IngestError):
    """Captions that are not captions, or none where they were demanded."""


class NoSpeechError(IngestError):
    """There is sound, but nobody speaks."""


class RecogniserError(IngestError):
    """A recogniser or its model is missing or failed."""


class LibraryError(PlayheadError):
    """The library folder cannot be read or written."""


class UnknownVideoError(LibraryError):
    """No video of that id."""


class DamagedVideoError(LibraryError):
    """A video's files are not what they should be."""


class DiskFullError(LibraryError):
    """No room left on the disk."""


class StoreError(PlayheadError):
    """The index does not answer."""


class StoreLockedError(StoreError):
    """Another process owns the index."""


class StoreMismatchError(StoreError):
    """The index was made with another embedding model, or by another version of its schema."""


class EmbeddingError(PlayheadError):
    """The embedding model is missing or failed."""


class RerankerError(PlayheadError):
    """The reranker model is missing, no reranker, or failed."""


class EntailmentError(PlayheadError):
    """The entailment model is missing, not made for it, or failed."""


class CorrectionError(PlayheadError):
    """A transcript cannot be corrected like this."""


class DatasetError(PlayheadError):
    """An evaluation dataset is not one."""


class AnswerError(PlayheadError):
    """The language model is misconfigured."""
