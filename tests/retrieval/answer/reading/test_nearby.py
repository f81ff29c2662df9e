"""What was said right after a place, or right before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playhead.types import Citation, Segment, Sentence
from retrieval.answer.engine import Task
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.reading.evidence import ALONE_NOTHING, Evidence
from retrieval.answer.reading.nearby import evidence_next_to
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from tests.fakes import points, video


def place(spoken: dict[str, Segment], segment_id: str, number: int) -> Citation:
    """A sentence of a segment, cited."""
    segment = spoken[segment_id]
    said = segment.sentences[number]
    return Citation(
        1, segment.video_id, "Talk", said.start, said.end, said.text, segment_id, "/talk.mp4"
    )


def best(evidence: list[Evidence]) -> str:
    return max(evidence, key=lambda unit: unit.score).text


def test_what_was_said_next(library: EdgeStore, spoken: dict[str, Segment]) -> None:
    cited = place(spoken, "bread:1", 0)
    (passage,), evidence = evidence_next_to(cited, library)
    assert [segment.id for segment in passage.segments] == ["bread:1", "bread:2", "bread:3"]
    assert best(evidence) == "Cover the bowl and let the dough rest for one hour."
    assert all(unit.start >= cited.end for unit in evidence)
    scores = [unit.score for unit in evidence]
    assert scores == sorted(scores, reverse=True)
    assert [unit.position for unit in evidence] == list(range(1, 1 + len(evidence)))


def test_what_was_said_before(library: EdgeStore, spoken: dict[str, Segment]) -> None:
    cited = place(spoken, "bread:2", 0)
    (passage,), evidence = evidence_next_to(cited, library, "before")
    assert [segment.id for segment in passage.segments] == ["bread:0", "bread:1", "bread:2"]
    assert all(unit.end <= cited.start for unit in evidence)
    ranked = sorted(evidence, key=lambda unit: -unit.score)
    assert [unit.text for unit in ranked[:2]] == [
        "Mix five hundred grams of flour with three hundred and fifty grams of water.",
        "Cover the bowl and let the dough rest for one hour.",
    ]


@pytest.mark.parametrize(("side", "first"), [("after", "Now add"), ("before", "Welcome")])
def test_two_sentences_are_shown_in_order(
    library: EdgeStore, spoken: dict[str, Segment], side: str, first: str
) -> None:
    cited = place(spoken, "bread:1", 1 if side == "after" else 0)
    _, evidence = evidence_next_to(cited, library, side)  # type: ignore[arg-type]
    *shown, _ = [claim.text for claim in ExtractiveEngine().draft(Task("?", tuple(evidence)))] + [
        ""
    ]
    assert len(shown) == 2
    assert shown[0].startswith(first)


def test_what_is_asked_for_is_found_there(
    library: EdgeStore, spoken: dict[str, Segment], searcher: Searcher
) -> None:
    vectors = searcher.vectors("What did she say after that about a crisp crust?")
    cited = place(spoken, "bread:1", 0)
    _, evidence = evidence_next_to(cited, library, "after", vectors)
    assert "steam makes the crust crisp" in best(evidence)


def test_nothing_is_said_after_the_end_and_before_the_start(
    library: EdgeStore, spoken: dict[str, Segment]
) -> None:
    assert evidence_next_to(place(spoken, "bread:5", 2), library)[1] == []
    assert evidence_next_to(place(spoken, "bread:0", 0), library, "before")[1] == []


def test_a_video_that_is_gone(library: EdgeStore, spoken: dict[str, Segment]) -> None:
    cited = replace(place(spoken, "bread:1", 0), segment_id="gone:1")
    assert evidence_next_to(cited, library) == ([], [])


@pytest.fixture
def meeting(edge_store: EdgeStore) -> EdgeStore:
    """Two people in one segment."""
    said = [
        ("Ann", "We will ship the sensor in May."),
        ("Bob", "Mm."),
        ("Bob", "Is that really enough time for all of us?"),
        ("Bob", "My own team has nobody for it until the summer."),
        ("Ann", "Then we will ask the people in Leeds for help."),
    ]
    sentences = tuple(
        Sentence(text, 5.0 * n, 5.0 * n + 5.0, speaker=speaker)
        for n, (speaker, text) in enumerate(said)
    )
    segment = Segment("v:0", "v", 0, 0.0, 25.0, sentences)
    edge_store.upsert(points(video("v"), [segment]))
    return edge_store


CITED = Citation(1, "v", "Talk", 0.0, 5.0, "We will ship the sensor in May.", "v:0", "/v.mp4")


def test_murmurs_and_questions_are_passed_over(meeting: EdgeStore) -> None:
    _, evidence = evidence_next_to(CITED, meeting)
    assert best(evidence) == "My own team has nobody for it until the summer."
    assert [unit.score == ALONE_NOTHING for unit in evidence] == [True, True, False, False]


def test_what_the_same_speaker_said_next(meeting: EdgeStore) -> None:
    _, evidence = evidence_next_to(CITED, meeting, same_speaker=True)
    assert best(evidence) == "Then we will ask the people in Leeds for help."
