"""Which lines findings rest on, and which are left for rules that speak only where no other does."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import field

from logsleuth.records import dataclass
from logsleuth.report import CONFIDENCE
from logsleuth.rules.match import Match
from logsleuth.signs.model import Fact

_NEAR = 3600 * 10**9
"""A finding about a program speaks for what it writes so near to it."""
_DAY = 24 * _NEAR
"""A likely finding speaks for what its host writes so near to it."""
_RESTART = 300 * 10**9
"""What is written so near to an orderly restart are its own noises."""
_MOST = 3
_MASK = re.compile(
    r"0x[0-9a-fA-F]+|\b[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-fA-F]{8,}\b|\d+"
    r"|\"[^\"]*\"|'[^']*'|<[^>]*>|(?<=user )\S+|(?<=for )\S+(?= from)"
)
_LONGEST = 160


def mask(text: str) -> str:
    """A text with its variable parts replaced by `*`, so that equal kinds of lines look equal."""
    return _MASK.sub("*", text)[:_LONGEST]


def used_lines(matches: Iterable[Match]) -> set[tuple[str, int]]:
    """Every line that a match rests on, all members of its groups included."""
    out: set[tuple[str, int]] = set()
    for match in matches:
        facts = [f for f in match.env.values() if f is not None] + [r.fact for r in match.reasons if r.fact is not None]
        while facts:
            fact = facts.pop()
            out.update((line.file, line.line) for line in fact.lines)
            facts.extend(m for m in fact.members if m is not fact)
    return out


def used_kinds(matches: Iterable[Match]) -> set[str]:
    """The masked texts of the lines that matches rest on: a kind of line that is explained once is explained."""
    out: set[str] = set()
    for match in matches:
        facts = [f for f in match.env.values() if f is not None] + [r.fact for r in match.reasons if r.fact is not None]
        out.update(mask(m.text) for f in facts for m in (f, *f.members[:200]))
    return out


@dataclass(slots=True)
class Spare:
    """What findings leave over: lines that none of them rests on, and that none of them explains by the way."""

    lines: set[tuple[str, int]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    spoken: dict[tuple[str, str], Stretches] = field(default_factory=dict)
    """For a host, and a program of it or all (""), when findings speak for what is written."""

    def add(self, matches: Iterable[Match]) -> None:
        """Take up findings; a symptom that nothing explains is no explanation of the lines beside it."""
        known = [m for m in matches if m.confidence != "ruled out"]
        self.lines |= used_lines(known)
        self.kinds |= used_kinds(known)
        for match in known:
            if match.rule.kind == "symptom":
                continue
            told = match.fact
            likely = CONFIDENCE.index(match.confidence) >= CONFIDENCE.index("probable")
            near = _RESTART if match.rule.kind == "harmless" else _DAY if likely else _NEAR
            end = told.end.latest if told.end.latest is not None else told.hi
            names = {"": None} if likely else dict.fromkeys((told.program, *map(told.fields.get, ("program", "unit"))))
            for name in names:
                if name or likely:
                    stretches = self.spoken.setdefault((told.host, name or ""), Stretches())
                    stretches.add(told.lo - near if told.timed else None, end + near)

    def latest(self, found: Iterable[Match]) -> list[Match]:
        """The latest few findings of a rule that is tried last, taken up; the lines of the others stay unexplained."""
        kept = sorted(found, key=lambda m: m.fact.lo)[-_MOST:]
        self.add(kept)
        return kept

    def left(self, fact: Fact) -> bool:
        """Whether nothing tells of a line yet."""
        if any((line.file, line.line) in self.lines for line in fact.lines):
            return False
        at = fact.lo if fact.timed else None
        near = (self.spoken.get((fact.host, name)) for name in {"", fact.program})
        return not any(s is not None and s.hold(at) for s in near) and mask(fact.text) not in self.kinds


@dataclass(slots=True)
class Stretches:
    """Stretches of time that may overlap (UTC nanoseconds)."""

    _known: list[tuple[int, int]] = field(default_factory=list)
    _always: bool = False
    _merged: list[tuple[int, int]] | None = None

    def add(self, low: int | None, high: int) -> None:
        """One more; without a beginning its time is not known, and it may be any."""
        self._always = self._always or low is None
        if low is not None:
            self._known.append((low, high))
            self._merged = None

    def hold(self, at: int | None) -> bool:
        """Whether an instant may lie in one of them; None is an instant that is not known."""
        if self._always or at is None:
            return True
        if self._merged is None:
            self._merged = _merged(self._known)
        place = bisect_right(self._merged, (at, 1 << 64)) - 1
        return place >= 0 and at <= self._merged[place][1]


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for low, high in sorted(stretches):
        if out and low <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], high)
        else:
            out.append((low, high))
    return out
