"""Speech by flite with the times of every word and sound, from flite's library itself.

The program `flite` prints when a sound ends but not which word it is part of; its library, which
Debian's package `flite` brings along, knows. What it speaks is the same.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from ui.demo.making.speech import RATE, Samples

_START = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
_END = b"R:SylStructure.daughtern.daughtern.end"


@dataclass(frozen=True, slots=True)
class Timed:
    """A word or a sound, with its times in seconds."""

    text: str
    start: float
    end: float

    def later(self, seconds: float) -> Timed:
        """The same so many seconds later."""
        return Timed(self.text, self.start + seconds, self.end + seconds)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One spoken sentence: mono samples at `RATE`, its words as written, its sounds."""

    samples: Samples
    words: tuple[Timed, ...]
    sounds: tuple[Timed, ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("rate", ctypes.c_int),
        ("size", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


def speak_timed(text: str, voice: str, pace: float, say: Mapping[str, str]) -> Utterance | None:
    """One sentence; None if flite reads it in other words than are written (a dash by itself)."""
    written = text.split()
    respelt = [_respelt(word, say) for word in written]
    counts = [len(words.split()) for words in respelt]
    library, speaker = _library(), _voice(voice)
    library.feat_set_float(speaker.contents.features, b"duration_stretch", pace)
    utterance = library.flite_synth_text(" ".join(respelt).encode(), speaker)
    try:
        spoken = list(_spoken_words(library, utterance))
        if len(spoken) != sum(counts):
            return None
        return Utterance(
            _samples(library.utt_wave(utterance).contents),
            tuple(_merged(written, counts, spoken)),
            tuple(_sounds(library, utterance)),
        )
    finally:
        library.delete_utterance(utterance)


def _respelt(word: str, say: Mapping[str, str]) -> str:
    for written, spoken in say.items():
        word = re.sub(rf"\b{re.escape(written)}\b", spoken, word)
    return word


def _merged(written: list[str], counts: list[int], spoken: list[Timed]) -> Iterator[Timed]:
    at = 0
    for word, count in zip(written, counts, strict=True):
        yield Timed(word, spoken[at].start, spoken[at + count - 1].end)
        at += count


def _spoken_words(library: ctypes.CDLL, utterance: int) -> Iterator[Timed]:
    """One for each token of the text; flite makes several words of a number."""
    tokens: dict[int, Timed] = {}
    for item in _items(library, utterance, b"Word"):
        token = library.item_parent(library.item_as(item, b"Token"))
        text = library.ffeature_string(token, b"name").decode()
        start = tokens[token].start if token in tokens else library.ffeature_float(item, _START)
        tokens[token] = Timed(text, start, library.ffeature_float(item, _END))
    yield from tokens.values()


def _sounds(library: ctypes.CDLL, utterance: int) -> Iterator[Timed]:
    start = 0.0
    for item in _items(library, utterance, b"Segment"):
        end = library.ffeature_float(item, b"end")
        yield Timed(library.ffeature_string(item, b"name").decode(), start, end)
        start = end


def _items(library: ctypes.CDLL, utterance: int, relation: bytes) -> Iterator[int]:
    item = library.relation_head(library.utt_relation(utterance, relation))
    while item:
        yield item
        item = library.item_next(item)


def _samples(wave: _Wave) -> Samples:
    if wave.rate != RATE:
        raise ValueError(f"flite spoke at {wave.rate} Hz")
    samples = np.ctypeslib.as_array(wave.samples, (wave.size,))
    return (samples / 32768).astype(np.float32)


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    signatures = {
        "flite_synth_text": ([text, ctypes.POINTER(_Voice)], pointer),
        "utt_wave": ([pointer], ctypes.POINTER(_Wave)),
        "utt_relation": ([pointer, text], pointer),
        "relation_head": ([pointer], pointer),
        "item_next": ([pointer], pointer),
        "item_parent": ([pointer], pointer),
        "item_as": ([pointer, text], pointer),
        "ffeature_string": ([pointer, text], text),
        "ffeature_float": ([pointer, text], ctypes.c_float),
        "feat_set_float": ([pointer, text, ctypes.c_float], None),
        "delete_utterance": ([pointer], None),
    }
    for name, (arguments, result) in signatures.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, result
    library.flite_init()
    return library


@cache
def _voice(name: str) -> ctypes._Pointer[_Voice]:
    _library()
    # A voice's library uses the language's and the lexicon's without naming them.
    for part in ("usenglish", "cmulex"):
        ctypes.CDLL(f"libflite_{part}.so.1", mode=ctypes.RTLD_GLOBAL)
    register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
    register.argtypes, register.restype = [ctypes.c_char_p], ctypes.POINTER(_Voice)
    voice: ctypes._Pointer[_Voice] = register(None)
    return voice
