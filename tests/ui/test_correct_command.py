"""library correct: in an editor, by options, from a file; and what goes wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ingest.library import VideoLibrary
from retrieval.embedding import SentenceTransformerEmbedder
from tests.media import tone, write_media
from tests.ui.commandline import (
    BREAD,
    KEEPER,
    LENS,
    SCRIPT,
    Playhead,
    files_of,
    folders,
    indexed,
    write_captions,
)


@pytest.fixture
def lighthouse(playhead: Playhead, own_library: Path) -> str:
    """The id of a video of two sentences, in a library of three."""
    videos = playhead("library", "list", "--json").json["videos"]
    (video_id,) = [video["id"] for video in videos if video["title"] == "lighthouse"]
    return str(video_id)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that does what is written into it, in Python, with the file's `text`."""
    script = tmp_path / "editor.py"
    program = (
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text('utf-8')\n"
        "did = {}\n"
        f"exec(pathlib.Path({str(script)!r} + '.do').read_text(), globals())\n"
        "file.write_text(text, 'utf-8')\n"
    )
    script.write_text(program, "utf-8")
    monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Path(f"{script}.do")


def kept(folder: Path) -> list[Path]:
    """Texts that were left for their writer."""
    return list(folder.glob("playhead-*.txt"))


def test_in_an_editor(
    playhead: Playhead, own_library: Path, lighthouse: str, editor: Path, tmp_path: Path
) -> None:
    editor.write_text("text = text.replace('The keeper', 'Mary: The lighthouse keeper')")
    run = playhead("library", "correct", lighthouse[:6]).done()
    assert run.out == f"corrected  {lighthouse}  lighthouse  (sentences: 1)\n"
    (first, second) = VideoLibrary(own_library).transcript(lighthouse).sentences
    assert (first.speaker, first.text) == ("Mary", KEEPER.replace("keeper", "lighthouse keeper"))
    assert (first.start, first.end, second.text) == (1.0, 5.0, LENS)
    (hit,) = playhead("search", "Mary lighthouse", "--mode", "bm25", "--json").json["hits"]
    assert hit["video_id"] == lighthouse
    assert kept(tmp_path) == []


def test_an_editor_that_was_left_alone(
    playhead: Playhead, own_library: Path, lighthouse: str, editor: Path, tmp_path: Path
) -> None:
    before = files_of(own_library / "videos")
    editor.write_text("")
    run = playhead("library", "correct", lighthouse).done()
    assert run.out == f"unchanged  {lighthouse}  lighthouse\n"
    assert (files_of(own_library / "videos"), kept(tmp_path)) == (before, [])


@pytest.mark.parametrize(
    "edit",
    [
        ("text = ''", "the line [0:01] 'The keeper lights the lamp at dusk.' is gone"),
        ("text = text.replace('[0:05]', '')", "does not begin with its time"),
        ("text = text.replace('[0:01]', '#')", "the line [0:01]"),
        ("import re; text = re.sub('] .*', ']', text)", "nothing would be left"),
        ("file.write_text('[0:01] Half'); sys.exit(3)", "Editing failed"),
        ("file.write_bytes(b'\\xff\\xfe'); sys.exit()", "is not UTF-8"),
    ],
    ids=["emptied", "no time", "lost line", "no words", "failed", "no text"],
)
def test_a_bad_edit_changes_nothing_and_is_kept(
    edit: tuple[str, str], playhead: Playhead, own_library: Path, lighthouse: str, editor: Path
) -> None:
    does, problem = edit
    before = files_of(own_library / "videos")
    editor.write_text(does)
    line = playhead("library", "correct", lighthouse).failure()
    assert problem in line
    assert files_of(own_library / "videos") == before
    assert [f"your text is {path}: mend it" in line for path in kept(editor.parent)] == [True]


@pytest.mark.parametrize(
    ("does", "problem"),
    [("sys.exit(3)", "Editing failed"), ("file.unlink(); sys.exit()", "cannot")],
)
def test_an_editor_that_wrote_nothing_leaves_nothing(
    does: str, problem: str, playhead: Playhead, lighthouse: str, editor: Path
) -> None:
    editor.write_text(does)
    line = playhead("library", "correct", lighthouse).failure()
    assert problem in line
    assert "your text" not in line
    assert kept(editor.parent) == []


def test_a_kept_text_is_mended_and_taken(
    playhead: Playhead, own_library: Path, lighthouse: str, editor: Path, tmp_path: Path
) -> None:
    editor.write_text("text = text.replace('[0:05] The lens', 'The big lens')")
    playhead("library", "correct", lighthouse).failure()
    (path,) = kept(tmp_path)
    path.write_text(path.read_text().replace("The big lens", "[0:05] The big lens"))
    run = playhead("library", "correct", lighthouse, "--text", path, "--json").done()
    assert run.json == {"video_id": lighthouse, "changed_sentences": 1, "places": []}
    assert "big" in VideoLibrary(own_library).transcript(lighthouse).sentences[1].text
    assert path.exists()


def test_without_an_editor_and_a_terminal(
    lighthouse: str, own_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    command = [SCRIPT, "library", "correct", lighthouse]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("playhead: there is no terminal for an editor. Set EDITOR")


def test_a_transcript_that_was_replaced_meanwhile(
    playhead: Playhead, own_library: Path, lighthouse: str, editor: Path, tmp_path: Path
) -> None:
    """By another process, while the editor was open: neither is lost."""
    editor.write_text(
        "from ingest.correction import replace_words\n"
        "from ingest.library import VideoLibrary\n"
        f"library, of = VideoLibrary(pathlib.Path({str(own_library)!r})), {lighthouse!r}\n"
        "new, _ = replace_words(library.transcript(of), 'Paris', 'Rome')\n"
        "library.save(library.video(of), new, None, library.fingerprint(of))\n"
        "text = text.replace('keeper', 'caretaker')\n"
    )
    line = playhead("library", "correct", lighthouse).failure()
    assert "was replaced while it was being corrected" in line
    text = VideoLibrary(own_library).transcript(lighthouse).sentences
    assert (text[0].text, text[1].text) == (KEEPER, LENS.replace("Paris", "Rome"))
    (path,) = kept(tmp_path)
    assert "caretaker" in path.read_text()


def test_by_options(playhead: Playhead, own_library: Path, lighthouse: str) -> None:
    run = playhead(
        *("library", "correct", lighthouse, "--speaker", "", "Ann"),
        *("--replace", "The", "A", "--replace", "in Paris", "in the city of Rome"),
    ).done()
    assert run.out.splitlines() == [
        "'The' is now 'A'  (places: 2)",
        "'in Paris' is now 'in the city of Rome'  (places: 1)",
        "'' is now 'Ann'  (places: 2)",
        f"corrected  {lighthouse}  lighthouse  (sentences: 2)",
    ]
    shown = playhead("library", "export", lighthouse, "--format", "txt").out
    assert "A lens was ground in the city of Rome by Fresnel." in shown.replace("\n", " ")
    assert playhead("search", "Paris", "--mode", "bm25").out == ""
    (hit,) = playhead("search", "Rome", "--mode", "bm25", "--json").json["hits"]
    assert hit["text"].startswith("A keeper")


def test_what_is_not_said_changes_nothing(
    playhead: Playhead, own_library: Path, lighthouse: str
) -> None:
    before = files_of(own_library / "videos")
    run = playhead("library", "correct", lighthouse, "--replace", "the", "a", "--json")
    places = [{"what": "words", "old": "the", "new": "a", "places": 1}]
    assert run.done().json["places"] == places
    again = playhead("library", "correct", lighthouse, "--replace", "the", "a", "--json").done()
    assert (again.json["places"][0]["places"], again.json["changed_sentences"]) == (0, 0)
    assert files_of(own_library / "videos").keys() == before.keys()


@pytest.mark.parametrize(
    "arguments",
    [["--replace", " ", "x"], ["--replace", "x"], ["--text", "FILE", "--speaker", "a", "b"]],
)
def test_wrong_usage(
    arguments: list[str], playhead: Playhead, own_library: Path, lighthouse: str, tmp_path: Path
) -> None:
    (tmp_path / "FILE").touch()
    run = playhead("library", "correct", lighthouse, *arguments)
    assert (run.status, run.out) == (2, "")


def test_of_no_video(playhead: Playhead, own_library: Path) -> None:
    assert "no video" in playhead("library", "correct", "ffffffff", "--speaker", "a", "b").failure()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Two minutes of sound and captions: five segments."""
    sound = write_media(tmp_path / "long.wav", sound=tone(120))
    texts = [f"{BREAD} It was told {n} times." for n in range(30)]
    write_captions(sound.with_suffix(".vtt"), *texts, start=0.0)
    return sound


def test_one_word_embeds_one_segment(
    playhead: Playhead, home: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playhead("ingest", recording).done()
    (video_id,) = folders(home)
    before = indexed(home)
    embedded: list[str] = []
    encode_words = SentenceTransformerEmbedder.encode_words

    def counting(self: SentenceTransformerEmbedder, texts: list[str]) -> object:
        embedded.extend(texts)
        return encode_words(self, texts)

    monkeypatch.setattr(SentenceTransformerEmbedder, "encode_words", counting)
    playhead("library", "correct", video_id, "--replace", "17 times", "seventeen times").done()
    (text,) = embedded
    assert "told seventeen times." in text
    assert indexed(home) == before


def test_a_correction_survives_the_same_file(
    playhead: Playhead, home: Path, recording: Path
) -> None:
    """Ingested again, and moved; until other captions replace it."""
    playhead("ingest", recording).done()
    (video_id,) = folders(home)
    playhead("library", "correct", video_id, "--replace", "yeast", "the yeast").done()
    shown = playhead("library", "show", video_id, "--json").json
    assert playhead("ingest", recording).done().out.startswith("unchanged")
    moved = recording.with_name("moved.wav")
    recording.rename(moved)
    recording.with_suffix(".vtt").rename(moved.with_suffix(".vtt"))
    assert playhead("ingest", moved).done().out.startswith("unchanged")
    again = playhead("library", "show", video_id, "--json").json
    assert again["transcript"] == shown["transcript"]
    assert again["video"] == shown["video"] | {"source": str(moved)}
    captions = moved.with_suffix(".vtt")
    captions.write_text(re.sub("Bread", "Cake", captions.read_text()))
    assert playhead("ingest", moved).done().out.startswith("replaced")
    assert "the yeast" not in json.dumps(playhead("library", "show", video_id, "--json").json)


def test_a_killed_correction_is_finished_by_the_same_command(
    playhead: Playhead, home: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the files were written, and the index was not."""
    playhead("ingest", recording).done()
    (video_id,) = folders(home)
    command = ["library", "correct", video_id, "--replace", "17 times", "seventeen times"]

    def killed(self: SentenceTransformerEmbedder, texts: list[str]) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SentenceTransformerEmbedder, "encode_words", killed)
        assert playhead(*command).status == 130
    assert playhead("search", "seventeen", "--mode", "bm25").out == ""
    assert playhead(*command).done().out.splitlines()[-1].startswith("unchanged")
    assert "seventeen" in playhead("search", "seventeen", "--mode", "bm25").done().out
