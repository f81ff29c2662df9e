"""The web application: the Gradio page, and the media, captions and watch pages beside it."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI, HTTPException
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import FileResponse, HTMLResponse

from playhead.errors import LibraryError, PlayheadError
from playhead.links import is_url
from playhead.types import Video
from ui.web.html import CLICK_JS, EMPTY_PLAYER, PLAYER_CSS, answer_html, watch_html
from ui.wiring import Playhead

_SYSTEM_FONTS = gr.themes.Default(
    font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
)


def build_app(app: Playhead) -> FastAPI:
    """The page at `/`; a file is only ever read because a video of the library names it."""
    api = FastAPI(title="Playhead", docs_url=None, redoc_url=None, openapi_url=None)

    # A page of another site may not reach this one under a name of its own (DNS rebinding).
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])

    @api.api_route("/media/{video_id}", methods=["GET", "HEAD"])
    def media(video_id: str) -> FileResponse:
        video = _video(app, video_id)
        if is_url(video.source) or not Path(video.source).is_file():
            raise HTTPException(404, "the media file is not where it was")
        return FileResponse(video.source)

    @api.get("/captions/{video_id}")
    def captions(video_id: str) -> FileResponse:
        path = app.library.captions_path(_video(app, video_id).id)
        if path is None:
            raise HTTPException(404, "no captions")
        return FileResponse(path, media_type="text/vtt")

    @api.get("/watch/{video_id}")
    def watch(video_id: str) -> HTMLResponse:
        return HTMLResponse(watch_html(_video(app, video_id)))

    gr.mount_gradio_app(
        api,
        build_page(app),
        path="/",
        theme=_SYSTEM_FONTS,
        css=PLAYER_CSS,
        head=f"<script>{CLICK_JS}</script>",
        footer_links=[],
        ssr_mode=False,
    )
    return api


def build_page(app: Playhead) -> gr.Blocks:
    """The question box, the answer, the player."""

    def answer(question: str) -> str:
        try:
            html = answer_html(app.answerer.ask(question))
        except PlayheadError as error:
            raise gr.Error(str(error)) from error
        finally:
            # Others (`playhead ingest` in a terminal) may want the index between two questions.
            app.store.close()
        return html

    page = gr.Blocks(title="Playhead", analytics_enabled=False)
    with page:
        gr.Markdown("# Playhead")
        with gr.Row():
            with gr.Column(scale=3):
                question = gr.Textbox(label="Ask your videos", autofocus=True, submit_btn="Ask")
                said = gr.HTML()
            with gr.Column(scale=2):
                gr.HTML(f"<div id='stage'>{EMPTY_PLAYER}</div>")
        question.submit(answer, question, said, concurrency_limit=1, api_visibility="private")
    return page


def _video(app: Playhead, video_id: str) -> Video:
    try:
        return app.library.video(video_id)
    except LibraryError as error:
        raise HTTPException(404, error.problem) from error
