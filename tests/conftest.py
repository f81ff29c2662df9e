"""What every test stands on: its own library folder, no network, the real embedding model once."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import disk_usage

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

from retrieval.embedding import SentenceTransformerEmbedder

REPOSITORY = Path(__file__).parent.parent
TALKS = REPOSITORY / "ui" / "demo" / "talks"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: each file goes whole to a worker."""
    items.sort(key=lambda item: item.path.name != "test_killed_ingest.py")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library folder of the test's own, and no setting from the developer's environment."""
    for name in [name for name in os.environ if name.startswith("PLAYHEAD_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("PLAYHEAD_HOME", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(scope="session")
def quick_disk() -> Path | None:
    """A disk in memory where there is one: on a real one the engine's syncs take longest of all."""
    memory = Path("/dev/shm")
    # Containers often have one of 64 MiB, where no index would be written.
    return memory if memory.is_dir() and disk_usage(memory).free > 2 * 2**30 else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """An optional folder of real recordings beside the repository."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the optional folder of test data (../shared/data) is not there")
    return folder


@pytest.fixture(scope="session")
def demo_talks() -> Path:
    """The folder of the demo talks."""
    return TALKS


@pytest.fixture(scope="session")
def demo_model() -> Path:
    """A Whisper model that knows the demo talks, and nothing else."""
    return REPOSITORY / "ui" / "demo" / "whisper" / "playhead-demo"


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The real default model, loaded once."""
    model = SentenceTransformerEmbedder()
    model.encode(["warm up"])
    return model
