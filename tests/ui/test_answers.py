"""search and ask: the JSON they promise, what a person reads, and what cannot be asked."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.media import tone, write_media
from tests.ui.commandline import (
    BREAD,
    BREAD_END,
    BREAD_START,
    BREAD_URL,
    KEEPER,
    LENS,
    LIGHTHOUSE_URL,
    STORM,
    Playhead,
    folders,
    write_captions,
)

WHY = "Why does bread rise?"
FOREIGN = "What is the capital of Mongolia?"

number = (int, float)
HIT = {
    "segment_id": str,
    "video_id": str,
    "title": str,
    "start": number,
    "end": number,
    "score": number,
    "text": str,
}
ANSWER = {
    "question": str,
    "refused": bool,
    "reason": (str, type(None)),
    "engine": str,
    "answer": (str, type(None)),
    "claims": list,
    "citations": list,
    "passages": list,
    "timings_ms": dict,
}
CLAIM = {"text": str, "citations": list}
CITATION = {
    "n": int,
    "video_id": str,
    "title": str,
    "segment_id": str,
    "start": number,
    "end": number,
    "quote": str,
}
PASSAGE = {name: HIT[name] for name in ("segment_id", "video_id", "start", "end", "score", "text")}


def assert_shape(value: dict[str, Any], shape: dict[str, Any]) -> None:
    """At least the promised keys, and their types (a bool is no number here)."""
    for name, kind in shape.items():
        assert isinstance(value[name], kind), (name, value)
        assert (kind is bool) == isinstance(value[name], bool)


def test_search_as_json(playhead: Playhead, library: Path) -> None:
    found = playhead("search", WHY, "--json").done().json
    assert found["query"] == WHY
    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        assert_shape(hit, HIT)
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    best = found["hits"][0]
    assert (best["text"], best["start"], best["end"]) == (BREAD, BREAD_START, BREAD_END)
    assert best["link"] == f"{BREAD_URL}#t=3753.4"


def test_an_answer_as_json(playhead: Playhead, library: Path) -> None:
    answer = playhead("ask", WHY, "--json").done().json
    assert_shape(answer, ANSWER)
    assert (answer["question"], answer["refused"], answer["reason"]) == (WHY, False, None)
    assert answer["engine"] == "extractive"
    assert answer["answer"] == f"{BREAD} [1]"
    for claim in answer["claims"]:
        assert_shape(claim, CLAIM)
    for citation in answer["citations"]:
        assert_shape(citation, CITATION)
    for passage in answer["passages"]:
        assert_shape(passage, PASSAGE)
    assert all(isinstance(ms, number) and ms >= 0 for ms in answer["timings_ms"].values())


def test_a_citation_is_the_cue_that_was_spoken(playhead: Playhead, library: Path) -> None:
    answer = playhead("ask", WHY, "--json").done().json
    (claim,) = answer["claims"]
    (citation,) = answer["citations"]
    assert claim == {"text": BREAD, "citations": [citation["n"]]}
    assert (citation["start"], citation["end"]) == (BREAD_START, BREAD_END)
    assert citation["quote"] == BREAD
    assert citation["segment_id"] == f"{citation['video_id']}:0"
    assert answer["passages"][0]["segment_id"] == citation["segment_id"]


def test_a_refusal_as_json(playhead: Playhead, library: Path) -> None:
    answer = playhead("ask", FOREIGN, "--json").done().json
    assert_shape(answer, ANSWER)
    assert answer["refused"] is True
    assert answer["reason"] == "no_evidence"
    assert answer["answer"] is None
    assert (answer["claims"], answer["citations"]) == ([], [])
    assert answer["passages"]


def test_an_empty_library(playhead: Playhead, home: Path) -> None:
    answer = playhead("ask", WHY, "--json").done().json
    assert (answer["refused"], answer["reason"]) == (True, "empty_library")
    assert "playhead ingest" in playhead("ask", WHY).done().out
    assert playhead("search", WHY, "--json").done().json["hits"] == []
    searched = playhead("search", WHY)
    assert (searched.status, searched.out) == (0, "")
    assert "playhead ingest" in searched.err
    assert not (home / "index").exists()


def test_an_answer_as_a_person_reads_it(playhead: Playhead, library: Path) -> None:
    out = playhead("ask", WHY).done().out
    assert out == (f"{BREAD} [1]\n\n[1] bread, 1:02:33\n    “{BREAD}”\n    {BREAD_URL}#t=3753.4\n")


def test_marks_and_citations_belong_together(playhead: Playhead, library: Path) -> None:
    out = playhead("ask", "Who lights the lamp and who ground the lens?").done().out
    text, *citations = out.split("\n\n")
    marks = re.findall(r"\[(\d+)\]", text)
    assert len(marks) == len(citations) >= 2
    for mark, citation in zip(marks, citations, strict=True):
        assert citation.startswith(f"[{mark}] ")
        (quote,) = re.findall("“(.*)”", citation)
        assert quote in (KEEPER, LENS)
        assert f"{quote} [{mark}]" in " ".join(text.split())


def test_a_refusal_as_a_person_reads_it(playhead: Playhead, library: Path) -> None:
    out = playhead("ask", FOREIGN).done().out
    first, *rest = out.splitlines()
    assert first == "The videos do not answer this."
    assert "Not answered; closest:" in rest
    assert f"    “{LENS}”" in rest
    assert "[1]" not in out


def test_hits_as_a_person_reads_them(playhead: Playhead, library: Path) -> None:
    out = playhead("search", "lens").done().out
    assert out.startswith(
        f" 1. lighthouse, 0:01-0:09\n    {KEEPER} {LENS}\n    {LIGHTHOUSE_URL}&t=1s\n"
    )


def test_a_link_into_a_file(playhead: Playhead, library: Path) -> None:
    (hit,) = playhead("search", "thunder", "-k", "1", "--json").done().json["hits"]
    assert hit["text"] == STORM
    assert re.fullmatch(r"file:///.*/storm\.mp4#t=1", hit["link"])
    assert hit["link"] in playhead("search", "thunder").done().out


def test_a_link_into_youtube(playhead: Playhead, library: Path) -> None:
    answer = playhead("ask", "Where was the lens ground?", "--json").done().json
    links = {citation["quote"]: citation["link"] for citation in answer["citations"]}
    assert links[LENS] == f"{LIGHTHOUSE_URL}&t=5s"


@pytest.mark.parametrize("limit", [1, 2])
def test_so_many_hits(limit: int, playhead: Playhead, library: Path) -> None:
    found = playhead("search", WHY, "-k", str(limit), "--json").done().json
    assert len(found["hits"]) == limit


@pytest.mark.parametrize("mode", ["hybrid", "dense", "bm25"])
def test_modes(mode: str, playhead: Playhead, library: Path) -> None:
    found = playhead("search", "bread", "--mode", mode, "--json").done().json
    assert found["mode"] == mode
    assert found["hits"][0]["text"] == BREAD
    # Words alone find only what has them.
    assert len(found["hits"]) == (1 if mode == "bm25" else 3)


def test_no_control_character_reaches_the_terminal(
    playhead: Playhead, home: Path, tmp_path: Path
) -> None:
    """Captions and titles come from strangers."""
    talk = write_media(tmp_path / "a.mp4", sound=tone(4), title="Bread\x1b]0;mine\x07 basics")
    write_captions(talk.with_suffix(".vtt"), "Bread rises\x1b[2J because\x08 of yeast.", start=0.0)
    shown = playhead("ingest", talk).done().out
    for command in (["search", "bread"], ["ask", "Why does bread rise?"], ["library", "list"]):
        shown += playhead(*command).done().out
    shown += playhead("library", "export", folders(home)[0]).done().out
    assert shown.count("Bread rises") >= 3
    assert "\n" in shown
    assert not [char for char in shown if unicodedata.category(char) == "Cc" and char != "\n"]


def test_nothing_found(playhead: Playhead, library: Path) -> None:
    run = playhead("search", "zeppelin", "--mode", "bm25")
    assert (run.status, run.out, run.err) == (0, "", "Nothing found.\n")


def test_some_videos_only(playhead: Playhead, library: Path) -> None:
    everything = playhead("search", WHY, "--json").done().json["hits"]
    ids = {hit["title"]: hit["video_id"] for hit in everything}
    some = ["--video", ids["lighthouse"][:6], "--video", ids["storm"].upper()]
    found = playhead("search", WHY, *some, "--json").done().json["hits"]
    assert {hit["title"] for hit in found} == {"lighthouse", "storm"}
    answer = playhead("ask", "Where was the lens ground?", "--video", ids["storm"], "--json")
    assert answer.done().json["refused"] is True
    assert {p["video_id"] for p in answer.json["passages"]} == {ids["storm"]}


@pytest.mark.parametrize("command", ["search", "ask"])
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([""], "the question is empty"),
        ([" \n\t "], "the question is empty"),
        (["why " * 25_000], "has 99,999 characters, at most 2,000 are read. Ask a shorter one"),
        (["why\udcff"], "is not UTF-8"),
        (["why", "--video", "abcdef"], "no video 'abcdef' in the library"),
        (["why", "--video", "abc"], "'abc' is too short"),
        (["why", "--video", "../../etc"], "no video '../../etc' in the library"),
    ],
)
def test_what_cannot_be_asked(
    command: str, arguments: list[str], words: str, playhead: Playhead, library: Path
) -> None:
    line = playhead(command, *arguments).failure()
    assert words in line
    assert len(line) < 300


def test_a_strange_question_is_only_a_question(playhead: Playhead, library: Path) -> None:
    for question in ("?", "🎬", "' OR 1=1 --", "<script>alert(1)</script>", "\x1b[31m", "日本語"):
        answer = playhead("ask", question, "--json").done().json
        assert answer["question"] == question
        assert answer["refused"] is True
