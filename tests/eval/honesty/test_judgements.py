"""What becomes of claims: counted by kind, with intervals; through the engine, and straight."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.dataset import read_dataset
from eval.honesty.judgement import ALL_FALSE, ALL_TRUE, Judgement, by_kind, wilson
from eval.honesty.measure import judge_model
from eval.honesty.model import KINDS, HonestyModel
from eval.honesty.server import MODEL, HonestyServer
from eval.honesty.written import FOLDER, SETS, judge_written, read_claims
from playhead.errors import DatasetError
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.llm.engine import LlmEngine
from retrieval.answer.llm.server import openai_compatible
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import ClaimReply
from retrieval.embedding import SentenceTransformerEmbedder
from ui.demo.make_dataset import DATASET


class KnownIds:
    """A checker that looks at ids and nothing else."""

    def problem(self, claim: ClaimReply, sentences: dict[str, Evidence]) -> str | None:
        if not claim.evidence:
            return "cites nothing"
        wrong = [one.sentence for one in claim.evidence if one.sentence not in sentences]
        return f"cites {wrong[0]!r}, which is not there" if wrong else None


def test_the_engine_is_asked_until_enough_was_claimed(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    with HonestyServer(HonestyModel(0.5)) as server:
        engine = LlmEngine(
            openai_compatible(server.url, MODEL, None),
            f"llm:{MODEL}",
            KnownIds(),  # type: ignore[arg-type]
            ExtractiveEngine(),
        )
        judged = judge_model(read_dataset(DATASET), embedder, engine, server, tmp_path, wanted=30)
    assert Counter(one.true for one in judged) == {False: 30, True: 30}
    order = [KINDS.index(one.kind) for one in judged]
    assert order == sorted(order)
    for one in judged:
        assert one.shown is (one.kind not in ("unknown id", "no evidence") and one.shown)
    reasons = {one.kind: one.reason for one in judged if not one.shown}
    assert reasons["no evidence"] == "cites nothing"
    assert "which is not there" in (reasons["unknown id"] or "")
    assert all(one.shown for one in judged if one.true)


def one(kind: str, *, true: bool, reason: str | None) -> Judgement:
    return Judgement(kind, true, "It is.", "It is.", reason)


def test_lies_that_are_shown_and_truths_that_are_dropped_are_errors() -> None:
    rows = by_kind(
        [
            one("verbatim", true=True, reason=None),
            one("verbatim", true=True, reason="has names that were not said: Ana"),
            one("date", true=False, reason=None),
            one("date", true=False, reason="has numbers that were not said: 9"),
            one("unit", true=False, reason="has numbers that were not said: 9"),
        ]
    )
    found = {row.kind: (row.count, row.tries) for row in rows}
    assert list(found) == ["date", "unit", "verbatim", ALL_FALSE, ALL_TRUE]
    assert found == {
        "date": (1, 2),
        "unit": (0, 1),
        "verbatim": (1, 2),
        ALL_FALSE: (1, 3),
        ALL_TRUE: (1, 2),
    }
    assert rows[2].drops == {"has names that were not said": 1}
    assert {"shown", "share", "low", "high"} <= set(rows[0].as_json())
    assert rows[2].as_json()["dropped"] == 1


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    # From the table of Newcombe, Statistics in Medicine 1998 (method 3).
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_s_interval(count: int, n: int, low: float, high: float) -> None:
    found = wilson(count, n)
    assert (found.mean, found.n) == (count / n, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_written_claims_are_all_there() -> None:
    claims = {name: read_claims(FOLDER / f"{name}.jsonl") for name in SETS}
    assert {name: len(of) for name, of in claims.items()} == {"tune": 612, "test": 632}
    videos = {
        name: {unit.video.id for claim in of for unit in claim.sentences.values()}
        for name, of in claims.items()
    }
    assert not videos["tune"] & videos["test"]
    for claim in (*claims["tune"], *claims["test"]):
        assert claim.text
        assert [cited.quote for cited in claim.reply.evidence] == [
            unit.text for unit in claim.sentences.values()
        ]


def test_written_claims_are_judged_by_their_kind() -> None:
    claims = read_claims(FOLDER / "tune.jsonl")[:40]
    judged = list(judge_written(claims, KnownIds()))  # type: ignore[arg-type]
    assert all(one.shown for one in judged)
    assert {one.kind for one in judged if one.true} == {"close", "free"}
    assert {one.kind for one in judged if not one.true} & {"negated", "roles", "opposite"}


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"said": [], "title": "vasa"}', '{"title": "nowhere", "said": []}']
)
def test_a_damaged_file_is_told(tmp_path: Path, line: str) -> None:
    good = (FOLDER / "tune.jsonl").read_text("utf-8").split("\n")[0]
    path = tmp_path / "claims.jsonl"
    path.write_text(f"{good}\n{line}\n", "utf-8")
    with pytest.raises(DatasetError, match="line 2"):
        read_claims(path)


def test_every_written_sentence_was_said() -> None:
    said = {
        entry.video.id: [(cue.text, cue.speaker) for cue in entry.cues]
        for name in ("recordings", "demo")
        for entry in read_dataset(FOLDER.parent / name).videos
    }
    for name in SETS:
        for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            for one in row["said"]:
                speaker = one["speaker"] or None
                assert any(
                    one["text"] in text and speaker == who for text, who in said[row["title"]]
                )
