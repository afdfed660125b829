"""Bytes to lines, whatever the bytes are."""

import re
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.formats import FORMATS, PLAIN
from logsleuth.formats.registry import ALL
from logsleuth.formats.split import decode, lines_of, recognize

SAMPLES = [sample for form in ALL for sample in form.samples]
PIECES = st.sampled_from(
    [b"\n", b"\r\n", b"\r", b"\0", b"\0\0\0", b" ", b"\xff\xfe", b"last message repeated 2 times", *SAMPLES]
)
CUT = st.sampled_from(SAMPLES).flatmap(lambda sample: st.integers(0, len(sample)).map(lambda n: sample[:n]))
CONTENT = st.binary(max_size=60) | st.lists(PIECES | CUT | st.binary(max_size=9), max_size=20).map(b"".join)
FEW = st.text("a\n\0\r ", max_size=14).map(str.encode)


def lines(content):
    """(number, text, torn) of every line."""
    got = lines_of(content)
    torn = got.torn.tolist() if got.torn is not None else [False] * len(got.start)
    rows = zip(got.number.tolist(), got.start.tolist(), got.stop.tolist(), torn, strict=True)
    return [(number, content[a:b], is_torn) for number, a, b, is_torn in rows]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n", [(0, b"", False)]),
        (b"a", [(0, b"a", False)]),
        (b"a\n", [(0, b"a", False)]),
        (b"a\nb", [(0, b"a", False), (1, b"b", False)]),
        (b"a\n\nb\n", [(0, b"a", False), (1, b"", False), (2, b"b", False)]),
        (b"a\r\nb\r\n", [(0, b"a", False), (1, b"b", False)]),
        (b"a\rb\r\r\n", [(0, b"a\rb\r", False)]),
        (b"\r\n\r", [(0, b"", False), (1, b"", False)]),
        (b"a\0\0b\n", [(0, b"a", False), (0, b"b", True)]),
        (b"a\n\0\0b\nc\n", [(0, b"a", False), (1, b"b", True), (2, b"c", False)]),
        (b"a\n\0\0\nb\n", [(0, b"a", False), (2, b"b", True)]),
        (b"a\r\0b\n", [(0, b"a", False), (0, b"b", True)]),
        (b"a\0\n\nb\n", [(0, b"a", False), (1, b"", True), (2, b"b", False)]),
        (b"\xef\xbb\xbfa\nb", [(0, b"a", False), (1, b"b", False)]),
        (b"\xef\xbb\xbf\n", [(0, b"", False)]),
        (b"\0\0\0", []),
        (b"\0a\0b\0", [(0, b"a", True), (0, b"b", True)]),
    ],
)
def test_a_line_ends_at_a_line_feed_or_a_run_of_nuls(content, expected):
    assert lines(content) == expected


@given(FEW | CONTENT)
def test_every_byte_lies_in_one_line_or_ends_one(content):
    got = lines_of(content)
    spans = list(zip(got.start.tolist(), got.stop.tolist(), strict=True))
    assert all(a <= b for a, b in spans)
    assert all(before <= after for (_, before), (after, _) in pairwise(spans))
    outside = [content[a:b] for (_, a), (b, _) in pairwise([(0, 0), *spans, (len(content), 0)])]
    assert all(re.fullmatch(rb"\r?(?:\n|\0+\r?)*\r?\n?|\r", gap) for gap in outside), outside
    assert not any(set(content[a:b]) & set(b"\n\0") for a, b in spans)


@given(FEW | CONTENT)
def test_a_line_is_numbered_by_the_line_feeds_before_it(content):
    got = lines_of(content)
    assert got.number.tolist() == [content.count(b"\n", 0, start) for start in got.start.tolist()]


@given(CONTENT.filter(lambda content: b"\0" not in content))
def test_without_nuls_there_are_as_many_lines_as_python_splits(content):
    expected = content.split(b"\n")
    expected = expected if expected[-1] else expected[:-1]
    assert [text for _, text, _ in lines(content)] == [line.removesuffix(b"\r") for line in expected]


@given(CONTENT)
def test_any_bytes_are_recognized(content):
    form, share = recognize(content)
    assert 0 <= share <= 1
    assert (form is PLAIN) == (share == 0)


@given(CONTENT, st.sampled_from(ALL), st.sampled_from(ALL))
def test_any_bytes_are_decoded_and_divided_by_any_format(content, primary, layout):
    got = lines_of(content)
    stamped = decode(got, primary)
    rows = np.flatnonzero(stamped.layout >= 0)
    # A stamp within the text leaves all of the line to its message.
    assert (stamped.end[rows] >= got.start[rows]).all()
    assert (stamped.end[rows] <= got.stop[rows]).all()
    columns = layout.body(got.buffer, got.view, stamped.end, got.stop)
    assert (columns.host_at <= columns.host_end).all()
    assert (columns.program_at <= columns.program_end).all()
    for column in (columns.host_end, columns.program_end, columns.text_at):
        assert (column <= got.stop).all()
    if columns.text_end is not None:
        assert (columns.text_at <= columns.text_end).all()
        assert (columns.text_end <= got.stop).all()
    for begin, end in columns.rest:
        assert ((begin <= end) & (end <= got.stop)).all()
    assert ((columns.severity >= -1) & (columns.severity <= 7)).all()
    assert (columns.pid >= -1).all()


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", b"\0", b"x", b"[", b"<", b"2", b"M"])
def test_next_to_nothing_is_plain_text(content):
    assert recognize(content) == (PLAIN, 0.0)


@pytest.mark.parametrize(
    "name",
    ["bsd-syslog", "iso-syslog", "apache-error", "access", "rfc5424", "kernel-ring", "json-lines", "docker-json",
     "journal-json", "logfmt", "cri", "klog", "compose", "aws-elb"],
)  # fmt: skip
def test_a_line_of_ten_megabytes_is_read_in_no_time(name):
    form = next(form for form in FORMATS if form.name == name)
    content = form.samples[0] + b'x "]:[' * (10_000_000 // 6) + b"\n" + form.samples[0] + b"\n"
    begin = time.process_time()
    got = lines_of(content)
    stamped = decode(got, form)
    form.body(got.buffer, got.view, stamped.end, got.stop)
    assert stamped.layout.tolist() == [ALL.index(form)] * 2
    # The scan for line ends takes 0.05 s; a loop in Python over the bytes would take more than 1 s.
    assert time.process_time() - begin < 0.8
