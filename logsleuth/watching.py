"""Logs that grow: a new report whenever something in them changed, of which only what is new is read.

Every look is that of `explain`, with what the looks before found kept in memory (see `cache`): files that rotate, are
packed, cut off or vanish are met as any other run would meet them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Literal

from logsleuth import home, pipeline
from logsleuth.cache import Memory
from logsleuth.clock.logs import Settings
from logsleuth.records import dataclass
from logsleuth.report import Incident, Report
from logsleuth.reported import make_report
from logsleuth.rules.model import RuleSet
from logsleuth.sources.walk import walk

_PAUSE = 0.25
"""Seconds between two looks at sizes and times at least; as many as the last look took of the processor at most."""


@dataclass(frozen=True, slots=True)
class News:
    """An incident that was not there at the last look, or that is another now."""

    event: Literal["new", "changed"]
    incident: Incident


@dataclass(slots=True)
class Watch:
    """What is watched, and what of it was told."""

    paths: Sequence[str]
    settings: Settings
    rules: RuleSet
    since: int | None = None
    """UTC nanoseconds: incidents that ended before are not told."""
    memory: Memory | None = None
    _told: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def reports(self) -> Iterator[Report]:
        """A report now, and after each change; never ends."""
        seen: object = None
        rest = _PAUSE
        while True:
            now = self._state()
            if now != seen:
                # The first look reads everything, which says nothing of the next.
                first, seen = seen is None, now
                begin = time.process_time()
                yield self._look()
                rest = _PAUSE if first else max(_PAUSE, time.process_time() - begin)
            time.sleep(rest)
            rest = _PAUSE

    def news(self, report: Report) -> list[News]:
        """What a report tells that the ones before did not."""
        out: list[News] = []
        for incident in report.incidents:
            names, said = _names(incident), _said(incident)
            before = [self._told[name] for name in names if name in self._told]
            self._told.update(dict.fromkeys(names, said))
            if not before or any(old != said for old in before):
                out.append(News("changed" if before else "new", incident))
        return out

    def _look(self) -> Report:
        settings = replace(self.settings, now=time.time_ns())
        logs = pipeline.open_paths(self.paths, settings, shelf=self.memory)
        # What other processes keep in their memory is lost with them: each look would read everything.
        logs.jobs = 1
        signs, found = pipeline.investigate(logs, self.rules)
        return make_report(logs, self.rules, signs, found, since=self.since, zone=str(settings.zone), novel=False)

    def _state(self) -> dict[str, tuple[int, ...]]:
        """Sizes and times of all files; nothing is opened."""
        out: dict[str, tuple[int, ...]] = {}
        for one in walk(list(self.paths), []):
            try:
                status = one.path.stat()
            except OSError:
                continue
            out[one.name] = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
        return out


def _names(incident: Incident) -> list[str]:
    """The same for an incident when more is known of it: its causes, each by rule, host and first line."""
    firsts = [(c, c.evidence[0] if c.evidence else None) for c in incident.causes]
    return [repr((c.rule, c.host, line and (line.time, line.text))) for c, line in firsts]


def _said(incident: Incident) -> tuple[object, ...]:
    """What makes an incident another one: its causes, and how sure they are."""
    return tuple(sorted((c.cause, c.host, c.confidence) for c in incident.causes))


def memory(formats: Sequence[Path] = ()) -> Memory:
    """What looks leave for the next one, over what earlier runs left."""
    below = home.shelf(formats)
    return Memory(below.program, below)
