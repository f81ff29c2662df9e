"""What is kept of a recognition: nothing that was kept is lost, whatever was cut off after it."""

from __future__ import annotations

import multiprocessing
import os
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.asr.recogniser import Chunk, Heard, Stretch
from ingest.drafts import Draft, alone
from playhead.errors import LibraryError
from playhead.types import Word

ID = "0123456789abcdef"


def chunk(number: int) -> Chunk:
    sound = np.full(16_000, (number + 1) / 100, np.float32)
    return Chunk(sound, ((number * 60.0, number * 60.0 + 1),), ())


def heard(number: int) -> Heard:
    words = (Word(f"wörd{number}", 0.1, 0.25, 0.5), Word("naïve", 0.3, 0.4))
    return Heard(words, "en", (Stretch(0.1, 0.4, "a text", -0.25, 0.01),))


def kept(home: Path, count: int) -> Path:
    draft = Draft(home, ID, "whisper:small")
    for number in range(count):
        draft.keep(chunk(number), heard(number))
    (path,) = (home / "drafts").glob("*.jsonl")
    return path


def test_what_was_kept_is_there_in_the_next_run(home: Path) -> None:
    kept(home, 3)
    again = Draft(home, ID, "whisper:small")
    assert [again.heard(chunk(number)) for number in range(4)] == [*map(heard, range(3)), None]


@pytest.mark.parametrize("maker", ["whisper:base", "whisper:small:de"])
def test_another_maker_hears_for_itself(home: Path, maker: str) -> None:
    kept(home, 1)
    assert Draft(home, ID, maker).heard(chunk(0)) is None


def test_other_sound_or_another_place_is_another_chunk(home: Path) -> None:
    kept(home, 1)
    draft = Draft(home, ID, "whisper:small")
    one = chunk(0)
    assert draft.heard(Chunk(one.audio * np.float32(0.5), one.windows, ())) is None
    assert draft.heard(Chunk(one.audio, ((1.0, 2.0),), ())) is None


@given(data=st.data())
def test_a_crash_at_any_byte_costs_at_most_the_line_it_cut(
    data: st.DataObject, quick_disk: Path | None
) -> None:
    with TemporaryDirectory(dir=quick_disk) as folder:
        path = kept(Path(folder), 4)
        content = path.read_bytes()
        cut = data.draw(st.integers(0, len(content)))
        path.write_bytes(content[:cut])
        whole = content[:cut].count(b"\n")
        draft = Draft(Path(folder), ID, "whisper:small")
        found = [draft.heard(chunk(number)) for number in range(4)]
        assert found == [heard(n) if n < whole else None for n in range(4)]
        # What comes after is read again, too.
        for number in range(whole, 4):
            draft.keep(chunk(number), heard(number))
        assert path.read_bytes() == content


@pytest.mark.parametrize("damage", [b"\x00\xff\n", b"[]\n", b'["key", {"words": 3}]\n', b"{\n"])
def test_a_line_that_is_none_ends_it(home: Path, damage: bytes) -> None:
    path = kept(home, 2)
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + damage + second)
    draft = Draft(home, ID, "whisper:small")
    assert draft.heard(chunk(0)) == heard(0)
    assert draft.heard(chunk(1)) is None


def test_it_goes_when_the_video_is_there(home: Path) -> None:
    path = kept(home, 1)
    Draft(home, ID, "whisper:small").discard()
    assert not path.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(home: Path) -> None:
    home.mkdir(parents=True)
    home.chmod(0o500)
    with pytest.raises(LibraryError, match="cannot be written"):
        kept(home, 1)


def test_a_file_in_the_way_is_told(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "drafts").write_text("in the way")
    with pytest.raises(LibraryError, match="cannot be written"), alone(home, ID):
        pytest.fail("nobody is alone here")


def test_one_at_a_time(home: Path) -> None:
    """Two processes that count up a number without losing any."""
    counter = home / "counter"
    home.mkdir(parents=True)
    counter.write_text("0")
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=count, args=(home, counter)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0]
    assert counter.read_text() == "100"


def count(home: Path, counter: Path) -> None:
    for _ in range(50):
        with alone(home, ID):
            counter.write_text(str(int(counter.read_text()) + 1))


def test_chunks_in_order_have_keys_of_their_own(home: Path) -> None:
    draft = Draft(home, ID, "whisper:small")
    for one, other in pairwise(map(chunk, range(5))):
        draft.keep(one, heard(1))
        assert draft.heard(other) is None
