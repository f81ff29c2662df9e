"""What Gradio is told to build: nothing that evaluates strings, nothing for strangers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.event_loops import closed_after
from ui.web.feedback import Feedback
from ui.web.page import build_page
from ui.web.site import Site
from ui.wiring import open_playhead


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser is told of the page."""
    home = tmp_path_factory.mktemp("home")
    with open_playhead(home=home) as app, closed_after():
        return dict(build_page(app, Site(), Feedback(home)).get_config_file())


def test_no_part_evaluates_strings(config: dict[str, Any]) -> None:
    """`gr.HTML` evaluates its template, and `js=` itself: the page's policy forbids both."""
    assert "html" not in {part["type"] for part in config["components"]}
    assert not any(event["js"] for event in config["dependencies"])


def test_the_box_has_its_name(config: dict[str, Any]) -> None:
    labels = [part["props"].get("label") for part in config["components"]]
    assert labels.count("Ask your videos") == 1


def test_questions_are_no_public_endpoint(config: dict[str, Any]) -> None:
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}


def test_conversations_are_kept_apart(config: dict[str, Any]) -> None:
    """Each session has a state of its own, which never leaves the server."""
    (state,) = [part for part in config["components"] if part["type"] == "state"]
    assert "value" not in state["props"] or not state["props"]["value"]
