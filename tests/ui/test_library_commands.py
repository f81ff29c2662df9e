"""library list, show, remove, reindex and export; and a library with a damaged video in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.captions.files import read_captions
from tests.ui.commandline import (
    BREAD,
    BREAD_START,
    BREAD_URL,
    KEEPER,
    LENS,
    STORM,
    Playhead,
    files_of,
    folders,
    indexed,
    write_captions,
)

VIDEO = {
    "id": str,
    "title": str,
    "source": str,
    "duration": float,
    "media": str,
    "added": str,
    "engine": str,
    "draft": bool,
}


def ids_of(playhead: Playhead) -> dict[str, str]:
    """Title to id."""
    videos = playhead("library", "list", "--json").json["videos"]
    return {video["title"]: video["id"] for video in videos}


def test_list(playhead: Playhead, library: Path) -> None:
    lines = playhead("library", "list").done().out.splitlines()
    assert [line.split(maxsplit=2)[1:] for line in lines] == [
        ["1:02:37", "bread  (captions:sidecar)"],
        ["0:09", "lighthouse  (captions:sidecar)"],
        ["0:05", "storm  (captions:sidecar)"],
    ]
    assert sorted(line.split()[0] for line in lines) == folders(library)


def test_list_as_json(playhead: Playhead, library: Path) -> None:
    videos = playhead("library", "list", "--json").done().json["videos"]
    for video in videos:
        assert {name: type(video[name]) for name in VIDEO} == VIDEO
    assert videos[0]["source"] == BREAD_URL
    assert Path(videos[2]["source"]).name == "storm.mp4"


def test_list_of_nothing(playhead: Playhead, home: Path) -> None:
    run = playhead("library", "list")
    assert (run.status, run.out) == (0, "")
    assert "playhead ingest" in run.err
    assert playhead("library", "list", "--json").done().json == {"videos": []}
    assert not home.exists()


def test_show(playhead: Playhead, library: Path) -> None:
    video_id = ids_of(playhead)["bread"]
    out = playhead("library", "show", video_id[:4]).done().out
    assert out.startswith(f"{video_id}   1:02:37  bread  (captions:sidecar)\nsource: {BREAD_URL}\n")
    assert out.endswith(f"\n 1:02:33  {BREAD}\n")


def test_show_as_json(playhead: Playhead, library: Path) -> None:
    shown = playhead("library", "show", ids_of(playhead)["lighthouse"], "--json").done().json
    assert shown["video"]["title"] == "lighthouse"
    assert shown["transcript"]["word_times"] == "interpolated"
    assert words_of(shown["transcript"]) == f"{KEEPER} {LENS}"


def words_of(transcript: Any) -> str:
    sentences = transcript["sentences"]
    return " ".join(word[0] for sentence in sentences for word in sentence["words"])


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_exported_captions_say_the_same(
    form: str, playhead: Playhead, library: Path, tmp_path: Path
) -> None:
    run = playhead("library", "export", ids_of(playhead)["bread"], "--format", form).done()
    exported = tmp_path / f"out.{form}"
    exported.write_text(run.out, "utf-8")
    (cue,) = read_captions(exported)
    assert (cue.text, cue.start) == (BREAD, BREAD_START)


def test_exported_text_and_json(playhead: Playhead, library: Path) -> None:
    video_id = ids_of(playhead)["lighthouse"]
    text = playhead("library", "export", video_id, "--format", "txt").done().out
    assert text.split() == f"{KEEPER} {LENS}".split()
    assert words_of(playhead("library", "export", video_id, "--format", "json").done().json) == (
        f"{KEEPER} {LENS}"
    )


def test_what_was_exported_can_be_ingested_again(
    playhead: Playhead, library: Path, home: Path, tmp_path: Path
) -> None:
    run = playhead("library", "export", ids_of(playhead)["bread"]).done()
    captions = tmp_path / "bread.vtt"
    captions.write_text(run.out, "utf-8")
    playhead("--home", home, "ingest", captions, "--media-url", BREAD_URL).done()
    answer = playhead("--home", home, "ask", "Why does bread rise?", "--json").done().json
    assert answer["citations"][0]["start"] == BREAD_START


def test_remove(playhead: Playhead, own_library: Path) -> None:
    """Out of the files and out of the index; the media stays."""
    ids = ids_of(playhead)
    source = playhead("library", "show", ids["storm"], "--json").json["video"]["source"]
    run = playhead("library", "remove", ids["storm"][:8]).done()
    assert run.out == f"removed  {ids['storm']}\n"
    left = sorted([ids["bread"], ids["lighthouse"]])
    assert folders(own_library) == left
    assert sorted(indexed(own_library)) == left
    assert STORM not in playhead("search", "thunder").done().out
    assert Path(source).is_file()
    assert ids["storm"] in playhead("library", "remove", ids["storm"]).failure()


def test_reindex(playhead: Playhead, own_library: Path) -> None:
    before = indexed(own_library)
    found = playhead("search", "bread", "--json").json["hits"]
    run = playhead("library", "reindex").done()
    assert [line.split()[:2] for line in run.out.splitlines()] == [
        ["indexed", "bread"],
        ["indexed", "lighthouse"],
        ["indexed", "storm"],
    ]
    assert indexed(own_library) == before
    again = playhead("search", "bread", "--json").json["hits"]
    assert [hit["segment_id"] for hit in again] == [hit["segment_id"] for hit in found]


@pytest.mark.parametrize("command", ["show", "remove", "export"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ffff0000", "no video 'ffff0000' in the library"),
        ("", "too short"),
        ("../../..", "no video '../../..' in the library"),
        ("%2e%2e%2f", "no video"),
    ],
)
def test_a_video_that_is_not_there(
    command: str, name: str, words: str, playhead: Playhead, library: Path
) -> None:
    line = playhead("library", command, name).failure()
    assert words in line
    assert "playhead library list" in line


@pytest.fixture
def damaged(playhead: Playhead, own_library: Path) -> str:
    """The ready library with the transcript of bread cut short; its id."""
    video_id = ids_of(playhead)["bread"]
    transcript = own_library / "videos" / video_id / "transcript.json"
    transcript.write_text(transcript.read_text("utf-8")[:80], "utf-8")
    return video_id


def test_a_damaged_video_is_named_and_left_out_of_the_list(
    playhead: Playhead, damaged: str
) -> None:
    run = playhead("library", "list")
    assert run.status == 1
    assert [line.split()[2] for line in run.out.splitlines()] == ["lighthouse", "storm"]
    line = run.complaint()
    assert f"the transcript.json of video {damaged} is damaged" in line
    assert f"playhead library remove {damaged}" in line
    as_json = playhead("library", "list", "--json")
    assert (as_json.status, as_json.err) == (1, run.err)
    assert [video["title"] for video in as_json.json["videos"]] == ["lighthouse", "storm"]


def test_the_others_can_be_searched_all_the_same(playhead: Playhead, damaged: str) -> None:
    assert LENS in playhead("search", "lens").done().out
    assert LENS in playhead("ask", "Where was the lens ground?").done().out


def test_reindex_names_the_damaged_video_and_indexes_the_others(
    playhead: Playhead, damaged: str, home: Path
) -> None:
    run = playhead("library", "reindex")
    assert run.status == 1
    assert [line.split()[1] for line in run.out.splitlines()] == ["lighthouse", "storm"]
    assert damaged in run.complaint()
    assert sorted(indexed(home)) == [name for name in folders(home) if name != damaged]
    assert BREAD not in playhead("search", "bread").done().out


@pytest.mark.parametrize("command", ["show", "export"])
def test_a_damaged_video_itself(command: str, playhead: Playhead, damaged: str) -> None:
    line = playhead("library", command, damaged).failure()
    assert f"the transcript.json of video {damaged} is damaged" in line


def test_doctor_names_the_damaged_video(playhead: Playhead, damaged: str) -> None:
    run = playhead("doctor", "--json")
    assert (run.status, run.json["healthy"]) == (1, False)
    (library,) = [finding for finding in run.json["findings"] if finding["name"] == "library"]
    assert library["state"] == "broken"
    assert damaged in library["detail"]
    assert f"playhead library remove {damaged}" in library["remedy"]


def test_both_ways_out_of_the_damage(
    playhead: Playhead, damaged: str, home: Path, tmp_path: Path
) -> None:
    captions = write_captions(tmp_path / "bread.vtt", BREAD, start=BREAD_START)
    again = playhead("ingest", captions, "--media-url", BREAD_URL).done()
    assert again.out.startswith(f"replaced   {damaged}")
    playhead("doctor").done()
    (home / "videos" / damaged / "video.json").write_text("{}")
    playhead("library", "remove", damaged).done()
    playhead("doctor").done()
    assert damaged not in folders(home)
    assert damaged not in indexed(home)


def test_a_library_of_damaged_videos_is_not_called_empty(
    playhead: Playhead, home: Path, tmp_path: Path
) -> None:
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    playhead("ingest", captions, "--media-url", BREAD_URL).done()
    (video_id,) = folders(home)
    (home / "videos" / video_id / "video.json").unlink()
    line = playhead("library", "list").failure()
    assert f"the video.json of video {video_id} is damaged" in line


def test_a_transcript_corrected_by_hand_is_taken(playhead: Playhead, own_library: Path) -> None:
    """Files are the truth: what was corrected is what is searched after a reindex."""
    video_id = ids_of(playhead)["bread"]
    transcript = own_library / "videos" / video_id / "transcript.json"
    corrected = transcript.read_text("utf-8").replace('"yeast"', '"sourdough"')
    transcript.write_text(corrected, "utf-8")
    assert playhead("doctor").status == 1
    playhead("library", "reindex").done()
    found = playhead("search", "sourdough", "--mode", "bm25", "--json").done().json["hits"]
    assert [hit["text"] for hit in found] == [BREAD.replace("yeast", "sourdough")]


def test_reading_changes_nothing_in_the_files(playhead: Playhead, own_library: Path) -> None:
    before = files_of(own_library / "videos")
    video_id = ids_of(playhead)["bread"]
    for command in (
        ["library", "list"],
        ["library", "show", video_id],
        ["library", "export", video_id],
        ["library", "reindex"],
        ["search", "bread"],
        ["ask", "why?"],
        ["doctor"],
    ):
        playhead(*command).done()
    assert files_of(own_library / "videos") == before
