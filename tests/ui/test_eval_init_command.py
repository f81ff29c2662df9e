"""`playhead eval init`: a dataset of one's own videos."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pytest

from eval.dataset import read_dataset
from eval.dataset_files import REVIEW, read_rows
from tests.openai_server import OpenAIServer, Request
from tests.ui.commandline import SCRIPT, Playhead, files_of, folders, write_captions

HOW = "To find the distance to the storm, you count the seconds between lightning and thunder."
WHY = "The lens was ground in Paris because nobody else had the glass for such a lamp."
LONG = "Nobody has lived on the island since the light became automatic, and the boats are gone."


@pytest.fixture
def storm(playhead: Playhead, home: Path, tmp_path: Path) -> Path:
    """A library of one talk, of which two sentences ask."""
    captions = write_captions(tmp_path / "storm.vtt", HOW, WHY, LONG, LONG, seconds=12.0)
    url = "https://x.example/{stem}.mp4"
    playhead("ingest", captions, "--media-url", url).done()
    return home


def test_all_that_is_proposed(playhead: Playhead, storm: Path, tmp_path: Path) -> None:
    run = playhead("eval", "init", tmp_path / "set", "--yes").done()
    first, second = run.out.splitlines()
    assert first == f"{tmp_path / 'set'}: 2 questions, 2 unreviewed, 0 rejected, 0 open"
    assert second.startswith("100% of the questions' words occur in what answers them (67%")
    dataset = read_dataset(tmp_path / "set")
    assert {question.text for question in dataset.questions} == {
        "How do you find the distance to the storm?",
        "Why is it that the lens was ground in Paris?",
    }
    assert [entry.video.id for entry in dataset.videos] == folders(storm)
    rows = read_rows(tmp_path / "set" / "questions.jsonl")
    assert {(row["origin"], row["reviewed"]) for row in rows} == {("sentence", False)}


def test_it_can_be_measured(playhead: Playhead, storm: Path, tmp_path: Path) -> None:
    playhead("eval", "init", tmp_path / "set", "--yes").done()
    report = playhead("eval", "retrieval", tmp_path / "set", "--json").json
    assert report["runs"][0]["metrics"]["Success@5"] == 1.0


def test_again_adds_nothing_and_more_can_be_asked_for(
    playhead: Playhead, storm: Path, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    playhead("eval", "init", out, "--yes", "--questions", "1").done()
    before = files_of(out)
    run = playhead("eval", "init", out, "--yes", "--json").done()
    assert run.json == {
        "dataset": str(out),
        "questions": 1,
        "unreviewed": 1,
        "rejected": 0,
        "open": 0,
        "overlap": 1.0,
    }
    assert files_of(out) == before
    assert (
        playhead("eval", "init", out, "--yes", "--questions", "9", "--json").json["questions"] == 2
    )


def test_some_videos(playhead: Playhead, storm: Path, tmp_path: Path) -> None:
    (first,) = folders(storm)
    other = write_captions(tmp_path / "other.vtt", "To bake good bread, you need an oven and time.")
    playhead("ingest", other, "--media-url", "https://x.example/other.mp4").done()
    playhead("eval", "init", tmp_path / "set", "--yes", "--video", first[:6]).done()
    assert [entry.video.id for entry in read_dataset(tmp_path / "set").videos] == [first]
    assert "no video" in playhead("eval", "init", tmp_path / "x", "--yes", "--video", "ffff").err
    assert not (tmp_path / "x").exists()


def test_the_library_stays_as_it_is(playhead: Playhead, storm: Path, tmp_path: Path) -> None:
    before = files_of(storm)
    playhead("eval", "init", tmp_path / "set", "--yes").done()
    assert files_of(storm) == before


def test_without_a_terminal(playhead: Playhead, storm: Path, tmp_path: Path) -> None:
    run = playhead("eval", "init", tmp_path / "set")
    assert run.status == 2
    assert "--yes" in run.err
    assert not (tmp_path / "set").exists()


def test_an_empty_library(playhead: Playhead, tmp_path: Path) -> None:
    line = playhead("eval", "init", tmp_path / "set", "--yes").failure()
    assert "the library has no videos" in line
    assert not (tmp_path / "set").exists()


def test_nothing_to_ask(playhead: Playhead, home: Path, tmp_path: Path) -> None:
    captions = write_captions(tmp_path / "short.vtt", "Yes. Okay.", "Thank you all.")
    playhead("ingest", captions, "--media-url", "https://x.example/short.mp4").done()
    line = playhead("eval", "init", tmp_path / "set", "--yes").failure()
    assert "no question could be made" in line
    assert not (tmp_path / "set").exists()


def test_a_folder_that_is_no_dataset(playhead: Playhead, storm: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    before = files_of(tmp_path / "thesis")
    playhead("eval", "init", tmp_path / "thesis", "--yes").failure()
    playhead("eval", "init", tmp_path / "thesis" / "chapter.txt", "--yes").failure()
    assert files_of(tmp_path / "thesis") == before


def test_a_damaged_video_is_named_and_left_out(
    playhead: Playhead, storm: Path, tmp_path: Path
) -> None:
    other = write_captions(tmp_path / "other.vtt", LONG)
    playhead("ingest", other, "--media-url", "https://x.example/other.mp4").done()
    video_id = playhead("library", "list", "--json").json["videos"][0]["id"]
    (storm / "videos" / video_id / "transcript.json").write_text("{")
    run = playhead("eval", "init", tmp_path / "set", "--yes")
    assert f"the transcript.json of video {video_id} is damaged" in run.complaint()
    assert len(read_dataset(tmp_path / "set").videos) == 1


def ask_model(monkeypatch: pytest.MonkeyPatch, server: OpenAIServer) -> None:
    monkeypatch.setenv("PLAYHEAD_LLM", "openai")
    monkeypatch.setenv("PLAYHEAD_LLM_MODEL", "small")
    monkeypatch.setenv("PLAYHEAD_LLM_BASE_URL", server.url)


def test_a_language_model_asks(
    playhead: Playhead, storm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(request: Request) -> str:
        first = json.loads(request["messages"][1]["content"])["sentences"]["S1"]
        return json.dumps({"question": f"What follows {first[-9:-2]}?", "sentences": ["S1"]})

    with OpenAIServer(reply) as server:
        ask_model(monkeypatch, server)
        playhead("eval", "init", tmp_path / "set", "--yes").done()
        asked = len(server.requests)
        playhead("eval", "init", tmp_path / "set", "--yes", "--questions", "50").done()
        assert len(server.requests) == asked, "no passage is asked about twice"
    rows = read_rows(tmp_path / "set" / "questions.jsonl")
    assert {row["origin"] for row in rows} == {"llm"}
    assert len(rows) == asked


def test_a_language_model_that_is_down(
    playhead: Playhead, storm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(lambda _request: HTTPStatus.UNAUTHORIZED) as server:
        ask_model(monkeypatch, server)
        line = playhead("eval", "init", tmp_path / "set", "--yes").failure()
    assert "PLAYHEAD_LLM=none" in line
    assert not (tmp_path / "set").exists()


Typed = Callable[..., str]


@pytest.fixture
def on_terminal(storm: Path) -> Typed:
    """Runs the installed command on a terminal of its own, and types."""

    def run(*arguments: str | Path, typed: str) -> str:
        own, theirs = pty.openpty()
        process = subprocess.Popen(
            [SCRIPT, *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "dumb", "COLUMNS": "100"},
        )
        os.close(theirs)
        os.write(own, typed.encode())
        shown = b""
        while select.select([own], [], [], 60)[0]:
            try:
                shown += os.read(own, 65536)
            except OSError:
                break
        os.close(own)
        assert process.wait(30) == 0, shown.decode()
        return shown.decode().replace("\r\n", "\n")

    return run


def test_on_a_terminal(on_terminal: Typed, playhead: Playhead, tmp_path: Path) -> None:
    out = tmp_path / "set"
    shown = on_terminal("eval", "init", out, "--questions", "3", typed="a\ns\ne\nWho left?\nq\n")
    assert "1 of 3, made of a sentence by rule" in shown
    assert "3 of 3, a passage to ask about" in shown
    assert f"{out}: 1 questions, 0 unreviewed, 0 rejected, 2 open" in shown
    assert len(read_dataset(out).questions) == 1
    assert [row["question"] for row in read_rows(out / REVIEW)][2] == "Who left?"
    again = on_terminal("eval", "init", out, typed="u\nm\n1\na\n")
    assert f"{out}: 3 questions, 0 unreviewed, 0 rejected, 0 open" in again
    assert [bool(q.gold) for q in read_dataset(out).questions] == [True, False, True]
