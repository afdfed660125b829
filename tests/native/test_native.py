"""The native loops against NumPy, on any bytes; and what they say of positions that lie outside."""

import datetime as dt
import sys
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logsleuth import native
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.formats import FORMATS, body, vector
from logsleuth.formats.split import PADDING, lines_of, padded_lines
from logsleuth.formats.stamp import Stamp
from logsleuth.render.entries import woven
from logsleuth.render.entries.hostile import _plain
from logsleuth.render.entries.times import Display

pytestmark = pytest.mark.skipif(native.lib is None, reason="there was no compiler at installation")
LIB: Any = native.lib
SOME = b"\n\r\0 \t:[]a0\x7f\x80\xff"
TEXT = (
    st.binary(max_size=80)
    | st.text("0123456789 a", max_size=40).map(str.encode)
    | st.lists(st.sampled_from(list(SOME)), max_size=80).map(bytes)
)
BY_STAMP = [form for form in FORMATS if type(form.stamp) is Stamp and form.stamp.native is not None]
INSTANTS = st.integers(-(1 << 60), 1 << 61) | st.just(UNKNOWN)
"""From 1933 to 2043."""


def in_numpy(work, *args):
    """The same work without the native loops."""
    native.lib = None
    try:
        return work(*args)
    finally:
        native.lib = LIB


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def composed(parts, order=None, room=1 << 16):
    out = np.zeros(room, np.uint8)
    written = LIB.compose(parts, order, out)
    return None if written < 0 else bytes(out[:written])


@given(TEXT)
@example(b"")
@example(b"\n")
@example(b"one\r\n\ntwo\0\0three\r")
def test_lines_are_those_of_numpy(text):
    one, other = lines_of(text), in_numpy(lines_of, text)
    for name in ("start", "stop", "number", "count", "torn_end"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert (one.torn is None) == (other.torn is None)
    assert one.torn is None or np.array_equal(one.torn, other.torn)


def test_more_lines_than_room_was_made_for_at_first():
    text = b"\n" * 5000 + b"x"
    assert padded_lines(text + PADDING).stop.tolist() == [*range(5000), 5001]


@given(TEXT)
def test_plain_text_is_what_numpy_calls_so_and_tabs(text):
    data = np.frombuffer(text, np.uint8)
    assert LIB.plain(data, 0, len(text)) == _plain(np.frombuffer(text.replace(b"\t", b" "), np.uint8))


@given(TEXT, st.data())
def test_searches_find_what_numpy_finds(text, data):
    buffer = np.frombuffer(text + PADDING, np.uint8)
    view, place = vector.words(buffer), st.integers(0, len(text))
    rows = np.array(data.draw(st.lists(st.tuples(place, place), max_size=9)), np.int64).reshape(-1, 2)
    wanted = data.draw(st.binary(min_size=1, max_size=4))
    start, stop = rows[:, 0], rows[:, 1]
    args = (view, start, stop, wanted)
    assert np.array_equal(vector.find_any(*args), in_numpy(vector.find_any, *args))
    for most in (0, 1, 2, 24):
        spaces = (buffer, start, stop, most)
        assert np.array_equal(body.skip_spaces(*spaces), in_numpy(body.skip_spaces, *spaces))
    assert same(body.numbers(view, start), in_numpy(body.numbers, view, start))


@given(TEXT, st.binary(min_size=1, max_size=3))
@example(b"aab", b"ab")
@example(b"ab", b"ab")
def test_a_mark_is_met_with_a_byte_behind_it(text, mark):
    expected = any(text.startswith(mark + bytes([byte]), at) for at in range(len(text)) for byte in b"0 a")
    assert LIB.followed(text, mark, b"0 a") == expected


@settings(deadline=None)
@given(st.sampled_from(BY_STAMP), st.data())
def test_stamps_are_read_as_numpy_reads_them(form, data):
    samples = st.sampled_from(form.samples) | st.sampled_from([s for other in BY_STAMP for s in other.samples])
    changed = st.tuples(samples, st.integers(0, 40), st.binary(max_size=3), st.integers(0, 3))
    cut = changed.map(lambda t: t[0][: t[1]] + t[2] + t[0][t[1] + t[3] :])
    text = b"\n".join(data.draw(st.lists(samples | cut | TEXT, max_size=6)))
    lines = in_numpy(lines_of, text)
    args = (lines.buffer, lines.view, lines.start, lines.stop)
    one, other = form.stamp.decode(*args), in_numpy(form.stamp.decode, *args)
    assert np.array_equal(one.valid, other.valid)
    good = one.valid
    assert same(
        (one.wall[good], one.offset[good], one.end[good]), (other.wall[good], other.offset[good], other.end[good])
    )


def test_a_piece_of_many_days_and_zones_is_read_too():
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=7 * k) for k in range(100)]
    text = b"".join(b"%s 07:08:09+%02d:%02d x\n" % (str(day).encode(), k % 14, k % 60) for k, day in enumerate(days))
    form = next(form for form in BY_STAMP if form.name == "stamped-iso-dash")
    lines = lines_of(text)
    args = (lines.buffer, lines.view, lines.start, lines.stop)
    one, other = form.stamp.decode(*args), in_numpy(form.stamp.decode, *args)
    assert one.valid.all()
    assert same((one.wall, one.offset, one.end), (other.wall, other.offset, other.end))


ZONES = (dt.UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns"), dt.timezone(dt.timedelta(hours=-9)))


@settings(deadline=None)  # each zone's changes are looked for once
@given(st.lists(INSTANTS, min_size=1, max_size=8), st.sampled_from(ZONES))
@example([0, 1_700_000_000_123_456_789, -1, UNKNOWN], dt.UTC)
@example([1_698_541_200_000_000_000, 1_698_541_199_000_000_000], ZoneInfo("Europe/Berlin"))
def test_instants_are_written_as_numpy_writes_them(times, zone):
    values = np.array(times, np.int64)
    display = Display(zone)
    digits = in_numpy(display.digits, 0, values)
    assert Display(zone).digits(0, values) == digits
    matrix = display.matrix(values, digits, b"<", b">\n")
    expected = b"".join(b"?" if t == UNKNOWN else bytes(row) for t, row in zip(times, matrix, strict=True))
    token = ("i", values, Display(zone).minutes(values), b"<", b">\n", b"?", digits)
    assert composed([(b"", len(times), (token,))]) == expected


@given(st.lists(st.integers(-3, (1 << 63) - 1), max_size=9))
def test_numbers_are_written_in_decimal(values):
    token = woven.number(np.array(values, np.int64), b"[", b"]", b"-")
    expected = "".join("" if v < -1 else "-" if v < 0 else f"[{v}]" for v in values)
    assert composed([(b"", len(values), (token,))]) == expected.encode()


@given(TEXT, st.data())
def test_spans_are_copied_and_their_bytes_replaced(text, data):
    place = st.integers(0, len(text))
    rows = data.draw(st.lists(st.tuples(place, place, st.booleans()), max_size=8))
    at, end, which = (np.array([row[k] for row in rows], kind) for k, kind in ((0, np.int64), (1, np.int64), (2, bool)))
    token = woven.span(at, end, b"none", ((b"\n", b"<LF>"), (b"a", b"")), which)

    def line(a, b, marked):
        piece = text[a:b]
        if not piece:
            return b"none"
        return piece.replace(b"\r\n", b"\n").replace(b"a", b"").replace(b"\n", b"<LF>") if marked else piece

    expected = [line(*row) + b"|" for row in rows]
    tokens = (token, woven.text(b"|"))
    assert composed([(text, len(rows), tokens)]) == b"".join(expected)
    order = np.array(data.draw(st.permutations(range(2 * len(rows)))), np.int64)
    both = [(text, len(rows), tokens), (text, len(rows), tokens)]
    assert composed(both, order) == b"".join([(expected * 2)[k] for k in order])


def column(*values):
    return np.array(values, np.int64)


def whole(at, end, text=b"0123456789"):
    return [(text, len(at), (woven.span(at, end),))]


@pytest.mark.parametrize(
    "call",
    [
        lambda: LIB.lines(b"abc", 4),
        lambda: LIB.lines(b"abc", -1),
        lambda: LIB.plain(b"abc", 0, 4),
        lambda: LIB.plain(b"abc", -1, 2),
        lambda: LIB.find_any(b"abc", column(0), column(4), b"x", column(0)),
        lambda: LIB.find_any(b"abc", column(-1), column(2), b"x", column(0)),
        lambda: LIB.find_any(b"abc", column(0), column(2, 3), b"x", column(0)),
        lambda: LIB.find_any(b"abc", column(0).astype(np.int32), column(2), b"x", column(0)),
        lambda: LIB.skip_spaces(b"   ", column(0), column(9), 9),
        lambda: LIB.skip_spaces(b"   ", column(-2), column(2), 9),
        lambda: LIB.numbers(b"0123456789", column(3), column(0), column(0)),
        lambda: LIB.numbers(b"0123456789", column(-1), column(0), column(0)),
        lambda: composed(whole(column(3), column(11))),
        lambda: composed(whole(column(-1), column(3))),
        lambda: composed(whole(column(1, 2), column(3))),
        lambda: composed(whole(column(1), column(3)), column(1)),
        lambda: composed(whole(column(1), column(3)), column(-1)),
        lambda: composed(whole(column(1), column(3)), column(0, 0)),
        lambda: composed([(b"", 1, (("n", column(), b"", b"", b""),))]),
        lambda: composed([(b"", 1, (("x", column(1)),))]),
        lambda: composed([(b"", -1, ())]),
        lambda: composed([(b"", 2, (("i", column(1, 2), column(1, 2, 3), b"", b"", b"", 0),))]),
    ],
)
def test_what_lies_outside_is_refused(call):
    with pytest.raises((IndexError, ValueError, MemoryError)):
        call()


def test_an_output_that_is_too_small_is_said_to_be():
    parts = whole(column(0), column(10))
    assert composed(parts, room=9) is None
    assert composed(parts, room=10) == b"0123456789"


def test_loops_of_an_older_source_are_not_used(monkeypatch):
    monkeypatch.delenv("LOGSLEUTH_NATIVE", raising=False)
    assert native._loaded() is native.lib
    monkeypatch.setitem(sys.modules, "logsleuth.native._native", SimpleNamespace(lines=LIB.lines))
    assert native._loaded() is None
