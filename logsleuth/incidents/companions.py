"""Lines of trouble that no rule used but that stand right beside a finding's own: shown with it, not apart from it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from logsleuth.clock.offsets import SECOND
from logsleuth.report import Evidence, Finding, Incident
from logsleuth.rules.match import Match
from logsleuth.signs.model import Fact

_BESIDE = 6
"""Lines apart in one file."""
_AROUND = 60 * SECOND
_MOST = 8
"""Lines that one finding takes in; the kinds that differ come first."""


def with_companions(
    told: Sequence[Incident], matches: dict[str, Match], troubles: Sequence[Fact], used: set[tuple[str, int]]
) -> tuple[list[Incident], set[tuple[str, int]]]:
    """The incidents, each finding with the lines of trouble beside it; and those lines.

    Beside means: of the same program within a minute, or within a few lines of the same file and a minute.
    `matches` are by the id of their finding.
    """
    free = [f for f in troubles if not any((x.file, x.line) in used for x in f.lines)]
    index = _Index(free)
    taken: set[tuple[str, int]] = set()
    out = []
    for incident in told:
        causes = tuple(_extended(f, matches.get(f.id), index, taken) for f in incident.causes)
        effects = tuple(_extended(f, matches.get(f.id), index, taken) for f in incident.effects)
        out.append(replace(incident, causes=causes, effects=effects))
    return out, taken


class _Index:
    """Lines of trouble by file and by program."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.by_file: dict[str, list[Fact]] = defaultdict(list)
        self.by_program: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in facts:
            self.by_file[fact.lines[0].file].append(fact)
            if fact.timed and fact.program:
                self.by_program[fact.host, fact.program].append(fact)
        for group in self.by_file.values():
            group.sort(key=lambda f: f.line)
        for group in self.by_program.values():
            group.sort(key=lambda f: f.lo)

    def beside(self, line: Evidence) -> list[Fact]:
        """Within some lines of a line, and not much earlier or later."""
        group = self.by_file.get(line.file, [])
        low = bisect_left(group, line.line - _BESIDE, key=lambda f: f.line)
        high = bisect_right(group, line.line + _BESIDE, key=lambda f: f.line)
        return [f for f in group[low:high] if line.time is None or not f.timed or abs(f.lo - line.time) <= _AROUND]

    def around(self, host: str, program: str, time: int) -> list[Fact]:
        """Of one program, within a minute of an instant."""
        group = self.by_program.get((host, program), [])
        low = bisect_left(group, time - _AROUND, key=lambda f: f.lo)
        high = bisect_right(group, time + _AROUND, key=lambda f: f.lo)
        return group[low:high][:200]


def _extended(found: Finding, match: Match | None, index: _Index, taken: set[tuple[str, int]]) -> Finding:
    beside: dict[tuple[str, int], Fact] = {}
    own = {(line.file, line.line) for line in found.evidence}
    program = match.fact.program if match is not None else ""
    for line in found.evidence[:12]:
        near = index.beside(line)
        if program and line.time is not None:
            near += index.around(found.host, program, line.time)
        for fact in near:
            beside.setdefault((fact.lines[0].file, fact.line), fact)
    added: list[Evidence] = []
    kinds: set[str] = set()
    for place, fact in sorted(beside.items()):
        kind = "".join("0" if c.isdigit() else c for c in fact.text)[:80]
        if place in own:
            continue
        taken.add(place)
        if kind not in kinds and len(added) < _MOST:
            kinds.add(kind)
            added.append(fact.lines[0])
    return replace(found, evidence=(*found.evidence, *added)) if added else found
