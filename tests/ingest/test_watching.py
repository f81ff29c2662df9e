"""Which files are whole, told with snapshots and a clock; and how folders are looked through."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.watching import Looks, Settling, media_below


def looks(size: int, name: str = "talk.mp4") -> Looks:
    return ((name, size, 0),)


def test_a_file_is_whole_when_it_did_not_change_for_a_while() -> None:
    files = Settling(5)
    assert files.ready({"a": looks(1)}, 0) == []
    assert files.ready({"a": looks(2)}, 4) == []
    assert files.ready({"a": looks(2)}, 8.9) == []
    assert files.ready({"a": looks(2)}, 9) == ["a"]


def test_it_is_told_once_until_it_changes() -> None:
    files = Settling(5)
    assert [files.ready({"a": looks(1)}, now) for now in (0, 5, 10, 1000)] == [[], ["a"], [], []]
    assert [files.ready({"a": looks(2)}, now) for now in (1001, 1005, 1006)] == [[], [], ["a"]]


def test_captions_that_come_later_are_a_change() -> None:
    files = Settling(5)
    assert [files.ready({"a": looks(1)}, now) for now in (0, 5)] == [[], ["a"]]
    with_captions = {"a": (*looks(1), *looks(7, "talk.vtt"))}
    assert [files.ready(with_captions, now) for now in (6, 11, 12)] == [[], ["a"], []]


def test_each_file_has_a_time_of_its_own() -> None:
    files = Settling(5)
    files.ready({"a": looks(1)}, 0)
    files.ready({"a": looks(1), "b": looks(1)}, 3)
    assert files.ready({"a": looks(1), "b": looks(1)}, 6) == ["a"]
    assert files.ready({"a": looks(1), "b": looks(1)}, 8) == ["b"]


def test_a_file_that_was_away_is_told_again() -> None:
    files = Settling(5)
    assert [files.ready({"a": looks(1)}, now) for now in (0, 5)] == [[], ["a"]]
    assert files.ready({}, 6) == []
    assert [files.ready({"a": looks(1)}, now) for now in (7, 12)] == [[], ["a"]]


def test_what_failed_for_another_reason_is_told_again() -> None:
    files = Settling(5)
    assert [files.ready({"a": looks(1)}, now) for now in (0, 5)] == [[], ["a"]]
    files.again(["a", "unknown"])
    assert [files.ready({"a": looks(1)}, now) for now in (6, 10, 11)] == [[], [], ["a"]]


SNAPSHOTS = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 3).map(looks)), max_size=30
)


@given(snapshots=SNAPSHOTS)
def test_nothing_is_told_too_soon_twice_or_never(snapshots: list[dict[str, Looks]]) -> None:
    """Against the rule itself, which looks back over all snapshots; one is taken each second."""
    files = Settling(2)
    told: dict[str, Looks] = {}
    for now, found in enumerate(snapshots):
        told = {path: told[path] for path in told if path in found}
        whole = [
            path
            for path in found
            if now >= 2 and all(s.get(path) == found[path] for s in snapshots[now - 2 : now + 1])
        ]
        assert files.ready(found, now) == [p for p in whole if told.get(p) != found[p]]
        told.update((path, found[path]) for path in whole)


def write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (1.0, 1.0))
    return path


def names(folder: Path) -> list[str]:
    found = media_below(folder)
    assert found is not None
    return [str(Path(path).relative_to(folder)) for path in found]


def test_the_media_below_a_folder(tmp_path: Path) -> None:
    for name in (
        "b.mp4",
        "a.WAV",
        "sub/deep/c.mkv",
        "notes.txt",
        "alone.vtt",
        "mp4",
        "x.mp4/d.mp3",
    ):
        write(tmp_path / name)
    assert names(tmp_path) == ["a.WAV", "b.mp4", "sub/deep/c.mkv", "x.mp4/d.mp3"]


def test_captions_belong_to_how_a_file_looks(tmp_path: Path) -> None:
    talk = write(tmp_path / "talk.mp4")
    write(tmp_path / "other.mp4")
    write(tmp_path / "talk.vtt", "22")
    write(tmp_path / "talk.en-US.srt", "333")
    write(tmp_path / "talks.vtt")
    found = media_below(tmp_path)
    assert found
    second = 10**9
    assert found[str(talk)] == (
        ("talk.mp4", 1, second),
        ("talk.en-US.srt", 3, second),
        ("talk.vtt", 2, second),
    )
    assert found[str(tmp_path / "other.mp4")] == (("other.mp4", 1, second),)


@pytest.mark.parametrize(
    "beside",
    ["talk.mp4.part", "talk.mp4.crdownload", "talk.mp4.aria2", "talk.mp4.tmp", "talk.mp4.PART"],
)
def test_what_is_being_downloaded_is_left_out(beside: str, tmp_path: Path) -> None:
    """Be it under a name of its own or beside a file that has its full size already."""
    write(tmp_path / beside)
    assert names(tmp_path) == []
    talk = write(tmp_path / "talk.mp4")
    write(tmp_path / "other.mp4")
    assert names(tmp_path) == ["other.mp4"]
    (tmp_path / beside).unlink()
    assert names(tmp_path) == ["other.mp4", talk.name]


def test_the_hidden_and_the_empty_are_left_out(tmp_path: Path) -> None:
    for name in (".talk.mp4", ".hidden/talk.mp4", ".talk.mp4.Xy12"):
        write(tmp_path / name)
    write(tmp_path / "empty.mp4", "")
    (tmp_path / "broken.mp4").symlink_to(tmp_path / "nowhere.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    assert names(tmp_path) == []


def test_links_are_followed_and_do_not_go_round(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "talk.mp4")
    here = tmp_path / "here"
    write(here / "a.mp4")
    (here / "round").symlink_to(here)
    (here / "there").symlink_to(tmp_path / "elsewhere")
    (here / "z.mp4").symlink_to(tmp_path / "elsewhere" / "talk.mp4")
    assert names(here) == ["a.mp4", "z.mp4", "there/talk.mp4"]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    try:
        Path(os.fsdecode(folder + b"/caf\xe9.mp4")).write_bytes(b"x")
    except OSError:
        pytest.skip("the disk takes no such names")
    assert len(names(tmp_path)) == 1


def test_a_folder_that_is_gone_or_none(tmp_path: Path) -> None:
    assert media_below(tmp_path / "gone") is None
    assert media_below(write(tmp_path / "file")) is None
    assert media_below(tmp_path) == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path / "shut" / "talk.mp4")
    write(tmp_path / "a.mp4")
    (tmp_path / "shut").chmod(0)
    try:
        assert names(tmp_path) == ["a.mp4"]
        assert media_below(tmp_path / "shut") is None
    finally:
        (tmp_path / "shut").chmod(0o700)
