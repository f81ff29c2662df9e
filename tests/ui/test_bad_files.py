"""Files that cannot become videos: one clear line each, and nothing half-written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.media import bars, silence, tone, write_media
from tests.ui.commandline import BREAD, Playhead, folders, indexed, write_captions


def cut(source: Path, target: Path, length: int) -> Path:
    target.write_bytes(source.read_bytes()[:length])
    return target


def missing(folder: Path, _talk: Path) -> Path:
    return folder / "nowhere.mp4"


def dangling_link(folder: Path, _talk: Path) -> Path:
    link = folder / "dangling.mp4"
    link.symlink_to("nowhere.mp4")
    return link


def looping_link(folder: Path, _talk: Path) -> Path:
    link = folder / "loop.mp4"
    link.symlink_to(link)
    return link


def folder_named_so(folder: Path, _talk: Path) -> Path:
    (folder / "folder.mp4").mkdir()
    return folder / "folder.mp4"


def no_bytes(folder: Path, _talk: Path) -> Path:
    (folder / "zero.mp4").touch()
    return folder / "zero.mp4"


def cut_in_the_middle(folder: Path, talk: Path) -> Path:
    """With the index of the file, which comes first in it."""
    return cut(talk, folder / "cut.mp4", 600_000)


def cut_in_its_index(folder: Path, talk: Path) -> Path:
    return cut(talk, folder / "stump.mp4", 2_000)


def without_its_index(folder: Path, talk: Path) -> Path:
    """As a recording that was never finished: the moov atom, taken out."""
    content = talk.read_bytes()
    moov = content.index(b"moov") - 4
    size = int.from_bytes(content[moov : moov + 4], "big")
    (folder / "unfinished.mp4").write_bytes(content[:moov] + content[moov + size :])
    return folder / "unfinished.mp4"


def text_named_so(folder: Path, _talk: Path) -> Path:
    (folder / "text.mp4").write_text("This is a text, whatever it is called.\n")
    return folder / "text.mp4"


def picture_alone(folder: Path, _talk: Path) -> Path:
    return write_media(folder / "mute.mp4", pictures=[bars(64, 48)] * 3)


def an_hour_of_silence(folder: Path, _talk: Path) -> Path:
    return write_media(folder / "quiet.ogg", sound=silence(3600))


def captions_that_are_none(folder: Path, talk: Path) -> Path:
    shutil.copy(talk, folder / "talk.mp4")
    (folder / "talk.vtt").write_text("These are no captions.\n")
    return folder / "talk.mp4"


def captions_without_words(folder: Path, talk: Path) -> Path:
    shutil.copy(talk, folder / "wordless.mp4")
    write_captions(folder / "wordless.vtt", "<i></i>", "&nbsp;")
    return folder / "wordless.mp4"


@pytest.fixture
def bad_file(request: pytest.FixtureRequest, tmp_path: Path, demo_talks: Path) -> Path:
    """What the test's parameter makes of the one demo talk without captions."""
    return Path(request.param(tmp_path, demo_talks / "lightning.mp4"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(playhead: Playhead, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"x")
    secret.chmod(0)
    assert f"{secret} cannot be read: Permission denied" in playhead("ingest", secret).failure()


@pytest.mark.parametrize(
    ("bad_file", "words"),
    [
        (missing, "does not exist. Check the path"),
        (dangling_link, "does not exist"),
        (looping_link, "cannot be read: Too many levels of symbolic links"),
        (folder_named_so, "holds no video and no audio recording"),
        (no_bytes, "is empty (0 bytes). Copy or download it again"),
        (cut_in_the_middle, "breaks off after 101 s. Copy or download it again"),
        (cut_in_its_index, "its index is missing. Copy or download it again"),
        (without_its_index, "its index is missing. Copy or download it again"),
        (text_named_so, "is not a video or an audio recording"),
        (picture_alone, "Put captions beside it (mute.vtt)"),
        (an_hour_of_silence, "nobody speaks in"),
        (captions_that_are_none, "talk.vtt holds no captions"),
        (captions_without_words, "no caption in"),
    ],
    indirect=["bad_file"],
)
def test_a_file_that_cannot_become_a_video(
    bad_file: Path, words: str, playhead: Playhead, home: Path
) -> None:
    asr = "auto" if bad_file.with_suffix(".vtt").exists() else "pocketsphinx"
    line = playhead("ingest", bad_file, "--asr", asr).failure()
    assert str(bad_file) in line
    assert words in line
    assert folders(home) == []
    assert indexed(home) == {}


def test_a_whisper_model_that_is_not_here(playhead: Playhead, home: Path, demo_talks: Path) -> None:
    # The tests run without a model hub (HF_HUB_OFFLINE): what is not on this machine is nowhere.
    line = playhead("ingest", demo_talks / "lightning.mp4").failure()
    assert (
        f"{demo_talks / 'lightning.mp4'}: the Whisper model 'small' is not on this machine" in line
    )
    assert "captions beside the file" in line
    assert "PLAYHEAD_WHISPER_MODEL" in line
    assert "--asr pocketsphinx" in line
    assert folders(home) == []


def test_a_whisper_model_that_nobody_knows(playhead: Playhead, demo_talks: Path) -> None:
    line = playhead("ingest", demo_talks / "lightning.mp4", "--model", "huge").failure()
    assert "no Whisper model and no folder 'huge'" in line
    assert "large-v3" in line


def test_captions_where_there_are_none(playhead: Playhead, demo_talks: Path) -> None:
    talk = demo_talks / "lightning.mp4"
    line = playhead("ingest", talk, "--asr", "captions").failure()
    assert f"{talk} has no captions, neither beside it nor inside" in line
    assert "lightning.vtt" in line


def test_captions_alone(playhead: Playhead, home: Path, tmp_path: Path) -> None:
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    line = playhead("ingest", captions).failure()
    assert f"{captions} is captions without their media" in line
    assert "--media-url" in line
    captions.write_text("These are no captions.\n")
    line = playhead("ingest", captions, "--media-url", "https://videos.example/b.mp4").failure()
    assert f"{captions} holds no captions" in line
    assert folders(home) == []


@pytest.mark.parametrize(
    "url", ["bread.mp4", "ftp://videos.example/b.mp4", "https://", "http://[b"]
)
def test_a_media_url_that_is_none(url: str, playhead: Playhead, home: Path, tmp_path: Path) -> None:
    captions = write_captions(tmp_path / "bread.vtt", BREAD)
    line = playhead("ingest", captions, "--media-url", url).failure()
    assert str(captions) in line
    assert url in line
    assert "https://" in line
    assert folders(home) == []


def test_a_batch_goes_on_after_bad_files(
    playhead: Playhead, home: Path, tmp_path: Path, demo_talks: Path
) -> None:
    batch = tmp_path / "batch"
    write_captions(batch / "a.vtt", BREAD)
    (batch / "b.vtt").write_text("These are no captions.\n")
    (batch / "c.mp4").touch()
    write_captions(batch / "d.vtt", "The lens was ground in Paris.")
    paths = [tmp_path / "nowhere", batch]
    options = ["--asr", "captions", "--media-url", "https://videos.example/{stem}.mp4"]
    run = playhead("ingest", *paths, *options)
    assert run.status == 1
    added = [line.split()[:3] for line in run.out.splitlines()]
    assert [(status, title) for status, _, title in added] == [("added", "a"), ("added", "d")]
    nowhere, b, c = run.err.splitlines()
    assert f"{tmp_path / 'nowhere'} does not exist" in nowhere
    assert f"{batch / 'b.vtt'} holds no captions" in b
    assert f"{batch / 'c.mp4'} is empty" in c
    ids = [video_id for _, video_id, _ in added]
    assert folders(home) == sorted(ids)
    assert indexed(home) == dict.fromkeys(ids, 1)
    assert BREAD in playhead("search", "bread").done().out
    assert "Paris" in playhead("search", "lens").done().out
    # Once the bad ones are good, the same command takes them in and leaves the others alone.
    write_captions(batch / "b.vtt", "Storms give warning.")
    (batch / "c.mp4").unlink()
    again = playhead("ingest", batch, *options).done()
    assert [line.split()[0] for line in again.out.splitlines()] == [
        "unchanged",
        "added",
        "unchanged",
    ]


def test_a_batch_as_json(playhead: Playhead, home: Path, tmp_path: Path) -> None:
    bread = write_captions(tmp_path / "bread.vtt", BREAD)
    broken = tmp_path / "broken.vtt"
    broken.touch()
    url = "https://videos.example/{stem}.mp4"
    run = playhead("ingest", bread, broken, tmp_path / "no", "--media-url", url, "--json")
    assert (run.status, run.err) == (1, "")
    done, failed, absent = run.json["files"]
    assert (done["path"], done["status"], done["segments"]) == (str(bread), "added", 1)
    assert done["video"]["source"] == "https://videos.example/bread.mp4"
    assert folders(home) == [done["video"]["id"]]
    assert (failed["path"], failed["status"]) == (str(broken), "failed")
    assert "is empty" in failed["error"]
    assert absent["status"] == "failed"
    assert str(tmp_path / "no") in absent["error"]


@pytest.mark.parametrize(
    ("names", "url"),
    [
        (("a.vtt", "b.vtt"), "https://videos.example/v.mp4"),
        (("a.en.vtt", "a.de.vtt"), "https://videos.example/{stem}.mp4"),
        (("a.vtt", "deeper/a.srt"), "https://videos.example/{stem}.mp4"),
    ],
)
def test_two_files_cannot_be_one_url(
    names: tuple[str, str], url: str, playhead: Playhead, tmp_path: Path
) -> None:
    """Neither silently takes the place of the other."""
    first = write_captions(tmp_path / names[0], BREAD)
    second = write_captions(tmp_path / names[1], "Something else.")
    run = playhead("ingest", first, second, "--media-url", url)
    assert run.status == 1
    assert run.out.startswith("added")
    line = run.complaint()
    assert str(first) in line
    assert str(second) in line
    (video,) = playhead("library", "list", "--json").done().json["videos"]
    assert video["title"] == "a"


def test_a_tone_is_no_speech(playhead: Playhead, home: Path, tmp_path: Path) -> None:
    hum = write_media(tmp_path / "hum.wav", sound=tone(3))
    line = playhead("ingest", hum, "--asr", "pocketsphinx").failure()
    assert f"nobody speaks in {hum}" in line
    assert folders(home) == []
