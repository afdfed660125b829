"""Where in a file to begin, so that what lies long before a window of time is not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from logsleuth import sources
from logsleuth.clock import years
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN, FoldState
from logsleuth.formats import PLAIN
from logsleuth.formats.registry import table
from logsleuth.formats.split import decode, lines_of
from logsleuth.formats.stamp import NO_ZONE

_SLACK = 3600 * SECOND
"""Writers whose lines differ by more than this in one file have had their clocks set: see `_ascends`."""
_PROBE = 16 << 10
_PLACES = 32
_NEAR = 1 << 20
"""Bytes that may be read in vain before the window begins."""


@dataclass(frozen=True, slots=True)
class Start:
    """A place in the unpacked file at which a line begins."""

    offset: int
    year: int
    """Of a stamp without one that stands there."""


def needed(members: Sequence[Log], since: int) -> list[Log]:
    """Of a stream's files, oldest first, those that can hold an entry at `since` or later.

    A file ends where the next one begins; all before the last one that begins early enough is passed over.
    """
    for index in range(len(members) - 1, 0, -1):
        begins = first_instant(members[index])
        if begins is not None and begins + _SLACK < since and members[index].format.ordered:
            return list(members[index:])
    return list(members)


def first_instant(log: Log) -> int | None:
    """UTC nanoseconds of the first stamp in a file's head; None where there is none."""
    return _instant(log, sources.head(log.source, _PROBE), log.year)


def start_for(log: Log, since: int) -> Start | None:
    """A place before which all entries are older than `since`; None if the file is to be read from its start."""
    source = log.source
    if not source.seekable or source.store or source.size <= 2 * _NEAR or log.format is PLAIN or log.booted:
        return None
    wanted = since - _SLACK - (0 if log.format.ordered else _SLACK)
    return _by_marks(log, wanted) if log.format.stamp.yearless else _by_halves(log, wanted)


def lines_before(log: Log, offset: int) -> int:
    """Line feeds before a place in a seekable file."""
    count, at = 0, 0
    for block in sources.blocks(log.source, [], _NEAR):
        part = np.frombuffer(block, np.uint8, min(len(block), offset - at))
        count += int(np.count_nonzero(part == ord("\n")))
        at += len(part)
        if at >= offset:
            break
    return count


def _by_marks(log: Log, wanted: int) -> Start | None:
    """From the samples of the first look, which counted the New Years between them."""
    if len(log.marks) < 2:
        return None
    offset, wall, turns = (np.array(column, np.int64) for column in zip(*log.marks, strict=True))
    instants = log.offsets.to_utc(years.in_year(wall, log.year + turns), FoldState())
    if not _ascends(instants):
        return None
    at = int(np.searchsorted(instants, wanted, side="left")) - 1
    return Start(int(offset[at]), int(log.year + turns[at])) if at > 0 else None


def _by_halves(log: Log, wanted: int) -> Start | None:
    """From a few places all over the file, which show whether its stamps ascend at all, and then by bisection."""
    size = log.source.size
    seen = [_probe(log, size * k // _PLACES) for k in range(1, _PLACES)]
    places = [(0, UNKNOWN), *(place for place in seen if place is not None)]
    if not _ascends(np.array([instant for _, instant in places[1:]], np.int64)):
        return None
    at = max(k for k, (_, instant) in enumerate(places) if instant < wanted)
    low, high = places[at][0], places[at + 1][0] if at + 1 < len(places) else size
    while high - low > _NEAR:
        middle = (low + high) // 2
        found = _probe(log, middle)
        if found is None:
            break
        low, high = (found[0], high) if found[1] < wanted else (low, middle)
    return Start(low, log.year) if low else None


def _ascends(instants: years.Times) -> bool:
    """Samples in the order of the file: a clock that was set back by more than the slack shows as a step."""
    return bool((np.diff(instants) > -_SLACK).all())


def _probe(log: Log, offset: int) -> tuple[int, int] | None:
    """Place and instant of the first stamped line that begins after `offset`; None where none is near."""
    block = next(sources.blocks(log.source, [], _PROBE, offset), b"")
    begin = block.find(b"\n") + 1
    lines = lines_of(block[begin : block.rfind(b"\n") + 1])
    stamped = decode(lines, log.format)
    dated = np.flatnonzero(stamped.layout >= 0)
    if not begin or not len(dated):
        return None
    row = int(dated[0])
    if table("yearless")[stamped.layout[row]] or table("relative")[stamped.layout[row]]:
        return None
    return offset + begin + int(lines.start[row]), _utc(log, int(stamped.wall[row]), int(stamped.offset[row]))


def _instant(log: Log, head: bytes, year: int) -> int | None:
    lines = lines_of(head[: head.rfind(b"\n") + 1] or head)
    stamped = decode(lines, log.format)
    dated = np.flatnonzero(stamped.layout >= 0)
    if not len(dated) or log.format.stamp.relative:
        return None
    row = int(dated[0])
    wall = int(stamped.wall[row])
    if log.format.stamp.yearless:
        wall = int(years.in_year(np.array([wall]), np.array([year]))[0])
    return _utc(log, wall, int(stamped.offset[row]))


def _utc(log: Log, wall: int, offset: int) -> int:
    if offset != NO_ZONE:
        return wall - offset * SECOND
    return int(log.offsets.to_utc(np.array([wall], np.int64), FoldState())[0])
