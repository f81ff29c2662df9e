"""Word times where only those of a longer text are known."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.spread import spread_words


def test_by_length_with_a_pause_after_a_full_stop():
    first, second = spread_words(["abcd.", "abcdefghij"], 0.0, 25.0)
    # 5 characters, a space and a pause of 8, against 10 characters and a space.
    assert (first.start, first.end) == (0.0, 14.0)
    assert (second.start, second.end) == (14.0, 25.0)


def test_no_words():
    assert spread_words([], 0.0, 1.0) == []


@given(
    st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=30),
    st.floats(0, 1e6),
    st.floats(0, 1e4),
)
def test_they_fill_the_span_in_order(texts, start, length):
    end = start + length
    words = spread_words(texts, start, end)
    assert [word.text for word in words] == texts
    assert words[0].start == start
    assert words[-1].end == end
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
