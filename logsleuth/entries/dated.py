"""Stamps as they stand in a file to UTC: its years, its zone, the boots that it counts from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock import years
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries.reading import Reading
from logsleuth.formats.registry import table
from logsleuth.formats.split import Stamped
from logsleuth.formats.stamp import NO_ZONE


def to_utc(state: Reading, stamped: Stamped, heads: NDArray[np.int64], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """UTC of the stamps of some rows, whose lines begin at `start` in the piece."""
    pick = slice(None) if len(heads) == len(stamped.wall) else heads
    wall, offset, layout = stamped.wall[pick], stamped.offset[pick], stamped.layout[pick]
    alike = bool(len(layout)) and bool((layout == layout[0]).all())
    if alike and table("yearless")[layout[0]]:
        wall = _dated(state, wall, start, slice(None), layout)
    elif not alike and len(yearless := np.flatnonzero(table("yearless")[layout])):
        wall = wall.copy()
        wall[yearless] = _dated(state, wall, start, yearless, layout)
    relative = table("relative")[layout]
    zoned = offset != NO_ZONE
    if zoned.all() and len(zoned):
        utc: NDArray[np.int64] = wall - offset * SECOND
        return utc
    if alike and not relative[0] and not zoned.any():
        return state.log.offsets.to_utc(wall, state.fold)
    local = ~zoned & ~relative
    time: NDArray[np.int64] = wall - np.where(zoned, offset, 0) * SECOND
    time[local] = state.log.offsets.to_utc(wall[local], state.fold)
    if relative.any():
        time[relative] = _since_boots(state, wall[relative], start[relative])
    return time


def _since_boots(state: Reading, since: NDArray[np.int64], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """Stamps that count from the boot which their lines lie behind."""
    if not state.log.boots:
        return np.full(len(since), UNKNOWN, np.int64)
    offsets, instants = (np.array(column, np.int64) for column in zip(*state.log.boots, strict=True))
    begin = instants[np.maximum(np.searchsorted(offsets, state.base + start, side="right") - 1, 0)]
    return np.where(begin == UNKNOWN, UNKNOWN, np.where(begin == UNKNOWN, 0, begin) + since)


def _dated(
    state: Reading,
    wall: NDArray[np.int64],
    start: NDArray[np.int64],
    yearless: slice | NDArray[np.int64],
    layout: NDArray[np.int16],
) -> NDArray[np.int64]:
    """Stamps without a year, moved to theirs."""
    log, some = state.log, wall[yearless]
    if log.years is not None:
        return years.in_year(some, log.years.at(state.base + start[yearless]))
    # A few such lines in a file whose other stamps name the year: the one that puts them nearest to those.
    dated = np.flatnonzero((layout >= 0) & ~table("yearless")[layout] & ~table("relative")[layout])
    if len(dated) and not isinstance(yearless, slice):
        beside = wall[dated[np.maximum(np.searchsorted(dated, yearless) - 1, 0)]]
    else:
        state.guessed |= state.last_time == UNKNOWN
        beside = np.full(len(some), log.written if state.last_time == UNKNOWN else state.last_time, np.int64)
    return years.nearest(some, beside)
