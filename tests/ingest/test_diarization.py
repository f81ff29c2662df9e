"""Who speaks when."""

import json
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ingest.diarization import MODEL, Diarizer, Turn, with_speakers
from ingest.sentences import sentences_of
from playhead.errors import RecogniserError
from playhead.text import join_words
from playhead.types import Sentence, Word

REPOSITORY = Path(__file__).parents[2]

# The shape of pyannote.audio 4: a pipeline called with sound in memory; in what it gives back,
# `exclusive_speaker_diarization` is an annotation without turns at the same time. The one who
# speaks is told by the sign of the samples.
STAND_IN = """
import os
import re
from collections import namedtuple
from pathlib import Path

import torch

assert os.environ["PYANNOTE_METRICS_ENABLED"] == "false"
Segment = namedtuple("Segment", "start end")

class Annotation:
    def __init__(self, tracks):
        self.tracks = tracks

    def itertracks(self, yield_label=False):
        assert yield_label
        yield from self.tracks

class Output:
    def __init__(self, exclusive):
        self.speaker_diarization = Annotation([])
        self.exclusive_speaker_diarization = Annotation(exclusive)

class Pipeline:
    @classmethod
    def from_pretrained(cls, checkpoint):
        (Path(checkpoint) / "config.yaml").read_text()
        return cls()

    def to(self, device):
        torch.zeros(1).to(device)

    def __call__(self, file):
        waveform, rate = file["waveform"], file["sample_rate"]
        assert waveform.shape[0] == 1 and waveform.dtype == torch.float32 and rate == 16000
        if waveform.shape[1] == 0:
            raise RuntimeError("no samples")
        signs = "".join("+-"[int(second.mean() < 0)] for second in waveform[0].split(rate))
        return Output([
            (Segment(run.start(), run.end()), "A", f"SPEAKER_{'+-'.index(run[0][0]):02d}")
            for run in re.finditer(r"[+]+|-+", signs)
        ])
"""


@pytest.fixture
def pyannote(tmp_path, monkeypatch):
    """A stand-in for pyannote.audio, which is not installed for the tests."""
    package = tmp_path / "packages" / "pyannote" / "audio"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(package.parents[1])
    monkeypatch.delenv("PYANNOTE_METRICS_ENABLED", raising=False)
    yield package.parents[1]
    for name in ["pyannote.audio", "pyannote"]:
        sys.modules.pop(name, None)


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.yaml").write_text("pipeline: {}")
    return str(folder)


def test_the_turns_of_a_recording(pyannote, model):
    sound = np.repeat(np.array([0.1, 0.1, -0.1, 0.1], dtype=np.float32), 16000)
    sound.flags.writeable = False
    assert Diarizer(model).turns(sound) == [
        Turn(0, 2, "SPEAKER_00"), Turn(2, 3, "SPEAKER_01"), Turn(3, 4, "SPEAKER_00")]  # fmt: skip


def test_a_recording_that_fails_is_told(pyannote, model):
    with pytest.raises(RecogniserError, match="telling speakers apart failed: no samples"):
        Diarizer(model, "cpu").turns(np.zeros(0, dtype=np.float32))


def test_a_folder_that_holds_no_model(pyannote, tmp_path):
    with pytest.raises(RecogniserError, match=r"the speaker model in .* cannot be loaded"):
        Diarizer(str(tmp_path))


@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a GPU")
def test_a_device_that_is_not_there(pyannote, model):
    with pytest.raises(RecogniserError, match=r"cannot be loaded on cuda: .*Use --device cpu"):
        Diarizer(model, "cuda")


def test_without_pyannote(model):
    with pytest.raises(RecogniserError, match="pip install pyannote-audio") as failure:
        Diarizer(model)
    assert len(str(failure.value).splitlines()) == 1


def test_offline(pyannote):
    with pytest.raises(RecogniserError, match=r"cannot be fetched: .*offline") as failure:
        Diarizer()
    assert len(str(failure.value).splitlines()) == 1


class GatedHub(BaseHTTPRequestHandler):
    """A hub that shows what files a model has, and gives none without a token."""

    def do_GET(self):
        if "/tree/" in self.path:
            file = {"type": "file", "path": "config.yaml", "size": 9, "oid": "0" * 40}
            self.reply(200, json.dumps([file]))
        elif self.path.startswith("/api/models/"):
            files = [{"rfilename": "config.yaml"}]
            self.reply(200, json.dumps({"id": MODEL, "sha": "0" * 40, "siblings": files}))
        elif self.path == "/":
            self.reply(200)
        else:
            self.reply(401)

    do_HEAD = do_GET  # noqa: N815

    def reply(self, status, body=""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("X-Error-Code", "GatedRepo")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body.encode())

    def log_message(self, format, *args):  # noqa: A002
        pass


def test_a_model_that_has_to_be_asked_for(pyannote, tmp_path):
    # In another process: the hub's address is read when its library is imported.
    server = ThreadingHTTPServer(("127.0.0.1", 0), GatedHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done = subprocess.run(
        [sys.executable, "-c", "from ingest.diarization import Diarizer; Diarizer()"],
        env={
            "PYTHONPATH": f"{REPOSITORY}:{pyannote}",
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "HF_HOME": str(tmp_path),
            "HOME": str(tmp_path),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    server.shutdown()
    server.server_close()
    last = done.stderr.splitlines()[-1]
    assert last.startswith("playhead.errors.RecogniserError: the speaker model")
    assert "set HF_TOKEN" in last
    assert done.stdout == ""


def timed(text, start=0.0, length=0.5):
    return tuple(
        Word(part, start + i * length, start + i * length + length)
        for i, part in enumerate(text.split())
    )


def told(sentences, turns):
    return [(sentence.text, sentence.speaker) for sentence in with_speakers(sentences, turns)]


QUESTION = Sentence.of(timed("Did it rain at all?"))
ANSWER = Sentence.of(timed("All day long.", start=2.5))


def test_names_count_from_the_first_who_speaks():
    turns = [Turn(2.5, 4.0, "SPEAKER_00"), Turn(0.0, 2.5, "SPEAKER_07")]
    assert told([QUESTION, ANSWER], turns) == [
        ("Did it rain at all?", "Speaker 1"), ("All day long.", "Speaker 2")]  # fmt: skip
    assert with_speakers([QUESTION, ANSWER], []) == (QUESTION, ANSWER)
    assert with_speakers([], turns) == ()


def test_a_sentence_that_two_say_is_cut():
    both = replace(Sentence.of(timed("did it rain at all all day long")), doubt="unsure")
    first, second = with_speakers([both], [Turn(0.0, 2.4, "B"), Turn(2.4, 9.0, "A")])
    assert (first.text, first.speaker) == ("did it rain at all", "Speaker 1")
    assert (second.text, second.speaker) == ("all day long", "Speaker 2")
    assert (first.doubt, second.doubt) == ("unsure", "unsure")
    assert (second.start, second.end) == (2.5, 4.0)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        # In the middle of what somebody says, at the end of it, and before it.
        ([(0.0, 1.0, "A"), (1.0, 1.5, "B"), (1.5, 2.5, "A")], "AAAAA"),
        ([(0.0, 2.0, "A"), (2.0, 2.5, "B")], "AAAAA"),
        ([(0.0, 0.5, "B"), (0.5, 2.5, "A")], "AAAAA"),
        (
            [(0.0, 0.5, "A"), (0.5, 1.0, "B"), (1.0, 1.5, "A"), (1.5, 2.0, "B"), (2, 3, "A")],
            "AAAAA",
        ),
        # In earnest.
        ([(0.0, 1.0, "A"), (1.0, 2.0, "B"), (2.0, 2.5, "A")], "AABBB"),
        ([(0.0, 1.0, "A"), (1.0, 1.5, "B"), (1.5, 2.5, "C")], "AAACC"),
        # Somebody who says one word, while somebody else goes on.
        ([(0.0, 2.5, "A"), (1.1, 1.4, "B")], "AAAAA"),
        # Turns that come before words, and after them.
        ([(0.0, 0.6, "A"), (2.4, 9.0, "B")], "AAABB"),
        ([(0.0, 0.1, "A"), (1.8, 9.0, "B")], "AABBB"),
        ([(2.4, 9.0, "B")], "BBBBB"),
        ([(2.9, 9.0, "B")], "BBBBB"),
        ([(3.1, 9.0, "B")], "-----"),
    ],
)
def test_who_says_each_of_five_words(turns, expected):
    parts = with_speakers([QUESTION], [Turn(*turn) for turn in turns])
    names = dict.fromkeys(expected)
    found = "".join((part.speaker or "-")[-1] * len(part.words) for part in parts)
    numbers = {name: "-" if name == "-" else str(i) for i, name in enumerate(names, 1)}
    assert len(parts) == len(list(groupby(expected)))
    assert found == "".join(numbers[name] for name in expected)


@pytest.mark.parametrize(
    "turns",
    [
        # Others speak meanwhile, briefly; turns in no order; near to the first word alone.
        [(0.0, 9.0, "A"), (0.1, 0.2, "B"), (0.3, 0.4, "C")],
        [(0.0, 0.3, "B"), (6.0, 7.0, "C"), (2.5, 4.0, "A")],
        [(1.0, 2.3, "A")],
    ],
)
def test_who_says_a_later_sentence(turns):
    assert told([ANSWER], [Turn(*turn) for turn in turns]) == [("All day long.", "Speaker 1")]


def test_who_is_named_already_stays():
    named = replace(QUESTION, speaker="Ann")
    without_words = Sentence("All day long.", 2.5, 4.0)
    turns = [Turn(0.0, 9.0, "A")]
    assert with_speakers([named, without_words, ANSWER], turns) == (
        named, without_words, replace(ANSWER, speaker="Speaker 1"))  # fmt: skip


TIMES = st.floats(0, 60, allow_nan=False)
TURNS = st.lists(
    st.builds(lambda times, who: Turn(*sorted(times), who), st.tuples(TIMES, TIMES),
              st.sampled_from("ABC")), max_size=8)  # fmt: skip


@st.composite
def transcripts(draw):
    step = st.tuples(st.sampled_from(["so", "we", "go.", "字", "Go"]), st.floats(0, 4))
    words, now = [], 0.0
    for text, seconds in draw(st.lists(step, max_size=40)):
        words.append(Word(text, now, now + seconds / 2))
        now += seconds
    names = st.sampled_from([None, None, "Ann"])
    doubts = st.sampled_from([None, "unsure"])
    return [
        replace(sentence, speaker=draw(names), doubt=draw(doubts))
        for sentence in sentences_of(words)
    ]


@given(transcripts(), TURNS)
def test_no_word_is_lost_and_order_is_kept(sentences, turns):
    parts = with_speakers(sentences, turns)
    assert [w for part in parts for w in part.words] == [w for s in sentences for w in s.words]
    assert with_speakers(parts, []) == parts
    at = iter(parts)
    for sentence in sentences:
        part = next(at)
        if part == replace(sentence, speaker=part.speaker):
            continue
        texts = [part.text]
        count = len(part.words)
        while count < len(sentence.words):
            assert part.doubt == sentence.doubt
            assert len(part.words) > 1
            part = next(at)
            count += len(part.words)
            texts.append(part.text)
        assert count == len(sentence.words)
        assert sentence.speaker is None
        assert join_words(texts) == sentence.text
    names = list(dict.fromkeys(part.speaker for part in parts if part.speaker not in (None, "Ann")))
    assert names == [f"Speaker {i}" for i in range(1, len(names) + 1)]
