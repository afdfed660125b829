"""The lines that journalctl puts between two boots: somewhere between the entries around them the host began anew.

What it prints may be a part of the journal only (one unit's lines), so that no shutdown stands before one says nothing.
The journal's own files say it by each entry's boot id; their text here has the same lines (`sources.stores.journal`).
Written by systemd's `src/shared/logs-show.c`: `-- Boot ID --` from version 250 on, `-- Reboot --` before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch
from logsleuth.report import Bounds, Evidence
from logsleuth.signs.message import short_host
from logsleuth.signs.model import Fact

SEPARATOR = "journal.separator"
_LINE = re.compile(rb"\n(-- (?:Boot [0-9a-f]{32}|Reboot) --)(?=[\r\n]|\Z)")
_MARK = b"\n-- "
"""Seldom, and quickly seen not to be there."""
_SLOW = 180 * SECOND
"""A kernel's first lines may be stamped so much later than a unit's."""


class Separators:
    """Of one file after another, batch by batch in their order."""

    def __init__(self) -> None:
        self._open: tuple[int, Evidence, int] | None = None
        """Log, line and time of the entry before, of one that nothing follows yet."""

    def look(self, batch: Batch, log: Log) -> Iterator[Fact]:
        """A fact for each, at the time of the entry that follows it."""
        if log.format.kind != "syslog" or not len(batch):
            return
        if self._open is not None and self._open[0] == batch.log:
            yield from self._told(log, int(batch.time[0]))
        self._open = None
        done = -1
        data = bytes(batch.buffer.data)
        if _MARK not in data:
            return
        for match in _LINE.finditer(data):
            row = int(np.searchsorted(batch.start, match.start(1), side="right")) - 1
            if row <= done or int(batch.stop[row]) < match.end(1):
                continue
            done = row
            number = batch.line_at(row, match.start(1))[0]
            line = Evidence(log.name, number, match[1].decode(), None)
            self._open = batch.log, line, int(batch.time[row])
            if row + 1 < len(batch):
                yield from self._told(log, int(batch.time[row + 1]))

    def open_data(self) -> list[int | str] | None:
        """The separator that nothing follows yet, as JSON knows it."""
        if self._open is None:
            return None
        _, line, before = self._open
        return [line.line, line.text, before]

    def reopen(self, data: Sequence[Any] | None, log: Log) -> None:
        """The inverse, for the same file."""
        if data is not None:
            number, text, before = data
            self._open = log.index, Evidence(log.name, number, text, None), before

    def _told(self, log: Log, time: int) -> Iterator[Fact]:
        assert self._open is not None  # noqa: S101 - asked for only then
        index, line, before = self._open
        self._open = None
        if UNKNOWN in {time, before}:
            return
        since = {"since": Bounds(before, before)}
        yield Fact(SEPARATOR, time, time, short_host(log.host), {}, (line,), text=line.text, log=index, values=since)


def boots_between(separators: Sequence[Fact], boots: Collection[Fact]) -> list[Fact]:
    """Of one host's separators those that tell of a boot which nothing else shows, each boot once."""
    out: list[Fact] = []
    last = UNKNOWN
    for fact in sorted(separators, key=lambda f: f.lo):
        since = fact.values["since"].latest or UNKNOWN
        if since < last or any(since - SECOND <= boot.lo <= fact.lo + _SLOW for boot in boots):
            continue
        out.append(fact)
        last = fact.lo
    return out
