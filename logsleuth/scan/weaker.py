"""Other spellings of a pattern: weaker ones that miss nothing in bytes, and texts as patterns."""

from __future__ import annotations

import re

from logsleuth.scan.core import core

_ONLY_REGEX = re.compile(r"[+*?}]\+|\(\?>|\(\?\||\\p\{|\(\?&|\(\?R")
"""Possessive repeats, atomic groups, branch resets, properties: spelled otherwise, or not at all, in hyperscan."""

TEXT = re.compile(r"(?:[^\\()\[\]{}.*+?^$|]|\\\W)*")
"""A regex that is a text."""
ANYTHING = "^."


def shortened(regex: str, *, beginning: bool = False) -> str:
    """What is left of a row without its dear ends.

    With its `beginning` only the last end is cut off: of a wide one a hit is told at each place where it may stop.
    """
    return regex if regex == ANYTHING or TEXT.fullmatch(regex) else core(regex, beginning=beginning)


def in_bytes(regex: str) -> str:
    """A pattern of which nothing is missed in bytes: letters beyond ASCII are letters, borders of words fall away.

    One that only the `regex` module understands is looked for on every line.
    """
    loose = re.sub(r"(?<!\\)\\b", "", regex)
    loose = re.sub(r"(?<!\\)(\[\^?)((?:[^\]\\]|\\.)*)\\w", r"\1\2\\w\\x80-\\xff", loose)
    loose = re.sub(r"(?<![\\f])\\w(?!\\x80)", r"[\\w\\x80-\\xff]", loose)
    try:
        re.compile(without_names(loose).encode("latin-1", "replace"))
    except re.error:
        return ANYTHING
    return ANYTHING if _ONLY_REGEX.search(loose) else loose


def escaped(text: str) -> str:
    """A text as a pattern."""
    return re.sub(r"([^\w ])", r"\\\1", text)


def without_names(regex: str) -> str:
    """Names of groups may stand twice in `regex`, but neither in hyperscan nor in `re`."""
    return regex if "(?P=" in regex else re.sub(r"\(\?P<\w+>", "(", regex)
