"""Noise: the asked rate, in the ways recognisers err, and nothing else changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import jiwer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.confusions import english
from eval.dataset import Dataset, DatasetVideo, Question, Span
from eval.noise import DELETED, MAX_WER, SUBSTITUTED, corrupt
from ingest.captions.cue import Cue
from ingest.captions.files import read_captions
from playhead.errors import DatasetError
from playhead.text import split_words
from playhead.types import Video

_PLAIN = jiwer.Compose(
    [
        jiwer.ToLowerCase(),
        jiwer.RemovePunctuation(),
        jiwer.RemoveMultipleSpaces(),
        jiwer.Strip(),
        jiwer.ReduceToListOfListOfWords(),
    ]
)


def video(video_id: str, cues: Sequence[Cue]) -> DatasetVideo:
    return DatasetVideo(Video(video_id, "Talk", f"dataset:{video_id}", 600.0), tuple(cues))


def cues_of(*texts: str) -> list[Cue]:
    return [Cue(float(n), n + 1.0, text, "Ann") for n, text in enumerate(texts)]


def dataset_of(*videos: DatasetVideo) -> Dataset:
    questions = (Question("q1", "a", "Why does the Vasa lean?", (Span(1.0, 2.0),)),)
    return Dataset("talks", videos, questions)


def said(dataset: Dataset) -> list[str]:
    return [" ".join(cue.text for cue in entry.cues) for entry in dataset.videos]


def compared(before: Dataset, after: Dataset) -> jiwer.WordOutput:
    return jiwer.process_words(said(before), said(after), _PLAIN, _PLAIN)


@pytest.fixture(scope="module")
def talks(demo_talks: Path) -> Dataset:
    """Two talks of some 450 words each."""
    return dataset_of(
        *(video(stem, read_captions(demo_talks / f"{stem}.vtt")) for stem in ("sourdough", "vasa"))
    )


@pytest.mark.parametrize("wer", [0.05, 0.1, 0.2, 0.4])
def test_the_asked_rate(talks: Dataset, wer: float) -> None:
    for seed in range(3):
        assert compared(talks, corrupt(talks, wer, seed)).wer == pytest.approx(wer, abs=0.01)


@pytest.mark.parametrize("wer", [0.05, 0.1, 0.2, 0.4])
def test_the_asked_rate_on_tutorials(shared_data: Path, wer: float) -> None:
    from eval.dataset import read_dataset

    tutorials = read_dataset(shared_data / "tutorialvqa")
    tutorials = replace(tutorials, videos=tutorials.videos[:8])
    assert compared(tutorials, corrupt(tutorials, wer, 0)).wer == pytest.approx(wer, abs=0.01)


def test_the_mix_of_errors(talks: Dataset) -> None:
    runs = [compared(talks, corrupt(talks, 0.1, seed)) for seed in range(10)]
    substituted, deleted, inserted = (
        sum(getattr(run, kind) for run in runs)
        for kind in ("substitutions", "deletions", "insertions")
    )
    total = substituted + deleted + inserted
    assert substituted / total == pytest.approx(SUBSTITUTED, abs=0.03)
    assert deleted / total == pytest.approx(DELETED, abs=0.03)


def test_no_noise_is_no_change(talks: Dataset) -> None:
    assert corrupt(talks, 0, seed=1) is talks


def test_a_tiny_rate_loses_punctuation_and_capitals_alone() -> None:
    before = dataset_of(video("a", cues_of('It\'s "Vasa", said Ann.', "In 1628 -- a U-turn!")))
    (after,) = corrupt(before, 1e-9, seed=0).videos
    assert [cue.text for cue in after.cues] == ["it's vasa said ann", "in 1628 a u-turn"]


def test_everything_else_stays(talks: Dataset) -> None:
    after = corrupt(talks, 0.4, seed=0)
    assert after.questions == talks.questions
    assert after.name == talks.name
    for one, other in zip(talks.videos, after.videos, strict=True):
        assert other.video == one.video
        assert [(c.start, c.end, c.speaker) for c in other.cues] == [
            (c.start, c.end, c.speaker) for c in one.cues
        ]
        assert all(cue.text for cue in other.cues)


def test_the_same_seed_gives_the_same(talks: Dataset) -> None:
    assert corrupt(talks, 0.2, seed=7) == corrupt(talks, 0.2, seed=7)
    assert corrupt(talks, 0.2, seed=7) != corrupt(talks, 0.2, seed=8)


def test_one_video_does_not_change_another(talks: Dataset) -> None:
    first, second = talks.videos
    other = video(first.video.id, cues_of("Something else entirely is said in this one."))
    changed = replace(talks, videos=(other, second))
    assert corrupt(changed, 0.2, seed=0).videos[1] == corrupt(talks, 0.2, seed=0).videos[1]


def test_equal_words_under_two_ids_err_differently(talks: Dataset) -> None:
    cues = talks.videos[0].cues
    one, other = corrupt(dataset_of(video("a", cues), video("b", cues)), 0.2, seed=0).videos
    assert one.cues != other.cues


def test_more_noise_goes_on_from_less(talks: Dataset) -> None:
    """So that a curve over rates is not blurred by chance."""
    less, more = (said(corrupt(talks, wer, seed=0)) for wer in (0.05, 0.2))
    apart = jiwer.process_words(less, more, _PLAIN, _PLAIN)
    assert apart.wer == pytest.approx(0.15, abs=0.02)


def rates(talks: Dataset, kind: str, words: Sequence[str]) -> float:
    """How often some words have an error of a kind, over many seeds."""
    there = errors = 0
    for seed in range(20):
        run = compared(talks, corrupt(talks, 0.2, seed))
        for spoken, chunks in zip(run.references, run.alignments, strict=True):
            there += sum(word in words for word in spoken)
            for chunk in chunks:
                if chunk.type == kind:
                    hit = spoken[chunk.ref_start_idx : chunk.ref_end_idx]
                    errors += sum(word in words for word in hit)
    return errors / there


def test_rare_words_are_heard_wrong_and_small_words_not_at_all(talks: Dataset) -> None:
    rare, small = ("sourdough", "starter", "yeast", "hull"), ("the", "and", "a", "of", "it")
    assert rates(talks, "substitute", rare) > 1.5 * rates(talks, "substitute", small)
    assert rates(talks, "delete", small) > 1.5 * rates(talks, "delete", rare)


def test_substitutes_sound_alike() -> None:
    heard = {english().substitute("layer", (), n / 50) for n in range(50)}
    assert "layer" not in heard
    assert heard & {"lawyer", "later", "laser", "layers", "lair"}


def test_a_name_that_no_dictionary_has_becomes_a_common_word_spelled_like_it() -> None:
    assert english().substitute("lightroom", (), 0.0) == "lighthouse"


def test_a_number_becomes_another_number_of_its_length() -> None:
    heard = {english().substitute("1,628", (), n / 60) for n in range(60)}
    assert "1,628" not in heard
    assert all(len(number) == 5 and number[1] == "," for number in heard)


@pytest.mark.parametrize("wer", [-0.1, MAX_WER + 0.01, 10.0, float("nan"), float("inf")])
def test_a_rate_that_cannot_be(talks: Dataset, wer: float) -> None:
    with pytest.raises(DatasetError, match=r"Give one from 0 to 0\.8"):
        corrupt(talks, wer, seed=0)


def test_notes_on_sounds_are_nothing_that_was_said() -> None:
    before = dataset_of(video("a", cues_of("[Music]", "Hello there, good people.", "(applause)")))
    (after,) = corrupt(before, 0.5, seed=0).videos
    assert [after.cues[0].text, after.cues[2].text] == ["[Music]", "(applause)"]


@pytest.mark.parametrize("text", ["これは雷です。音を数えます。", "Иван купил красный дом", "ok"])
def test_other_languages_and_very_short_videos(text: str) -> None:
    before = dataset_of(video("a", cues_of(text)))
    heard = {corrupt(before, 0.5, seed).videos[0].cues[0].text for seed in range(20)}
    assert len(heard) > 1
    assert "" not in heard


def test_turns_of_one_word_are_heard_wrong_rather_than_lost() -> None:
    words = split_words("yes no the budget is fine and so are the controls thank you very much")
    before = dataset_of(video("a", cues_of(*words * 20)))
    run = compared(before, corrupt(before, 0.2, seed=0))
    assert run.wer == pytest.approx(0.2, abs=0.01)
    assert (run.deletions, run.substitutions > 3 * run.insertions) == (0, True)


def test_a_video_in_which_nothing_is_said() -> None:
    before = dataset_of(video("a", []), video("b", cues_of("...")))
    assert corrupt(before, 0.2, seed=0).videos == before.videos


_TEXTS = st.lists(st.text(max_size=40), max_size=6)


@settings(max_examples=50)
@given(texts=_TEXTS, wer=st.floats(0, MAX_WER), seed=st.integers(0, 2**32))
def test_any_text_keeps_its_cues(texts: list[str], wer: float, seed: int) -> None:
    before = dataset_of(video("a", cues_of(*texts)))
    (after,) = corrupt(before, wer, seed).videos
    assert [(cue.start, bool(cue.text)) for cue in after.cues] == [
        (cue.start, bool(cue.text)) for cue in before.videos[0].cues
    ]
