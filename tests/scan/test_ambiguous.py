"""Which patterns can read one text in several ways, and so take for ever."""

import time

import pytest
import regex

from logsleuth.scan.ambiguous import ambiguous

ENDLESS = [
    r"(.*b?)+x",
    r"(\w+\s?)*x",
    r"((a+)b?)+x",
    r"(a|aa)+x",
    r"(ab|ab)*x",
    r"(a+)+x",
    r"x(?:[a-z]*)*y",
    r"(a*)*x",
    r"(a?b?)*x",
    r"(\d{1,3})+x",
    r"(\s*\S+)*x",
    r"a(?:(?P<n>x|[a-z])+,?)*!",
    r"(?i)(?:ab|AB)+x",
    r"(?=(a+)+x)",
]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_endless(pattern):
    assert ambiguous(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:a+)b+",
        r"(a+b)+",
        r"(?:a|b)*c",
        r"\(a+\)+",
        r"(?:x\+)+",
        r"(/[^/]+)+",
        r"(?:, \w+)*",
        r"([0-9a-f]{2}:)+",
        r"(?>a+)+x",
        r"(?:a++b?)*x",
        r"(a?)*x",
        r"(\s+\S+)*x",
        r"(\w+\W+)*x",
        r"(?:\S+ )*from",
        r"a+a+a+",
        r"(ab|a)c*",
        r"(?:",
        r"(?(?=a)b|c)",
    ],
)
def test_one_reading_or_no_pattern(pattern):
    assert not ambiguous(pattern)


def test_letters_in_either_case_are_one():
    assert ambiguous("(ab|AB)+x", ignore_case=True)
    assert not ambiguous("(ab|AB)+x")


def test_a_large_pattern_is_looked_at_soon():
    words = "|".join(f"word{n}" for n in range(2000))
    begin = time.process_time()
    ambiguous(rf"(?:{words})+ (?:\w{{1,90}}:)+x")
    assert time.process_time() - begin < 30  # where a walk over all readings would take days


def test_what_is_called_endless_is():
    """One tried, on a text that leaves it no way but to try all."""
    assert ambiguous(r"^(a|aa)+$")
    with pytest.raises(TimeoutError):
        regex.search(r"^(a|aa)+$", "a" * 60 + "!", timeout=0.2)
