"""Where a setting comes from, and what happens to one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from playhead.errors import SettingsError
from playhead.settings import DEFAULT_EMBEDDING_MODEL, DEFAULT_WHISPER_MODEL, load_settings

# Each layer stronger than the ones before it.
LAYERS = ["default", "config.toml", ".env", "environment", "flag"]


@pytest.fixture
def config(home: Path) -> Path:
    """The library's config.toml, not there yet."""
    home.mkdir()
    return home / "config.toml"


@pytest.mark.parametrize("strongest", LAYERS)
def test_the_strongest_layer_wins(
    strongest: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = LAYERS[: LAYERS.index(strongest) + 1]
    if "config.toml" in given:
        config.write_text('whisper_model = "config.toml"')
    if ".env" in given:
        Path(".env").write_text("PLAYHEAD_WHISPER_MODEL=.env\n")
    if "environment" in given:
        monkeypatch.setenv("PLAYHEAD_WHISPER_MODEL", "environment")
    flag = "flag" if "flag" in given else None
    wanted = DEFAULT_WHISPER_MODEL if strongest == "default" else strongest
    assert load_settings(whisper_model=flag).whisper_model == wanted


def test_defaults() -> None:
    settings = load_settings()
    assert settings.embedding_model == DEFAULT_EMBEDDING_MODEL == "all-MiniLM-L6-v2"
    assert settings.llm == "none"
    assert settings.qdrant_url is settings.qdrant_api_key is settings.llm_model is None
    assert settings.reranker_model is None


def test_without_a_home_the_library_is_in_the_platforms_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PLAYHEAD_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    home = load_settings().home
    assert home.is_absolute()
    assert home.name == "playhead"
    assert home.is_relative_to(tmp_path)


@pytest.mark.parametrize("source", ["flag", "environment", ".env"])
def test_config_toml_is_read_in_the_home_that_any_source_names(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.toml").write_text('llm = "ollama"')
    monkeypatch.delenv("PLAYHEAD_HOME")
    if source == ".env":
        Path(".env").write_text(f"PLAYHEAD_HOME={other}\n")
    if source == "environment":
        monkeypatch.setenv("PLAYHEAD_HOME", str(other))
    settings = load_settings(home=str(other) if source == "flag" else None)
    assert (settings.home, settings.llm) == (other, "ollama")


def test_home_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(home="~/videos").home == tmp_path / "videos"
    assert load_settings(home="videos").home == tmp_path / "videos"


@pytest.mark.parametrize(
    "name", ["HOME", "EMBEDDING_MODEL", "RERANKER_MODEL", "LLM", "QDRANT_URL", "LLM_API_KEY"]
)
def test_an_empty_variable_is_an_unset_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"PLAYHEAD_{name}", raising=False)
    unset = load_settings()
    monkeypatch.setenv(f"PLAYHEAD_{name}", "")
    assert load_settings() == unset


@pytest.mark.parametrize("name", ["reranker_model", "qdrant_url", "llm_model", "llm_api_key"])
def test_an_empty_name_is_none(name: str, config: Path) -> None:
    unset = load_settings()
    config.write_text(f'{name} = ""')
    assert load_settings() == unset
    assert load_settings(**{name: ""}) == unset


def test_other_variables_of_a_dotenv_file_are_nobodys_business() -> None:
    Path(".env").write_text("OPENAI_API_KEY=x\nPLAYHEAD_LLM=openai\n")
    assert load_settings().llm == "openai"


def problem(**flags: object) -> str:
    """The line that a user reads."""
    with pytest.raises(SettingsError) as caught:
        load_settings(**flags)
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    return line


def test_a_bad_value_names_the_setting_and_the_ways_to_correct_it() -> None:
    line = problem(llm="gpt")
    assert "'llm' cannot be 'gpt'" in line
    assert "PLAYHEAD_LLM" in line
    assert "config.toml" in line


@pytest.mark.parametrize(
    "content",
    [b'llm = "none', b"llm = 'none' oops", b"\xff\xfe\x00", b"[[[", b"llm = 1", b"[llm]\nx = 1"],
)
def test_a_bad_config_toml(content: bytes, config: Path) -> None:
    config.write_bytes(content)
    assert "config.toml" in problem()


def test_a_dotenv_file_that_is_no_text() -> None:
    Path(".env").write_bytes(b"\xff\xfe=\x00")
    assert ".env" in problem()


def test_a_home_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYHEAD_HOME", "~nobody-of-this-name/videos")
    assert "library folder" in problem()


def test_secrets_are_never_shown(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYHEAD_QDRANT_API_KEY", "s3cret-1")
    config.write_text('llm_api_key = "s3cret-2"')
    settings = load_settings()
    for shown in (repr(settings), str(settings), f"{settings.model_dump()}"):
        assert "s3cret" not in shown
    assert settings.qdrant_api_key
    assert settings.qdrant_api_key.get_secret_value() == "s3cret-1"


@pytest.mark.parametrize("content", ["llm_api_key = 53217", '[llm_api_key]\nvalue = "53217"'])
def test_a_secret_of_a_wrong_kind_is_not_shown_either(content: str, config: Path) -> None:
    config.write_text(content)
    line = problem()
    assert "llm_api_key" in line
    assert "53217" not in line
