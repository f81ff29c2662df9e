"""Caption files as they are found."""

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.captions.decode import decode_captions
from ingest.captions.files import read_captions
from playhead.errors import CaptionsError

VTT = """WEBVTT - a talk
Kind: captions

STYLE
::cue { color: red }

REGION
id:bottom

NOTE this is not said
nor is this

intro
00:01.000 --> 00:03.000 align:start position:0% line:90%
<v Ann>Größe &amp; <i>Maß</i>
in the year
1984

two
01:00:03.500-->01:00:05.250
second"""

SRT = """1
00:00:01,000 --> 00:00:03,000
Größe &amp; <i>Maß</i>
in the year
1984

2
01:00:03,500 --> 01:00:05,250
second"""

EXPECTED = [(1.0, 3.0, "Größe & Maß in the year 1984"), (3603.5, 3605.25, "second")]


def written(tmp_path, content, name="a.srt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path, content, name="a.srt"):
    cues = read_captions(written(tmp_path, content, name))
    return [(cue.start, cue.end, cue.text) for cue in cues]


@pytest.mark.parametrize(("content", "name"), [(VTT, "a.vtt"), (SRT, "a.srt")])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
    ],
)
def test_both_formats_in_every_encoding(tmp_path, content, name, newline, encode):
    assert read(tmp_path, encode(content.replace("\n", newline)), name) == EXPECTED


def test_voices_are_kept(tmp_path):
    assert [cue.speaker for cue in read_captions(written(tmp_path, VTT, "a.vtt"))] == ["Ann", None]


def test_a_missing_header_and_the_other_formats_marks(tmp_path):
    body = VTT[VTT.index("NOTE") :].replace("01.000", "01,000")
    assert read(tmp_path, body, "a.vtt") == EXPECTED
    assert read(tmp_path, SRT.replace(",", "."), "a.srt") == EXPECTED
    assert read(tmp_path, "WEBVTT\n\n" + SRT, "a.srt") == EXPECTED


def test_times_without_hours_or_decimals(tmp_path):
    assert read(tmp_path, "1\n0:01 --> 0:02,5\nx\n") == [(1.0, 2.5, "x")]


def test_no_empty_lines_between_cues(tmp_path):
    dense = "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:02,000 --> 00:00:03,000\ntwo\n"
    assert read(tmp_path, dense) == [(1.0, 2.0, "one"), (2.0, 3.0, "two")]


def test_empty_lines_within_a_subrip_text(tmp_path):
    gaps = "1\n00:00:01,000 --> 00:00:02,000\none\n\nmore\n\nstill\n2\n0:03,0 --> 0:04,0\ntwo\n"
    assert read(tmp_path, gaps) == [(1.0, 2.0, "one more still"), (3.0, 4.0, "two")]


def test_numbers_that_are_text_and_numbers_that_are_not(tmp_path):
    srt = "1\n0:01,0 --> 0:02,0\n2024\n\n2\n0:02,0 --> 0:03,0\n\n3\n\n4\n0:03,0 --> 0:04,0\n7\n"
    assert read(tmp_path, srt) == [(1.0, 2.0, "2024"), (3.0, 4.0, "7")]


def test_comments_and_identifiers_are_not_said(tmp_path):
    vtt = (
        "WEBVTT\n\n1\n00:01.0 --> 00:02.0\n\nsecret-id\n00:02.0 --> 00:03.0\nsaid\n\nNOTE a\n\nb\n"
    )
    assert read(tmp_path, vtt, "a.vtt") == [(2.0, 3.0, "said")]


def test_a_first_line_stripped_to_nothing(tmp_path):
    assert read(tmp_path, "WEBVTT\n\n00:01.0 --> 00:02.0\n\nsaid\n", "a.vtt") == [
        (1.0, 2.0, "said")
    ]


def test_order_overlap_and_bad_ends_are_left_to_others(tmp_path):
    srt = "1\n0:05,0 --> 0:06,0\nlate\n\n2\n0:01,0 --> 0:01,0\nearly\n"
    assert read(tmp_path, srt) == [(5.0, 6.0, "late"), (1.0, 1.0, "early")]


def test_empty_cues_are_left_out(tmp_path):
    srt = "1\n0:01,0 --> 0:02,0\n[Music]\n\n2\n0:02,0 --> 0:03,0\n\n3\n0:03,0 --> 0:04,0\nx\n"
    assert read(tmp_path, srt) == [(3.0, 4.0, "x")]


def test_inline_times_become_words(tmp_path):
    vtt = "WEBVTT\n\n00:01.0 --> 00:03.0\n \nhi<00:00:01.500><c> there</c><00:09.000><c> you</c>\n"
    cue = read_captions(written(tmp_path, vtt, "a.vtt"))[0]
    assert [(w.text, w.start, w.end) for w in cue.words] == [
        ("hi", 1.0, 1.5), ("there", 1.5, 3.0), ("you", 3.0, 3.0)]  # fmt: skip


def test_one_inline_time_for_several_words(tmp_path):
    vtt = "WEBVTT\n\n00:00.000 --> 00:04.000\nab cd<00:02.000>ef gh\n"
    cue = read_captions(written(tmp_path, vtt, "a.vtt"))[0]
    # Without a space before it, the time lies within the word "cdef".
    assert [w.text for w in cue.words] == ["ab", "cdef", "gh"]
    assert cue.words[-1].start == 2.0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Just some text.\nAnd more.\n", "holds no captions"),
        ("", "holds no captions"),
        ("WEBVTT\n\n", "holds no captions"),
        ("[Script Info]\nDialogue: 0,0:00:01.00,0:00:02.00,x\n", "holds no captions"),
        ("1\n0:01,0 --> 0:02,0\n[Music]\n", "has any words"),
        (bytes(range(256)) * 40, "not text"),
        (b"\0\0\0\x20ftypisom\0\0\2\0" + b"\0" * 99, "not text"),
        ("1\n0:01,0 --> 0:02,0\nПривет, как дела сегодня\n".encode("cp1251"), "encoding"),
    ],
)
def test_what_is_not_captions(tmp_path, content, says):
    path = written(tmp_path, content, "a.vtt")
    with pytest.raises(CaptionsError, match=says) as caught:
        read_captions(path)
    assert str(path) in str(caught.value)


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(CaptionsError, match="cannot be read"):
        read_captions(tmp_path / "none.vtt")
    with pytest.raises(CaptionsError, match="cannot be read"):
        read_captions(tmp_path)


def test_what_is_too_large(tmp_path):
    path = tmp_path / "big.srt"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(CaptionsError, match="too large"):
        read_captions(path)


def test_utf8_with_one_fault_is_still_utf8(tmp_path):
    text = "1\n0:01,0 --> 0:02,0\nGrüße an alle Mädchen für später".encode()
    assert read(tmp_path, text[:-1] + b"\xc3")[0][2] == "Grüße an alle Mädchen für späte\ufffd"


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_reader(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.srt"
    path.write_bytes(b"1\n0:01,0 --> 0:02,0\n" + content)
    with contextlib.suppress(CaptionsError):
        assert all(cue.text for cue in read_captions(path))


@given(st.text(min_size=1))
def test_decoding_gives_back_what_was_encoded(text):
    text = text.replace("\0", "").lstrip("\ufeff")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert decode_captions(text.encode(encoding), None) == text


def test_the_columbia_captions(shared_data):
    cues = read_captions(shared_data / "columbia" / "columbia.en.vtt")
    assert len(cues) == 32
    assert cues[3].text == "The Columbia's lost. There are no survivors."
