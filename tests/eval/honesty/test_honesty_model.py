"""The simulated model: as honest as it is told to be, always alike, and served as a real one is."""

from __future__ import annotations

import json
from collections import Counter
from urllib.request import Request, urlopen

import pytest

from eval.dataset import read_videos
from eval.honesty.model import CLAIMS, KINDS, LIES, TRUTHS, HonestyModel
from eval.honesty.scene import MadeClaim, Numbered, sentences_in
from eval.honesty.server import HonestyServer
from ui.demo.make_dataset import DATASET


@pytest.fixture(scope="module")
def scenes() -> list[tuple[Numbered, ...]]:
    """The demo's talks, each as one request, several times."""
    talks = [
        tuple(
            Numbered(f"S{n}", cue.text, None, n // 10) for n, cue in enumerate(entry.cues, start=1)
        )
        for entry in read_videos(DATASET)
    ]
    return [talk for talk in talks for _ in range(12)]


def claims_of(model: HonestyModel, scenes: list[tuple[Numbered, ...]]) -> list[MadeClaim]:
    return [claim for scene in scenes for claim in model.reply(scene)]


def test_as_honest_as_it_is_told_to_be(scenes: list[tuple[Numbered, ...]]) -> None:
    assert all(claim.true for claim in claims_of(HonestyModel(0), scenes))
    assert not any(claim.true for claim in claims_of(HonestyModel(1), scenes))
    half = claims_of(HonestyModel(0.5), scenes)
    assert 0.35 < sum(claim.true for claim in half) / len(half) < 0.65


def test_the_same_seed_makes_the_same_claims(scenes: list[tuple[Numbered, ...]]) -> None:
    first, second = (claims_of(HonestyModel(0.5, seed=3), scenes) for _ in range(2))
    assert first == second
    assert first != claims_of(HonestyModel(0.5, seed=4), scenes)


def test_every_kind_has_its_turn_and_no_claim_is_made_twice(
    scenes: list[tuple[Numbered, ...]],
) -> None:
    claims = claims_of(HonestyModel(0.7), scenes)
    assert len({claim.text for claim in claims}) == len(claims)
    counts = Counter(claim.kind for claim in claims)
    # Nobody is known by name in a talk, and these have few fillers.
    rare = {"wrong speaker", "speaker named", "names exchanged", "without filler", "inflected"}
    assert set(counts) >= set(KINDS) - rare - {"negation left out", "quantity", "first clause"}
    assert {claim.kind for claim in claims if claim.true} <= set(TRUTHS)
    assert {claim.kind for claim in claims if not claim.true} <= set(LIES)


PASSAGES = [
    {"video": "Vasa", "sentences": {"S1": "The ship sank in thirty-two metres of water."}},
    {
        "video": "Talk",
        "sentences": {"S2": {"speaker": "Ana", "text": "The lens costs nine euros."}},
    },
]
CONTENT = f"Transcript passages:\n{json.dumps(PASSAGES)}\n\nAnswer.\n\nQuestion: [why]?"


def test_it_reads_the_numbered_sentences() -> None:
    request = {"messages": [{"content": "Be exact [S1]."}, {"content": CONTENT}]}
    assert sentences_in(request) == (
        Numbered("S1", "The ship sank in thirty-two metres of water.", None, 0),
        Numbered("S2", "The lens costs nine euros.", "Ana", 1),
    )


def ask(url: str, **fields: object) -> str:
    body = {"model": "honesty", "messages": [{"role": "user", "content": CONTENT}], **fields}
    request = Request(f"{url}/chat/completions", json.dumps(body).encode(), method="POST")
    with urlopen(request) as response:
        return response.read().decode()


def test_it_speaks_the_protocol_streaming_and_not() -> None:
    with HonestyServer(HonestyModel(0)) as server:
        whole = json.loads(ask(server.url))["choices"][0]["message"]["content"]
        claims = server.take()
        assert server.take() == ()
        assert 0 < len(claims) <= CLAIMS
        assert json.loads(whole) == {
            "sufficient": True,
            "claims": [claim.as_json() for claim in claims],
        }
    with HonestyServer(HonestyModel(0)) as server:
        events = ask(server.url, stream=True).removesuffix("\n\n").split("\n\n")
    assert events.pop() == "data: [DONE]"
    chunks = [json.loads(event.removeprefix("data: "))["choices"][0] for event in events]
    assert len(chunks) > 1
    assert [chunk["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert json.loads("".join(chunk["delta"]["content"] for chunk in chunks))["sufficient"]
