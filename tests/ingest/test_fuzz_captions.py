"""What the fuzz run of caption files found: no file may keep the command busy for hours."""

from pathlib import Path

import pytest

from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.media import probe
from ingest.tracks import subtitle_cues
from playhead.errors import CaptionsError
from tests.media import Subtitles, tone, write_media

TIMES = "00:01.000 --> 00:02.000\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TIMES + "word " * 2_000_000, "a caption of 10,000,000 characters"),
        (TIMES + "<v " * 200_000, "a caption of 600,000 characters"),
        (TIMES + "<b>" * 50_000 + "x", "a caption of 150,001 characters"),
        (TIMES + ">> ANN: hi\n" * 20_000, "a caption of 219,999 characters"),
        ((TIMES + "It is said.\n\n") * 20_000, "captions of 220,000 characters within 0 s"),
    ],
)
def test_far_more_text_than_can_be_said_is_refused(tmp_path: Path, text: str, problem: str):
    path = tmp_path / "talk.vtt"
    path.write_text("WEBVTT\n\n" + text)
    with pytest.raises(CaptionsError, match=problem):
        read_captions(path)


def test_a_whole_talk_in_one_caption_is_taken(tmp_path: Path):
    path = tmp_path / "talk.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 59:00.000\n" + "It is said.\n" * 6000)
    assert len(transcript_of_cues(read_captions(path), "x", None).sentences) == 6000


def test_many_turns_in_one_caption_keep_their_speakers(tmp_path: Path):
    path = tmp_path / "talk.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 59:00.000\n" + ">> ANN: Hi.\n>> BOB: Ho.\n" * 2000)
    said = transcript_of_cues(read_captions(path), "x", None).sentences
    assert [sentence.speaker for sentence in said] == ["ANN", "BOB"] * 2000


def test_a_subtitle_track_of_far_more_text_than_can_be_said_is_refused(tmp_path: Path):
    track = Subtitles("subrip", [(1.0, 2.0, "word " * 100_000)])
    path = write_media(tmp_path / "a.mkv", sound=tone(4), subtitles=[track])
    with pytest.raises(CaptionsError, match="a caption of 500,000 characters"):
        subtitle_cues(path, probe(path).tracks[0])
