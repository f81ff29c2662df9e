"""Questions embedded once, and kept."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from eval.vectors import KEPT, KnownEmbedder, embed_questions, embedding_seconds
from playhead.errors import LibraryError
from playhead.progress import ProgressEvent
from tests.eval.small import CountingEmbedder
from tests.fakes import HashEmbedder

TEXTS = ["Why?", "When?", "Why?"]


def test_vectors_are_those_of_the_model_whatever_the_order(tmp_path: Path) -> None:
    known = embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    np.testing.assert_array_equal(
        known.encode(["When?", "Why?"]), HashEmbedder().encode(["When?", "Why?"])
    )
    assert known.name == "hash"


def test_each_question_is_embedded_once_for_all_runs(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    embed_questions(TEXTS, embedder, tmp_path)
    assert embedder.asked == ["Why?", "When?"]
    again = embed_questions(TEXTS, embedder, tmp_path)
    again.encode(["Why?"])
    assert embedder.asked == ["Why?", "When?"]
    embed_questions(["Who?"], embedder, tmp_path)
    assert embedder.asked == ["Why?", "When?", "Who?"]


def test_another_model_embeds_anew(tmp_path: Path) -> None:
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    other = CountingEmbedder()
    other.name = "other"
    embed_questions(TEXTS, other, tmp_path)
    assert other.asked == ["Why?", "When?"]


def test_what_is_not_known_is_embedded() -> None:
    embedder = CountingEmbedder()
    known = KnownEmbedder({"Why?": HashEmbedder().encode(["Why?"])[0]}, embedder)
    vectors = known.encode(["Why?", "Who?"])
    np.testing.assert_array_equal(vectors, HashEmbedder().encode(["Why?", "Who?"]))
    assert known.encode(["Who?"]).shape == (1, 32)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"x" * 100])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    (path,) = (tmp_path / "questions").iterdir()
    path.write_bytes(content)
    embedder = CountingEmbedder()
    embed_questions(TEXTS, embedder, tmp_path)
    assert embedder.asked
    assert np.load(path).shape == (2, 32)


def test_vectors_of_other_shape_or_kind_are_made_again(tmp_path: Path) -> None:
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    (path,) = (tmp_path / "questions").iterdir()
    for other in (np.zeros((3, 32), np.float32), np.zeros((2, 32)), np.zeros(2, np.float32)):
        np.save(path, other)
        embedder = CountingEmbedder()
        embed_questions(TEXTS, embedder, tmp_path)
        assert embedder.asked


def test_the_cache_does_not_grow_without_end(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    for n in range(KEPT + 3):
        path = folder / f"{n}.npy"
        path.write_bytes(b"")
        os.utime(path, (1000 + n, 1000 + n))
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    left = {path.name for path in folder.iterdir()}
    assert len(left) == KEPT
    assert not {f"{n}.npy" for n in range(4)} & left


def test_many_questions_are_told_of_as_they_go(tmp_path: Path) -> None:
    events: list[ProgressEvent] = []
    texts = [f"Question {n}?" for n in range(300)]
    embed_questions(texts, CountingEmbedder(), tmp_path, events.append)
    assert events == [
        ProgressEvent("embed questions", 256, 300),
        ProgressEvent("embed questions", 300, 300),
    ]


def test_no_question_needs_no_model(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    embed_questions([], embedder, tmp_path)
    assert (embedder.asked, list(tmp_path.iterdir())) == ([], [])


def test_each_text_takes_some_time() -> None:
    seconds = embedding_seconds(["Why?", "When?"], CountingEmbedder())
    assert list(seconds) == ["Why?", "When?"]
    assert all(0 < value < 10 for value in seconds.values())


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match=r"cache folder .* cannot be written.*--no-cache"):
        embed_questions(TEXTS, CountingEmbedder(), tmp_path / "file" / "cache")
