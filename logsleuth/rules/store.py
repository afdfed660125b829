"""Facts by type, by the value of a field, and by time: every join is an index look-up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.report import Evidence
from logsleuth.rules.model import Clause
from logsleuth.signs.model import Fact

_SLACK = 2 * SECOND
_FEW = 64
_OPEN = 1 << 62
_Bounds = tuple[NDArray[np.int64], NDArray[np.int64]]


class Store:
    """All facts of one run."""

    def __init__(self) -> None:
        self._by_type: dict[str, list[Fact]] = defaultdict(list)
        self._times: dict[str, list[int]] = {}
        self._wide: dict[str, list[Fact]] = defaultdict(list)
        """Facts whose bounds are wider than a stamp."""
        self._logs: dict[str, set[tuple[int, str]]] = {}
        self._bounds: dict[int, tuple[list[Fact], _Bounds]] = {}
        self._index: dict[tuple[str, str], dict[str, list[Fact]]] = {}
        self._groups: dict[tuple[int, ...], list[Fact]] = {}

    def copy(self) -> Store:
        """A store that holds the same facts and can go its own way."""
        other = Store()
        for name, facts in self._by_type.items():
            other._by_type[name] = list(facts)
        for name, facts in self._wide.items():
            other._wide[name] = list(facts)
        return other

    def add(self, facts: Iterable[Fact]) -> None:
        """Take up facts; those of a type that is indexed already are indexed anew."""
        touched = set()
        for fact in facts:
            self._by_type[fact.type].append(fact)
            touched.add(fact.type)
            if fact.timed and fact.hi - fact.lo > _SLACK:
                self._wide[fact.type].append(fact)
        for name in touched:
            self._by_type[name].sort(key=lambda f: (f.lo, f.log, f.line))
            self._times.pop(name, None)
            self._logs.pop(name, None)
            self._bounds.clear()
            for key in [k for k in self._index if k[0] == name]:
                del self._index[key]

    def all(self, name: str) -> list[Fact]:
        """Facts of a type by time; those at unknown times first."""
        return self._by_type.get(name, [])

    def equal(self, name: str, field: str, value: str) -> list[Fact]:
        """Facts of a type one of whose fields has a value, by time."""
        index = self._index.get((name, field))
        if index is None:
            index = defaultdict(list)
            for fact in self._by_type.get(name, ()):
                word = fact.word(field)
                if word is not None:
                    index[word].append(fact)
            self._index[name, field] = index
        return index.get(value, [])

    def between(self, name: str, facts: list[Fact], low: int | None, high: int | None) -> Sequence[Fact]:
        """The part of a list by time that can lie in a window; facts at unknown times are kept."""
        if not facts or (low is None and high is None):
            return facts
        if facts is self._by_type.get(name):
            times = self._times.get(name)
            if times is None:
                times = self._times[name] = [f.lo for f in facts]
        else:
            times = [f.lo for f in facts] if len(facts) < 64 else None
        # A fact whose start is uncertain can begin before its lower bound says the window does.
        start = (
            0
            if low is None
            else (bisect_left(times, low - _SLACK) if times is not None else bisect_left(facts, low - _SLACK, key=_lo))
        )
        stop = (
            len(facts)
            if high is None
            else (
                bisect_right(times, high + _SLACK) if times is not None else bisect_right(facts, high + _SLACK, key=_lo)
            )
        )
        if not start or low is None:
            return facts[:stop]
        undated = bisect_right(facts, UNKNOWN, hi=start, key=_lo)
        # Of these some may be in another list of the type: whoever asks looks at all of a clause.
        wide = [f for f in self._wide.get(name, ()) if f.lo < low - _SLACK <= f.hi]
        return [*facts[:undated], *wide, *facts[start:stop]]

    def spanning(self, facts: list[Fact], low: int, high: int) -> Sequence[Fact]:
        """The spans of a list by time that can contain a moment in [low, high]."""
        if len(facts) <= _FEW:
            return facts
        kept = self._bounds.get(id(facts))
        if kept is None:
            kept = self._bounds[id(facts)] = (facts, _bounds(facts))
        begins, ends = kept[1]
        return [facts[i] for i in np.flatnonzero((begins <= high + _SLACK) & (ends >= low - _SLACK)).tolist()]

    def logs(self, name: str) -> set[tuple[int, str]]:
        """Log and host of all facts of a type."""
        if name not in self._logs:
            self._logs[name] = {(f.log, f.host) for f in self._by_type.get(name, ()) if f.log >= 0}
        return self._logs[name]

    def groups(self, clause: Clause, facts: Sequence[Fact]) -> list[Fact]:
        """Facts that a clause's `by` takes together: equal fields, no pause longer than `gap`, enough of them."""
        # What fits a clause also depends on the host (and the life) of the first binding, of which the ends tell.
        here = (id(clause), len(facts), *((id(facts[0]), id(facts[-1])) if facts else ()))
        known = self._groups.get(here)
        if known is not None and not _depends(clause):
            return known
        running: dict[tuple[str, ...], list[Fact]] = {}
        out: list[list[Fact]] = []
        for fact in facts:
            # Where the host may be any, a group may be of several, and of one kind of line here and another there.
            lead = () if clause.any_host else (fact.host, fact.type)
            key = (*lead, *(fact.word(name) or "" for name in clause.by or ()))
            members = running.get(key)
            if members is None or (fact.timed and members[-1].timed and fact.lo - members[-1].hi > clause.gap):
                members = running[key] = []
                out.append(members)
            members.append(fact)
        made = [_group(m) for m in out if _enough(clause, m)]
        if not _depends(clause):
            self._groups[here] = made
        return made


def _lo(fact: Fact) -> int:
    return fact.lo


def _bounds(facts: Sequence[Fact]) -> _Bounds:
    begins = np.array([f.lo for f in facts], np.int64)
    last = [max(f.end.latest or _OPEN, f.fade or 0) if f.timed else _OPEN for f in facts]
    return begins, np.array(last, np.int64)


def _depends(clause: Clause) -> bool:
    """What a clause finds depends on earlier bindings."""
    return (
        clause.after is not None
        or clause.before is not None
        or clause.open_at is not None
        or bool(clause.during)
        or any(not isinstance(c.value, (str, float)) for c in clause.where)
    )


def _enough(clause: Clause, members: Sequence[Fact]) -> bool:
    if clause.count <= 1:
        return True
    if clause.distinct:
        return _differ(clause, members)
    # A line that syslogd says was repeated counts as often as it stood there.
    each = [m for m in members for _ in range(min(m.n, clause.count))]
    if clause.within is None:
        return len(each) >= clause.count
    for i in range(clause.count - 1, len(each)):
        first, last = each[i - clause.count + 1], each[i]
        if not first.timed or last.lo - first.lo <= clause.within:
            return True
    return False


def _differ(clause: Clause, members: Sequence[Fact]) -> bool:
    """Whether a field has as many different values as a clause counts, within the time that it gives."""
    last: dict[str, int] = {}
    for member in members:
        word = member.word(clause.distinct)
        if word is not None:
            last[word] = member.lo
            near = sum(clause.within is None or member.lo - t <= clause.within for t in last.values())
            if near >= clause.count:
                return True
    return False


def _group(members: Sequence[Fact]) -> Fact:
    if len(members) == 1:
        return members[0]
    return joined(members)


def joined(members: Sequence[Fact]) -> Fact:
    """One fact for many: the first one's fields, and some lines of each kind."""
    first = members[0]
    last = members[-1]
    fields = dict(first.fields)
    for member in members[1:50]:
        for name, value in member.fields.items():
            fields.setdefault(name, value)
    lines: dict[str, Evidence] = {}
    shown: list[Evidence] = []
    for member in (*members[:200], last):
        for line in member.lines:
            kind = _kind(member.text or line.text)
            if kind not in lines and len(shown) < 8:
                lines[kind] = line
                shown.append(line)
    if last.lines and last.lines[-1] not in shown:
        shown.append(last.lines[-1])
    group = Fact(
        first.type,
        first.lo,
        first.hi,
        first.host,
        fields,
        tuple(shown),
        first.program,
        first.pid,
        first.text,
        first.log,
        first.boot,
        n=sum(m.n for m in members),
        members=tuple(members),
    )
    if any(m.is_span for m in members):
        end = max(members, key=lambda m: m.end_lo or 0)
        group.end_lo, group.end_hi, group.outcome = end.end_lo, end.end_hi, end.outcome
        group.values = dict(first.values)
    return group


def _kind(text: str) -> str:
    """A text with its numbers masked."""
    return "".join("0" if c.isdigit() else c for c in text)
