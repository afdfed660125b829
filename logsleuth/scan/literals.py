"""The texts one of which a line must hold for a pattern to match it: cheap to look for before the pattern itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 40
"""Alternatives of one pattern; more would hit too many lines."""
_FEW = 8
"""Texts of a set that are looked for on a line; longer sets cost more than they save."""
_SHORTEST = 4
"""A shorter text stands in too many lines."""
_BARE = 3
"""Without the punctuation around it a text has at least so many characters: `: 3: ` stands in many lines."""
_LONG = 8
"""A part of so many characters is rare enough to be looked for without the rest."""
_ASCII = 128
_WORDS = (
    "accepted address allow allowed auth backup boot client close closed cmd code command connect "
    "connected connection cron daemon data date detected device disk disconnect done down driver enabled "
    "established event exit exited file filesystem finished for from host init kernel lease level "
    "limit line link load loaded local lock locked log logged login mail mode module name new not open opened "
    "operation password path pid port power process query ready received reboot register registered reload remote "
    "request reset restart result root running script server service session set set to setting signal size ssh start "
    "started starting state status stop stopped stopping success successful successfully swap switch sync system "
    "the time unit unknown update updated user version warning zone /dev/ pid= uid= rip= lip= user= name="
)
_COMMON = frozenset(
    [
        *_WORDS.split(" "),
        *("on", "in", "at", "to", "of", "is", "was", "has", "and", "removed"),
        "set to",
        "does not exist",
        "doesn't exist",
        "is missing",
        "imap",
        "imap-login",
        "pop3",
        "pop3-login",
        "temperature",
        "disconnected",
        "options",
        "option",
        "dhcprequest",
        "link is",
        "link up",
        "nic link",
        "received disconnect from",
        "on line",
    ]
)
"""Words of ordinary lines: a pattern that needs only these is better looked for itself."""
_OFTEN = frozenset(
    [
        "error",
        "errors",
        "fail",
        "failed",
        "failure",
        "denied",
        "refused",
        "unexpected",
        "not found",
        "found",
        "defined",
        "exist",
        "exists",
        "no such file",
        "invalid",
        "unable",
        "cannot",
        "directory",
    ]
)
"""Words that whole logs are made of on a bad day, or that stand in the head of each line of some: others are better."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a pattern's matches must hold: of every set at least one text."""

    best: frozenset[str]
    """The set to look for."""
    sets: tuple[tuple[bytes, ...], ...]
    """All sets, for a look at a line that holds one of the best."""
    fold: bool
    common: bool
    """The best set stands in too many ordinary lines."""

    def held_by(self, line: bytes, lower: bytes) -> bool:
        """Whether a line holds a text of every set; `lower` is the line in lower case."""
        here = lower if self.fold else line
        for texts in self.sets:
            for text in texts:
                if text in here:
                    break
            else:
                return False
        return True


@cache
def needed(regex: str, *, ignore_case: bool = False) -> Texts | None:
    """The texts that a pattern needs; None where no good ones can be told."""
    try:
        tree = parser.parse(regex)
    except (re.error, RecursionError, OverflowError):
        return None
    fold = ignore_case or bool(tree.state.flags & re.IGNORECASE) or "(?i" in regex
    best = max((s for s in sets_of(tree) if len(s) <= _MOST), key=_worth, default=None)
    if best is None or min(len(t) for t in best) < _SHORTEST:
        return None
    useful = sorted((s for s in sets_of(tree, parts=False) if len(s) <= _FEW and min(len(t) for t in s) >= 3), key=len)[
        :3
    ]
    kept = tuple(tuple((t.lower() if fold else t).encode() for t in s) for s in useful)
    return Texts(best, kept, fold, _is_common(best))


def _is_frequent(texts: frozenset[str]) -> bool:
    return any(t.strip(" :,[]()'\"=").lower() in _OFTEN for t in texts)


def _is_common(texts: frozenset[str]) -> bool:
    return any(_letters(t) < _BARE or _in_common(t.strip(" :,[]()'\"=").lower()) for t in texts)


def _letters(text: str) -> int:
    """How long a text is to a scanner that sees all digits as zeros, without what stands around it."""
    return len(text.strip(" :,[]()'\"=0123456789.-"))


@cache
def _in_common(text: str) -> bool:
    """A part of a common word stands in as many lines as the word."""
    return any(text in word for word in _COMMON)


def sets_of(tree: Any, *, parts: bool = True) -> list[frozenset[str]]:
    """Sets of texts of a sequence, of each of which a match holds at least one.

    With the `parts` of longer texts: `quota exceeded` and `quota reached` will do for `(user|group) quota (...)`.
    """
    found: list[frozenset[str]] = []
    stretch: list[list[str]] = []
    for op, value in tree:
        exact = _exact(op, value)
        if exact is None:
            found += _joined(stretch, parts=parts)
            stretch = []
            inner = _inner(op, value)
            if inner is not None:
                found.append(inner)
        elif stretch and len(exact) == len(stretch[-1]) == 1:
            stretch[-1] = [stretch[-1][0] + exact[0]]
        else:
            stretch.append(exact)
    found += _joined(stretch, parts=parts)
    return [_least(s) for s in found if s and all(s)]


def _joined(stretch: list[list[str]], *, parts: bool) -> list[frozenset[str]]:
    """The texts of neighbouring elements, as long as they are few."""
    found = []
    begin = 0
    while begin < len(stretch):
        run = [""]
        end = begin
        while end < len(stretch) and len(run) * len(stretch[end]) <= _MOST:
            run = [a + b for a in run for b in stretch[end]]
            end += 1
            if parts and min(map(len, run)) >= _LONG:
                found.append(frozenset(run))
        found.append(frozenset(run))
        begin = begin + 1 if parts else max(end, begin + 1)
    return found


def _least(texts: frozenset[str]) -> frozenset[str]:
    """Those that hold no other of the set."""
    return frozenset(t for t in texts if not any(o in t for o in texts if o is not t)) if len(texts) > 1 else texts


def _best(tree: Any) -> frozenset[str] | None:
    """The best set of texts of a sequence: rare ones first, then where the shortest text is long."""
    return max(sets_of(tree), key=_worth, default=None)


def _worth(texts: frozenset[str]) -> tuple[bool, bool, bool, int, int]:
    shortest = min(len(t) for t in texts)
    return (
        shortest >= _SHORTEST,
        not _is_common(texts),
        not _is_frequent(texts),
        min(shortest, 12) * 4 - len(texts) // 2,
        shortest,
    )


def _exact(op: Any, value: Any) -> list[str] | None:  # noqa: PLR0911
    """All texts that an element can be, if they are few; None if it has too many."""
    if op is sre.LITERAL:
        return [chr(value)] if value < _ASCII else None
    if op is sre.AT:
        return [""]
    if op is sre.SUBPATTERN:
        return _product(value[-1])
    if op is sre.BRANCH:
        out: list[str] = []
        for branch in value[1]:
            texts = _product(branch)
            if texts is None or len(out) + len(texts) > _MOST:
                return None
            out.extend(texts)
        return out
    if op is sre.IN:
        singles = [v for o, v in value if o is sre.LITERAL]
        if len(singles) == len(value) and len(singles) <= 3 and all(v < _ASCII for v in singles):
            return [chr(v) for v in singles]
        return None
    if op is sre.MAX_REPEAT or op is sre.MIN_REPEAT:
        return _repeated(*value)
    if op is sre.ASSERT or op is sre.ASSERT_NOT:
        return [""]
    return None


def _repeated(low: int, high: int, body: Any) -> list[str] | None:
    texts = _product(body) if high == 1 or low == high <= 4 else None
    if texts is None:
        return None
    if high == 1 and len(texts) <= 4:
        return [*texts, *([""] if low == 0 else [])]
    return [t * low for t in texts] if low == high and len(texts) == 1 else None


def _product(tree: Any) -> list[str] | None:
    texts = [""]
    for op, value in tree:
        exact = _exact(op, value)
        if exact is None or len(texts) * len(exact) > _MOST:
            return None
        texts = [a + b for a in texts for b in exact]
    return texts


def _inner(op: Any, value: Any) -> frozenset[str] | None:
    """The best texts within an element that has too many forms to be spelled out."""
    if op is sre.SUBPATTERN:
        return _best(value[-1])
    if op is sre.BRANCH:
        sets = [_best(branch) for branch in value[1]]
        if any(s is None or not min(map(len, s)) for s in sets):
            return None
        return frozenset().union(*(s for s in sets if s is not None))
    if op is sre.MAX_REPEAT or op is sre.MIN_REPEAT or getattr(sre, "POSSESSIVE_REPEAT", None) is op:
        low, _, body = value
        return _best(body) if low >= 1 else None
    if getattr(sre, "ATOMIC_GROUP", None) is op:
        return _best(value)
    return None
