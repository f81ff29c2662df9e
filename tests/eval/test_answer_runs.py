"""A dataset's questions asked of the project's own answerer, and what that comes to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.answer_plot import plot_risk
from eval.answer_report import engine_folder, report_of, write_answer_report
from eval.answer_runs import FOREIGN, AnswerRun, Wanted, evaluate_answers
from eval.answer_summary import drop_kind, summary_of
from eval.compare import compare
from eval.dataset import Dataset, DatasetVideo, Question, Span
from eval.runs import read_run
from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.embedding import SentenceTransformerEmbedder
from tests.fakes import video

HERE, THERE = "here", "there"
SAID = {
    HERE: [
        "The keeper lights the lamp of the lighthouse at dusk.",
        "The lens was ground in Paris by Fresnel.",
        "The tower of the lighthouse is forty metres high.",
    ],
    THERE: ["Bread rises because yeast makes gas.", "The loaf cools for one hour."],
}
QUESTIONS = (
    Question("when", HERE, "When does the keeper light the lamp?", (Span(0, 9),)),
    Question("who", HERE, "Who ground the lens?", (Span(20, 29),)),  # It is at 10 to 19.
    Question("bread", THERE, "Why does bread rise?", (Span(0, 9),)),
    Question("cup", None, "Who won the football World Cup in 1998?", ()),
    Question("empty", None, " ", ()),
)


def entry(video_id: str) -> DatasetVideo:
    cues = [Cue(10.0 * n, 10.0 * n + 9, text) for n, text in enumerate(SAID[video_id])]
    return DatasetVideo(video(video_id, title=video_id), tuple(cues))


SMALL = Dataset("small", (entry(HERE), entry(THERE)), QUESTIONS)


@pytest.fixture(scope="module")
def runs(
    embedder: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[AnswerRun, ...]:
    engines = {"one": ExtractiveEngine(), "llm:a/b": ExtractiveEngine()}
    wanted = Wanted(without_own_video=True, foreign=True)
    return evaluate_answers(SMALL, embedder, engines, tmp_path_factory.mktemp("cache"), wanted)


def test_the_project_s_own_answerer_is_asked(runs: tuple[AnswerRun, ...]) -> None:
    run = runs[0]
    results = {result.qid: result for result in run.results}
    assert results["when"].measures["citation_hit@1"] == 1
    assert results["when"].measures["citation_seek_error"] < 1
    assert results["who"].measures["citation_hit@1"] == 0
    assert results["who"].found[0]["quote"] == SAID[HERE][1]
    assert results["cup"].measures == results["empty"].measures == {"refused_unanswerable": 1}
    assert [run.engine for run in runs] == ["one", "llm:a/b"]


def test_without_its_own_video_every_answer_is_wrong(runs: tuple[AnswerRun, ...]) -> None:
    asked = runs[0].without_own_video
    assert [one.question.qid for one in asked] == ["when", "who", "bread"]
    for one in asked:
        assert one.question.video_id is not None
        assert all(not row["segment_id"].startswith(one.question.video_id) for row in one.found)
        assert not one.right


def test_foreign_questions_are_refused(runs: tuple[AnswerRun, ...]) -> None:
    assert {name: len(asked) for name, asked in runs[0].foreign.items()} == {
        "foreign": 200,
        "foreign_learned": 120,
    }
    assert summary_of(runs[0]).refused["foreign"].mean > 0.95


def test_the_foreign_questions_differ() -> None:
    tested, learned = (
        {line.casefold() for line in path.read_text("utf-8").splitlines()}
        for path in FOREIGN.values()
    )
    assert len(tested) == 200
    assert not tested & learned


def test_a_summary_has_every_figure(runs: tuple[AnswerRun, ...]) -> None:
    summary = summary_of(runs[0])
    assert set(summary.measures) == {
        "citation_precision",
        "citation_recall",
        "citation_hit@1",
        "cited_right",
    }
    assert set(summary.refused) == {
        "answerable",
        "unanswerable",
        "without_own_video",
        "foreign",
        "foreign_learned",
    }
    assert summary.refused["answerable"].n == 3
    assert summary.seek_error["median"].n == 3
    assert summary.elsewhere == 0
    assert summary.foreign is not None
    assert summary.foreign.mean > 0.95
    assert {"embed", "search", "answer", "total"} <= set(summary.latency_ms)
    assert summary.reasons == {"no_evidence": 1}
    json.dumps(summary.as_json())


def test_a_sample_is_asked(embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    (run,) = evaluate_answers(
        SMALL, embedder, {"one": ExtractiveEngine()}, tmp_path, Wanted(limit=2)
    )
    assert len(run.judged) == 2
    assert run.without_own_video == ()
    assert run.foreign == {}
    assert set(summary_of(run).refused) <= {"answerable", "unanswerable"}


def test_one_video_alone_cannot_be_left_out(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    alone = Dataset("alone", SMALL.videos[:1], QUESTIONS[:1])
    wanted = Wanted(without_own_video=True)
    with pytest.raises(DatasetError, match="none is left to ask"):
        evaluate_answers(alone, embedder, {"one": ExtractiveEngine()}, tmp_path, wanted)


def test_the_folder_is_read_as_any_run_is(runs: tuple[AnswerRun, ...], tmp_path: Path) -> None:
    report = report_of("small", "ab" * 32, "model", runs)
    out = tmp_path / "out"
    for _ in range(2):  # The second time in the place of the first.
        write_answer_report(report, out)
    assert {path.name for path in out.iterdir()} == {
        "report.json",
        "risk.png",
        "risk.svg",
        "one",
        "llm_a_b",
    }
    first, second = read_run(out / "one"), read_run(out / engine_folder("llm:a/b"))
    assert (first.config, first.dataset, first.scope) == ("one", "small", "answers")
    assert first.questions == runs[0].results
    found = {d.measure: d for d in compare(first, second).differences}
    assert found["citation_hit@1"].verdict == "no difference"
    assert found["citation_seek_error"].same == 3
    assert json.loads((out / "report.json").read_text("utf-8")) == json.loads(
        json.dumps(report.as_json())
    )


def test_a_foreign_folder_is_left_alone(runs: tuple[AnswerRun, ...], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DatasetError, match=r"thesis\.txt"):
        write_answer_report(report_of("small", "ab" * 32, "model", runs), tmp_path)


def test_the_plot_is_the_same_every_time(runs: tuple[AnswerRun, ...], tmp_path: Path) -> None:
    summaries = [summary_of(run) for run in runs]
    first = [p.read_bytes() for p in plot_risk(summaries, "small", tmp_path / "a")]
    second = [p.read_bytes() for p in plot_risk(summaries, "small", tmp_path / "b")]
    assert first == second
    assert first[0].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("has numbers that were not said: 5, 6", "has numbers that were not said"),
        (
            "means something else than what it cites (cosine 0.31)",
            "means something else than what it cites",
        ),
        ("cites 'S9', which is not in the passages", "cites …, which is not in the passages"),
        ("says 90 of something else", "says … of something else"),
        ("quotes words that are not in S3", "quotes words that are not in …"),
    ],
)
def test_reasons_are_counted_by_kind(reason: str, kind: str) -> None:
    assert drop_kind(reason) == kind
