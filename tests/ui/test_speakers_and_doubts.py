"""search and ask: one speaker's own words, and words that a recogniser may have made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from starlette.testclient import TestClient

from playhead.types import Sentence, Transcript, Video, Word
from retrieval.answer.wording import LOW_CONFIDENCE, REFUSALS
from tests.ui.commandline import Playhead, write_captions
from tests.ui.web.api_client import client_of
from ui.cli import exit_status
from ui.web.site import Site
from ui.wiring import open_playhead

ANN = "The budget for the new bridge is two million."
BOB = "The budget for the new bridge is far too small."
DOUBTED = "The moon is made of green cheese."
BUDGET = "What is the budget for the new bridge?"
MOON = "What is the moon made of?"
DOUBTED_ID = "d" * 16


@pytest.fixture(scope="module")
def spoken_home(
    quick_disk: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A library of a council meeting, where speakers are named, and of a doubtful recording."""
    files = tmp_path_factory.mktemp("files")
    council = write_captions(files / "council.vtt", f"<v Ann Lee>{ANN}", f"<v Bob>{BOB}")
    with TemporaryDirectory(dir=quick_disk) as folder:
        home = Path(folder) / "home"
        url = "https://videos.example/council.mp4"
        assert exit_status(["--home", str(home), "ingest", str(council), "--media-url", url]) == 0
        _save_doubted(home)
        yield home


def _save_doubted(home: Path) -> None:
    """A recording as a recogniser leaves it that heard nobody."""
    words = tuple(Word(word, n / 2, n / 2 + 0.4, 0.2) for n, word in enumerate(DOUBTED.split()))
    said = Sentence(DOUBTED, words[0].start, words[-1].end, words, doubt="silence")
    transcript = Transcript((said,), "en", "whisper:tiny", "measured")
    video = Video(DOUBTED_ID, "The moon", "/moon.m4a", 9.0, "audio", engine="whisper:tiny")
    with open_playhead(home=home) as app:
        app.library.save(video, transcript, None, "moon")
        app.index_video(video.id)


@pytest.fixture
def spoken(spoken_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYHEAD_HOME", str(spoken_home))
    return spoken_home


def facts(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    ("name", "speaker", "said"),
    [("Ann Lee", "Ann Lee", ANN), ("lee", "Ann Lee", ANN), ("BOB", "Bob", BOB)],
)
def test_one_speaker_s_own_words(playhead: Playhead, name: str, speaker: str, said: str) -> None:
    answer = playhead("ask", BUDGET, "--speaker", name, "--json").done().json
    assert facts(answer["citations"], "quote", "speaker", "doubt") == [(said, speaker, None)]
    found = playhead("search", BUDGET, "--speaker", name, "--json").done().json
    assert facts(found["hits"], "text", "speakers", "doubt") == [(said, [speaker], None)]
    assert f"{speaker}: “{said}”" in " ".join(
        playhead("ask", BUDGET, "--speaker", name).done().out.split()
    )


@pytest.mark.usefixtures("spoken")
def test_everybody_s_words(playhead: Playhead) -> None:
    answer = playhead("ask", BUDGET, "--json").done().json
    assert facts(answer["citations"], "quote", "speaker") == [(ANN, "Ann Lee"), (BOB, "Bob")]
    (passage, *_) = answer["passages"]
    assert (passage["speakers"], passage["doubt"]) == (["Ann Lee", "Bob"], None)
    out = playhead("search", BUDGET, "-k", "1").done().out
    assert f"    Ann Lee: “{ANN}”\n    Bob: “{BOB}”\n" in out


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("command", ["ask", "search"])
def test_nobody_is_called_so(playhead: Playhead, command: str) -> None:
    line = playhead(command, BUDGET, "--speaker", "Olga").failure()
    assert line == (
        "playhead: nobody called 'Olga' speaks in these videos. Those who do: Ann Lee, Bob."
    )
    line = playhead(command, MOON, "--speaker", "Ann", "--video", DOUBTED_ID).failure()
    assert line.startswith("playhead: it is not known who speaks in these videos. ")


@pytest.mark.usefixtures("home")
def test_an_empty_library_says_that_it_is_empty(playhead: Playhead) -> None:
    for command in ("ask", "search"):
        run = playhead(command, BUDGET, "--speaker", "ann")
        assert (run.status, (run.out + run.err).strip()) == (0, REFUSALS["empty_library"])


@pytest.mark.usefixtures("spoken")
def test_what_may_be_made_up_is_never_shown_unmarked(playhead: Playhead) -> None:
    answer = playhead("ask", MOON, "--json").done().json
    assert facts(answer["citations"], "quote", "doubt") == [(DOUBTED, "silence")]
    assert answer["answer"] == f"{DOUBTED} [1] ({LOW_CONFIDENCE})"
    assert facts(answer["passages"][:1], "text", "doubt") == [(DOUBTED, "silence")]
    found = playhead("search", MOON, "--json").done().json
    assert facts(found["hits"][:1], "text", "doubt") == [(DOUBTED, "silence")]
    said = playhead("ask", MOON).done().out
    assert said.startswith(f"{DOUBTED} [1] ({LOW_CONFIDENCE})\n")
    assert f"[1] The moon, 0:00 ({LOW_CONFIDENCE})\n" in said
    assert f" 1. The moon, 0:00-0:03 ({LOW_CONFIDENCE})\n" in playhead("search", MOON).done().out


@pytest.mark.usefixtures("spoken")
def test_a_refusal_marks_what_is_closest(playhead: Playhead) -> None:
    refused = playhead("ask", "Who won the 1998 World Cup?", "--video", DOUBTED_ID, "--json").done()
    assert refused.json["refused"]
    assert facts(refused.json["closest"], "quote", "doubt") == [(DOUBTED, "silence")]
    told = playhead("ask", "Who won the 1998 World Cup?", "--video", DOUBTED_ID).done().out
    assert LOW_CONFIDENCE in told


def test_ingest_again_mends_an_index_that_knew_no_speakers(
    home: Path, playhead: Playhead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = write_captions(tmp_path / "council.vtt", f"<v Ann Lee>{ANN}", f"<v Bob>{BOB}")
    ingest = ("ingest", council, "--media-url", "https://videos.example/council.mp4")
    with monkeypatch.context() as earlier:
        earlier.setattr("retrieval.store.schema.speakers_of", lambda sentences: [])
        playhead(*ingest).done()
    line = playhead("search", BUDGET, "--speaker", "ann").failure()
    assert line.endswith("needs `playhead library reindex`.")
    playhead(*ingest).done()
    found = playhead("search", BUDGET, "--speaker", "ann", "--json").done().json
    assert facts(found["hits"], "text", "speakers") == [(ANN, ["Ann Lee"])]


@pytest.fixture(scope="module")
def programs(spoken_home: Path) -> Iterator[TestClient]:
    with open_playhead(home=spoken_home) as app:
        yield client_of(app, Site())


def test_programs_ask_for_a_speaker(programs: TestClient) -> None:
    asked = {"question": BUDGET, "speaker": "ann"}
    answer = programs.post("/api/ask", json=asked).json()
    assert facts(answer["citations"], "quote", "speaker", "doubt") == [(ANN, "Ann Lee", None)]
    asked = {"question": "And what was said about it?", "turns": [BUDGET], "speaker": "bob"}
    answer = programs.post("/api/ask", json=asked).json()
    assert {citation["speaker"] for citation in answer["citations"]} == {"Bob"}
    found = programs.post("/api/search", json={"query": BUDGET, "speaker": "bob"}).json()
    assert facts(found["hits"], "text", "speakers") == [(BOB, ["Bob"])]


@pytest.mark.parametrize("speaker", ["Olga", "", "x" * 201, 7])
def test_programs_are_told_whom_they_cannot_ask_for(programs: TestClient, speaker: object) -> None:
    for path, asked in (("ask", {"question": BUDGET}), ("search", {"query": BUDGET})):
        reply = programs.post(f"/api/{path}", json={**asked, "speaker": speaker})
        assert (reply.status_code, list(reply.json())) == (400, ["detail"])


def test_programs_are_told_of_doubts(programs: TestClient) -> None:
    answer = programs.post("/api/ask", json={"question": MOON}).json()
    assert facts(answer["citations"], "quote", "doubt") == [(DOUBTED, "silence")]
    assert LOW_CONFIDENCE in answer["answer"]
