"""The Gradio page: the conversation, the player with its transcript, the library."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import gradio as gr

from playhead.errors import PlayheadError
from playhead.types import Answer
from ui.web.answers import answer_html
from ui.web.feedback import Feedback
from ui.wiring import Playhead

Message = dict[str, str]


def build_page(app: Playhead, feedback: Feedback) -> gr.Blocks:
    """Each browser session has a conversation of its own (`gr.State`)."""

    def ask(
        question: str, scope: str, turns: list[Answer]
    ) -> Iterator[tuple[list[Message], list[Answer], str]]:
        asked = {"role": "user", "content": f"<p>{escape(question)}</p>"}
        said = [message for turn in turns for message in _messages(turn)]
        try:
            for answer in app.answerer.stream(question, scope.split(), turns):
                yield [*said, asked, _reply(answer)], [*turns, answer], ""
        except PlayheadError as error:
            raise gr.Error(str(error)) from error

    page = gr.Blocks(title="Playhead", analytics_enabled=False)
    with page, gr.Tabs():
        with gr.Tab("Ask"):
            with gr.Row():
                with gr.Column(scale=3):
                    conversation = gr.Chatbot(
                        sanitize_html=False, latex_delimiters=[], label="Conversation"
                    )
                    question = gr.Textbox(label="Ask your videos", autofocus=True, submit_btn="Ask")
                with gr.Column(scale=2):
                    gr.Markdown("<div id='stage'></div>", sanitize_html=False)
        with gr.Tab("Library"):
            gr.Markdown("<div id='library'></div>", sanitize_html=False)
        scope = gr.Textbox(visible="hidden", elem_id="scope", label="Videos to ask")
        turns = gr.State([])
        question.submit(
            ask, [question, scope, turns], [conversation, turns, question], api_visibility="private"
        )
    return page


def _messages(answer: Answer) -> list[Message]:
    return [{"role": "user", "content": f"<p>{escape(answer.question)}</p>"}, _reply(answer)]


def _reply(answer: Answer) -> Message:
    return {"role": "assistant", "content": answer_html(answer)}
