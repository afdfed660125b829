"""Lines that differ in their digits alone are looked at once, and nothing is missed by it."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth import native
from logsleuth.scan import kinds
from logsleuth.scan.kinds import Kinds, zeroed

LIB: Any = native.lib
PIECES = [
    *("ext4", "error ", "[1-9]", r"\d", "[^3]", "[^1-9]", "[5-8a-f]", "[^0-9]", r"[^\d.]", "x{2,3}", "7?", "(?:1|22)"),
    *(r"\x31", r"[\x32-\x34b]", r"[^\x35]", "[ -5]", "[6-b]", "[^ -5]", r"\062", r"\x41", r"(?P<n2>4)"),
    *("(?!5)", "(?<!6)", ".", "[.0]", "[ -~]", "a*"),
]
TEXTS = st.text("0123456789ax. et-r", max_size=24)
ZEROS = str.maketrans("123456789", "0" * 9)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5, unique=True).map("".join), TEXTS)
def test_what_a_pattern_matches_its_form_without_digits_matches_with_zeros(pattern, text):
    if re.search(pattern, text):
        assert re.search(zeroed(pattern), text.translate(ZEROS))


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        ("ext4-fs", "ext0-fs"),
        (r"code [1-9]\d*", r"code [0]\d*"),
        (r"a{2,5}b{3}", r"a{2,5}b{3}"),
        (r"(a)\x31\1", r"(a)\x30\1"),
        (r"\x41[\x35\x42]", r"\x41[0\x42]"),
        (r"(?P<a1>x)(?P=a1)(?(a1)2)", r"(?P<a1>x)(?P=a1)(?(a1)0)"),
        ("[^1-9]", r"[^\n]"),
        ("[^0-9:]", "[^0:]"),
        (r"rc(?!=0)", "rc"),
        ("no digits", "no digits"),
    ],
)
def test_digits_that_are_no_text_stay(pattern, form):
    assert zeroed(pattern) == form


class Words:
    """A scan for words that keeps what it was given."""

    def __init__(self, *words):
        self.words = [re.compile(zeroed(word).encode()) for word in words]
        self.seen = []

    def __call__(self, data):
        self.seen.append(data)
        hits = [(n, m.end() - 1) for n, word in enumerate(self.words) for m in word.finditer(data)]
        ids, ends = zip(*hits, strict=True) if hits else ((), ())
        return np.array(ids, np.int64), np.array(ends, np.int64)


def hits(found):
    return sorted(zip(*(a.tolist() for a in found), strict=True))


LINES = st.lists(
    st.sampled_from([b"", b"quiet 1", b"quiet 22", b"error 28", b"error 3 error 4", b"x" * 5000, b"x1" * 3000])
    | st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")),
    max_size=30,
).map(b"\n".join)


@pytest.fixture(params=[True, False], ids=["loops", "numpy"])
def way(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(native, "lib", None)
    elif native.lib is None:
        pytest.skip("there was no compiler at installation")


@pytest.mark.usefixtures("way")
@given(st.lists(LINES, max_size=4), st.sampled_from([4, 64, 1 << 16]))
def test_the_hits_are_those_of_a_scan_of_every_line(batches, slots):
    """With room for few kinds, too, and whatever was seen before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "_SLOTS", slots)
        patch.setattr(kinds, "_MOST", slots)
        known, every = Kinds(Words("error 28", "quiet", "x1")), Words("error 28", "quiet", "x1")
        for data in batches:
            assert hits(known.scan(data)) == hits(every(data.translate(kinds._TABLE)))
            assert hits(known.scan(memoryview(data))) == hits(every(data.translate(kinds._TABLE)))


@pytest.mark.skipif(native.lib is None, reason="there was no compiler at installation")
def test_one_line_of_each_kind_is_looked_at():
    scan = Words("error 28")
    known = Kinds(scan)
    data = b"cron[12]: run\ncron[97]: run\ncron[971]: run\nerror 28\nerror 29\n"
    assert hits(known.scan(data)) == [(0, 50), (0, 59)]
    assert hits(known.scan(data)) == [(0, 50), (0, 59)]
    assert scan.seen == [b"cron[00]: run\ncron[000]: run\nerror 00\n", b""]


@pytest.mark.skipif(native.lib is None, reason="there was no compiler at installation")
def test_after_a_scan_that_failed_nothing_is_taken_for_known():
    words = Words("error")
    failing = [True]

    def scan(data):
        if failing.pop() if failing else False:
            raise KeyboardInterrupt
        return words(data)

    known = Kinds(scan)
    with pytest.raises(KeyboardInterrupt):
        known.scan(b"error 1\n")
    assert hits(known.scan(b"error 2\n")) == [(0, 4)]


@pytest.mark.skipif(native.lib is None, reason="there was no compiler at installation")
@pytest.mark.parametrize(
    ("slots", "hashes", "seeds"), [(3, 3, 4), (0, 0, 4), (4, 8, 4), (4, 4, 2)], ids=["odd", "none", "unlike", "seed"]
)
def test_a_table_of_another_shape_is_refused(slots, hashes, seeds):
    with pytest.raises(ValueError, match=r"power of two|wrong length"):
        LIB.kinds(b"a\n", np.zeros(hashes, np.uint64), np.zeros(slots, np.uint8), np.zeros(seeds, np.uint64))


@pytest.mark.skipif(native.lib is None, reason="there was no compiler at installation")
def test_where_nearly_all_lines_are_new_kinds_blocks_are_scanned_whole_for_a_while(monkeypatch):
    monkeypatch.setattr(kinds, "_LARGE", 8)
    scan = Words("error 28")
    known = Kinds(scan)
    new = b"a\nb\nc\nerror 28\n"
    for _ in range(kinds._PAUSE + 2):
        assert hits(known.scan(new)) == [(0, 13)]
    assert [len(data) for data in scan.seen] == [len(new)] * (kinds._PAUSE + 1) + [0]
