r"""The dearest parts of a pattern cut off: what is left must stand on every line that the pattern matches.

A scanner pays for wide repeats (`\S*`, `[^:]+`, `.*`) at every byte of a log, for the texts between them hardly
anything.
"""

from __future__ import annotations

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_PIECE = re.compile(
    r"\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\."  # an escape
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a class
    r"|[^\\\[()|]",
    re.DOTALL,
)
_REFERS = re.compile(r"\(\?P=|\(\?\(|\\[1-9]")
"""To a group that might be cut off."""
_REPEAT = re.compile(r"(?:[*+?]|\{\d*,?\d*\})\??")
_NARROW = 20
"""Characters of a class that may repeat without limit inside a core: digits, blanks."""
_LEAST = 32
"""Bits that a part must tell to be looked for: what three letters tell stands in too many lines."""
_ANCHOR = 16
"""Bits of a beginning that is left in its place: two letters are cheap to look for, and rarer than what follows."""
_BITS = 8
_ONE_OR_NONE = {sre.AT, sre.ANY, sre.NOT_LITERAL, sre.ASSERT, sre.ASSERT_NOT}


def core(regex: str, *, beginning: bool = False) -> str:
    """A regex from its first (or its `beginning`) to its last telling part; itself where it has none."""
    parts = None if _REFERS.search(regex) else pieces(regex)
    if parts is None:
        return regex
    bits = [tells(piece) for piece in parts]
    first = _first(bits)
    last = max((k for k, (told, _) in enumerate(bits) if told >= _BITS), default=-1)
    return regex if first is None or last < first else "".join(parts[0 if beginning else first : last + 1])


def branches(regex: str) -> list[str]:
    """The forms of a choice, as they are spelled; a sequence alone is one."""
    out = []
    at = begin = 0
    while at < len(regex):
        if regex[at] == "|":
            out.append(regex[begin:at])
            at = begin = at + 1
            continue
        match = _PIECE.match(regex, at)
        end = closing(regex, at) if regex[at] == "(" else match.end() if match else None
        if end is None:
            return [regex]
        at = end
    return [*out, regex[begin:]]


def _first(told: list[tuple[float, bool]]) -> int | None:
    """Where to begin: at the first run of narrow elements that tells enough."""
    begin = 0
    while begin < len(told):
        end = begin
        while end < len(told) and not told[end][1]:
            end += 1
        here = sum(bits for bits, _ in told[begin:end])
        if here >= _LEAST or (not begin and here >= _ANCHOR):
            # Blanks and choices before the first letter tell nothing and cost.
            return next((k for k in range(begin, end) if told[k][0] >= _BITS), begin)
        begin = end + 1
    return None


def pieces(regex: str) -> list[str] | None:
    """The elements of a sequence as they are spelled, groups around one element taken off; None if it is a choice."""
    out: list[str] = []
    at = 0
    while at < len(regex):
        if regex[at] == "(":
            end = closing(regex, at)
            if end is None:
                return None
            repeat = _REPEAT.match(regex, end)
            inner = inside(regex[at:end]) if repeat is None else None
            inner_pieces = pieces(inner) if inner is not None else None
            if inner_pieces is not None:
                out += inner_pieces
                at = end
                continue
        elif regex[at] == "|":
            return None
        else:
            match = _PIECE.match(regex, at)
            if match is None:
                return None
            end = match.end()
        repeat = _REPEAT.match(regex, end)
        stop = repeat.end() if repeat else end
        out.append(regex[at:stop])
        at = stop
    return out


def inside(group: str) -> str | None:
    """What a plain group holds; None for look-around, flags and the like."""
    match = re.match(r"\((?:\?P<\w+>|\?:|(?!\?))", group)
    return group[match.end() : -1] if match else None


def closing(regex: str, at: int) -> int | None:
    """The end of the group that begins at `at`."""
    depth = 0
    while at < len(regex):
        if regex[at] == "(":
            depth, at = depth + 1, at + 1
        elif regex[at] == ")":
            depth, at = depth - 1, at + 1
            if not depth:
                return at
        elif regex[at] == "|":
            at += 1
        else:
            match = _PIECE.match(regex, at)
            if match is None:
                return None
            at = match.end()
    return None


def tells(piece: str) -> tuple[float, bool]:
    """Bits that an element tells of a line at the least, and whether it holds a wide repeat without limit."""
    try:
        tree = parser.parse(piece)
    except (re.error, RecursionError, OverflowError):
        return 0.0, True
    return bits_of(tree)


def bits_of(tree: Any) -> tuple[float, bool]:
    told = [_element(op, value) for op, value in tree]
    return sum(bits for bits, _ in told), any(wide for _, wide in told)


def _element(op: Any, value: Any) -> tuple[float, bool]:
    if op is sre.LITERAL:
        # One digit is as good as another to a scanner that sees them as zeros.
        return _BITS // 2 if chr(value).isdecimal() else _BITS, False
    if op is sre.IN:
        return max(0.0, _BITS - _width(value).bit_length()), False
    if op is sre.SUBPATTERN:
        return bits_of(value[-1])
    if op is sre.BRANCH:
        told = [bits_of(branch) for branch in value[1]]
        bits = min(bits for bits, _ in told) - len(told).bit_length()
        return max(0.0, bits), any(wide for _, wide in told)
    if op is sre.MAX_REPEAT or op is sre.MIN_REPEAT:
        low, high, body = value
        bits, wide = bits_of(body)
        return low * bits, wide or (high is sre.MAXREPEAT and bits < _BITS - _NARROW.bit_length())
    return 0.0, op not in _ONE_OR_NONE


def _width(members: Any) -> int:
    """How many characters a class has."""
    count = 0
    for op, value in members:
        if op is sre.NEGATE or (op is sre.CATEGORY and value not in {sre.CATEGORY_DIGIT, sre.CATEGORY_SPACE}):
            return 256
        if op is sre.RANGE:
            count += value[1] - value[0] + 1
        else:
            count += 10 if op is sre.CATEGORY else 1
    return count
