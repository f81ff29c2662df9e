"""The same command again: nothing is done twice, nothing is left over, a broken job is finished."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.library import VideoLibrary
from playhead.types import Video
from retrieval.embedding import SentenceTransformerEmbedder
from tests.media import tone, write_media
from tests.ui.commandline import BREAD, Playhead, files_of, folders, indexed, write_captions
from ui.cli import exit_status

URL = "https://videos.example/{stem}.mp4"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Two seconds of sound with captions beside it."""
    sound = write_media(tmp_path / "bread.wav", sound=tone(2))
    write_captions(sound.with_suffix(".vtt"), BREAD, start=0.0, seconds=2.0)
    return sound


def test_the_same_file_again_changes_nothing(
    playhead: Playhead, home: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert playhead("ingest", recording).done().out.startswith("added ")
    before = files_of(home / "videos")
    # Nothing can be written to the index without this.
    monkeypatch.delattr(SentenceTransformerEmbedder, "encode")
    again = playhead("ingest", recording).done()
    assert again.out.startswith("unchanged ")
    assert files_of(home / "videos") == before


def test_the_same_bytes_under_another_name_are_the_same_video(
    playhead: Playhead, home: Path, recording: Path
) -> None:
    copy = Path(shutil.copy(recording, recording.with_name("copy.wav")))
    shutil.copy(recording.with_suffix(".vtt"), copy.with_suffix(".vtt"))
    run = playhead("ingest", recording, copy).done()
    first, second = run.out.splitlines()
    assert first.startswith("added ")
    assert second.startswith("unchanged ")
    (video_id,) = folders(home)
    assert indexed(home) == {video_id: 1}


def test_two_files_of_one_name_are_two_videos(
    playhead: Playhead, home: Path, recording: Path
) -> None:
    other = recording.parent / "other" / recording.name
    write_captions(other.with_suffix(".vtt"), "The lens was ground in Paris.", start=0.0)
    write_media(other, sound=tone(3))
    playhead("ingest", recording, other).done()
    videos = playhead("library", "list", "--json").done().json["videos"]
    assert [video["title"] for video in videos] == ["bread", "bread"]
    assert indexed(home) == {video["id"]: 1 for video in videos}
    assert playhead("search", "lens", "-k", "1").done().out.count("Paris") == 1


def test_changed_captions_replace_the_old_ones(playhead: Playhead, home: Path) -> None:
    """Nothing of them is left: no segment, no word."""
    captions = home.parent / "talk.vtt"
    write_captions(captions, BREAD, "Storms give warning.", seconds=29.0)
    playhead("ingest", captions, "--media-url", URL).done()
    (video_id,) = folders(home)
    assert indexed(home) == {video_id: 2}
    write_captions(captions, "The lens was ground in Paris.")
    again = playhead("ingest", captions, "--media-url", URL).done()
    assert again.out.startswith(f"replaced   {video_id}")
    assert folders(home) == [video_id]
    assert indexed(home) == {video_id: 1}
    assert playhead("search", "storms", "--mode", "bm25").out == ""
    (hit,) = playhead("search", "storms", "--json").done().json["hits"]
    assert hit["text"] == "The lens was ground in Paris."


def test_a_file_that_moved_is_found_where_it_is_now(playhead: Playhead, recording: Path) -> None:
    playhead("ingest", recording).done()
    moved = recording.parent / "moved"
    moved.mkdir()
    for path in (recording, recording.with_suffix(".vtt")):
        path.rename(moved / path.name)
    assert playhead("ingest", moved).done().out.startswith("unchanged ")
    (hit,) = playhead("search", "bread", "--json").done().json["hits"]
    assert hit["link"] == f"{(moved / recording.name).as_uri()}#t=0"


def test_a_folder_is_searched_with_all_that_is_in_it(
    playhead: Playhead, home: Path, recording: Path
) -> None:
    write_captions(recording.parent / "deeper" / "talk.en.vtt", "The lens was ground in Paris.")
    write_captions(recording.parent / ".hidden.vtt", "Nobody reads this.")
    run = playhead("ingest", recording.parent, "--media-url", URL, "--json").done()
    taken = [(Path(row["path"]).name, row["video"]["source"]) for row in run.json["files"]]
    assert sorted(taken) == [
        ("bread.wav", "https://videos.example/bread.mp4"),
        ("talk.en.vtt", "https://videos.example/talk.mp4"),
    ]
    assert len(folders(home)) == 2


def saved_but_not_indexed(home: Path, captions: Path) -> str:
    """What a run that was killed between the files and the index leaves."""
    assert exit_status(["ingest", str(captions), "--media-url", URL]) == 0
    (video_id,) = folders(home)
    shutil.rmtree(home / "index")
    return video_id


def test_a_video_that_was_not_indexed_is_indexed_by_the_same_command(
    playhead: Playhead, home: Path, tmp_path: Path
) -> None:
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    video_id = saved_but_not_indexed(home, captions)
    (finding,) = broken(playhead)
    assert finding["name"] == "index"
    assert "out of step" in finding["detail"]
    assert "playhead library reindex" in finding["remedy"]
    again = playhead("ingest", captions, "--media-url", URL).done()
    assert again.out.startswith("unchanged ")
    assert indexed(home) == {video_id: 1}
    assert BREAD in playhead("search", "bread").done().out
    assert broken(playhead) == []


def test_a_video_that_was_replaced_but_not_indexed(
    playhead: Playhead, home: Path, tmp_path: Path
) -> None:
    """The index has the video, and yet not what it says."""
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    playhead("ingest", captions, "--media-url", URL).done()
    (video_id,) = folders(home)
    library = VideoLibrary(home)
    write_captions(captions, "The lens was ground in Paris.")
    transcript = transcript_of_cues(read_captions(captions), "captions:sidecar", None)
    video: Video = library.video(video_id)
    library.save(video, transcript, None, library.fingerprint(video_id) or "")
    assert [finding["name"] for finding in broken(playhead)] == ["index"]
    playhead("library", "reindex").done()
    assert broken(playhead) == []
    assert "Paris" in playhead("search", "lens").done().out


def test_a_video_that_was_removed_from_the_files_alone(
    playhead: Playhead, own_library: Path
) -> None:
    shutil.rmtree(own_library / "videos" / folders(own_library)[0])
    assert [finding["name"] for finding in broken(playhead)] == ["index"]
    playhead("library", "reindex").done()
    assert broken(playhead) == []
    assert sorted(indexed(own_library)) == folders(own_library)


def broken(playhead: Playhead) -> list[dict[str, str]]:
    """What doctor finds broken; its status says whether there is anything."""
    run = playhead("doctor", "--json")
    assert run.err == ""
    found = [f for f in run.json["findings"] if f["state"] == "broken"]
    assert run.json["healthy"] == (found == []) == (run.status == 0)
    return found
