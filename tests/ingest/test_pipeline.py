import json
import re
import shutil
from pathlib import Path

import pytest

from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from playhead.errors import (
    CaptionsError,
    LibraryError,
    MediaError,
    NoSpeechError,
    RecogniserError,
    SourceError,
)
from playhead.progress import ProgressEvent
from tests.media import Subtitles, bars, silence, tone, write_media

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n"
URL = "https://example.org/videos/{stem}.mp4"
SPHINX = IngestOptions(asr="pocketsphinx")


@pytest.fixture
def library(home: Path) -> VideoLibrary:
    return VideoLibrary(home)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A film of four seconds with a caption file."""
    path = tmp_path / "my_first_talk.mp4"
    write_media(path, sound=tone(4), pictures=[bars(64, 48)] * 4)
    path.with_suffix(".en.vtt").write_text(VTT.format("Hello there."))
    return path


def text_of(result) -> str:
    return " ".join(sentence.text for sentence in result.transcript.sentences)


def test_a_talk_with_captions_becomes_a_video_of_the_library(library, talk: Path):
    result = ingest_file(talk, library)
    video = library.video(result.video.id)
    assert result.status == "added"
    assert result.video == video
    assert re.fullmatch(r"[0-9a-f]{16}", video.id)
    assert (video.title, video.source, video.media) == ("my first talk", str(talk), "video")
    assert video.duration == pytest.approx(4.0, abs=0.1)
    assert (video.engine, video.language, video.draft) == ("captions:sidecar", "en", False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", video.added)
    assert text_of(result) == "Hello there."
    assert library.transcript(video.id) == result.transcript
    poster = library.poster_path(video.id)
    assert poster is not None
    assert poster.read_bytes().startswith(b"\xff\xd8")


def test_the_second_time_nothing_happens(library, talk: Path, home: Path):
    first = ingest_file(talk, library)
    before = snapshot(home)
    second = ingest_file(talk, VideoLibrary(home))
    assert second.status == "unchanged"
    assert (second.video, second.transcript) == (first.video, first.transcript)
    assert snapshot(home) == before


def snapshot(home: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for path in home.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_nothing_is_decoded_to_see_that_nothing_changed(library, talk: Path):
    ingest_file(talk, library)
    # The sound would not decode any more, and nobody notices: the id is that of the bytes.
    events: list[ProgressEvent] = []
    assert ingest_file(talk, library, on_progress=events.append).status == "unchanged"
    assert events == []


def test_changed_captions_replace_the_transcript(library, talk: Path):
    first = ingest_file(talk, library)
    talk.with_suffix(".en.vtt").write_text(VTT.format("Good day."))
    second = ingest_file(talk, library)
    assert second.status == "replaced"
    assert text_of(second) == "Good day."
    assert second.video.added == first.video.added
    assert library.transcript(first.video.id) == second.transcript


def test_a_moved_file_is_known_and_found_again(library, talk: Path, tmp_path: Path):
    first = ingest_file(talk, library)
    moved = tmp_path / "elsewhere" / "renamed.mp4"
    moved.parent.mkdir()
    talk.rename(moved)
    talk.with_suffix(".en.vtt").rename(moved.with_suffix(".en.vtt"))
    second = ingest_file(moved, library)
    assert second.status == "unchanged"
    assert second.video.source == str(moved)
    assert library.video(first.video.id) == second.video
    assert second.video.title == first.video.title
    assert library.poster_path(first.video.id) is not None
    assert ingest_file(moved, library) == second


def test_a_copy_is_the_same_video_where_it_was(library, talk: Path, tmp_path: Path):
    first = ingest_file(talk, library)
    copy = shutil.copy(talk, tmp_path / "copy.mp4")
    shutil.copy(talk.with_suffix(".en.vtt"), tmp_path / "copy.en.vtt")
    second = ingest_file(Path(copy), library)
    assert (second.status, second.video) == ("unchanged", first.video)


def test_captions_that_are_gone_do_not_undo_what_came_of_them(library, talk: Path):
    ingest_file(talk, library)
    talk.with_suffix(".en.vtt").unlink()
    assert ingest_file(talk, library).status == "unchanged"


def test_a_damaged_video_is_made_anew(library, talk: Path, home: Path):
    video = ingest_file(talk, library).video
    (home / "videos" / video.id / "transcript.json").write_text("{")
    assert ingest_file(talk, library).status == "replaced"
    assert text_of(ingest_file(talk, library)) == "Hello there."


def test_a_track_inside_the_file_serves_as_captions(library, tmp_path: Path):
    path = write_media(
        tmp_path / "talk.mp4",
        sound=tone(4),
        subtitles=[Subtitles("mov_text", [(1.0, 2.0, "Hello there.")], "eng")],
        title="A talk",
    )
    result = ingest_file(path, library)
    assert (result.video.engine, result.video.language) == ("captions:track", "en")
    assert (result.video.title, result.video.media) == ("A talk", "audio")
    assert text_of(result) == "Hello there."
    assert ingest_file(path, library).status == "unchanged"


def test_a_silent_film_with_captions_is_fine(library, tmp_path: Path):
    path = write_media(tmp_path / "silent.mp4", pictures=[bars(64, 48)] * 4)
    path.with_suffix(".vtt").write_text(VTT.format("Hello."))
    assert ingest_file(path, library).status == "added"


def test_a_silent_film_without_captions_has_nothing_to_say(library, tmp_path: Path):
    path = write_media(tmp_path / "silent.mp4", pictures=[bars(64, 48)] * 4)
    with pytest.raises(MediaError, match=r"silent\.mp4 has no sound"):
        ingest_file(path, library)


def test_an_empty_track_is_no_captions(library, tmp_path: Path):
    path = write_media(
        tmp_path / "talk.mp4",
        sound=silence(4),
        subtitles=[Subtitles("mov_text", [(1.0, 2.0, " ")], "eng")],
    )
    with pytest.raises(CaptionsError, match="has no captions"):
        ingest_file(path, library, IngestOptions(asr="captions"))
    with pytest.raises(RecogniserError, match="cannot be fetched"):
        ingest_file(path, library)


def test_without_captions_a_missing_recogniser_names_the_ways_out(library, tmp_path, home):
    path = write_media(tmp_path / "talk.mp4", sound=tone(4))
    with pytest.raises(RecogniserError, match="--asr pocketsphinx"):
        ingest_file(path, library)
    assert not home.exists()


def test_where_only_captions_will_do_nothing_is_recognised(library, tmp_path: Path):
    path = write_media(tmp_path / "talk.mp4", sound=tone(4))
    with pytest.raises(CaptionsError, match=r"talk\.mp4 has no captions.*talk\.vtt"):
        ingest_file(path, library, IngestOptions(asr="captions"))


def test_where_nobody_speaks_there_is_no_video(library, tmp_path: Path, home: Path):
    path = write_media(tmp_path / "silence.flac", sound=silence(5))
    with pytest.raises(NoSpeechError, match=r"nobody speaks in .*silence\.flac"):
        ingest_file(path, library, SPHINX)
    assert library.videos() == []
    assert [path for path in home.rglob("*") if path.is_file()] == list(home.rglob("*.lock"))


def test_captions_that_lie_after_the_end_are_those_of_another_video(library, talk: Path):
    late = "WEBVTT\n\n10:00.000 --> 10:02.000\nHello.\n"
    talk.with_suffix(".en.vtt").write_text(late)
    with pytest.raises(CaptionsError, match="lies after the end"):
        ingest_file(talk, library)


def test_damaged_captions_are_an_error_and_not_passed_over(library, talk: Path):
    talk.with_suffix(".en.vtt").write_text("no captions at all")
    with pytest.raises(CaptionsError, match=r"my_first_talk\.en\.vtt"):
        ingest_file(talk, library)


def test_media_at_a_url_needs_its_captions_only(library, tmp_path: Path):
    captions = tmp_path / "My talk.de.vtt"
    captions.write_text(VTT.format("Guten Tag."))
    options = IngestOptions(media_url=URL)
    result = ingest_file(captions, library, options)
    video = result.video
    assert video.source == "https://example.org/videos/My%20talk.mp4"
    assert (video.title, video.language, video.media) == ("My talk", "de", "video")
    assert video.duration == 2.0
    assert library.poster_path(video.id) is None
    assert ingest_file(captions, library, options).status == "unchanged"
    captions.write_text(VTT.format("Guten Abend."))
    assert ingest_file(captions, library, options).status == "replaced"


def test_captions_alone_are_no_video(library, tmp_path: Path):
    captions = tmp_path / "talk.vtt"
    captions.write_text(VTT.format("Hello."))
    with pytest.raises(SourceError, match="--media-url"):
        ingest_file(captions, library)
    with pytest.raises(SourceError, match="is not the URL of a video"):
        ingest_file(captions, library, IngestOptions(media_url="videos/{stem}.mp4"))
    with pytest.raises(SourceError, match="has no sound to recognise"):
        ingest_file(captions, library, IngestOptions(asr="whisper", media_url=URL))


def test_a_local_copy_can_point_to_where_the_media_lies(library, talk: Path):
    first = ingest_file(talk, library)
    second = ingest_file(talk, library, IngestOptions(media_url=URL))
    assert second.status == "unchanged"
    assert second.video.id == first.video.id
    assert second.video.source == "https://example.org/videos/my_first_talk.mp4"
    # It stays so until told otherwise.
    assert ingest_file(talk, library).video == second.video


def test_captions_in_another_language_than_wanted_are_not_taken(library, talk: Path):
    with pytest.raises(CaptionsError, match="has no captions"):
        ingest_file(talk, library, IngestOptions(asr="captions", language="de"))
    result = ingest_file(talk, library, IngestOptions(asr="captions", language="ENG"))
    assert result.video.language == "en"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("The  first\ntalk", "The first talk"),
        ("untitled", "my talk"),
        ("C:\\films\\rough cut.MOV", "my talk"),
        ("-", "my talk"),
        ("x" * 1000, "my talk"),
        (None, "my talk"),
    ],
)
def test_the_title_is_what_a_person_may_have_written(library, tmp_path, stated, expected):
    path = write_media(tmp_path / "my_talk.mkv", sound=tone(2), title=stated)
    path.with_suffix(".vtt").write_text(VTT.format("Hello."))
    assert ingest_file(path, library).video.title == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.mp4", b""), ("text.mp4", b"hello"), ("short.mp4", b"\0\0\0\x18ftyp")],
)
def test_what_is_no_media_leaves_no_trace(library, tmp_path, home, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MediaError, match=re.escape(name)):
        ingest_file(tmp_path / name, library, SPHINX)
    assert not home.exists()


def test_a_truncated_file_gives_no_half_transcript(library, tmp_path: Path, home: Path):
    path = write_media(tmp_path / "talk.flac", sound=silence(60))
    path.write_bytes(path.read_bytes()[:-600])
    with pytest.raises(MediaError, match="is truncated"):
        ingest_file(path, library, SPHINX)
    assert not home.exists()


def test_a_library_that_cannot_be_written_is_told(talk: Path, home: Path):
    home.parent.mkdir(exist_ok=True)
    home.write_text("in the way")
    with pytest.raises(LibraryError):
        ingest_file(talk, VideoLibrary(home))


@pytest.fixture(scope="session")
def spoken(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of a real speech."""
    from ingest.audio import decode_audio

    audio = decode_audio(shared_data / "jfk.flac")[: 16000 * 5 // 2]
    return write_media(tmp_path_factory.mktemp("spoken") / "speech.flac", sound=audio)


def test_speech_is_recognised_once(library, spoken: Path):
    events: list[ProgressEvent] = []
    result = ingest_file(spoken, library, SPHINX, events.append)
    assert result.status == "added"
    assert "fellow americans" in text_of(result)
    assert result.transcript.word_times == "measured"
    assert (result.video.engine, result.video.draft) == ("pocketsphinx", True)
    assert [event.stage for event in events] == sorted(event.stage for event in events)
    assert {event.stage for event in events} == {"decode", "transcribe"}
    assert ingest_file(spoken, library, SPHINX).status == "unchanged"
    # A draft is better than no recogniser.
    assert ingest_file(spoken, library).status == "unchanged"


def test_captions_that_come_later_replace_a_draft(library, spoken: Path, tmp_path: Path):
    path = Path(shutil.copy(spoken, tmp_path))
    ingest_file(path, library, SPHINX)
    path.with_suffix(".vtt").write_text(VTT.format("My fellow Americans."))
    result = ingest_file(path, library)
    assert (result.status, result.video.draft) == ("replaced", False)
    again = ingest_file(path, library, SPHINX)
    assert (again.status, again.video.draft) == ("replaced", True)


def test_a_better_recogniser_asked_for_by_name_replaces_a_draft(library, spoken, demo_model):
    ingest_file(spoken, library, SPHINX)
    options = IngestOptions(asr="whisper", model=str(demo_model), device="cpu")
    result = ingest_file(spoken, library, options)
    assert result.status == "replaced"
    assert result.video.engine == "whisper:playhead-demo"
    assert ingest_file(spoken, library, options).status == "unchanged"
    about = json.loads((home_of(library) / result.video.id / "video.json").read_text())
    assert about["fingerprint"] == "whisper:playhead-demo:None"


def home_of(library: VideoLibrary) -> Path:
    captions = library.captions_path(library.videos()[0].id)
    assert captions is not None
    return captions.parent.parent


def test_a_real_talk_with_real_captions(library, shared_data: Path):
    result = ingest_file(shared_data / "columbia" / "columbia.mp4", library)
    assert result.video.duration == pytest.approx(199, abs=1)
    assert "The cause in which they died will continue." in text_of(result)
