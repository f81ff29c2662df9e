"""Settings that cannot be, services that are not there, and wrong usage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.commandline import BREAD, Playhead, folders, write_captions

NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize("llm", ["openai", "ollama"])
def test_a_language_model_without_a_name(
    llm: str, playhead: Playhead, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_LLM", llm)
    line = playhead("ask", "Why does bread rise?").failure()
    assert f"PLAYHEAD_LLM is '{llm}', but no model is named" in line
    assert "PLAYHEAD_LLM_MODEL" in line
    assert "PLAYHEAD_LLM=none" in line
    # Searching needs none.
    assert BREAD in playhead("search", "bread").done().out


def test_a_language_model_that_does_not_answer(
    playhead: Playhead, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transcript's own words instead, and a notice beside the answer."""
    monkeypatch.setenv("PLAYHEAD_LLM", "openai")
    monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "any")
    monkeypatch.setenv("PLAYHEAD_LLM_BASE_URL", f"{NOBODY}/v1")
    run = playhead("ask", "Why does bread rise?")
    assert run.status == 0
    assert run.out.startswith(f"{BREAD} [1]")
    assert "did not answer" in run.complaint()
    # No model is asked what the videos do not say.
    playhead("ask", "What is the capital of Mongolia?").done()


def test_a_qdrant_server_that_does_not_answer(
    playhead: Playhead, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_QDRANT_URL", NOBODY)
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    for command in (
        ["search", "bread"],
        ["ask", "Why?"],
        ["ingest", str(captions), "--media-url", "https://videos.example/{stem}.mp4"],
    ):
        line = playhead(*command).failure()
        assert "the Qdrant server does not answer" in line
        assert "PLAYHEAD_QDRANT_URL" in line
    assert folders(home) == []
    run = playhead("doctor", "--json")
    (index,) = [finding for finding in run.json["findings"] if finding["name"] == "index"]
    assert (run.status, index["state"]) == (1, "broken")


@pytest.mark.parametrize(
    "command", [["library", "list"], ["search", "bread"], ["doctor"], ["demo"]], ids=" ".join
)
def test_a_config_that_is_no_toml(command: list[str], playhead: Playhead, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("this is no [toml\n")
    assert "config.toml" in playhead(*command).failure()
    assert folders(home) == []


@pytest.mark.parametrize(
    ("name", "value"), [("LLM", "gpt"), ("HOME", "~nobody-of-this-name/library")]
)
def test_a_value_that_cannot_be(
    name: str, value: str, playhead: Playhead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PLAYHEAD_{name}", value)
    playhead("library", "list").failure()


def test_the_library_is_where_the_flag_says_before_the_environment(
    playhead: Playhead, library: Path, home: Path
) -> None:
    assert playhead("--home", home, "library", "list").out == ""
    assert playhead("library", "list").out != ""
    # As of `--home "$UNSET"`: not the folder one happens to be in.
    assert playhead("--home", "", "library", "list").out == playhead("library", "list").out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["--nonsense"],
        ["search"],
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "many"],
        ["search", "x", "--mode", "best"],
        ["ask"],
        ["ask", "why", "does", "bread", "rise"],
        ["ingest"],
        ["ingest", "x.mp4", "--asr", "ear"],
        ["ingest", "x.mp4", "--device", "abacus"],
        ["library"],
        ["library", "show"],
        ["library", "export", "aaaa", "--format", "docx"],
        ["serve", "--port", "99999"],
        ["eval"],
        ["doctor", "now"],
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str], playhead: Playhead, home: Path) -> None:
    run = playhead(*arguments)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("Usage: playhead")
    assert "Traceback" not in run.err
    assert not home.exists()


def test_doctor_on_a_healthy_library(playhead: Playhead, library: Path) -> None:
    run = playhead("doctor", "--json").done()
    assert run.json["healthy"] is True
    for finding in run.json["findings"]:
        assert finding.keys() >= {"name", "state", "detail", "remedy"}
        assert finding["state"] in ("ok", "missing")
        # What is missing is an option, and how to have it is said.
        assert (finding["state"] == "missing") == bool(finding["remedy"])
    states = {finding["name"]: finding for finding in run.json["findings"]}
    assert "3 videos" in states["library"]["detail"]
    assert "3 segments" in states["index"]["detail"]
    out = playhead("doctor").done().out
    # How much is free may have changed meanwhile.
    assert all(states[name]["detail"] in out for name in states if name != "disk")
    assert str(library) in out


def test_doctor_before_there_is_a_library(playhead: Playhead, home: Path) -> None:
    run = playhead("doctor", "--json").done()
    assert run.json["healthy"] is True
    assert folders(home) == []


@pytest.mark.parametrize(
    ("llm", "base_url", "shown"),
    [
        ("openai", None, "https://api.openai.com/v1"),
        ("ollama", None, "http://localhost:11434"),
        ("ollama", "http://192.0.2.1:8000", "http://192.0.2.1:8000"),
    ],
)
def test_where_the_language_model_is_asked(
    llm: str, base_url: str | None, shown: str, playhead: Playhead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_LLM", llm)
    monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "any")
    monkeypatch.setenv("PLAYHEAD_LLM_BASE_URL", base_url or "")
    assert f"any at {shown}, " in playhead("doctor").done().out


def test_doctor_never_shows_a_key(
    playhead: Playhead, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_LLM", "openai")
    monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "any")
    monkeypatch.setenv("PLAYHEAD_LLM_API_KEY", "sk-very-secret")
    out = playhead("doctor").done().out
    assert "language model: any" in out
    assert "secret" not in out
