"""Search and answers for programs: the JSON of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from playhead.types import Answer, Hit
from retrieval.question import MAX_QUESTION_CHARACTERS
from ui.web.replies import AnswerReply, Mode, SearchReply, answer_reply, search_reply
from ui.web.site import Site
from ui.wiring import Playhead

MAX_TURNS = 8
MAX_VIDEOS = 1_000
MAX_HITS = 1_000

Question = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
Videos = Annotated[
    Sequence[Annotated[str, Field(max_length=64)]],
    Field(
        max_length=MAX_VIDEOS,
        description="Ids of videos, or the beginnings of ids: only these. None: all.",
    ),
]
Speaker = Annotated[
    str | None,
    Field(
        max_length=200,
        description="Only what this speaker says; a whole word of the name is enough.",
    ),
]
Turns = Annotated[
    Sequence[Question],
    Field(max_length=MAX_TURNS, description="Earlier questions, on which this one may follow."),
]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskRequest(_Asked):
    """A question."""

    question: Question
    videos: Videos = ()
    turns: Turns = ()
    speaker: Speaker = None


class SearchRequest(_Asked):
    """What to look for."""

    query: Question
    mode: Mode = "hybrid"
    limit: Annotated[int, Field(ge=1, le=MAX_HITS)] = 10
    videos: Videos = ()
    speaker: Speaker = None


def answer_routes(app: Playhead, site: Site) -> APIRouter:
    """`POST /api/ask` and `POST /api/search`."""
    router = APIRouter(prefix="/api", tags=["ask"])

    @router.post("/ask", response_model=AnswerReply)
    def ask(asked: AskRequest) -> dict[str, Any]:
        """Answer a question from the videos, each claim cited, or say that they do not."""
        return answer_reply(asked_of(app, asked), site)

    @router.post("/search", response_model=SearchReply)
    def search(asked: SearchRequest) -> dict[str, Any]:
        """Find the moments that fit a question, best first."""
        return search_reply(asked.query, asked.mode, found_for(app, asked), site)

    return router


def found_for(app: Playhead, asked: SearchRequest) -> list[Hit]:
    """The moments that fit; what may be wrong is as for `asked_of`."""
    from retrieval.plan import PLANS

    ids = app.video_ids(tuple(asked.videos))
    speakers = app.searcher.speakers_named(asked.speaker, ids)
    return app.searcher.search(asked.query, asked.limit, PLANS[asked.mode], ids, speakers)


def asked_of(app: Playhead, asked: AskRequest) -> Answer:
    """The answer to a question that may follow on others.

    The questions before are asked anew, in order, of the transcripts alone: what a follow-up needs
    of them is their subject and their place, and a language model would take seconds for each.

    Raises:
        QuestionError: a question is empty, or nobody is called so.
        UnknownVideoError: there is no such video.
        StoreError: the index does not answer.
    """
    from retrieval.answer.answerer import Answerer
    from retrieval.answer.extractive import ExtractiveEngine

    ids = app.video_ids(tuple(asked.videos))
    speakers = app.searcher.speakers_named(asked.speaker, ids)
    quick = Answerer(app.store, app.searcher, ExtractiveEngine())
    turns: list[Answer] = []
    for question in asked.turns:
        turns.append(quick.ask(question, ids, turns, speakers))
    return app.answerer.ask(asked.question, ids, turns, speakers)
