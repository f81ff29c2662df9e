"""From cues to a transcript."""

import json

from ingest.captions.cue import Cue, Turn
from ingest.captions.files import read_captions
from ingest.captions.raw import cue_of
from ingest.captions.transcript import transcript_of_cues
from playhead.types import Word


def transcript(*cues):
    return transcript_of_cues(cues, "captions:sidecar", "en")


def told(*cues):
    return [(sentence.speaker, sentence.text) for sentence in transcript(*cues).sentences]


def test_what_it_says_of_itself():
    made = transcript(Cue(0, 1, "Yes."))
    assert (made.engine, made.language, made.word_times) == (
        "captions:sidecar", "en", "interpolated")  # fmt: skip
    words = (Word("Oh", 0, 0.4), Word("yes.", 0.5, 1))
    assert transcript(Cue(0, 1, "Oh yes.", None, words)).word_times == "measured"
    assert transcript().sentences == ()


def test_a_sentence_goes_on_in_the_next_cue():
    made = transcript(Cue(0, 2, "This is"), Cue(2, 4, "one sentence. This"), Cue(4, 6, "is two."))
    assert [sentence.text for sentence in made.sentences] == [
        "This is one sentence.",
        "This is two.",
    ]
    first, second = made.sentences
    assert (first.start, second.end) == (0, 6)
    assert 2 < second.start < 4
    assert first.end == second.start


def test_a_named_speaker_goes_on_to_the_end_of_the_sentence_and_no_further():
    assert told(
        cue_of(0, 2, "ANN: I think that we"),
        cue_of(2, 4, "should go. We will."),
        cue_of(4, 5, "Yes."),
    ) == [("ANN", "I think that we should go."), (None, "We will."), (None, "Yes.")]


def test_two_speakers_in_one_cue():
    assert told(cue_of(0, 4, "ANN: Shall we go\nBOB: No")) == [
        ("ANN", "Shall we go"), ("BOB", "No")]  # fmt: skip


def test_a_mark_without_a_name_ends_what_the_other_said():
    assert told(cue_of(0, 2, "<v Ann>so I think"), cue_of(2, 4, ">> wait a bit")) == [
        ("Ann", "so I think"), (None, "wait a bit")]  # fmt: skip


def test_cues_that_only_have_a_speaker():
    assert told(Cue(0, 1, "so I", "Ann"), Cue(1, 2, "think", "Ann"), Cue(2, 3, "no", "Bob")) == [
        ("Ann", "so I think"), ("Bob", "no")]  # fmt: skip
    assert told(Cue(0, 1, "so I", "Ann", (), (Turn(0, "Ann"),))) == [("Ann", "so I")]


def test_the_columbia_captions(shared_data):
    cues = read_captions(shared_data / "columbia" / "columbia.en.vtt")
    sentences = transcript_of_cues(cues, "captions:sidecar", "en").sentences
    starts = {sentence.text: sentence.start for sentence in sentences}
    assert 25 < starts["There are no survivors."] < 27.5
    crew = next(s for s in sentences if s.text.startswith("Colonel"))
    assert (crew.start, crew.end) == (32.0, 52.0)
    assert crew.text.endswith(
        "Dr. Kalpana Chawla, and Ilan Ramon, a colonel in the Israeli Air Force."
    )
    assert len(sentences) == 25


def test_captions_that_are_sentences_stay_the_sentences_they_are(shared_data):
    merged = total = 0
    with (shared_data / "tutorialvqa" / "videos.jsonl").open() as lines:
        for line in lines:
            segments = json.loads(line)["segments"]
            cues = [cue_of(s["start"], s["end"], s["text"]) for s in segments]
            starts = {round(s.start, 3) for s in transcript(*cues).sentences}
            total += len(cues)
            merged += sum(bool(cue.text) and round(cue.start, 3) not in starts for cue in cues)
    assert merged <= 0.005 * total
