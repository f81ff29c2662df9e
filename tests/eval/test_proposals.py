"""What to ask about: spread over videos and time, each once, with one answer."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from eval.dataset import DatasetVideo
from eval.proposals import Proposals, sentences_of
from ingest.captions.cue import Cue
from ingest.captions.files import read_captions
from playhead.types import Video


def video(video_id: str, *texts: str, seconds: float = 10.0) -> DatasetVideo:
    cues = tuple(Cue(n * seconds, (n + 1) * seconds, text) for n, text in enumerate(texts))
    about = Video(video_id, video_id, f"dataset:{video_id}", len(texts) * seconds)
    return DatasetVideo(about, cues)


def long_video(video_id: str, segments: int) -> DatasetVideo:
    words = "many words are said in this place about the numbers of the town"
    texts = [f"{words} {words} {n}." for n in range(segments)]
    return video(video_id, *texts, seconds=30.0)


@pytest.fixture(scope="module")
def talks(demo_talks: Path) -> list[DatasetVideo]:
    return [
        DatasetVideo(
            Video(stem, stem, f"dataset:{stem}", 220.0),
            tuple(read_captions(demo_talks / f"{stem}.vtt")),
        )
        for stem in ("sourdough", "vasa")
    ]


def test_from_sentences(talks: list[DatasetVideo]) -> None:
    cases = list(Proposals(talks).from_sentences())
    assert "How long does a loaf take?" in [case.question for case in cases]
    said = {entry.video.id: sentences_of(entry) for entry in talks}
    for case in cases:
        (gold,) = case.gold
        (shown,) = case.shown
        assert (shown.start, shown.end, shown.video_id) == (gold.start, gold.end, case.video_id)
        assert any((s.start, s.end) == (gold.start, gold.end) for s in said[case.video_id or ""])
        assert (case.origin, case.state, case.reviewed) == ("sentence", "open", False)
    assert len({case.qid for case in cases}) == len(cases)


def test_videos_take_turns(talks: list[DatasetVideo]) -> None:
    first = [case.video_id for case in islice(Proposals(talks).from_sentences(), 4)]
    assert first[0] != first[1]
    assert first[:2] == first[2:]


def test_only_some_videos(talks: list[DatasetVideo]) -> None:
    cases = list(Proposals(talks, ["vasa"]).from_sentences())
    assert {case.video_id for case in cases} == {"vasa"}


def test_the_seed_decides(talks: list[DatasetVideo]) -> None:
    runs = [[c.qid for c in Proposals(talks, seed=n).from_sentences()] for n in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]
    assert sorted(runs[0]) == sorted(runs[2])


def test_however_few_places_they_are_spread_over_the_whole_time() -> None:
    entry = long_video("a", 60)
    for seed in range(5):
        starts = [p.segment.start for p in islice(Proposals([entry], seed=seed).places(), 6)]
        thirds = {int(start // 600) for start in starts}
        assert thirds == {0, 1, 2}


def test_each_place_once() -> None:
    places = list(Proposals([long_video("a", 9), long_video("b", 2)]).places())
    assert len({(p.segment.video_id, p.segment.ordinal) for p in places}) == len(places) == 11
    assert [p.segment.video_id for p in places].index("b") <= 1


def test_where_little_is_said_nothing_is_asked() -> None:
    assert list(Proposals([video("a", "Yes.", "Okay, so.")]).places()) == []
    assert list(Proposals([video("a")]).places()) == []


def test_a_question_of_many_places_is_not_asked() -> None:
    sentence = "To save the file, you choose the third entry of the menu {}."
    few = video("a", *(sentence.format(n) for n in range(2)), seconds=30.0)
    many = video("b", *(sentence.format(n) for n in range(6)), seconds=30.0)
    assert [c.question for c in Proposals([few]).from_sentences()] == ["How do you save the file?"]
    assert list(Proposals([many]).from_sentences()) == []


def test_a_question_that_leaves_nothing_to_answer_is_not_asked() -> None:
    copy = video("a", "If you heat the water in the big old pot, it boils.")
    assert list(Proposals([copy]).from_sentences()) == []
