"""The engine with a language model: it proposes, `retrieval.answer.checks` disposes.

A claim is shown as soon as it has arrived, was checked and passed. Where the model does not answer,
or nothing that it says is supported, the fallback engine does, and the reader is told.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from llama_index.core.llms import ChatMessage
from pydantic import ValidationError

from playhead.errors import PlayheadError
from playhead.types import Dropped
from retrieval.answer.checks.claims import Checker
from retrieval.answer.engine import Drafted, Engine, ProvenClaim, Reason, Task, Way
from retrieval.answer.llm.asking import Asker, Request, Sleep
from retrieval.answer.llm.budget import fitting, request_tokens
from retrieval.answer.llm.faults import ModelError
from retrieval.answer.llm.parser import ReplyParser
from retrieval.answer.llm.plain import plain_text
from retrieval.answer.llm.prompt import prompt, rules, sentence_ids
from retrieval.answer.llm.server import ModelServer
from retrieval.answer.llm.transport import Clock, Deadline
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import ClaimReply, reply_schema

MAX_CLAIMS = 12
"""So many claims are checked; what comes after them is not read."""
MAX_DROPPED_CHARACTERS = 500
"""So much of a dropped claim is kept."""
SECONDS = 60.0
CONTEXT_TOKENS = 8192

OWN_WORDS = "these are the transcript's own words"
NOTHING_SUPPORTED = (
    f"Nothing that the language model said was supported by what it cited; {OWN_WORDS}"
)
_NO_FORM = "its reply was not of the form asked for"
_CUT_OFF = "its reply was cut off"

_log = logging.getLogger(__name__)


class LlmEngine:
    """Answers in a model's words, each claim checked against what it cites.

    Args:
        server: where the model is.
        name: what the answer calls the engine, `llm:<model>`.
        checker: judges each claim.
        fallback: answers where the model does not.
        seconds: how long the server is waited for, in all.
        context: how many tokens the model takes, request and reply together.
        sleep: waits between two tries.
        clock: seconds that go only forward.
    """

    def __init__(
        self,
        server: ModelServer,
        name: str,
        checker: Checker,
        fallback: Engine,
        *,
        seconds: float = SECONDS,
        context: int = CONTEXT_TOKENS,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
    ) -> None:
        self._asker = Asker(server, sleep=sleep)
        self._name = name
        self._checker = checker
        self._fallback = fallback
        self._seconds = seconds
        self._context = context
        self._clock = clock

    def draft(self, task: Task) -> Generator[ProvenClaim, None, Drafted]:
        """The claims of the model's reply that pass every check, each as soon as it has."""
        draft = _Draft()
        try:
            yield from self._claims(task, draft)
        except ModelError as fault:
            _log.debug("the model failed", exc_info=fault)
            if draft.proven:
                return self._drafted(draft, notice=self._notice("'s reply broke off", fault))
            notice = self._notice(" did not answer", fault)
            return (yield from self._fall_back(task, draft, notice))
        if draft.sufficient is False and not draft.proven:
            return self._drafted(draft, "insufficient")
        if draft.proven:
            return self._drafted(draft)
        return (yield from self._fall_back(task, draft, None))

    def _claims(self, task: Task, draft: _Draft) -> Generator[ProvenClaim, None, None]:
        sentences: dict[str, Evidence] = {}

        def request(way: Way) -> Request:
            nonlocal sentences
            sentences = sentence_ids(fitting(task, lambda part: self._fits(task, way, part)))
            if not sentences:
                raise ModelError(f"a sentence is too long for its {self._context} tokens")
            draft.asked = way
            return _request(task, way, sentences)

        def read(texts: Iterator[str]) -> Generator[ProvenClaim, None, None]:
            draft.begin()
            return self._read(texts, sentences, draft)

        yield from self._asker.ask(request, read, Deadline(self._seconds, self._clock))

    def _fits(self, task: Task, way: Way, evidence: tuple[Evidence, ...]) -> bool:
        messages = _request(task, way, sentence_ids(evidence)).messages
        return request_tokens([message.content or "" for message in messages]) <= self._context

    def _read(
        self, texts: Iterator[str], sentences: dict[str, Evidence], draft: _Draft
    ) -> Generator[ProvenClaim, None, None]:
        parser = ReplyParser()
        waiting: list[Any] = []
        for text in texts:
            draft.way = draft.asked
            waiting += parser.feed(text)
            draft.sufficient = parser.sufficient
            if parser.sufficient is False:
                return
            if parser.sufficient:
                while waiting and draft.checked < MAX_CLAIMS:
                    claim = self._judged(waiting.pop(0), sentences, draft)
                    if claim is not None:
                        yield claim
            if parser.complete or draft.checked == MAX_CLAIMS:
                return
        raise ModelError(_NO_FORM if parser.sufficient is None else _CUT_OFF)

    def _judged(
        self,
        value: Any,  # noqa: ANN401 - any JSON
        sentences: dict[str, Evidence],
        draft: _Draft,
    ) -> ProvenClaim | None:
        draft.checked += 1
        try:
            claim = _claim(value)
            if any(claim.text == shown.text for shown in draft.proven):
                return None
            proven = self._proven(claim, sentences)
        except _NotShownError as error:
            draft.dropped.append(Dropped(_text(value), str(error)))
            return None
        draft.proven.append(proven)
        return proven

    def _proven(self, claim: ClaimReply, sentences: dict[str, Evidence]) -> ProvenClaim:
        try:
            problem = self._checker.problem(claim, sentences)
        except PlayheadError:
            raise
        except Exception as error:  # what cannot be checked is not shown, whatever the reason
            _log.warning("a claim could not be checked", exc_info=error)
            problem = "could not be checked"
        if problem is not None:
            raise _NotShownError(problem)
        cited = tuple(dict.fromkeys(sentences[cited.sentence] for cited in claim.evidence))
        return ProvenClaim(claim.text, cited)

    def _fall_back(
        self, task: Task, draft: _Draft, notice: str | None
    ) -> Generator[ProvenClaim, None, Drafted]:
        drafted = yield from self._fallback.draft(task)
        dropped = tuple(draft.dropped)
        if notice is None and not drafted.claims:
            return self._drafted(draft, "unsupported")
        told = notice or NOTHING_SUPPORTED
        if notice is not None and drafted.claims:
            told = f"{notice}; {OWN_WORDS}"
        return replace(drafted, notice=told, dropped=dropped, way=draft.way)

    def _drafted(
        self, draft: _Draft, reason: Reason | None = None, notice: str | None = None
    ) -> Drafted:
        return Drafted(
            tuple(draft.proven), self._name, reason, notice, tuple(draft.dropped), draft.way
        )

    def _notice(self, what: str, fault: ModelError) -> str:
        return f"The language model{what} ({self._asker.server.trouble(fault)})"


class _NotShownError(Exception):
    """A claim that is dropped, and why."""


@dataclass(slots=True)
class _Draft:
    """A draft as it grows."""

    proven: list[ProvenClaim] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    checked: int = 0
    sufficient: bool | None = None
    asked: Way | None = None
    way: Way | None = None

    def begin(self) -> None:
        """Forget a try of which nothing was shown."""
        self.dropped.clear()
        self.checked = 0
        self.sufficient = None


def _request(task: Task, way: Way, sentences: dict[str, Evidence]) -> Request:
    schema = reply_schema(list(sentences))
    messages = [
        ChatMessage(role="system", content=rules(way, schema)),
        ChatMessage(role="user", content=prompt(task.question, task.kind, sentences)),
    ]
    return Request(messages, schema)


def _claim(value: Any) -> ClaimReply:  # noqa: ANN401 - any JSON
    """A claim as it will be shown.

    Raises:
        _NotShownError: it has not the form of a claim.
    """
    try:
        claim = ClaimReply.model_validate(value)
    except ValidationError as error:
        raise _NotShownError("is not of the form asked for") from error
    return claim.model_copy(update={"text": plain_text(claim.text)})


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    """A claim that is not shown, as it may be looked at."""
    text = value.get("text") if isinstance(value, dict) else value
    return plain_text(text if isinstance(text, str) else json.dumps(value))[:MAX_DROPPED_CHARACTERS]
