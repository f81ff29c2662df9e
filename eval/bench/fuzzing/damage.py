"""Damage as disks, networks and programs do it, at random."""

from __future__ import annotations

from pathlib import Path
from random import Random

from eval.bench.fuzzing.clips import FORMATS, captions, clip
from eval.bench.fuzzing.running import ENDS, WAYS, Case

_KINDS = (
    "cut off", "without its start", "a block lost", "a block twice", "a block of zeros",
    "a block of noise", "flipped in the header", "flipped in the data", "flipped in the index",
    "head of one, tail of another",
)  # fmt: skip
# From which share of the file to which, and how many bits at most.
_FLIPS = {
    "flipped in the header": (0.0, 0.01, 8),
    "flipped in the data": (0.01, 0.97, 400),
    "flipped in the index": (0.97, 1.0, 8),
}
_CLEARLY, _EVEN = 0.8, 0.5
_STATE_THEIR_LENGTH = {"mp4", "mp4 for the web", "mkv", "webm", "wav", "flac", "avi"}


def damaged(rng: Random) -> Case:
    """Some clip with some damage, looked at in some way."""
    name, way, kind = rng.choice(list(FORMATS)), rng.choice(WAYS), rng.choice(_KINDS)
    whole = clip(FORMATS[name])
    content = _worse(kind, whole, rng)
    beside = way == "captions" and (FORMATS[name].subtitles is None or rng.random() < _EVEN)

    def make(folder: Path) -> Path:
        path = folder / f"talk{FORMATS[name].suffix}"
        path.write_bytes(content)
        if beside:
            path.with_suffix(".vtt").write_text(captions(), "utf-8")
        return path

    ends: tuple[str, ...] = ENDS
    if kind == "cut off":
        # What comes out must be true; where the length is stated, the cut must be told.
        ends = ("right", "one line", "short")
        if name in _STATE_THEIR_LENGTH:
            ends = ("one line",) if len(content) < _CLEARLY * len(whole) else ("right", "one line")
    return Case(kind, name, way, ends, make)


def _worse(kind: str, content: bytes, rng: Random) -> bytes:
    at = round(len(content) * rng.uniform(0.001, 0.99))
    if kind == "cut off":
        return content[:at]
    if kind == "without its start":
        return content[at:]
    if kind.startswith("head"):
        other = clip(FORMATS[rng.choice(list(FORMATS))])
        return content[:at] + other[round(len(other) * rng.random()) :]
    if kind.startswith("flipped"):
        return _flipped(bytearray(content), *_FLIPS[kind], rng)
    block = content[at : at + (1 << rng.randint(4, 17))]
    noise, zeros = rng.randbytes(len(block)), bytes(len(block))
    instead = {"a block lost": b"", "a block twice": block * 2, "a block of zeros": zeros}
    return content[:at] + instead.get(kind, noise) + content[at + len(block) :]


def _flipped(content: bytearray, first: float, last: float, most: int, rng: Random) -> bytes:
    for _ in range(rng.randint(1, most)):
        content[int(rng.uniform(first, last) * (len(content) - 1))] ^= 1 << rng.randrange(8)
    return bytes(content)
