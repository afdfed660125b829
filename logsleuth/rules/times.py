"""Comparing instants that are known within bounds: yes, no, or maybe."""

from __future__ import annotations

from enum import IntEnum

from logsleuth.clock.offsets import SECOND
from logsleuth.signs.model import Fact


class Answer(IntEnum):
    """How sure a comparison is."""

    NO = 0
    MAYBE = 1
    YES = 2


_FINE = 2 * SECOND
"""Bounds no wider than this are a stamp's own precision, not doubt."""
_OPEN = 1 << 62


def point(fact: Fact) -> tuple[int, int] | None:
    """Bounds of a fact's start; None where its time is unknown."""
    return (fact.lo, fact.hi) if fact.timed else None


def not_before(a: tuple[int, int], b: tuple[int, int]) -> Answer:
    """Whether a is at or after b."""
    if a[0] >= b[0] and a[1] >= b[1] and (a[0] >= b[1] or b[1] - b[0] <= _FINE):
        return Answer.YES
    if a[1] < b[0]:
        return Answer.NO
    if a[1] - a[0] <= _FINE and b[1] - b[0] <= _FINE:
        return Answer.YES
    return Answer.MAYBE


def contains(span: Fact, moment: tuple[int, int]) -> Answer:
    """Whether an uncertain moment lies in [start, end) of a span; its fade counts as maybe."""
    if not span.timed:
        return Answer.MAYBE
    end = span.end
    low = _OPEN if end.earliest is None else end.earliest
    high = _OPEN if end.latest is None else end.latest
    # A span ends before its closing line: one that closes in the very second of the moment was not open then.
    last = max(low if span.fade is None and high - low <= _FINE else high, span.fade or 0)
    if moment[1] < span.lo or moment[0] >= last:
        return Answer.NO
    inside = moment[0] >= span.lo and moment[1] < low
    # A span that a boot cut, and the stop that cut it, share their bounds.
    cut = span.outcome == "cut" and moment[0] >= span.lo and moment[1] <= high
    return Answer.YES if inside or cut else Answer.MAYBE


def during(fact: Fact, outer: Fact) -> Answer:
    """Whether a fact lies within the start and end of another."""
    if not fact.timed or not outer.timed:
        return Answer.MAYBE
    end = outer.end
    high = end.latest if end.latest is not None else _OPEN
    if fact.hi < outer.lo or fact.lo > high:
        return Answer.NO
    sure = fact.lo >= outer.hi - SECOND and fact.hi <= (end.earliest if end.earliest is not None else _OPEN) + SECOND
    return Answer.YES if sure else Answer.MAYBE


def weakest(*answers: Answer) -> Answer:
    """All of them together."""
    return min(answers)


def least(group: Fact, doubtful: set[int]) -> Answer:
    """A group fits as surely as the member of it that does so least."""
    # A span has members too, the lines it begins and ends with: it is itself what fits.
    own = group.members if group.members and id(group) not in doubtful else (group,)
    return Answer.MAYBE if doubtful and any(id(m) in doubtful for m in own) else Answer.YES
