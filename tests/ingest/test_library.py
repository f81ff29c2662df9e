"""The library on disk."""

import dataclasses
import json
import os
import subprocess
import sys
import textwrap
import threading
from functools import partial

import pytest
from filelock import FileLock

from ingest.captions.files import read_captions
from ingest.library import VideoLibrary
from playhead.errors import DamagedVideoError, DiskFullError, LibraryError, UnknownVideoError
from playhead.types import Sentence, Transcript, Video, Word

ONE, TWO, THREE = "0123456789abcdef", "0123ffffffffffff", "fedcba9876543210"


def video(video_id=ONE, title="A talk"):
    return Video(
        video_id, title, "/a/talk.mp4", 12.345, "video", "2026-01-02T03:04:05Z", "whisper:x"
    )


def transcript(text="Hello there."):
    words = tuple(Word(word, i / 2, i / 2 + 0.5, 0.9) for i, word in enumerate(text.split()))
    return Transcript((Sentence.of(words, "Ann"),), "en", "whisper:x", "measured")


@pytest.fixture
def library(tmp_path):
    return VideoLibrary(tmp_path / "home")


def files(home):
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.name != ".lock")


def test_making_and_asking_one_touches_nothing(tmp_path):
    library = VideoLibrary(tmp_path / "home")
    assert library.videos() == []
    assert library.damaged() == []
    assert not library.has(ONE)
    assert library.fingerprint(ONE) is None
    assert library.poster_path(ONE) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_saved_is_there(library, tmp_path):
    library.save(video(), transcript(), b"jpeg", "made from this")
    for view in (library, VideoLibrary(tmp_path / "home")):
        assert view.has(ONE)
        assert view.video(ONE) == video()
        assert view.transcript(ONE) == transcript()
        assert view.fingerprint(ONE) == "made from this"
        assert view.poster_path(ONE).read_bytes() == b"jpeg"
        assert [cue.speaker for cue in read_captions(view.captions_path(ONE))] == ["Ann"]
    assert files(tmp_path / "home") == ["videos", f"videos/{ONE}"] + [
        f"videos/{ONE}/{name}"
        for name in ("captions.vtt", "poster.jpg", "transcript.json", "video.json")
    ]


def test_a_new_version_replaces_the_old_one_whole(library, tmp_path):
    library.save(video(), transcript(), b"jpeg", "first")
    library.save(video(title="Renamed"), transcript("Other words."), None, "second")
    assert library.video(ONE).title == "Renamed"
    assert library.transcript(ONE) == transcript("Other words.")
    assert library.fingerprint(ONE) == "second"
    assert library.poster_path(ONE) is None
    assert len(files(tmp_path / "home")) == 5


def test_videos_come_by_title(library):
    for video_id, title in ((ONE, "b"), (TWO, "A"), (THREE, "C")):
        library.save(video(video_id, title), transcript(), None, "x")
    assert [found.title for found in library.videos()] == ["A", "b", "C"]


def test_what_is_removed_is_gone(library, tmp_path):
    library.save(video(), transcript(), None, "x")
    library.save(video(TWO), transcript(), None, "x")
    library.remove(ONE)
    assert not library.has(ONE)
    assert [found.id for found in library.videos()] == [TWO]
    assert not any(ONE in name for name in files(tmp_path / "home"))
    with pytest.raises(UnknownVideoError):
        library.remove(ONE)


def test_ids_by_their_beginning(library):
    for video_id in (ONE, TWO, THREE):
        library.save(video(video_id), transcript(), None, "x")
    assert library.resolve("fedc") == THREE
    assert library.resolve(" FEDC ") == THREE
    assert library.resolve(ONE) == ONE
    for unclear, says in (
        ("0123", "2 video ids: 0123456789abcdef, 0123ffffffffffff"),
        ("fed", "too short"),
        ("", "too short"),
        ("abcd", "playhead library list"),
        (ONE + "0", "playhead library list"),
    ):
        with pytest.raises(UnknownVideoError, match=says):
            library.resolve(unclear)


@pytest.mark.parametrize(
    "bad", ["", "..", "../../etc", "x", ONE.upper(), ONE + "\n", ONE[:15], "/"]
)
def test_no_other_text_is_an_id(library, tmp_path, bad):
    library.save(video(), transcript(), None, "x")
    assert not library.has(bad)
    for ask in (library.video, library.transcript, library.remove):
        with pytest.raises(UnknownVideoError, match="playhead library list"):
            ask(bad)
    assert library.poster_path(bad) is None
    with pytest.raises(ValueError, match="16 lowercase hex"):
        library.save(dataclasses.replace(video(), id=bad), transcript(), None, "x")
    assert library.has(ONE)


def damage(home, name, content, video_id=ONE):
    path = home / "videos" / video_id / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


NESTED = b"[" * 100_000


@pytest.mark.parametrize("name", ["video.json", "transcript.json"])
@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"version": 9}', NESTED]
)
def test_a_damaged_video_is_named_and_the_others_work(library, tmp_path, name, content):
    for video_id in (ONE, THREE):
        library.save(video(video_id), transcript(), None, "x")
    damage(tmp_path / "home", name, content)
    whole, damaged = library.survey()
    assert [found.id for found in whole] == [THREE]
    assert len(damaged) == 1
    assert f"the {name} of video {ONE} is damaged" in str(damaged[0])
    assert [found.id for found in library.videos()] == [THREE]
    assert [str(error) for error in library.damaged()] == [str(damaged[0])]
    assert library.fingerprint(ONE) is None
    with pytest.raises(DamagedVideoError):
        (library.video if name == "video.json" else library.transcript)(ONE)
    library.save(video(), transcript(), None, "x")
    assert library.damaged() == []


def test_a_damaged_video_can_be_removed(library, tmp_path):
    library.save(video(), transcript(), None, "x")
    damage(tmp_path / "home", "video.json", None)
    library.remove(ONE)
    assert library.survey() == ([], [])


def test_a_video_in_the_folder_of_another_is_damaged(library, tmp_path):
    library.save(video(), transcript(), None, "x")
    videos = tmp_path / "home" / "videos"
    (videos / ONE).rename(videos / TWO)
    with pytest.raises(DamagedVideoError, match=f"it is that of {ONE}"):
        library.video(TWO)


def test_a_file_in_place_of_a_folder_is_damaged_and_replaced(library, tmp_path):
    (tmp_path / "home" / "videos").mkdir(parents=True)
    (tmp_path / "home" / "videos" / ONE).write_text("")
    assert len(library.damaged()) == 1
    library.save(video(), transcript(), None, "x")
    assert library.video(ONE) == video()
    library.remove(ONE)
    (tmp_path / "home" / "videos" / ONE).write_text("")
    library.remove(ONE)
    assert not library.has(ONE)


def test_a_transcript_corrected_by_hand_is_not_damaged(library, tmp_path):
    library.save(video(), transcript("Helo there."), None, "x")
    path = tmp_path / "home" / "videos" / ONE / "transcript.json"
    path.write_text(json.dumps(json.loads(path.read_text().replace("Helo", "Hello")), indent=2))
    assert [found.id for found in library.videos()] == [ONE]
    assert library.transcript(ONE).sentences[0].text == "Hello there."


def test_other_things_in_the_folder_are_left_alone(library, tmp_path):
    library.save(video(), transcript(), None, "x")
    (tmp_path / "home" / "videos" / "notes").mkdir()
    (tmp_path / "home" / "videos" / ".DS_Store").write_text("")
    assert len(library.videos()) == 1
    assert library.damaged() == []
    library.remove(ONE)
    assert (tmp_path / "home" / "videos" / "notes").exists()


def test_a_title_that_is_no_text_comes_back(library):
    title = os.fsdecode(b"talk \xff.mp4")
    library.save(video(title=title), transcript(), None, "x")
    assert library.video(ONE).title == title


def test_a_library_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(LibraryError, match="PLAYHEAD_HOME") as caught:
            VideoLibrary(home).save(video(), transcript(), None, "x")
        assert str(home) in str(caught.value)
    with pytest.raises(LibraryError, match="cannot be read"):
        VideoLibrary(tmp_path / "file").videos()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_library_without_write_permission_can_be_read(library, tmp_path):
    library.save(video(), transcript(), None, "x")
    folders = [tmp_path / "home" / "videos" / ONE, tmp_path / "home" / "videos", tmp_path / "home"]
    try:
        for folder in folders:
            folder.chmod(0o500)
        view = VideoLibrary(tmp_path / "home")
        assert view.videos() == [video()]
        assert view.transcript(ONE) == transcript()
        with pytest.raises(LibraryError, match="PLAYHEAD_HOME"):
            view.save(video(TWO), transcript(), None, "x")
        with pytest.raises(LibraryError, match="PLAYHEAD_HOME"):
            view.remove(ONE)
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_a_full_disk_leaves_what_was_there(library, tmp_path):
    pytest.importorskip("resource")
    library.save(video(), transcript(), b"jpeg", "first")
    before = files(tmp_path / "home")
    script = """
        import resource, sys
        from pathlib import Path
        from ingest.library import VideoLibrary
        from playhead.errors import DiskFullError
        from playhead.types import Transcript, Video
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        library = VideoLibrary(Path(sys.argv[1]))
        for video_id in sys.argv[2:]:
            video = Video(video_id, "Big", "/a.mp4", 1.0)
            try:
                library.save(video, Transcript((), None, "x", "measured"), bytes(200_000), "second")
            except DiskFullError as error:
                print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "home"), ONE, TWO]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.count("no room left") == 2
    assert str(tmp_path / "home") in ran.stdout
    assert files(tmp_path / "home") == before
    assert library.fingerprint(ONE) == "first"


def test_full_disks_are_errors_of_the_library():
    assert issubclass(DiskFullError, LibraryError)


def killed_at(event, work):
    """Do `work` in a child process that dies at its nth change to the disk; whether it did."""
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(name, args):
            nonlocal seen
            changes = name in ("os.rename", "os.mkdir", "os.remove", "os.rmdir") or (
                name == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
            )
            if changes:
                seen += 1
                if seen == event:
                    os._exit(9)

        sys.addaudithook(watch)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("poster", [b"jpeg", None])
def test_wherever_a_save_is_killed_one_version_is_whole(tmp_path, poster):
    for event in range(1, 40):
        home = tmp_path / str(event)
        VideoLibrary(home).save(video(), transcript("Old words."), poster, "old")
        new = (video(), transcript("New words."), poster, "new")
        save = partial(VideoLibrary(home).save, *new)
        if not killed_at(event, save):
            break
        for view in (VideoLibrary(home), VideoLibrary(home)):
            version = view.fingerprint(ONE)
            assert version in ("old", "new")
            assert view.transcript(ONE) == transcript(f"{version.capitalize()} words.")
            assert [found.id for found in view.videos()] == [ONE]
        # The first of them has set things right.
        assert len(files(home)) == 5 + (poster is not None)
        assert VideoLibrary(home).captions_path(ONE) is not None
    assert event > 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_wherever_a_first_save_or_a_removal_is_killed_nothing_half_is_left(tmp_path):
    for event in range(1, 40):
        saved, removed = tmp_path / f"s{event}", tmp_path / f"r{event}"
        VideoLibrary(removed).save(video(), transcript(), None, "x")
        save = partial(VideoLibrary(saved).save, video(), transcript(), None, "x")
        killed = [
            killed_at(event, save),
            killed_at(event, partial(VideoLibrary(removed).remove, ONE)),
        ]
        for home in (saved, removed):
            whole, damaged = VideoLibrary(home).survey()
            assert damaged == []
            left = files(home) if home.exists() else []
            assert len(left) == (5 if whole else len(left) and 1)
        if not any(killed):
            break
    assert event > 5


def test_while_a_swap_is_under_way_the_old_version_is_read(library, tmp_path):
    library.save(video(), transcript(), None, "x")
    videos = tmp_path / "home" / "videos"
    with FileLock(videos / ".lock"):
        (videos / ONE).rename(videos / f".old-{ONE}")
        view = VideoLibrary(tmp_path / "home")
        assert view.videos() == [video()]
        assert view.transcript(ONE) == transcript()
        assert (videos / f".old-{ONE}").exists()


def test_many_writers_at_once(tmp_path):
    ids = [f"{n:016x}" for n in range(12)]

    def write(mine):
        for video_id in mine:
            VideoLibrary(tmp_path).save(video(video_id), transcript(), None, "x")
            VideoLibrary(tmp_path).save(video(ids[0], "Shared"), transcript(), None, "x")

    threads = [threading.Thread(target=write, args=(ids[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole, damaged = VideoLibrary(tmp_path).survey()
    assert sorted(found.id for found in whole) == ids
    assert damaged == []
