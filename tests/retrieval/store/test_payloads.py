"""What is stored of a segment: as ever where nobody is named and nothing in doubt."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from playhead.errors import StoreError
from playhead.types import Segment
from retrieval.index import revision_of
from retrieval.store.schema import content_of, segment_of
from tests.fakes import segments, video


def plain() -> Segment:
    (segment,) = segments("v", "Hoist the main sail.|Thank you. Thank you.")
    return segment


def test_what_names_nobody_and_is_not_in_doubt_is_stored_as_ever() -> None:
    """So that the revision stays, and nothing is indexed again for nothing."""
    assert content_of(plain(), video("v")) == {
        "video_id": "v",
        "ordinal": 0,
        "start": 0.0,
        "end": 20.0,
        "sentences": [
            ["Hoist the main sail.", 0.0, 10.0, None],
            ["Thank you. Thank you.", 10.0, 20.0, None],
        ],
        "video": asdict(video("v")),
    }


def test_a_doubt_and_a_speaker_are_stored_where_there_are_any() -> None:
    first, second = plain().sentences
    told = replace(
        plain(),
        sentences=(replace(first, speaker="Ann Lee"), replace(second, doubt="repetition")),
    )
    content = content_of(told, video("v"))
    assert content["speakers"] == ["Ann Lee"]
    assert content["sentences"] == [
        ["Hoist the main sail.", 0.0, 10.0, "Ann Lee"],
        ["Thank you. Thank you.", 10.0, 20.0, None, "repetition"],
    ]
    assert segment_of(content) == told
    assert revision_of(video("v"), [told]) != revision_of(video("v"), [plain()])


def test_what_an_earlier_playhead_stored_is_read() -> None:
    stored = content_of(plain(), video("v"))
    stored["sentences"][0][3] = "Ann Lee"
    first, _ = segment_of(stored).sentences
    assert (first.speaker, first.doubt) == ("Ann Lee", None)


@pytest.mark.parametrize("sentence", [["Hoist.", 0.0, 1.0], "Hoi", 7, None])
def test_what_is_no_sentence_is_not_read(sentence: object) -> None:
    stored = content_of(plain(), video("v")) | {"sentences": [sentence]}
    with pytest.raises(StoreError, match="did not write"):
        segment_of(stored)
