"""The tools for assistants, used by the protocol's own client over a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from tests.ui.commandline import BREAD, BREAD_START
from tests.ui.web.raw_http import asked, posted, whole_site
from ui.web.site import Credentials, Site

# Gradio leaves event loops behind when a page is built.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

ANN = ("ann", "pässwörd")


@pytest.fixture(scope="module")
def port(ready_home: Path) -> Iterator[int]:
    """The whole application, with the tools, for who knows the password."""
    site = Site(credentials=Credentials(*ANN), mcp=True)
    with whole_site(ready_home, site) as port:
        yield port


def called(port: int, tool: str, **arguments: object) -> CallToolResult:
    """What a tool gives an assistant."""

    async def call() -> CallToolResult:
        async with (
            httpx2.AsyncClient(auth=ANN) as http,
            Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)) as it,
        ):
            return await it.call_tool(tool, arguments)

    return asyncio.run(call())


def given(port: int, tool: str, **arguments: object) -> dict[str, Any]:
    """What a tool gives that worked."""
    result = called(port, tool, **arguments)
    assert not result.is_error
    assert result.structured_content is not None
    return result.structured_content


def test_an_assistant_is_told_to_cite_or_say_nothing(port: int) -> None:
    async def look() -> tuple[str | None, list[Any]]:
        async with (
            httpx2.AsyncClient(auth=ANN) as http,
            Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)) as it,
        ):
            return it.instructions, (await it.list_tools()).tools

    instructions, tools = asyncio.run(look())
    assert instructions is not None
    assert "Cite or say nothing" in instructions
    assert {tool.name for tool in tools} == {"ask", "search"}
    assert all(tool.description and tool.output_schema for tool in tools)
    assert all(tool.annotations.read_only_hint for tool in tools)


def test_an_answer_with_links_that_work(port: int) -> None:
    answer = given(port, "ask", question="Why does bread rise?")
    (citation,) = answer["citations"]
    assert citation["quote"] == BREAD
    assert citation["start"] == BREAD_START
    base = f"http://127.0.0.1:{port}"
    assert citation["watch"].startswith(f"{base}/watch/{citation['video_id']}#t=3753.4")
    assert "passages" not in answer
    assert "file://" not in str(answer)


def test_a_refusal_has_nothing_to_cite(port: int) -> None:
    answer = given(port, "ask", question="Who won the 1998 World Cup?")
    assert (answer["refused"], answer["claims"], answer["citations"]) == (True, [], [])


def test_a_question_that_follows_on_others(port: int) -> None:
    answer = given(port, "ask", question="And why is that?", turns=["Why does bread rise?"])
    assert [citation["quote"] for citation in answer["citations"]] == [BREAD]


def test_a_search(port: int) -> None:
    (hit,) = given(port, "search", query="yeast", limit=1)["hits"]
    assert hit["title"] == "bread"
    assert hit["watch"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("ask", {"question": "  "}, "the question is empty"),
        ("ask", {"question": "x", "videos": ["zzzz"]}, "no video 'zzzz'"),
        ("ask", {"question": "x" * 2_001}, "2000 characters"),
        ("ask", {}, "question"),
        ("search", {"query": "x", "limit": 51}, "limit"),
        ("search", {"query": "x", "videos": ["../../etc"]}, "no video"),
        ("ask", {"question": "x", "speaker": "ann"}, "not known who speaks"),
        ("search", {"query": "x", "speaker": "ann"}, "not known who speaks"),
        ("delete", {}, "delete"),
    ],
)
def test_what_an_assistant_may_get_wrong(
    tool: str, arguments: dict[str, object], line: str, port: int
) -> None:
    """It is told what was wrong, to do better."""
    result = called(port, tool, **arguments)
    assert result.is_error
    assert line in result.content[0].text


def test_the_tools_are_behind_the_guard(port: int) -> None:
    assert posted(port, "/mcp", {}).status == 401
    assert asked(port, "/mcp", host="localhost").status == 401


def test_there_are_no_tools_unless_they_are_wanted(ready_home: Path) -> None:
    with whole_site(ready_home) as port:
        assert posted(port, "/mcp", {}).status == 404
        assert posted(port, "/mcp", {}, Origin="http://evil.example").status == 403
