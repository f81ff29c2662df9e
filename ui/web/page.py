"""The Gradio page: the conversation, the player with its transcript, the library.

Gradio runs the conversation; the modules in `static/` fill the empty elements made here. None of
Gradio's parts that evaluate strings as scripts is used (`gr.HTML`, `js=`): the page's policy
forbids that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import gradio as gr

from playhead.errors import PlayheadError
from playhead.types import Answer
from ui.web.answers import answer_html, busy_html, question_html, trouble_html
from ui.web.errors import public_line
from ui.web.feedback import Feedback
from ui.web.site import Site
from ui.wiring import Playhead

Message = dict[str, str]
Turn = tuple[Answer, str]
"""An answer that was shown, and its HTML."""
Shown = tuple[list[Message], Any]
"""The conversation as it is seen, and what is put into the question box.

The box is left alone (`LEFT`) while an answer grows: its reader may be typing the next question.
"""
LEFT = gr.skip()

_AT_ONCE = 20
_MAX_WAITING = 200
_MAX_TURNS = 50


def build_page(app: Playhead, site: Site, feedback: Feedback) -> gr.Blocks:
    """The page. Each browser session has a conversation of its own (`gr.State`)."""
    talk = Talk(app, site, feedback)
    page: gr.Blocks = gr.Blocks(title="Playhead", analytics_enabled=False)
    with page:
        _mount("masthead")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"):
                _ask_tab(talk)
            with gr.Tab("Library", id="library-tab"):
                _mount("library")
    # Who comes when so many wait is told so, at once.
    page.queue(max_size=_MAX_WAITING)
    return page


def _ask_tab(talk: Talk) -> None:
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk", scale=1, min_width=320):
            conversation = gr.Chatbot(
                elem_id="conversation",
                label="Conversation",
                show_label=False,
                height="auto",
                layout="bubble",
                buttons=[],
                feedback_options=None,
                sanitize_html=False,
                latex_delimiters=[],
                placeholder="<div id='welcome'></div>",
            )
            _mount("scope-shown")
            question = gr.Textbox(
                label="Ask your videos",
                placeholder="Ask your videos",
                show_label=False,
                autofocus=True,
                submit_btn="Ask",
                max_lines=4,
                max_length=2000,
                elem_id="question",
            )
            fresh = gr.Button("New conversation", size="sm", elem_id="fresh", variant="secondary")
        with gr.Column(elem_id="evidence", scale=1, min_width=320):
            _mount("stage")
    # Which videos to ask, as ids; `static/scope.js` writes it.
    scope = gr.Textbox(visible="hidden", elem_id="scope", label="Videos to ask")
    # Each browser session gets a copy of its own.
    session = gr.State(Session())
    seen = [conversation, question]
    question.submit(
        talk.ask,
        [question, scope, session],
        seen,
        concurrency_limit=_AT_ONCE,
        # One that is asked before the last answer has ended takes its place.
        trigger_mode="multiple",
        show_progress="hidden",
        api_visibility="private",
    )
    fresh.click(
        talk.begin_anew,
        [session],
        seen,
        concurrency_limit=_AT_ONCE,
        show_progress="hidden",
        api_visibility="private",
    )


def _mount(name: str) -> None:
    gr.Markdown(f"<div id='{escape(name)}'></div>", sanitize_html=False, container=False)


@dataclass
class Session:
    """What was said in one browser session; `asking` stands for the question that is answered."""

    turns: list[Turn] = field(default_factory=list)
    asking: object | None = None


class Talk:
    """Conversations with the library; keeps none of them itself."""

    def __init__(self, app: Playhead, site: Site, feedback: Feedback) -> None:
        self._app = app
        self._site = site
        self._feedback = feedback

    def ask(self, question: str, scope: str, session: Session) -> Iterator[Shown]:
        """The conversation as the answer grows, claim by claim.

        It ends without a word as soon as something newer is asked, or begun: Gradio's own way to
        stop waits for the next claim of a model, and keeps the reader waiting, too.
        """
        before = [message for turn in session.turns for message in _messages(turn)]
        if not question.strip():
            yield before, LEFT
            return
        mine = session.asking = object()
        asked = _message("user", question_html(question))
        yield [*before, asked, _message("assistant", busy_html())], ""
        answers = [answer for answer, _ in session.turns]
        try:
            for answer in self._app.answerer.stream(question, scope.split(), answers):
                if session.asking is not mine:
                    return
                yield [*before, asked, _message("assistant", answer_html(answer))], LEFT
        except PlayheadError as error:
            # What was asked comes back into the box, to be tried again.
            line = public_line(error, self._app, self._site)
            trouble = _message("assistant", trouble_html(line))
            if session.asking is mine:
                yield [*before, asked, trouble], question
            return
        if session.asking is not mine:
            return
        whole = (answer, answer_html(answer, self._feedback.remember(answer)))
        session.turns = [*session.turns, whole][-_MAX_TURNS:]
        yield [*before, *_messages(whole)], LEFT

    def begin_anew(self, session: Session) -> Shown:
        """Nothing said yet; what is still being answered comes to nothing."""
        session.turns, session.asking = [], None
        return [], ""


def _messages(turn: Turn) -> Sequence[Message]:
    answer, html = turn
    return _message("user", question_html(answer.question)), _message("assistant", html)


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
