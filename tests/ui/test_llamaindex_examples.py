"""The examples of docs/llamaindex.md, run as they are, over the demo's library."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from playhead.errors import SettingsError, UnknownVideoError
from retrieval.store.edge import EdgeStore
from tests.openai_server import Message, OpenAIServer, Request, tool_call
from ui.cli import exit_status
from ui.wiring import open_playhead

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("llamaindex_*.py"))
EVALUATOR, AGENT = DOCS / "examples/llamaindex_evaluator.py", DOCS / "examples/llamaindex_agent.py"


@pytest.fixture(scope="module")
def demo_home(demo_talks: Path, quick_disk: Path | None) -> Iterator[Path]:
    """The demo's library, but for the talk that has to be recognised."""
    with TemporaryDirectory(dir=quick_disk) as folder:
        talks = [str(demo_talks / name) for name in ("vasa.mp4", "sourdough.mp4")]
        assert exit_status(["--home", folder, "ingest", *talks]) == 0
        yield Path(folder)


@pytest.fixture(autouse=True)
def demo_library(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYHEAD_HOME", str(demo_home))
    return demo_home


def is_let_go_of(home: Path) -> bool:
    """Whether another could have the index now."""
    store = EdgeStore(home / "index", "all-MiniLM-L6-v2", lock_wait=0)
    try:
        return store.count() > 0
    finally:
        store.close()


def test_the_evaluator(demo_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # LlamaIndex would make a loop for this thread and leave it open.
    asyncio.set_event_loop(None)
    runpy.run_path(str(EVALUATOR), run_name="__main__")
    out = capsys.readouterr().out
    assert out.count("Query: ") == 2
    assert out.count("'hit_rate': 1.0, 'mrr': ") == 2
    assert is_let_go_of(demo_library)


# LlamaIndex's workflows look at every attribute of the agent, old names of pydantic's among them.
@pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20")
@pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince211")
def test_the_agent(
    demo_library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def model(request: Request) -> str | Message:
        """Calls the tool with the question, then repeats what the tool said."""
        last = request["messages"][-1]
        said: str = last["content"]
        return said if last["role"] == "tool" else tool_call("videos", input=said)

    with OpenAIServer(model) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "any")
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        runpy.run_path(str(AGENT), run_name="__main__")
    answer, _, *sources = capsys.readouterr().out.splitlines()
    assert answer.startswith("The Vasa sank because too much of her weight lay too high")
    assert sources[0].startswith("[1] Why the Vasa sank, 1:06: file:///")
    assert "/vasa.mp4#t=66" in sources[0]
    assert is_let_go_of(demo_library)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_stands_in_the_documentation(example: Path) -> None:
    text = example.read_text("utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) < 15
    assert f"```python\n{text}```\n" in (DOCS / "llamaindex.md").read_text("utf-8")


def test_videos_are_named_as_on_the_command_line() -> None:
    with open_playhead() as playhead:
        ship = playhead.video_ids(("9ccc",))[0]
        found = playhead.retriever(limit=20, videos=("9ccc",)).retrieve("flour, water and salt")
        assert {node.metadata["video_id"] for node in found} == {ship}
        assert "baking" in str(playhead.query_engine().query("When is the starter ready?"))
        of_ship = playhead.query_engine(("9ccc",)).query("When is the starter ready?")
        assert (of_ship.metadata or {})["refused"]
        with pytest.raises(UnknownVideoError):
            playhead.retriever(videos=("nothing",))


def test_a_retriever_needs_no_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYHEAD_LLM", "openai")
    with open_playhead() as playhead:
        assert playhead.retriever(limit=1).retrieve("Vasa")
        with pytest.raises(SettingsError):
            playhead.query_engine()
