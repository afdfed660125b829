"""What is scanned for in place of a pattern is cheaper, and stands on every line that the pattern matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.scan.core import core
from logsleuth.scan.gates import gates


@pytest.mark.parametrize(
    ("regex", "cut"),
    [
        # Wide repeats at the begin and the end are cut off, blanks and choices beside them too.
        (r"\S+[ \t]+\d+%[ \t]+(?P<mount>/\S*) is full.*", r"%[ \t]+/\S* is full"),
        (r"(?P<disk>[\w.-]+|cd)[:,]? (?:- )?Media error\S*", " (?:- )?Media error"),
        # What begins with two letters is cheap already.
        (r"re\S+ went away", r"re\S+ went away"),
        # A part that stands in too many lines does not count.
        (r"\S+ no\S+", r"\S+ no\S+"),
        # The repeat between two telling parts stays.
        (r"\w+ lost .* carrier\s*", r" lost .* carrier"),
        # A choice, and what refers to a group, are left alone.
        (r"\S+ was lost|\S+ is gone", r"\S+ was lost|\S+ is gone"),
        (r"(?P<a>\S+) is not (?P=a)", r"(?P<a>\S+) is not (?P=a)"),
        # A class may hold what would end it or a group, and an escape what would begin one.
        (r"[^])|]+\(Permission denied", r"\(Permission denied"),
    ],
)
def test_cuts(regex: str, cut: str) -> None:
    assert core(regex) == cut


_ATOMS = st.sampled_from(
    [
        r"\S",
        r"\d",
        r"[a-c]",
        r"[^x]",
        ".",
        "a",
        "b",
        "abcd",
        "(?:ab|cd)",
        "(?P<n>bad )",
        "(?:a|)",
        r"\(",
        "(?i:ab)",
        "x y",
    ]
)
_REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,3}", "*?"])


@st.composite
def _regexes(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(_ATOMS, _REPEATS), min_size=1, max_size=8))
    text = "".join((atom if len(atom) < 4 or atom[0] == "(" else f"(?:{atom})") + repeat for atom, repeat in parts)
    # A name may stand only once.
    return text.replace("?P<n>", "?:")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_a_pattern_matches_holds_its_core(data: st.DataObject) -> None:
    regex = data.draw(_regexes())
    line = data.draw(st.from_regex(regex.replace(r"\S", "[a-z]").replace(".", "[a-z]").replace("[^x]", "[a-w]")))
    if re.search(regex, line):
        assert re.search(core(regex), line)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_a_pattern_matches_holds_a_gate(data: st.DataObject) -> None:
    regex = data.draw(_regexes())
    more = data.draw(st.lists(_regexes(), max_size=2))
    choice = "|".join([regex, *more])
    line = data.draw(st.from_regex(regex.replace(r"\S", "[a-z]").replace(".", "[a-z]").replace("[^x]", "[a-w]")))
    some = gates(choice)
    if some is not None and re.search(choice, line):
        assert any(re.search(gate, line) for gate in some)


@pytest.mark.parametrize(
    ("regex", "some"),
    [
        # A choice of rare words, wherever it stands.
        (r"(?:cannot|could not) (?P<what>\w+) .*", ("(?:cannot|could not) ",)),
        (r"\S+: (?:status|code) .*(?:unreachable|timed? out)", ("(?:unreachable|timed? out)",)),
        # Of a choice with wide repeats in it each form has its own.
        (r"\S+ .*(?:corrupt\w*|bad magic)", ("corrupt", "bad magic")),
        (r"\w+ lost (\S+)|gone \S+ away", (" lost ", "gone ")),
        # What may be missing at its end is cut off, and classes tell as much as letters.
        (r"(?:F\d{4} \d|panic).*\S", (r"(?:F\d{4} \d|panic)",)),
        (r"unreachable(?: host)?.*", ("unreachable",)),
        # Words that stand in every log, and patterns that are nothing but wide.
        (r"session opened for \S+", None),
        (r"\S+ \w+", None),
        (r"carrier \S+|\S+", None),
        ("^.", None),
    ],
)
def test_gates(regex: str, some: tuple[str, ...] | None) -> None:
    assert gates(regex) == some
