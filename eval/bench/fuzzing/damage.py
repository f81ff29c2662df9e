"""Damage as disks, networks and programs do it: bytes in, worse bytes out."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Damage = Callable[[bytes, Random], bytes]

_HEAD, _INDEX = 0.01, 0.97


def cut_off(content: bytes, rng: Random) -> bytes:
    """The end is missing."""
    return content[: round(len(content) * rng.uniform(0.01, 0.99))]


def without_start(content: bytes, rng: Random) -> bytes:
    """The start is missing."""
    return content[round(len(content) * rng.uniform(0.001, 0.9)) :]


def flips_at(first: float, last: float, most: int) -> Damage:
    """Bits flipped between two shares of the file: up to `most` of them."""

    def damage(content: bytes, rng: Random) -> bytes:
        worse = bytearray(content)
        for _ in range(rng.randint(1, most)):
            at = int(rng.uniform(first, last) * len(content))
            worse[min(at, len(worse) - 1)] ^= 1 << rng.randrange(8)
        return bytes(worse)

    return damage


def random_block(content: bytes, rng: Random) -> bytes:
    """A block of noise in place of what was there."""
    at, size = _block(content, rng)
    return content[:at] + rng.randbytes(size) + content[at + size :]


def zero_block(content: bytes, rng: Random) -> bytes:
    """A block of zeros in place of what was there, as downloads leave them."""
    at, size = _block(content, rng)
    return content[:at] + bytes(size) + content[at + size :]


def lost_block(content: bytes, rng: Random) -> bytes:
    """A block is missing."""
    at, size = _block(content, rng)
    return content[:at] + content[at + size :]


def doubled_block(content: bytes, rng: Random) -> bytes:
    """A block is there twice."""
    at, size = _block(content, rng)
    return content[: at + size] + content[at:]


def _block(content: bytes, rng: Random) -> tuple[int, int]:
    size = min(len(content) // 2, 1 << rng.randint(4, 17))
    return rng.randrange(len(content) - size), size


DAMAGES: dict[str, Damage] = {
    "bits flipped in the header": flips_at(0, _HEAD, 8),
    "bits flipped in the data": flips_at(_HEAD, _INDEX, 400),
    "bits flipped in the index": flips_at(_INDEX, 1, 8),
    "a block of noise": random_block,
    "a block of zeros": zero_block,
    "a block lost": lost_block,
    "a block twice": doubled_block,
    "without its start": without_start,
}
"""Damage that may be anywhere, by kind."""
