"""Files that are whole but strange, or that say of themselves what is not so."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from eval.bench.fuzzing.cases import Case, Make, base, written
from eval.bench.fuzzing.clips import FORMATS, SECONDS, Recipe, captions
from eval.bench.fuzzing.running import Way
from eval.bench.fuzzing.verdicts import (
    Expected,
    Place,
    anything,
    refused,
    right,
    right_or_refused,
)

Patch = Callable[[bytes], bytes]

_WAYS: tuple[Way, ...] = ("captions", "sound", "player")
_MP4, _MKV = FORMATS["mp4"], FORMATS["mkv"]
_UNIT = struct.pack(">I", 0x10000)


def lies() -> Iterator[Case]:
    """All of them."""
    yield from _strange_times()
    yield from _strange_sound()
    yield from _wrong_durations()
    yield from _edit_lists()
    yield from _wrong_names()
    yield from _no_media()


def _cases(
    kind: str, name: str, expected: Expected, make: Make, ways: Sequence[Way] = _WAYS
) -> Iterator[Case]:
    for way in ways:
        yield Case(kind, name, way, expected, make)


def _file(suffix: str, content: Callable[[], bytes], *, beside: str | None = None) -> Make:
    def make(folder: Path, rng: Random) -> Path:  # noqa: ARG001
        path = folder / f"talk{suffix}"
        path.write_bytes(content())
        if beside is not None:
            path.with_suffix(".vtt").write_text(beside, "utf-8")
        return path

    return make


def _clip(recipe: Recipe) -> Make:
    return _file(recipe.suffix, lambda: written(recipe))


def _strange_times() -> Iterator[Case]:
    """Clocks that do not start at 0, run unevenly, or jump."""
    late: Place = lambda second: second  # noqa: E731
    for name in ("mp4", "mkv", "webm", "ts"):
        ways: Sequence[Way] = _WAYS if FORMATS[name].subtitles else _WAYS[1:]
        for start in (11.0, 500.0):
            moved = replace(FORMATS[name], clock=lambda _kind, at, by=start: at + by)  # type: ignore[misc]
            yield from _cases("start time", f"{name} {start:.0f} s", right(late), _clip(moved), ways)
        early = replace(FORMATS[name], clock=lambda _kind, at: at - 2.0)
        yield from _cases("negative times", name, anything(), _clip(early), ways)
        ragged = replace(
            FORMATS[name],
            clock=lambda kind, at: at + (0.07 * (round(at * 5) % 3) if kind == "picture" else 0),
        )
        yield from _cases("variable frame rate", name, right(), _clip(ragged), ways)
        for kind in ("subtitles", "sound", "picture"):
            offset = replace(
                FORMATS[name], clock=lambda k, at, kind=kind: at + (3.0 if k == kind else 0.0)  # type: ignore[misc]
            )
            place: Place = lambda at, kind=kind: at + 3.0 if kind != "picture" else at  # type: ignore[misc] # noqa: E731
            seen = (("captions",) if kind == "subtitles" else ("sound", "player"))
            if kind == "picture":
                seen = ways
            yield from _cases("a track 3 s late", f"{name} {kind}", right(place), _clip(offset), [w for w in seen if w in ways])
        for jump in (7200.0, 90000.0):
            leap = replace(
                FORMATS[name], clock=lambda _kind, at, by=jump: at + (by if at > 12 else 0) + max(0, -by)  # type: ignore[misc]
            )
            yield from _cases("a clock that jumps", f"{name} {jump:.0f} s", anything(), _clip(leap), ways)
    bare = replace(_MKV, sound="pcm_s16le", picture=None)
    hole = replace(bare, clock=lambda _kind, at: at + (600 if at > 12 else 0))
    hole_place: Place = lambda at: at + (600 if at > 12 else 0)  # noqa: E731
    yield from _cases("a hole of 10 min", "mkv", right(hole_place), _clip(hole))
    still = replace(_MKV, clock=lambda kind, at: 0.0 if kind == "sound" else at, sound="pcm_s16le")
    yield from _cases("a clock that stands still", "mkv", anything(), _clip(still))


def _strange_sound() -> Iterator[Case]:
    """Many channels, many streams, unusual rates."""
    pcm = replace(_MKV, sound="pcm_s16le")
    for layout in ("5.1", "7.1", "stereo", "hexadecagonal"):
        yield from _cases("channels", layout, right(), _clip(replace(pcm, layout=layout)))
    for rate in (8000, 11025, 22050, 96000, 192000, 384000):
        yield from _cases("sample rate", f"wav {rate}", right(), _clip(replace(FORMATS["wav"], rate=rate)), _WAYS[1:])
        yield from _cases("sample rate", f"mkv {rate}", right(), _clip(replace(pcm, rate=rate)))
    for stated in (0, 1, 100, 999, 1000, 4_000_000, 0xFFFFFFFF):
        lie = _patched("wav", lambda c, v=stated: c[:24] + struct.pack("<I", v) + c[28:])  # type: ignore[misc]
        yield from _cases("stated sample rate", str(stated), anything(), _file(".wav", lie), _WAYS[1:])
    for stated in (0, 9, 255, 0xFFFF):
        lie = _patched("wav", lambda c, v=stated: c[:22] + struct.pack("<H", v) + c[24:])  # type: ignore[misc]
        yield from _cases("stated channels", str(stated), anything(), _file(".wav", lie), _WAYS[1:])
    for name, count in (("mp4", 400), ("mkv", 100), ("mkv", 126)):
        many = replace(FORMATS[name], sound_tracks=count)
        yield from _cases("400 sound streams", f"{name} {count}", right(), _clip(many))


def _patched(name: str, patch: Patch) -> Callable[[], bytes]:
    return lambda: patch(base(name))


def _wrong_durations() -> Iterator[Case]:
    """Headers that say it is shorter or longer than it is."""
    for share in (0.0, 0.1, 0.5, 3.0, 1e5):
        expected = right() if share < 1 else right_or_refused()
        for box, at in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
            lie = _patched("mp4", lambda c, b=box, a=at, s=share: _scaled(c, b, a, ">I", s))  # type: ignore[misc]
            yield from _cases("stated duration", f"{box.decode()} x {share}", expected, _file(".mp4", lie))
            yield from _cases("stated duration", f"{box.decode()} x {share}, sidecar", expected, _file(".mp4", lie, beside=captions()), ["captions"])
        for name in ("mkv", "webm"):
            lie = _patched(name, lambda c, s=share: _scaled(c, b"\x44\x89\x88", 3, ">d", s))  # type: ignore[misc]
            yield from _cases("stated duration", f"{name} x {share}", expected, _file(f".{name}", lie))
        for key, at in ((b"RIFF", 4), (b"data", 4)):
            lie = _patched("wav", lambda c, k=key, a=at, s=share: _scaled(c, k, a, "<I", s))  # type: ignore[misc]
            yield from _cases("stated duration", f"wav {key.decode()} x {share}", expected if key == b"RIFF" else anything(), _file(".wav", lie), _WAYS[1:])
        lie = _patched("avi", lambda c, s=share: _scaled(c, b"avih", 24, "<I", s))  # type: ignore[misc]
        yield from _cases("stated duration", f"avi x {share}", expected, _file(".avi", lie), _WAYS[1:])
        lie = _patched("flac", lambda c, s=share: _scaled(c, b"fLaC", 22, ">I", s))  # type: ignore[misc]
        yield from _cases("stated duration", f"flac x {share}", expected, _file(".flac", lie), _WAYS[1:])
        for key in (b"Xing", b"Info"):
            if key in base("mp3"):
                lie = _patched("mp3", lambda c, k=key, s=share: _scaled(c, k, 8, ">I", s))  # type: ignore[misc]
                yield from _cases("stated duration", f"mp3 x {share}", expected, _file(".mp3", lie), _WAYS[1:])
                yield from _cases("stated duration", f"mp3 x {share}, sidecar", expected, _file(".mp3", lie, beside=captions()), ["captions"])


def _scaled(content: bytes, key: bytes, offset: int, form: str, share: float) -> bytes:
    """Every number that stands `offset` bytes after the start of a key, multiplied."""
    worse = bytearray(content)
    at = content.find(key)
    while at >= 0:
        place = at + offset
        (value,) = struct.unpack_from(form, worse, place)
        scaled = value * share
        struct.pack_into(form, worse, place, scaled if form[1] == "d" else min(int(scaled), 0xFFFFFFFE))
        at = content.find(key, at + 1)
    return bytes(worse)


def _edit_lists() -> Iterator[Case]:
    """MP4 files whose tracks begin later than their data, or skip some of it."""
    cut: Place = lambda at: at - 5.0 if at >= 5.0 else None  # noqa: E731
    yield from _cases("edit list", "cuts 5 s", right(cut), _file(".mp4", _patched("mp4", lambda c: _edited(c, 5.0, None))))
    yield from _cases("edit list", "cuts 5 s of the sound", right(cut), _file(".mp4", _patched("mp4", lambda c: _edited(c, 5.0, b"soun"))), _WAYS[1:])
    short: Place = lambda at: at if at < 10 else None  # noqa: E731
    yield from _cases("edit list", "plays 12 s", right(short), _file(".mp4", _patched("mp4", lambda c: _shortened(c, 12.0))))


def _tracks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Of every track its handler, its time scale, and where its edit list stands."""
    at = content.find(b"trak")
    while at >= 0:
        scale = struct.unpack_from(">I", content, content.index(b"mdhd", at) + 16)[0]
        handler = content.index(b"hdlr", at)
        yield content[handler + 12 : handler + 16], scale, content.index(b"elst", at)
        at = content.find(b"trak", at + 1)


def _edited(content: bytes, seconds: float, only: bytes | None) -> bytes:
    worse = bytearray(content)
    for handler, scale, elst in _tracks(content):
        if only in (None, handler):
            duration, start = struct.unpack_from(">II", content, elst + 12)
            struct.pack_into(">II", worse, elst + 12, duration - round(seconds * 1000), start + round(seconds * scale))
    return bytes(worse)


def _shortened(content: bytes, seconds: float) -> bytes:
    worse = bytearray(content)
    for _, _, elst in _tracks(content):
        struct.pack_into(">I", worse, elst + 12, round(seconds * 1000))
    return bytes(worse)


def _wrong_names() -> Iterator[Case]:
    for name in FORMATS:
        for suffix in (".mp4", ".mp3", ".wav", ".mkv", ".jpg", ".txt", ""):
            if FORMATS[name].suffix != suffix:
                ways = _WAYS if FORMATS[name].subtitles else _WAYS[1:]
                yield from _cases("wrong extension", f"{name} as {suffix}", right(), _file(suffix, _patched(name, bytes)), ways)


def _no_media() -> Iterator[Case]:
    import io
    import zipfile
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("talk.mp4", base("mp4"))
    contents = {
        "empty": b"", "one byte": b"\0", "text": b"Hello there.\n" * 500, "html": b"<!doctype html><html><body>404</body></html>" * 50,
        "zip": zipped.getvalue(), "elf": Path("/proc/self/exe").read_bytes()[:500_000],
        "m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nother.ts\n#EXT-X-ENDLIST\n",
        "m3u8 of itself": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ntalk.mp4\n#EXT-X-ENDLIST\n",
        "concat": b"ffconcat version 1.0\nfile other.mp4\n", "concat of itself": b"ffconcat version 1.0\nfile talk.mp4\n",
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "dash": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>other.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>',
        "zeros": bytes(100_000), "0xff": b"\xff" * 100_000, "noise": Random(1).randbytes(200_000),
        "png": b"\x89PNG\r\n\x1a\n" + bytes(100), "gif": b"GIF89a" + bytes(100), "pdf": b"%PDF-1.7\n" + bytes(5000),
        "srt as mp4": b"1\n00:00:01,000 --> 00:00:02,000\nhi\n", "vtt as mp4": captions().encode(),
    }
    for name, content in contents.items():
        for suffix in (".mp4", ".wav", ".mp3"):
            yield from _cases("no media", f"{name} as {suffix}", refused(), _file(suffix, lambda c=content: c), ["sound", "player"])  # type: ignore[misc]
            yield from _cases("no media", f"{name} as {suffix}, sidecar", refused(), _file(suffix, lambda c=content: c, beside=captions()), ["captions"])  # type: ignore[misc]
