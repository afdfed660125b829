"""The vectorized searches and decodings, against plain Python on random bytes."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.formats import body, vector

TEXT = st.binary(max_size=80) | st.text("0123456789:[]<> .ab\x80\xff\0", max_size=80).map(lambda s: s.encode("latin-1"))


def padded(text):
    buffer = np.frombuffer(text + bytes(vector.PAD), np.uint8)
    return buffer, vector.words(buffer)


def every_position(text):
    return np.arange(len(text) + 1)


def leading(pattern, text):
    match = re.match(pattern, text)
    assert match is not None
    return match[0]


def value(digits):
    """Digits as the decoder sees them: eight bytes, the missing ones zero."""
    return int(digits.ljust(8, b"0"))


@given(TEXT, st.binary(min_size=1, max_size=4), st.data())
def test_find_any_finds_what_a_loop_finds(text, wanted, data):
    _, view = padded(text)
    rows = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=8))
    start = np.array([a for a, _ in rows], np.int64)
    stop = np.array([b for _, b in rows], np.int64)
    expected = [next((i for i in range(a, b) if text[i] in wanted), b) for a, b in rows]
    assert vector.find_any(view, start, stop, wanted).tolist() == expected


@given(TEXT)
def test_leading_digits_are_counted_and_kept(text):
    _, view = padded(text)
    count, digits = vector.leading_digits(view[every_position(text)])
    expected = [leading(rb"[0-9]{0,8}", text[i:]) for i in every_position(text)]
    assert count.tolist() == [len(run) for run in expected]
    assert vector.eight_digits(digits).tolist() == [value(run) for run in expected]


@given(st.lists(st.integers(0, 99_999_999), min_size=1, max_size=9))
def test_eight_digits_are_read_as_their_number(numbers):
    _, view = padded(b"".join(b"%08d" % n for n in numbers))
    _, digits = vector.leading_digits(view[np.arange(len(numbers)) * 8])
    assert vector.eight_digits(digits).tolist() == numbers


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"00:00:00", 0),
        (b"23:59:59", 86_399),
        (b"23:59:60", 86_400),
        (b"09:05:07", 32_707),
        (b"24:00:00", None),
        (b"12:60:00", None),
        (b"12:00:61", None),
        (b" 9:05:07", None),
        (b"12-00:00", None),
        (b"12:00-00", None),
        (b"1a:00:00", None),
        (b"12:00:0/", None),
        (b"12:00:0;", None),
        (b"12:00:0\xb0", None),
        (b"\xb12:00:00", None),
    ],
)
def test_a_time_of_day_is_eight_bytes_within_a_day(text, seconds):
    _, view = padded(text)
    good, got = vector.clock_time(view[:1])
    assert (int(got[0]) if good[0] else None) == seconds


@given(
    st.lists(
        st.binary(min_size=8, max_size=8) | st.from_regex(rb"[0-2]\d:[0-6]\d:[0-6]\d", fullmatch=True), max_size=20
    )
)
def test_times_of_day_are_told_from_other_bytes(texts):
    _, view = padded(b"".join(texts))
    good, seconds = vector.clock_time(view[np.arange(len(texts)) * 8])
    pattern = re.compile(rb"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)", re.DOTALL)
    matches = [pattern.fullmatch(text) for text in texts]
    assert good.tolist() == [match is not None for match in matches]
    expected = [int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3]) for m in matches if m]
    assert seconds[good].tolist() == expected


@given(TEXT)
def test_numbers_are_read_up_to_eight_digits_and_absent_ones_are_no_zero(text):
    _, view = padded(text)
    got, end = body.numbers(view, every_position(text))
    runs = [leading(rb"[0-9]{0,8}", text[i:]) for i in every_position(text)]
    assert got.tolist() == [int(run) if run else -1 for run in runs]
    assert end.tolist() == [i + len(run) for i, run in enumerate(runs)]


@given(st.lists(st.integers(0, 2), max_size=30))
def test_runs_begin_where_a_key_changes(keys):
    expected = [i for i, key in enumerate(keys) if i == 0 or key != keys[i - 1]]
    assert vector.runs(np.array(keys, np.uint64)).tolist() == expected


@given(TEXT)
def test_spaces_are_skipped_to_the_first_other_byte(text):
    buffer, _ = padded(text)
    stop = np.full(len(text) + 1, len(text))
    got = body.skip_spaces(buffer, every_position(text), stop, most=3)
    assert got.tolist() == [i + len(leading(rb" {0,3}", text[i:])) for i in every_position(text)]
