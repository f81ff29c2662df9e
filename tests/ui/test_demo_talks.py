"""The demo's talks are what they claim to be, and what makes them works and fails clearly."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.audio import SAMPLE_RATE, decode_audio
from ingest.captions.files import read_captions
from ingest.captions.transcript import transcript_of_cues
from ingest.media import probe
from playhead.errors import PlayheadError
from ui.demo import make_talks
from ui.demo.making.canvas import HEIGHT, WIDTH, Canvas
from ui.demo.making.diagrams import draw_diagram
from ui.demo.making.slides import draw_slides
from ui.demo.making.speech import find_flite
from ui.demo.making.talk_script import read_script
from ui.demo.making.timeline import FRAMES_PER_SECOND, Spoken, Timeline, captions

HERE = make_talks.HERE
SCRIPTS = {path.stem: read_script(path) for path in sorted((HERE / "scripts").glob("*.md"))}
TRUTH = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
NAMES = ["lightning", "sourdough", "vasa"]
CAPTIONED = ["sourdough", "vasa"]

HEAD = """# A talk
subtitle: of no weight
voice: slt
pace: 1
pause: 0.5
accent: #336699
captions: yes
"""


def spoken(name: str) -> tuple[Spoken, ...]:
    return tuple(Spoken(**sentence) for sentence in TRUTH[name]["sentences"])


def script_file(folder: Path, text: str) -> Path:
    path = folder / "a.md"
    path.write_text(text, encoding="utf-8")
    return path


# The committed talks


def test_the_folder_holds_three_talks_and_two_captions_and_is_small() -> None:
    files = sorted((HERE / "talks").iterdir())
    assert [path.name for path in files] == [
        "lightning.mp4",
        "sourdough.mp4",
        "sourdough.vtt",
        "vasa.mp4",
        "vasa.vtt",
    ]
    assert sum(path.stat().st_size for path in files) <= 5_000_000


@pytest.mark.parametrize("name", NAMES)
def test_a_talk_is_h264_and_aac_with_a_title_and_no_subtitle_track(name: str) -> None:
    path = HERE / "talks" / f"{name}.mp4"
    with av.open(str(path)) as container:
        assert [(s.type, s.codec_context.name) for s in container.streams] == [
            ("video", "h264"),
            ("audio", "aac"),
        ]
        assert container.metadata["title"] == SCRIPTS[name].title == TRUTH[name]["title"]
    assert 120 <= probe(path).duration <= 240
    assert probe(path).duration == pytest.approx(TRUTH[name]["duration"], abs=0.05)


@pytest.mark.parametrize("name", NAMES)
def test_a_talk_can_play_before_it_is_loaded(name: str) -> None:
    head = (HERE / "talks" / f"{name}.mp4").read_bytes()[:4096]
    assert b"moov" in head


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_heard_where_it_says(name: str) -> None:
    sound = np.abs(decode_audio(HERE / "talks" / f"{name}.mp4"))
    for sentence in spoken(name):
        start, end = (round(t * SAMPLE_RATE) for t in (sentence.start, sentence.end))
        tenth = SAMPLE_RATE // 10
        assert sound[max(0, start - 2 * tenth) : start - 100].max() < 0.01, sentence
        assert sound[start : start + tenth].max() > 0.01, sentence
        assert sound[end - tenth : end].max() > 0.003, sentence
        assert sound[end + tenth : end + 2 * tenth].max() < 0.01, sentence


@pytest.mark.parametrize("name", NAMES)
def test_a_slide_changes_when_the_speech_moves_on(name: str) -> None:
    starts = [slide["start"] for slide in TRUTH[name]["slides"]]
    firsts = [slide.sentences[0] for slide in SCRIPTS[name].slides]
    times = {sentence.text: sentence.start for sentence in spoken(name)}
    with av.open(str(HERE / "talks" / f"{name}.mp4")) as container:
        keys = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]
    for start, first in zip(starts, firsts, strict=True):
        assert times[first] - start == pytest.approx(0.3, abs=0.001)
        assert any(abs(key - start) < 0.001 for key in keys)


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_what_the_script_says_in_order(name: str) -> None:
    said = [sentence for slide in SCRIPTS[name].slides for sentence in slide.sentences]
    assert [sentence.text for sentence in spoken(name)] == said
    assert all(8 <= len(sentence.split()) <= 22 for sentence in said)
    assert all(a.start < a.end <= b.start - 0.3 for a, b in pairwise(spoken(name)))


@pytest.mark.parametrize("name", CAPTIONED)
def test_captions_give_the_sentences_their_true_times(name: str) -> None:
    cues = read_captions(HERE / "talks" / f"{name}.vtt")
    transcript = transcript_of_cues(cues, "captions:sidecar", "en")
    for read, true in zip(transcript.sentences, spoken(name), strict=True):
        assert read.text == true.text
        assert read.start == pytest.approx(true.start, abs=0.05)
        assert read.end == pytest.approx(true.end, abs=0.05)


@pytest.mark.parametrize("name", CAPTIONED)
def test_captions_are_pleasant_to_read(name: str) -> None:
    text = (HERE / "talks" / f"{name}.vtt").read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= 44
    assert max(block.count("\n") for block in text.strip().split("\n\n")) <= 2
    assert all(cue.end - cue.start <= 7.5 for cue in read_captions(HERE / "talks" / f"{name}.vtt"))


def test_the_recogniser_knows_every_word_of_the_talk_without_captions() -> None:
    from pocketsphinx import get_model_path

    dictionary = Path(get_model_path()) / "en-us" / "cmudict-en-us.dict"
    known = {line.split()[0] for line in dictionary.read_text(encoding="utf-8").splitlines()}
    said = " ".join(sentence.text for sentence in spoken("lightning")).lower()
    assert not re.search(r"\d", said)
    assert set(re.findall(r"[a-z']+", said)) <= known


# The making


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_can_be_drawn(name: str) -> None:
    slides = draw_slides(SCRIPTS[name])
    assert [slide.size for slide in slides] == [(WIDTH, HEIGHT)] * len(SCRIPTS[name].slides)
    assert len({slide.tobytes() for slide in slides}) == len(slides)


def test_a_diagram_that_is_not_there_is_an_error() -> None:
    with pytest.raises(PlayheadError, match="no diagram 'pie'"):
        draw_diagram(Canvas("#FFFFFF"), None, "pie 1 = a")  # type: ignore[arg-type]


def test_a_character_that_the_font_lacks_is_an_error() -> None:
    with pytest.raises(PlayheadError, match="lacks 'é'"):
        Canvas("#FFFFFF").text((0, 0), "Franzén", 20, "#000000")


def test_a_script_without_a_key_is_an_error(tmp_path: Path) -> None:
    text = HEAD.replace("voice: slt\n", "")
    with pytest.raises(PlayheadError, match="lacks voice"):
        read_script(script_file(tmp_path, text))


@pytest.mark.parametrize("slide", ["diagram: ship\n- a point\n", "Somebody speaks.\n"])
def test_a_slide_without_speech_or_diagram_is_an_error(tmp_path: Path, slide: str) -> None:
    with pytest.raises(PlayheadError, match="'Empty'"):
        read_script(script_file(tmp_path, f"{HEAD}\n## Empty\n{slide}"))


def test_a_respelling_is_for_the_synthesiser_alone(tmp_path: Path) -> None:
    text = f"{HEAD}say: Vasa = Vahsa\n\n## One\ndiagram: ship\nThe Vasa sank.\n"
    script = read_script(script_file(tmp_path, text))
    assert script.say == {"Vasa": "Vahsa"}
    assert script.slides[0].sentences == ("The Vasa sank.",)


def test_without_flite_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlayheadError, match="flite, which is not installed"):
        find_flite()
    assert make_talks.main() == 1
    assert "flite" in capsys.readouterr().err


def two_slides(path: Path) -> list[Any]:
    slides = draw_slides(SCRIPTS["vasa"])[:2]
    tone = 0.3 * np.sin(np.arange(2 * SAMPLE_RATE, dtype=np.float32) / 5)
    timeline = Timeline((), (0.0, 1.2), tone.astype(np.float32))
    make_talks.write_video(path, "Two", timeline, slides)
    return [np.asarray(slide) for slide in slides]


def test_a_video_shows_each_slide_for_its_time(tmp_path: Path) -> None:
    first, second = two_slides(tmp_path / "two.mp4")
    with av.open(str(tmp_path / "two.mp4")) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 2 * FRAMES_PER_SECOND
    for frame, slide in zip(frames, [first] * 6 + [second] * 4, strict=True):
        assert np.abs(frame.astype(int) - slide).mean() < 4
    assert decode_audio(tmp_path / "two.mp4").size == pytest.approx(2 * SAMPLE_RATE, abs=1100)


def test_the_same_talk_is_the_same_file(tmp_path: Path) -> None:
    for name in ("one.mp4", "again.mp4"):
        two_slides(tmp_path / name)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "again.mp4").read_bytes()


WORDS = st.lists(st.text("abcdefgh,", min_size=1, max_size=12), min_size=1, max_size=60)


@given(WORDS, st.floats(0.5, 60))
def test_cues_keep_every_word_and_the_sentence_s_own_times(
    words: list[str], seconds: float
) -> None:
    blocks = captions((Spoken(" ".join(words), 1.0, 1.0 + seconds),)).split("\n\n")[1:]
    lines = [block.strip().split("\n") for block in blocks]
    assert " ".join(" ".join(text) for _, *text in lines).split() == words
    times = [re.findall(r"[\d:.]+", line[0]) for line in lines]
    assert all(before[1] == after[0] for before, after in pairwise(times))
    assert times[0][0] == "00:00:01.000"
