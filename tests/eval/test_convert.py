"""Caption files and a table of questions become a dataset; what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.convert import Converted, convert
from eval.dataset import Span
from playhead.errors import DatasetError
from tests.ui.commandline import BREAD, KEEPER, LENS, STORM, write_captions

HEAD = "question,video,start,end,answerable,reference_answer,split,qid\n"


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    """Three videos; one of them in two languages, one in a folder below."""
    folder = tmp_path / "captions"
    write_captions(folder / "light house.en.vtt", KEEPER, LENS)
    write_captions(folder / "light house.de.vtt", "Der Wärter zündet die Lampe an.")
    write_captions(folder / "storms" / "storm.vtt", STORM)
    srt = "1\n00:00:10,000 --> 00:00:14,000\n" + BREAD + "\n"
    (folder / "bread_talk.srt").write_text(srt, "utf-8")
    (folder / ".hidden.vtt").write_text("WEBVTT\n")
    (folder / "notes.txt").write_text("no captions")
    return folder


def converted(captions: Path, rows: str, head: str = HEAD) -> Converted:
    table = captions.parent / "questions.csv"
    table.write_text(head + rows, "utf-8")
    return convert(captions, table)


def test_videos(captions: Path) -> None:
    made = converted(captions, "Who lights the lamp?,light house,1,5\n")
    assert [entry.video.id for entry in made.videos] == [
        "bread_talk",
        "light_house",
        "storms/storm",
    ]
    bread, lighthouse, _ = made.videos
    assert (bread.video.title, bread.video.duration) == ("bread talk", 14.0)
    assert [(cue.start, cue.end, cue.text) for cue in bread.cues] == [(10.0, 14.0, BREAD)]
    assert [cue.text for cue in lighthouse.cues] == [KEEPER, LENS]
    assert made.left_out == []


@pytest.mark.parametrize(
    "name",
    ["storm", "storm.vtt", "STORM.mp4", "storms/storm", "storms/storm.vtt", " Storm "],
)
def test_a_video_by_any_of_its_names(captions: Path, name: str) -> None:
    (question,) = converted(captions, f"How far is the storm?,{name},1,5\n").questions
    assert question.video_id == "storms/storm"


@pytest.mark.parametrize("name", ["bread_talk.srt", "bread talk", "Bread_Talk", "bread_talk.webm"])
def test_a_video_by_file_or_title(captions: Path, name: str) -> None:
    (question,) = converted(captions, f"Why does bread rise?,{name},10,14\n").questions
    assert question.video_id == "bread_talk"


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("10", "14", Span(10, 14)),
        ("10.25", "13.5s", Span(10.25, 13.5)),
        ("0:10", "0:14.5", Span(10, 14.5)),
        ("0:00:10", "1:00:14", Span(10, 3614)),
        ("00:00:10.5", "00:01:05", Span(10.5, 65)),
    ],
)
def test_times(captions: Path, start: str, end: str, span: Span) -> None:
    (question,) = converted(captions, f"Why does bread rise?,bread talk,{start},{end}\n").questions
    assert question.gold == (span,)


def test_all_columns(captions: Path) -> None:
    made = converted(
        captions,
        'Why does bread rise?,bread talk,10,14,yes,"Yeast, of course.",test,q1\n'
        "What is a monad?,,,,no,,dev,q2\n"
        "Does the lamp need oil?,light house,,,No,,,q3\n",
    )
    why, monad, oil = made.questions
    assert (why.qid, why.split, why.gold) == ("q1", "test", (Span(10, 14),))
    assert (monad.video_id, monad.gold, monad.split) == (None, (), "dev")
    assert (oil.video_id, oil.gold, oil.split) == ("light_house", (), None)
    assert [row.get("reference_answer") for row in made.question_rows()] == [
        "Yeast, of course.",
        None,
        None,
    ]
    assert [row["answerable"] for row in made.question_rows()] == [True, False, False]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_columns_in_any_order_and_a_byte_order_mark(
    captions: Path, separator: str
) -> None:
    lines = ["End|START|Video| Question |remark", "13,5|10|bread talk|Why, then?|good"]
    table = captions.parent / "q.csv"
    table.write_text("\r\n".join(lines).replace("|", separator), "utf-8-sig")
    (question,) = convert(captions, table).questions
    assert (question.text, question.gold) == ("Why, then?", (Span(10, 13.5),))


def test_rows_of_one_question_are_one_question(captions: Path) -> None:
    made = converted(
        captions,
        "Why does bread rise?,bread talk,10,12\n"
        "why does  bread RISE?,bread talk,13,14\n"
        "Why does bread rise?,storm,1,5\n",
    )
    bread, storm = made.questions
    assert bread.gold == (Span(10, 12), Span(13, 14))
    assert (storm.video_id, len(storm.gold)) == ("storms/storm", 1)
    assert (bread.qid, storm.qid) == ("questions-00002", "questions-00004")


def test_one_qid_in_two_videos(captions: Path) -> None:
    (both,) = converted(
        captions,
        "Who makes light?,storm,1,5,,,,q1\nWho makes light?,light house,1,5,,,,q1\n",
    ).questions
    assert both.video_id is None
    assert both.gold == (Span(1, 5, "storms/storm"), Span(1, 5, "light_house"))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",storm,1,5", "the question is empty"),
        ("Why?,nowhere.mp4,1,5", "there are no captions of 'nowhere.mp4'"),
        ("Why?,,1,5", "no video is named"),
        ("Why?,storm,,5", "start is ''"),
        ("Why?,storm,1,soon", "end is 'soon'"),
        ("Why?,storm,-1,5", "start is '-1'"),
        ("Why?,storm,0:61,5", "start is '0:61'"),
        ("Why?,storm,nan,5", "start is 'nan'"),
        ("Why?,storm,5,5", "the end (5) is not after the start (5)"),
        ("Why?,storm,100,200", "nothing is said in 'storm' from 100 to 200"),
        ("Why?,storm,1,5,perhaps", "answerable is 'perhaps', not yes or no"),
        ("Why?,storm,1,5,no", "not answerable, and yet it has times"),
        ("Why?,storm,1,5,,,,q 1", "the qid 'q 1' has spaces"),
        ("Why?,storm,1,5,,,,taken", "the qid 'taken' is that of another question"),
        ("First?,storm,,,no,,,taken", "answerable in one row and not in another"),
        ("Why?", "no video is named"),
    ],
)
def test_rows_that_cannot_be_used(captions: Path, row: str, why: str) -> None:
    made = converted(captions, f'"First?",storm,1,5,,,,taken\n\n{row}\n"Last\n?",storm,1,5\n')
    assert [question.text for question in made.questions] == ["First?", "Last ?"]
    (left,) = made.left_out
    assert left.where.endswith("questions.csv, line 4")
    assert why in left.why


def test_two_videos_of_one_name(captions: Path) -> None:
    write_captions(captions / "more" / "storm.vtt", KEEPER)
    made = converted(captions, "Why?,storm,1,5\nWhy?,more/storm,1,5\n")
    assert [question.video_id for question in made.questions] == ["more/storm"]
    assert "'storm' is several videos: more/storm, storms/storm" in made.left_out[0].why


def test_captions_that_are_none_are_named(captions: Path) -> None:
    (captions / "broken.vtt").write_text("hello")
    made = converted(captions, "Why?,storm,1,5\nWhy?,broken,1,5\n")
    assert len(made.videos) == 3
    assert [left.where.rpartition("/")[2] for left in made.left_out] == [
        "broken.vtt",
        "questions.csv, line 3",
    ]


def test_speakers(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "a.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:05.000\n<v Ann>Does it float?\n<v Bob>It does not.\n"
    )
    (entry,) = converted(tmp_path / "v", "Does it float?,a,1,5\n").videos
    assert [(cue.text, cue.speaker) for cue in entry.cues] == [
        ("Does it float?", "Ann"),
        ("It does not.", "Bob"),
    ]
    first, second = entry.cues
    assert first.start == 1.0 < first.end == second.start < second.end == 5.0


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("question,video,begin,end\n", "has no column start"),
        ("a;b\n", "has no column question nor video nor start nor end"),
        ("", "is empty"),
        (HEAD, "has no question that can be used"),
    ],
)
def test_tables_that_are_none(captions: Path, head: str, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        converted(captions, "", head)


def test_a_table_in_another_encoding(captions: Path) -> None:
    table = captions.parent / "q.csv"
    table.write_bytes((HEAD + "Wärum?,storm,1,5\n").encode("cp1252"))
    with pytest.raises(DatasetError, match="is not UTF-8"):
        convert(captions, table)


def test_a_table_that_is_not_there(captions: Path) -> None:
    with pytest.raises(DatasetError, match="No such file"):
        convert(captions, captions / "none.csv")


def test_folders_that_are_none(captions: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is not a folder"):
        converted(captions / "notes.txt", "")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="has no captions that can be used"):
        converted(tmp_path / "empty", "")


def test_all_rows_bad_names_the_first(captions: Path) -> None:
    with pytest.raises(DatasetError, match="line 2: there are no captions of 'x'"):
        converted(captions, "Why?,x,1,2\nWhy?,y,1,2\n")


@given(rows=st.text(max_size=200))
def test_any_text_as_a_table(rows: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_captions(folder / "captions" / "storm.vtt", STORM)
    (folder / "q.csv").write_text(HEAD + rows, "utf-8", errors="replace")
    try:
        made = convert(folder / "captions", folder / "q.csv")
    except DatasetError:
        return
    assert made.questions
    assert len({question.qid for question in made.questions}) == len(made.questions)
