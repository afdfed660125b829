"""Patterns that can take for ever: a repeated group that can read one text in several ways.

A backtracking matcher tries them all before it gives up, twice as many with every letter more. What is asked is the
textbook's question of exponential ambiguity: in the automaton of positions (Glushkov's, its arrows counted as often as
there are ways to go them), is there a loop that leads from a position back to it along two ways that read the same?
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_ALL = (1 << 258) - 1
"""A set of signs: a bit for each of the first 256, one for all other letters, and one for what else there is."""
_LETTERS, _SIGNS = 1 << 256, 1 << 257
_OTHER = _LETTERS | _SIGNS
_UNROLLED = 4
"""A counted repeat is looked at as if it had at most so many rounds."""
_MOST = 150
"""Positions of one group that are looked at; a larger group is left to the time limit."""
_ONE_WAY = {sre.ATOMIC_GROUP, sre.POSSESSIVE_REPEAT}


def ambiguous(pattern: str, *, ignore_case: bool = False) -> bool:
    """Whether some repeated group of a pattern can read one text in exponentially many ways.

    False for what is no pattern, or none that `re` knows: a matcher's time limit has to guard against that.
    """
    try:
        tree = parser.parse(re.sub(r"\(\?P<\w+>", "(", pattern) if "(?P=" not in pattern else pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    fold = ignore_case or bool(tree.state.flags & re.IGNORECASE)
    return any(_loops(body, fold) for body in _repeated(tree))


class _Part(NamedTuple):
    """Where a part of a pattern can begin and end, and in how many ways it can do so, or be empty (2: two or more)."""

    first: Counter[int]
    last: Counter[int]
    empty: int


def _nothing() -> _Part:
    return _Part(Counter(), Counter(), 1)


def _times(places: Counter[int], ways: int) -> Counter[int]:
    return Counter({place: min(2, n * ways) for place, n in places.items()}) if ways else Counter()


class _Positions:
    """The signs that a pattern can read, each a position, and which can follow which in how many ways."""

    def __init__(self, fold: bool) -> None:  # noqa: FBT001 - internal
        self.fold = fold
        self.signs: list[int] = []
        self.follow: dict[int, Counter[int]] = {}

    def sequence(self, tree: Any) -> _Part:
        out = _nothing()
        for op, value in tree:
            out = self._then(out, self._one(op, value))
        return out

    def join(self, last: Counter[int], first: Counter[int]) -> None:
        for a, ways in last.items():
            for b, more in first.items():
                # Two ways are as bad as more.
                self.follow[a][b] = min(2, self.follow[a][b] + ways * more)

    def _then(self, a: _Part, b: _Part) -> _Part:
        self.join(a.last, b.first)
        first, last = a.first + _times(b.first, a.empty), b.last + _times(a.last, b.empty)
        return _Part(first, last, min(2, a.empty * b.empty))

    def _one(self, op: Any, value: Any) -> _Part:
        signs = _signs(op, value, fold=self.fold)
        if signs is not None:
            return self._place(signs)
        if op is sre.SUBPATTERN:
            return self.sequence(value[-1])
        if op is sre.BRANCH:
            parts = [self.sequence(branch) for branch in value[1]]
            first: Counter[int] = sum((p.first for p in parts), Counter())
            last: Counter[int] = sum((p.last for p in parts), Counter())
            return _Part(first, last, min(2, sum(p.empty for p in parts)))
        if op is sre.MAX_REPEAT or op is sre.MIN_REPEAT:
            return self._repeat(*value)
        if op in _ONE_WAY:
            # What never gives a letter back is read in one way only, as if it were one sign.
            inner = _Positions(self.fold)
            part = inner.sequence(value if op is sre.ATOMIC_GROUP else value[2])
            signs = 0
            for more in inner.signs:
                signs |= more
            empty = int(part.empty > 0 or (op is sre.POSSESSIVE_REPEAT and value[0] == 0))
            return self._place(signs)._replace(empty=empty)
        return _nothing()  # a place, not a sign

    def _place(self, signs: int) -> _Part:
        here = len(self.signs)
        self.signs.append(signs)
        self.follow[here] = Counter()
        return _Part(Counter([here]), Counter([here]), 0)

    def _repeat(self, low: int, high: int, body: Any) -> _Part:
        if high is sre.MAXREPEAT:
            part = self.sequence(body)
            self.join(part.last, part.first)
            # A round that reads nothing ends the loop: it is no way of its own.
            return part._replace(empty=int(part.empty > 0 or low == 0))
        rounds = min(int(high), _UNROLLED)
        needed = min(low, rounds if low == high else rounds - 1)
        out = _nothing()
        for i in range(rounds):
            part = self.sequence(body)
            out = self._then(out, part._replace(empty=min(2, part.empty + (i >= needed))))
        return out


def _repeated(tree: Any) -> list[Any]:
    """The bodies of the outermost repeats without an end that repeat more than a sign."""
    out: list[Any] = []
    for op, value in tree:
        if (op is sre.MAX_REPEAT or op is sre.MIN_REPEAT) and value[1] is sre.MAXREPEAT:
            out.append(value[2])
        elif op is sre.MAX_REPEAT or op is sre.MIN_REPEAT:
            out.extend(_repeated(value[2]))
        elif op is sre.SUBPATTERN:
            out.extend(_repeated(value[-1]))
        elif op is sre.BRANCH:
            out.extend(body for branch in value[1] for body in _repeated(branch))
        elif op is sre.ASSERT or op is sre.ASSERT_NOT:
            out.extend(_repeated(value[1]))
    return out


def _loops(body: Any, fold: bool) -> bool:  # noqa: FBT001 - internal
    """Whether the endless repeat of a body leads from a position back to it along two ways that read the same."""
    positions = _Positions(fold)
    part = positions.sequence(body)
    if len(positions.signs) > _MOST:
        return False
    positions.join(part.last, part.first)
    return any(_two_ways(positions, start) for start in range(len(positions.signs)))


def _two_ways(positions: _Positions, start: int) -> bool:
    signs, follow = positions.signs, positions.follow
    seen: set[tuple[int, int, bool]] = set()
    todo = [(start, start, False)]
    while todo:
        one, other, parted = todo.pop()
        for a, ways in follow[one].items():
            for b in follow[other]:
                if not signs[a] & signs[b]:
                    continue
                step = (a, b, parted or a != b or (one == other and ways > 1))
                if step == (start, start, True):
                    return True
                if step not in seen:
                    seen.add(step)
                    todo.append(step)
    return False


def _signs(op: Any, value: Any, *, fold: bool) -> int | None:
    """The signs that an element reads; None for what is no single sign."""
    if op is sre.LITERAL:
        return _literal(value, fold=fold)
    if op is sre.NOT_LITERAL:
        return _ALL & ~_literal(value, fold=fold)
    if op is sre.ANY:
        return _ALL & ~(1 << 10)
    if op is sre.IN:
        return _class(value, fold=fold)
    return None


def _literal(value: int, *, fold: bool) -> int:
    forms = {chr(value).lower(), chr(value).upper()} if fold else {chr(value)}
    out = 0
    for sign in forms:
        code = ord(sign) if len(sign) == 1 else 256
        out |= 1 << code if code < 256 else _LETTERS if sign.isalnum() else _SIGNS
    return out


def _class(items: Any, *, fold: bool) -> int:
    out, negated = 0, False
    for op, value in items:
        if op is sre.NEGATE:
            negated = True
        elif op is sre.LITERAL:
            out |= _literal(value, fold=fold)
        elif op is sre.RANGE:
            low, high = value
            for code in range(low, min(high, 255) + 1):
                out |= _literal(code, fold=fold)
            out |= _OTHER if high > 255 else 0
        elif op is sre.CATEGORY:
            out |= _category(value)
    return _ALL & ~out if negated else out


@cache
def _category(value: Any) -> int:
    if value not in _CATEGORIES:
        return _ALL
    spelled, others = _CATEGORIES[value]
    return sum(1 << code for code in range(256) if re.match(spelled, chr(code))) | others


_CATEGORIES = {
    sre.CATEGORY_DIGIT: (r"\d", 0),
    sre.CATEGORY_NOT_DIGIT: (r"\D", _OTHER),
    sre.CATEGORY_SPACE: (r"\s", 0),
    sre.CATEGORY_NOT_SPACE: (r"\S", _OTHER),
    sre.CATEGORY_WORD: (r"\w", _LETTERS),
    sre.CATEGORY_NOT_WORD: (r"\W", _SIGNS),
}
