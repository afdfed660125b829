"""What the same process wrote right beside a finding's own lines: shown with them, as a person would read on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.report import Evidence, Finding, Incident
from logsleuth.rules.match import Match
from logsleuth.signs.model import Fact

_NEAR = 4
"""Lines before and after."""
_MOST = 6
"""Lines that one finding takes in."""
_LARGEST = 4 << 20
"""Bytes of a plain file that is looked at; in larger and packed ones the lines would have to be searched for."""


def with_context(told: Sequence[Incident], matches: dict[str, Match], logs: Sequence[Log]) -> list[Incident]:
    """The incidents, each finding with what its own processes wrote just before and after."""
    shelf = _Shelf(logs)
    return [
        replace(
            incident,
            causes=tuple(_extended(f, matches.get(f.id), shelf) for f in incident.causes),
            effects=tuple(_extended(f, matches.get(f.id), shelf) for f in incident.effects),
        )
        for incident in told
    ]


class _Shelf:
    """The lines of small plain files, read when they are first asked for."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self._logs = logs
        self._lines: dict[int, list[bytes]] = {}

    def lines(self, log: int) -> list[bytes]:
        """All lines of a file; none of a large or packed one."""
        if log not in self._lines:
            source = self._logs[log].source
            small = source.seekable and source.size <= _LARGEST
            data = b"".join(sources.blocks(source, [], _LARGEST)) if small else b""
            self._lines[log] = data.split(b"\n")
        return self._lines[log]


def _extended(found: Finding, match: Match | None, shelf: _Shelf) -> Finding:
    if match is None:
        return found
    own = {(line.file, line.line) for line in found.evidence}
    added: dict[tuple[str, int], Evidence] = {}
    for fact in match.env.values():
        if fact is not None and fact.log >= 0 and (fact.program or not fact.timed):
            for line in _beside(fact, shelf):
                if (line.file, line.line) not in own:
                    added.setdefault((line.file, line.line), line)
    kept = list(added.values())[:_MOST]
    return replace(found, evidence=(*found.evidence, *kept)) if kept else found


def _beside(fact: Fact, shelf: _Shelf) -> list[Evidence]:
    """Lines near a fact's first ones that bear the same program and process id; of a paste, simply the next ones."""
    lines = shelf.lines(fact.log)
    mark = f"{fact.program}[{fact.pid}]" if fact.pid >= 0 else f"{fact.program}:"
    out = []
    for shown in fact.lines[:2]:
        for number in range(max(1, shown.line - _NEAR), min(len(lines), shown.line + _NEAR) + 1):
            text = lines[number - 1].strip(b"\r\0").decode("utf-8", "replace")
            if text and (mark in text if fact.program else abs(number - shown.line) <= _NEAR // 2):
                out.append(Evidence(shown.file, number, text, None))
    return out
