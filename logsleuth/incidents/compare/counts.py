"""How many lines of which kind stand in a window of one stream, and when: columns, but for one object a kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.entries import Batch, read
from logsleuth.entries.select import worded
from logsleuth.entries.shapes import shapes
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.formats import vector
from logsleuth.formats.model import Columns
from logsleuth.formats.vector import Words
from logsleuth.incidents.compare.spans import Pair, Span
from logsleuth.incidents.unexplained import TROUBLE
from logsleuth.records import dataclass
from logsleuth.report import Evidence
from logsleuth.rules.used import mask

MOST_LINES = 100_000
"""Entries of one stream in one window that are looked at, about: windows are narrowed until they fit."""
_MOST_AT_ALL = 2 * MOST_LINES
_BLOCK = 256 << 10
MOST_KINDS = 5_000
"""Kinds of one stream in one window."""
BOOT, STOP, REST = 0, 1, 2
"""Bins: the first minutes of boots, the last before orderly ends, and from there on the time between."""
BINS = 48
"""Of the longer window; the other one has as many of the same width as it takes."""
_LONGEST_TEXT = 2048
_UNSAID = 99
_ERROR = 3
_PROGRAM = np.uint64(0xD6E8FEB86659FD93)
_UPTIME = re.compile(r"^\[ *\d+\.\d+\] ?")

Key = tuple[str, str]
"""Program and text, both with their variable parts masked."""
Counts = NDArray[np.int64]


@dataclass(slots=True)
class Seen:
    """Lines of one kind in one window of one stream."""

    program: str
    text: str
    first: Evidence
    last: Evidence
    severity: int
    """Index in SEVERITIES of the worst line."""
    counts: Counts
    """By bin."""

    @property
    def total(self) -> int:
        return int(self.counts.sum())


@dataclass(slots=True)
class Window:
    """What one stream holds of a window."""

    span: Span
    """As far as it was looked at."""
    entries: int = 0
    cut: bool = False
    """There were more lines than are looked at."""
    crowded: bool = False
    """There were more kinds than are told apart."""
    kinds: dict[Key, Seen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bins:
    """The bins of one window."""

    span: Span
    width: int
    boots: Sequence[Span]
    stops: Sequence[Span]

    @property
    def number(self) -> int:
        return REST + max(1, -(-(self.span[1] - self.span[0] + 1) // self.width))

    def of(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        """The bin of each instant."""
        bins: NDArray[np.int64] = REST + (time - self.span[0]) // self.width
        for which, spans in ((STOP, self.stops), (BOOT, self.boots)):
            for low, high in spans:
                bins[(time >= low) & (time <= high)] = which
        return bins


def bins_of(pair: Pair) -> tuple[Bins, Bins]:
    """Of the window before and the one after, of one width."""
    longest = max(pair.before[1] - pair.before[0], pair.after[1] - pair.after[0])
    width = max(1, longest // BINS)
    return (
        Bins(pair.before, width, pair.boots[0], pair.stops[0]),
        Bins(pair.after, width, pair.boots[1], pair.stops[1]),
    )


def count(files: Sequence[Log], bins: Bins) -> Window:
    """Read a window of a stream."""
    low, high = bins.span
    out = Window(bins.span)
    by_index = {log.index: log for log in files}
    known: dict[int, Seen | None] = {}
    for batch in read(files, [], {}, _BLOCK, low):
        if len(batch) and int(batch.key[0]) > high:
            break
        rows = np.flatnonzero((batch.time >= low) & (batch.time <= high) & (batch.layout >= 0))
        if not len(rows):
            continue
        if out.entries >= _MOST_AT_ALL:
            out.span, out.cut = (low, int(batch.time[rows[0]])), True
            break
        out.entries += len(rows)
        _take(out, known, batch, by_index[batch.log], rows, bins)
    return out


def _take(
    out: Window, known: dict[int, Seen | None], batch: Batch, log: Log, rows: NDArray[np.int64], bins: Bins
) -> None:
    """Count some entries; nothing is made for the lines between the first and the last of a kind."""
    made, place = spelled(batch, rows, flat=True) if needs_spelling(batch, rows) else (batch, rows)
    columns = made.columns(place)
    stop = made.line_stop[place] if columns.text_end is None else columns.text_end
    number = _kinds(made, columns, stop)
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], number[order][1:] != number[order][:-1])))
    ends = np.append(starts[1:], len(order))
    severity = np.where(columns.severity < 0, _UNSAID, columns.severity)[order]
    worst = np.minimum.reduceat(severity, starts)
    bin_of, width = bins.of(batch.time[rows])[order], bins.number
    group = np.repeat(np.arange(len(starts)), ends - starts)
    counts = np.bincount(group * width + bin_of, minlength=len(starts) * width).reshape(len(starts), width)
    keys = number[order][starts].tolist()
    for n, (key, begin, end) in enumerate(zip(keys, starts.tolist(), ends.tolist(), strict=True)):
        one, last = int(order[begin]), int(order[end - 1])
        if key not in known:
            known[key] = _meet(out, made, columns, stop, one, _evidence(batch, log, int(rows[one])), log, width)
        seen = known[key]
        if seen is None:
            continue
        seen.counts += counts[n]
        seen.severity = min(seen.severity, int(worst[n]))
        if (batch.time[rows[last]], log.index) >= (seen.last.time or 0, -1):
            seen.last = _evidence(batch, log, int(rows[last]))


def _kinds(batch: Batch, columns: Columns, stop: NDArray[np.int64]) -> Words:
    """A number for program and shape of every line."""
    number = shapes(batch.buffer, batch.view, columns.text_at, stop)
    length = columns.program_end - columns.program_at
    for k in (0, 8):
        part = np.clip(length - k, 0, 8)
        at = np.where(part > 0, columns.program_at + k, 0)
        number = (number ^ (batch.view[at] & vector.KEEP[part])) * _PROGRAM
    return number


def _meet(
    out: Window,
    made: Batch,
    columns: Columns,
    stop: NDArray[np.int64],
    one: int,
    line: Evidence,
    log: Log,
    width: int,
) -> Seen | None:
    """The kind of a line whose shape was not met before; None where there are too many."""
    data = made.buffer.data
    at = int(columns.text_at[one])
    text = bytes(data[at : min(int(stop[one]), at + _LONGEST_TEXT)]).decode("utf-8", "replace")
    text = _UPTIME.sub("", text)
    name = bytes(data[int(columns.program_at[one]) : int(columns.program_end[one])]).decode("utf-8", "replace")
    program = name or log.format.program
    key = mask(program), mask(text)
    seen = out.kinds.get(key)
    if seen is None:
        if len(out.kinds) >= MOST_KINDS:
            out.crowded = True
            return None
        seen = out.kinds[key] = Seen(program, text, line, line, _UNSAID, np.zeros(width, np.int64))
    return seen


def severity_of(seen: Seen) -> int:
    """As the lines name it; where they do not, by their words."""
    if seen.severity != _UNSAID:
        return seen.severity
    told = worded(seen.text)
    return min(told, _ERROR) if told > _ERROR and _sounds_bad(seen.text) else told


def _sounds_bad(text: str) -> bool:
    if any(pattern.compiled.search(text) for pattern in TROUBLE.veto):
        return False
    return any(pattern.compiled.search(text) for pattern in TROUBLE.match)


def _evidence(batch: Batch, log: Log, row: int) -> Evidence:
    raw = bytes(batch.buffer.data[int(batch.start[row]) : int(batch.line_stop[row])]).decode("utf-8", "replace")
    return Evidence(log.name, int(batch.line[row]), raw, int(batch.time[row]))
