"""Gradio's page without its inline scripts."""

from __future__ import annotations

import re
from pathlib import Path

import gradio
import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.testclient import TestClient

from ui.web.shell import Shell, without_inline_scripts

GRADIOS = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"


def test_gradios_own_page() -> None:
    page = without_inline_scripts(GRADIOS.read_text("utf-8"))
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert scripts
    assert all("src=" in attributes and not content for attributes, content in scripts)
    assert "/playhead/page.js" in page
    assert "<gradio-app" in page
    assert not re.search(r"""(?:src|href|content)=["'](?:https?:)?//""", page)


@pytest.mark.parametrize(
    "script",
    [
        "<script>a</script>",
        "<script data-x>a\nb</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        '<script type="module">import "x"</script >',
    ],
)
def test_inline_scripts_go(script: str) -> None:
    assert "<script" not in without_inline_scripts(f"<head>{script}</head>").lower().replace(
        '<script type="module" src="/playhead/page.js">', ""
    )


def test_scripts_of_files_stay() -> None:
    page = "<head><script type=module crossorigin src='./a.js'></script></head>"
    assert "<script type=module crossorigin src='./a.js'></script>" in without_inline_scripts(page)


@pytest.mark.parametrize(
    ("path", "response"),
    [
        ("/", JSONResponse({"page": "<script>a</script>"})),
        ("/else", HTMLResponse("<script>a</script>")),
    ],
)
def test_all_else_passes_unchanged(path: str, response: Response) -> None:
    client = TestClient(Shell(response), base_url="http://127.0.0.1")
    assert client.get(path).content == response.body


def test_the_length_is_that_of_the_changed_page() -> None:
    client = TestClient(
        Shell(HTMLResponse("<head><script>ä</script></head>")), base_url="http://127.0.0.1"
    )
    page = client.get("/")
    assert int(page.headers["content-length"]) == len(page.content)
    assert client.head("/").status_code == 200
