"""What a caption's text means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.captions.cue import Turn
from ingest.captions.markup import read_payload, seconds_of
from playhead.text import split_words


def clean_cue_text(raw: str) -> tuple[str, str | None]:
    """A caption's text, and who speaks its first word."""
    payload = read_payload(raw)
    return payload.text, payload.speaker


@pytest.mark.parametrize(
    ("raw", "text", "speaker"),
    [
        ("Plain words.", "Plain words.", None),
        ("two\nlines\r\nhere", "two lines here", None),
        ("  spaced \t out  ", "spaced out", None),
        ("<i>slanted</i> and <b>bold</b>", "slanted and bold", None),
        ('<font color="#ffff00">yellow</font>', "yellow", None),
        ("<c.colorE5E5E5>grey</c>", "grey", None),
        ("{\\an8}{\\i1}up{\\i0} there", "up there", None),
        ("one\\Ntwo\\hthree", "one two three", None),
        ("one<br/>two", "one two", None),
        ("Tom &amp; Ann &#39;n&#x27; &quot;Bob&quot;&nbsp;x", "Tom & Ann 'n' \"Bob\" x", None),
        ("&lt;b&gt; is a tag", "<b> is a tag", None),
        ("R&D and AT&T; R&not", "R&D and AT&T; R&not", None),
        ("a List<String> of a < b > c", "a List<String> of a < b > c", None),
        ("a {name} in braces", "a {name} in braces", None),
        ("<ruby>漢<rt>kan</rt>字<rt>ji</rt></ruby>", "漢字", None),
        ("\u202bright\u202c to \ufeffleft\u200b", "right to left", None),
        ("می\u200cروم", "می\u200cروم", None),
        ("<v Ann>Hello</v>", "Hello", "Ann"),
        ("<v.loud Ann Smith>Hello", "Hello", "Ann Smith"),
        ("<v Ann &amp; Bob>Hello", "Hello", "Ann & Bob"),
        ("<v>Hello</v>", "Hello", None),
        ("ANN: Hello", "Hello", "ANN"),
        ("MR. O'NEIL: Hello", "Hello", "MR. O'NEIL"),
        ("SPEAKER 2: Hello", "Hello", "SPEAKER 2"),
        ("ANN:\nHello", "Hello", "ANN"),
        ("ANN: 你好", "你好", "ANN"),
        (">> Ann: Hello", "Hello", "Ann"),
        (">>ANN: Hello", "Hello", "ANN"),
        (">>> Ann Smith: Hello", "Hello", "Ann Smith"),
        (">> Hello", "Hello", None),
        ("&gt;&gt; Hello", "Hello", None),
        ("- Hello", "Hello", None),
        ("- ANN: Hello", "Hello", "ANN"),
        ("- <v Ann>Hello", "Hello", "Ann"),
        (">> ANN LEE: Hello", "Hello", "ANN LEE"),
        ("- Ann: Hello", "Hello", "Ann"),
        ("– Ann Lee: Hello", "Hello", "Ann Lee"),
        ("[Ann]: Hello", "Hello", "Ann"),
        ("[SPEAKER_00]: Hello", "Hello", "SPEAKER_00"),
        ("[Ann]:\nHello", "Hello", "Ann"),
        ("Ann (on phone): Hello", "Hello", "Ann"),
        (">> Ann [whispers]: Hello", "Hello", "Ann"),
        ("ANN LEE (V.O.): Hello", "Hello", "ANN LEE"),
        ("♪ Happy birthday ♪", "Happy birthday", None),
    ],
)
def test_text_and_speaker(raw, text, speaker):
    assert clean_cue_text(raw) == (text, speaker)


@pytest.mark.parametrize(
    "raw",
    [
        "Ann: it is a colon in a sentence",
        "Note: this is no name",
        "[Note]: this is no name",
        "Warning: it is hot",
        "[12:30]: we left",
        "12:30: we left",
        "https: is a scheme",
        "[Music] and words",
        "Total (USD): five",
        "The pressure (in bar): five",
        "NOTE: this is no name",
        "HERE IS THE THING: WE GO ON",
        "A: is a letter",
        "12: is a number",
        "the ratio is 4:3",
        "at 12:30 we left",
        "NASA:s",
    ],
)
def test_a_colon_alone_names_nobody(raw):
    assert clean_cue_text(raw) == (raw, None)


@pytest.mark.parametrize("mark", [">>", "-"])
@pytest.mark.parametrize("text", ["Note: it is hot", "Step 1: open it", "The thing is: no"])
def test_behind_a_mark_not_all_is_a_name(mark, text):
    assert clean_cue_text(f"{mark} {text}") == (text, None)


def test_after_arrows_small_words_name_nobody():
    assert clean_cue_text(">> you know what: no") == ("you know what: no", None)


def test_a_dash_within_a_sentence_stays():
    assert clean_cue_text("the thing\n– and then") == ("the thing – and then", None)
    assert clean_cue_text("-5 degrees") == ("-5 degrees", None)


@pytest.mark.parametrize(
    "raw",
    ["", " \n ", "[Music]", "(applause)", "[Music] [Applause]", "[dramatic\nmusic]", "♪♪", "...",
     "-", ">>", "ANN: [laughs]", "- [door slams]", "<i></i>", "（拍手）", "{\\an8}"],
)  # fmt: skip
def test_nothing_is_said(raw):
    assert clean_cue_text(raw) == ("", None)


def test_a_note_stays_within_a_line_and_goes_from_a_line_of_its_own():
    assert clean_cue_text("so [laughs] anyway")[0] == "so [laughs] anyway"
    assert clean_cue_text("[Music]\nhello there")[0] == "hello there"


def test_two_speakers_in_one_caption():
    payload = read_payload("ANN: Hi there.\nBOB: Oh, hi.")
    assert payload.text == "Hi there. Oh, hi."
    assert payload.turns == (Turn(0, "ANN"), Turn(2, "BOB"))
    voices = read_payload("<v Ann>Hi there.</v> <v Bob>Oh, hi.</v>")
    assert voices.turns == (Turn(0, "Ann"), Turn(2, "Bob"))
    assert read_payload("- hi\n- ho ho").turns == (Turn(0), Turn(1))
    assert read_payload("that is it >> what is").turns == (Turn(3),)


def test_inline_times_by_word():
    payload = read_payload("old line\nnew<00:00:03.000><c> words</c><01:02:03.5><c> come</c>")
    assert payload.text == "old line new words come"
    assert payload.stamps == (None, None, None, 3.0, 3723.5)
    assert payload.carried == 2


def test_a_word_split_by_a_tag_is_one_word():
    payload = read_payload("<00:01.000>un<i>believ</i>able<00:02.000> thing")
    assert payload.text == "unbelievable thing"
    assert payload.stamps == (1.0, 2.0)


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("00:00:01.500", 1.5), ("00:01,5", 1.5), ("1:2", 62.0), ("100:00:00.001", 360000.001),
     ("00:00:00.123456", 0.123)],
)  # fmt: skip
def test_times(time, seconds):
    assert seconds_of(time) == seconds


PIECES = ["<i>", "</i>", "<v Ann>", "<c>", "<00:01.000>", "&amp;", "&gt;", "{\\an8}", "\\N", "\n",
          ">>", "- ", "ANN: ", "[x]", "(", "]", "<", ">", " ", "word", "ß", "字", "。", "\u2028",
          "\x85", "\x1c", "&#0;", "&#xD800;", "<rt>", "♪", "<br>", "\u3000"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_any_text_reads_to_one_plain_line(raw):
    payload = read_payload(raw)
    words = split_words(payload.text)
    assert payload.text == " ".join(payload.text.split())
    assert len(payload.text.splitlines()) <= 1
    assert len(payload.stamps) in (0, len(words))
    assert all(0 <= turn.word < len(words) for turn in payload.turns)
    assert [turn.word for turn in payload.turns] == sorted({turn.word for turn in payload.turns})
    assert 0 <= payload.carried <= len(words)


@pytest.mark.parametrize("control", ["\x1b]0;title\x07", "\x1b[2J", "\x00", "\x9b", "\x7f"])
def test_nothing_that_steers_a_terminal_gets_through(control: str) -> None:
    text, _speaker = clean_cue_text(f"prices {control} rise")
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text)
    assert text.startswith("prices")
    assert text.endswith("rise")
