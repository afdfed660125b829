"""Which lines findings rest on, and which are left for rules that speak only where no other does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from logsleuth.report import CONFIDENCE
from logsleuth.rules.match import Match
from logsleuth.signs.model import Fact

_NEAR = 3600 * 10**9
"""A finding about a program, or a likely one about its host, speaks for what is written so near to it."""
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
    told: dict[str, list[Match]] = field(default_factory=dict)
    """Findings of each host."""

    def add(self, matches: Iterable[Match]) -> None:
        """Take up findings; a symptom that nothing explains is no explanation of the lines beside it."""
        known = [m for m in matches if m.confidence != "ruled out"]
        self.lines |= used_lines(known)
        self.kinds |= used_kinds(known)
        for match in known:
            if match.rule.kind != "symptom":
                self.told.setdefault(match.fact.host, []).append(match)

    def latest(self, found: Iterable[Match]) -> list[Match]:
        """The latest few findings of a rule that is tried last, taken up; the lines of the others stay unexplained."""
        kept = sorted(found, key=lambda m: m.fact.lo)[-_MOST:]
        self.add(kept)
        return kept

    def left(self, fact: Fact) -> bool:
        """Whether nothing tells of a line yet."""
        if any((line.file, line.line) in self.lines for line in fact.lines) or mask(fact.text) in self.kinds:
            return False
        return not any(_speaks_for(match, fact) for match in self.told.get(fact.host, ()))


def _speaks_for(match: Match, fact: Fact) -> bool:
    told = match.fact
    near = _RESTART if match.rule.kind == "harmless" else _NEAR
    end = told.end.latest if told.end.latest is not None else told.hi
    if fact.timed and told.timed and not told.lo - near <= fact.lo <= end + near:
        return False
    if CONFIDENCE.index(match.confidence) >= CONFIDENCE.index("probable"):
        return True
    return bool(fact.program) and fact.program in {told.program, told.fields.get("program"), told.fields.get("unit")}
