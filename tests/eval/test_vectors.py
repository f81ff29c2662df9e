"""Questions embedded once, and kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.vectors import KEPT, MAKERS, KnownEmbedder, embed_questions, embedding_seconds
from playhead.errors import LibraryError
from playhead.progress import ProgressEvent
from retrieval.words import TextVectors
from tests.eval.small import CountingEmbedder
from tests.fakes import HashEmbedder

Arrays = dict[str, Any]
TEXTS = ["Why?", "When?", "Why?"]


def test_vectors_are_those_of_the_model_whatever_the_order(tmp_path: Path) -> None:
    known = embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    np.testing.assert_array_equal(
        known.encode(["When?", "Why?"]), HashEmbedder().encode(["When?", "Why?"])
    )
    assert (known.name, known.has_words) == ("hash", False)


def same(found: Sequence[TextVectors], wanted: Sequence[TextVectors]) -> bool:
    return all(
        (one.dense == other.dense).all()
        and one.words.shape == other.words.shape
        and (one.words == other.words).all()
        and one.terms == other.terms
        for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize(
    "texts",
    [
        ["Why do boats sail?", "When?", "the of and", "Slice XJ-9000 onions", "Why?"],
        ["the of and"],
        ["the", "of", "onions"],
        ["onions"],
    ],
)
def test_words_are_kept_too(texts: list[str], tmp_path: Path) -> None:
    embedder = CountingEmbedder(words=True)
    wanted = HashEmbedder(words=True).encode_words(texts)
    assert same(embed_questions(texts, embedder, tmp_path).encode_words(texts), wanted)
    again = embed_questions(texts, embedder, tmp_path)
    assert again.has_words
    assert same(again.encode_words(texts[::-1]), wanted[::-1])
    np.testing.assert_array_equal(again.encode(texts), HashEmbedder().encode(texts))
    assert embedder.asked == texts


def test_words_that_are_not_known_are_embedded(tmp_path: Path) -> None:
    embedder = CountingEmbedder(words=True)
    known = embed_questions(["Why do boats sail?"], embedder, tmp_path)
    texts = ["Why do boats sail?", "Slice onions"]
    assert same(known.encode_words(texts), HashEmbedder(words=True).encode_words(texts))
    assert embedder.asked == ["Why do boats sail?", *texts]


def test_another_way_of_making_vectors_embeds_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    monkeypatch.setattr("eval.vectors.MAKERS", (*MAKERS, "retrieval.units"))
    embedder = CountingEmbedder()
    embed_questions(TEXTS, embedder, tmp_path)
    assert embedder.asked == ["Why?", "When?"]


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
    (why,) = HashEmbedder(words=True).encode_words(["Why?"])
    known = KnownEmbedder({"Why?": why}, embedder)
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
    with np.load(path) as stored:
        assert stored["dense"].shape == (2, 32)


def short(arrays: Arrays, name: str) -> Arrays:
    return {**arrays, name: arrays[name][:-1]}


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: {},
        lambda arrays: short(arrays, "dense"),
        lambda arrays: short(arrays, "words"),
        lambda arrays: short(arrays, "terms"),
        lambda arrays: short(arrays, "words_of_text"),
        lambda arrays: short(arrays, "terms_of_word"),
        lambda arrays: {**arrays, "words_of_text": arrays["words_of_text"][::-1] * 0},
    ],
)
def test_arrays_that_do_not_belong_together_are_made_again(
    change: Callable[[Arrays], Arrays], tmp_path: Path
) -> None:
    texts = ["Why do boats sail?", "Slice onions"]
    embed_questions(texts, CountingEmbedder(words=True), tmp_path)
    (path,) = (tmp_path / "questions").iterdir()
    with np.load(path) as stored:
        arrays = dict(stored)
    np.savez(path, **change(arrays))
    embedder = CountingEmbedder(words=True)
    embed_questions(texts, embedder, tmp_path)
    assert embedder.asked == texts


def test_a_file_of_one_array_is_made_again(tmp_path: Path) -> None:
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    (path,) = (tmp_path / "questions").iterdir()
    with path.open("wb") as file:
        np.save(file, np.zeros((2, 32), np.float32))
    embedder = CountingEmbedder()
    embed_questions(TEXTS, embedder, tmp_path)
    assert embedder.asked


def test_the_cache_does_not_grow_without_end(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    for n in range(KEPT + 3):
        path = folder / f"{n}.npz"
        path.write_bytes(b"")
        os.utime(path, (1000 + n, 1000 + n))
    embed_questions(TEXTS, CountingEmbedder(), tmp_path)
    left = {path.name for path in folder.iterdir()}
    assert len(left) == KEPT
    assert not {f"{n}.npz" for n in range(4)} & left


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
