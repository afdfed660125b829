"""Several streams to one timeline: in order, nothing lost or doubled, no more held than has to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch, Stream, merge
from logsleuth.entries.merge import SLACK
from logsleuth.formats.split import lines_of

NAMES = "abcdef"


def batch(log, keys, base):
    """Entries `a0`, `a1` ... of log `a` with keys in seconds."""
    lines = lines_of(b"".join(b"%s%d\n" % (NAMES[log].encode(), base + i) for i in range(len(keys))))
    key = np.array([UNKNOWN if k is None else k * SECOND for k in keys], np.int64)
    layout = np.zeros(len(keys), np.int16)
    return Batch(
        log, lines.buffer, lines.view, lines.start, lines.stop, lines.stop, lines.start, lines.number + base + 1, key,
        key, layout, None, len(keys),
    )  # fmt: skip


def stream(log, batches, *, ordered=True):
    bases = np.cumsum([0] + [len(keys) for keys in batches]).tolist()
    return Stream((batch(log, keys, base) for keys, base in zip(batches, bases, strict=False)), ordered=ordered)


def told(merged):
    """(key in seconds, name) of one stretch, in its order."""
    rows = [(piece.batch, int(row)) for piece in merged.pieces for row in piece.rows]
    order = range(len(rows)) if merged.order is None else merged.order.tolist()
    keys = [None if (k := int(b.key[r])) == UNKNOWN else k // SECOND for b, r in rows]
    return [(keys[i], rows[i][0].bytes_of(rows[i][1]).decode()) for i in order]


def timeline(*streams):
    return [row for merged in merge(streams) for row in told(merged)]


def names(rows):
    return " ".join(name for _, name in rows)


@pytest.mark.parametrize(
    ("streams", "expected"),
    [
        ([], ""),
        ([[]], ""),
        ([[[]], [[1]]], "b0"),
        ([[[1, 2], [], [3]]], "a0 a1 a2"),
        ([[[1, 4]], [[2, 3]]], "a0 b0 b1 a1"),
        ([[[1], [2], [9]], [[3], [4]]], "a0 a1 b0 b1 a2"),
        ([[[None, 5]], [[1, 6]]], "a0 b0 a1 b1"),
        # Equal keys: in the order of the streams, then of the file.
        ([[[5, 5]], [[5]], [[5, 5]]], "a0 a1 b0 c0 c1"),
        ([[[5], [5]], [[5], [5]]], "a0 a1 b0 b1"),
        ([[[5], [5, 6]], [[4, 5], [5, 7]]], "b0 a0 a1 b1 b2 a2 b3"),
    ],
)
def test_streams_are_interleaved_by_their_keys(streams, expected):
    assert names(timeline(*(stream(i, batches) for i, batches in enumerate(streams)))) == expected


def test_an_access_log_may_stand_out_of_order_within_the_slack():
    slack = SLACK // SECOND
    rows = timeline(stream(0, [[10, 500], [500 - slack, 501], [900]], ordered=False), stream(1, [[5, 300, 950]]))
    assert names(rows) == "b0 a0 a2 b1 a1 a3 a4 b2"


def test_times_unknown_stand_first_in_an_access_log_too():
    rows = timeline(stream(0, [[None], [7, 6]], ordered=False), stream(1, [[5]]))
    assert names(rows) == "a0 b0 a2 a1"


def cut(keys, sizes):
    out, at = [], 0
    for size in sizes:
        out.append(keys[at : at + size])
        at += size
    return [*out, keys[at:]]


KEYS = st.lists(st.integers(0, 30), max_size=25)
SIZES = st.lists(st.integers(0, 6), max_size=8)
ORDERED = st.tuples(KEYS.map(sorted), SIZES, st.just(True))
# Keys in steps of 40 s, each at most 300 s after a younger one.
LOOSE = st.tuples(
    st.lists(st.integers(0, 7), max_size=25).map(lambda late: [40 * (i + 7 - n) for i, n in enumerate(late)]),
    SIZES,
    st.just(False),
)
STREAMS = st.lists(ORDERED | LOOSE, max_size=5)


def made(cases):
    return [stream(i, cut(keys, sizes), ordered=ordered) for i, (keys, sizes, ordered) in enumerate(cases)]


@given(STREAMS)
def test_any_streams_merge_as_one_stable_sort_does(cases):
    rows = [(key, f"{NAMES[i]}{n}") for i, (keys, _, _) in enumerate(cases) for n, key in enumerate(keys)]
    assert timeline(*made(cases)) == sorted(rows, key=lambda row: row[0])


@given(st.lists(st.tuples(st.lists(st.integers(0, 5000), max_size=25), SIZES, st.just(False)), max_size=4))
def test_lines_further_out_of_order_than_the_slack_are_neither_lost_nor_doubled(cases):
    rows = timeline(*made(cases))
    assert sorted(name for _, name in rows) == sorted(
        f"{NAMES[i]}{n}" for i, c in enumerate(cases) for n in range(len(c[0]))
    )


@given(STREAMS)
def test_no_stream_holds_more_than_what_overlaps(cases):
    streams = made(cases)
    for _ in merge(streams):
        for each in streams:
            # The next batch is loaded when nothing of the last is left that may be told before it.
            *older, _newest = [int(pending.keys[-1]) for pending in each.pending] or [0]
            assert not (older and each.ordered)
            assert all(key >= max(older) - SLACK for key in older)


def test_a_long_stream_beside_a_short_one_is_never_held():
    streams = [stream(0, [[i] for i in range(500)]), stream(1, [[250], [10_000]]), stream(2, [])]
    held = max(sum(len(each.pending) for each in streams) for _ in merge(streams))
    assert held <= 3


@pytest.mark.parametrize("sizes", [[1], [1, 1, 1], [3], []])
def test_the_order_depends_on_no_batchs_size(sizes):
    whole = timeline(stream(0, [[1, 1, 2, 2]]), stream(1, [[1, 2, 2, 3]]))
    assert timeline(stream(0, cut([1, 1, 2, 2], sizes)), stream(1, cut([1, 2, 2, 3], sizes))) == whole
