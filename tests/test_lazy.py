"""Patterns that are compiled late are the same patterns."""

import re

import pytest

from logsleuth.lazy import lazy_pattern


def test_a_late_pattern_does_what_a_compiled_one_does():
    late = lazy_pattern(r"(?P<day>\d\d)", re.ASCII)
    assert late.findall("01 02") == ["01", "02"]
    match = late.search("on 17")
    assert match is not None
    assert match["day"] == "17"
    assert late.pattern == r"(?P<day>\d\d)"
    assert lazy_pattern(rb"a+").sub(b"b", b"caat") == b"cbt"


def test_a_mistake_shows_when_it_is_used():
    late = lazy_pattern("(")
    with pytest.raises(re.error):
        late.search("x")
