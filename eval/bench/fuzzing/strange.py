"""Files that are whole but strange, or that say of themselves what is not so."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from eval.bench.fuzzing.clips import FORMATS, SECONDS, Recipe, captions, clip
from eval.bench.fuzzing.running import ENDS, WAYS, Case, Place

_RIGHT, _REFUSED, _EITHER = ("right",), ("one line",), ("right", "one line")
_HEARD = ("sound", "player")
_SHARES = (0.0, 0.1, 0.5, 3.0, 1e5)
# What a format says of its length: key, bytes from the start of the key, form of the number.
_LENGTHS = (
    ("mp4", b"mvhd", 20, ">I"),
    ("mp4", b"tkhd", 24, ">I"),
    ("mp4", b"mdhd", 20, ">I"),
    ("mkv", b"\x44\x89\x88", 3, ">d"),
    ("webm", b"\x44\x89\x88", 3, ">d"),
    ("wav", b"RIFF", 4, "<I"),
    ("avi", b"avih", 24, "<I"),
    ("flac", b"fLaC", 22, ">I"),
    ("mp3", b"Xing", 8, ">I"),
    ("mp3", b"Info", 8, ">I"),
)
# Sizes, counts, rates and dimensions that cannot be, and where they stand.
_WAV_FIELDS = ((b"fmt ", 4, "<I"), (b"fmt ", 10, "<H"), (b"fmt ", 12, "<I"), (b"fmt ", 20, "<H"))
_SIZES = (
    *(("wav", *field, value) for field in _WAV_FIELDS for value in (0, 1, 0xFFFF)),
    *(("mp4", box, -4, ">I", 0x7FFFFFFF) for box in (b"mdat", b"moov", b"trak", b"stsz")),
    *(("mp4", box, 8, ">I", 0x7FFFFFFF) for box in (b"stts", b"stsz", b"stco", b"elst")),
    ("mkv", b"\x18\x53\x80\x67", 4, ">Q", 0x01FFFFFFFFFFFFFE),
    ("mkv", b"\x1f\x43\xb6\x75", 4, ">Q", 0x01FFFFFFFFFFFFFE),
    ("mp4", b"avc1", 28, ">I", 0xEA60EA60),
    ("avi", b"strf", 12, "<I", 20_000),
    ("flac", b"fLaC", 8, ">I", 0xFFFFFFFF),
)
_CUT = 5


def strange() -> Iterator[Case]:
    """All of them."""
    yield from _times()
    yield from _edit_lists()
    yield from _sounds()
    yield from _lies()
    yield from _names()
    yield from _captions()


def _as_it_is(second: float) -> float:
    return second


def _each(
    kind: str,
    name: str,
    ends: Sequence[str],
    what: Recipe | tuple[bytes, str],
    *,
    ways: Sequence[str] = WAYS,
    place: Place = _as_it_is,
    beside: bytes | None = None,
) -> Iterator[Case]:
    """A clip, or content and the suffix of its name, looked at in each way that it can be."""
    for way in ways:
        if way != "captions" or beside or not isinstance(what, Recipe) or what.subtitles:
            captioned = beside if way == "captions" else None
            yield Case(kind, name, way, ends, partial(_file, what, captioned), place)


def _file(what: Recipe | tuple[bytes, str], beside: bytes | None, folder: Path) -> Path:
    content, suffix = (clip(what), what.suffix) if isinstance(what, Recipe) else what
    path = folder / f"talk{suffix}"
    path.write_bytes(content)
    if beside is not None:
        path.with_suffix(".vtt").write_bytes(beside)
    return path


def _late(by: float, streams: str, after: float, kind: str, second: float) -> float:
    return second + by if kind in streams and second >= after else second


def _ragged(kind: str, second: float) -> float:
    return second + 0.03 * (round(second * 5) % 3) if kind == "picture" else second


def _times() -> Iterator[Case]:
    """Clocks that do not start at 0, differ, run unevenly, or jump."""
    everything = "picture sound subtitles"
    for name in ("mp4", "mkv", "webm", "ts"):
        recipe = FORMATS[name]
        for by in (-2.0, 11.0, 500.0):
            moved = replace(recipe, clock=partial(_late, by, everything, 0.0))
            yield from _each("start time", f"{name} {by} s", ENDS if by < 0 else _RIGHT, moved)
        yield from _each("variable frame rate", name, _RIGHT, replace(recipe, clock=_ragged))
        for kind, ways in (("subtitles", WAYS[:1]), ("sound", _HEARD), ("picture", WAYS)):
            apart = replace(recipe, clock=partial(_late, 3.0, kind, 0.0))
            place = partial(_late, 3.0 * (kind != "picture"), "", 0.0, "")
            yield from _each(
                "a track 3 s late", f"{name} {kind}", _RIGHT, apart, ways=ways, place=place
            )
        for by in (600.0, 7200.0, 90_000.0):
            leap = replace(recipe, clock=partial(_late, by, everything, 12.0))
            yield from _each("a clock that jumps", f"{name} {by} s", ENDS, leap, ways=("sound",))


def _edit_lists() -> Iterator[Case]:
    """The first seconds of all tracks cut by the edit list, or of one."""
    for track in (b"vide", b"soun", b""):
        content = _edited(track)
        place = _as_it_is if track == b"vide" else _cut
        ways = _HEARD if track else WAYS
        name = f"cuts {track.decode() or 'all'}"
        yield from _each("edit list", name, _RIGHT, (content, ".mp4"), ways=ways, place=place)


def _cut(second: float) -> float | None:
    return second - _CUT if second >= _CUT else None


def _edited(handler: bytes) -> bytes:
    content = bytearray(clip(FORMATS["mp4"]))
    at = content.find(b"trak")
    while at >= 0:
        elst, kind = content.index(b"elst", at), content.index(b"hdlr", at) + 12
        if content[kind : kind + 4].startswith(handler):
            (scale,) = struct.unpack_from(">I", content, content.index(b"mdhd", at) + 16)
            length, start = struct.unpack_from(">II", content, elst + 12)
            struct.pack_into(">II", content, elst + 12, length - _CUT * 1000, start + _CUT * scale)
        at = content.find(b"trak", at + 1)
    return bytes(content)


def _sounds() -> Iterator[Case]:
    """Many streams, many channels, unusual rates."""
    pcm = replace(FORMATS["mkv"], sound="pcm_s16le")
    yield from _each("400 sound streams", "mp4", _RIGHT, replace(FORMATS["mp4"], tracks=400))
    for layout in ("stereo", "5.1", "7.1", "hexadecagonal"):
        yield from _each("channels", layout, _RIGHT, replace(pcm, layout=layout))
    for rate in (8000, 11025, 96_000, 384_000):
        yield from _each("sample rate", str(rate), _RIGHT, replace(pcm, rate=rate))


def _lies() -> Iterator[Case]:
    """Headers that say it is shorter or longer, or give sizes that cannot be."""
    vtt = captions().encode()
    for name, key, offset, form in _LENGTHS:
        for share in _SHARES:
            content, at = bytearray(clip(FORMATS[name])), -1
            while (at := content.find(key, at + 1)) >= 0:
                (value,) = struct.unpack_from(form, content, at + offset)
                value = value * share if form == ">d" else min(int(value * share), 0xFFFFFFFE)
                struct.pack_into(form, content, at + offset, value)
            lie, ends = f"{name} {key!r} x {share}", _RIGHT if share < 1 else _EITHER
            suffix = FORMATS[name].suffix
            yield from _each("stated duration", lie, ends, (bytes(content), suffix), beside=vtt)
    for name, key, offset, form, number in _SIZES:
        content = bytearray(clip(FORMATS[name]))
        struct.pack_into(form, content, content.index(key) + offset, number)
        lie, suffix = f"{name} {key!r} + {offset}: {number}", FORMATS[name].suffix
        yield from _each("stated size", lie, ENDS, (bytes(content), suffix), beside=vtt)


def _names() -> Iterator[Case]:
    """Other things under the name of media, and media under other names."""
    for name, recipe in FORMATS.items():
        for suffix in (".mp4", ".mp3", ".wav", ".txt", ""):
            other = f"{name} as {suffix}"
            yield from _each("wrong extension", other, _RIGHT, (clip(recipe), suffix), ways=_HEARD)
    vtt, zipped = captions().encode(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("talk.mp4", clip(FORMATS["mp4"]))
    contents = {
        "nothing": b"",
        "one byte": b"\0",
        "text": b"Hello there.\n" * 500,
        "zeros": bytes(100_000),
        "noise": Random(1).randbytes(200_000),
        "captions": vtt,
        "html": b"<!doctype html><html><body>404</body></html>",
        "zip": zipped.getvalue(),
        "elf": b"\x7fELF\x02\x01\x01" + bytes(5000),
        "m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\ntalk.mp4\n#EXT-X-ENDLIST\n",
        "concat": b"ffconcat version 1.0\nfile talk.mp4\n",
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    }
    for name, content in contents.items():
        yield from _each("no media", name, _REFUSED, (content, ".mp4"), beside=vtt)
    for special in ("pipe", "device", "folder"):
        yield Case("no media", special, "sound", _REFUSED, partial(_special, special))


def _special(kind: str, folder: Path) -> Path:
    path = folder / "talk.mp4"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    return path


def _captions() -> Iterator[Case]:
    """Caption files as no caption file should be, beside a good clip."""
    good, media = captions(), clip(FORMATS["mp4 in fragments"])
    one, many = "WEBVTT\n\n00:01.000 --> 00:02.000\n", range(100_000)
    at_once = "".join(f"00:01.000 --> 00:{SECONDS - 1}.000\nhi {n}\n\n" for n in many)
    texts: dict[str, tuple[Sequence[str], str | bytes]] = {
        "UTF-16": (_RIGHT, good.encode("utf-16")),
        "half UTF-16": (_REFUSED, good.encode("utf-16")[:-1]),
        "noise": (_REFUSED, Random(2).randbytes(5000)),
        "media": (_REFUSED, media),
        "no number": (_RIGHT, f"{good}\n\nNaN --> NaN\n"),
        "negative": (_RIGHT, f"{good}\n\n-00:01.000 --> 00:02.000\n"),
        "huge time": (_RIGHT, f"{good}\n\n999999:59:59.999 --> 999999:59:59.999\nx"),
        "10 MB in a cue": (_REFUSED, one + "word " * 2_000_000),
        "nested tags": (ENDS, one + "<b>" * 20_000 + "x"),
        "open tags": (_REFUSED, one + "<v " * 200_000),
        "turns": (_REFUSED, one + ">> ANN: hi\n" * 100_000),
        "cues at once": (_REFUSED, f"WEBVTT\n\n{at_once}"),
        "times only": (_REFUSED, one * 100_000),
    }
    for name, (ends, text) in texts.items():
        content = text if isinstance(text, bytes) else text.encode()
        yield from _each("captions", name, ends, (media, ".mp4"), ways=WAYS[:1], beside=content)
