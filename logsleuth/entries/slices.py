"""A timeline cut into slices that can be read independently of each other, each entry in exactly one of them.

Large plain files are cut at the first entry that is not before a slice's beginning; so what a slice has to read of
them lies together. A file that cannot be cut (packed, small, of records) is read by every slice that it may have
entries for, which then takes its own by their times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import window
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import SLACK
from logsleuth.entries.read import BLOCK, batches
from logsleuth.entries.reading import Reading
from logsleuth.entries.tally import Tally
from logsleuth.entries.window import Place
from logsleuth.records import dataclass
from logsleuth.report import Skipped

SIZE, _LARGEST = 16 << 20, 64 << 20
"""Bytes of a slice, about: its output waits in memory until its turn comes, and each of its files costs a start."""
_EACH = 2
"""Slices for each process, so that none waits long for the last one."""
_MOST = 256
_CUTTABLE = 4 << 20
_UNPACKED = 10
"""A packed log is taken to be so many times as large as it is packed, and so is what records cost to read."""
_IN_VAIN = 0.1
"""Share of all bytes that slices may read without need."""
_JITTER = 600 * SECOND
"""Lines of one file's writers stand less than this out of order."""
_STEP = 256 << 10
_NIGHT = 4 * 3600 * SECOND
"""No cut lies so near to a change of a zone's offset, for which a reader has to know what came before."""


@dataclass(frozen=True, slots=True)
class Share:
    """What of a file a slice reads, and which of these entries are its own."""

    start: Place
    stop: int | None
    """Where reading ends; None for the file's end."""
    first: int | None = None
    """Entries before this offset are taken only if they are not before the slice; None: none is asked."""
    last: int | None = None
    """Entries from this offset on are taken only if they are before the slice's end."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The entries with keys in [low, high) (UTC nanoseconds; None: without bound), and where they are found."""

    low: int | None
    high: int | None
    shares: dict[int, Share]
    """By a log's index."""


def plan(logs: Sequence[Log], jobs: int, *, numbered: bool) -> list[Slice]:
    """Slices in the order of the timeline; a single one where cutting gains nothing or cannot be done safely."""
    if jobs < 2:
        return []
    cuttable: dict[int, list[Place]] = {}
    rest: list[Log] = []
    for log in logs:
        places = window.places(log) if log.source.size >= _CUTTABLE else []
        if places:
            cuttable[log.index] = places
        else:
            rest.append(log)
    by_index = {log.index: log for log in logs}
    total = sum(by_index[i].source.size for i in cuttable)
    spans = {log.index: _span(log, logs) for log in rest}
    repeated = sum(_cost(log) for log in rest if spans[log.index][1] is None)
    size = min(max(total // (_EACH * jobs), SIZE), _LARGEST)
    count = min(total // size, _MOST, int(_IN_VAIN * total / max(1, repeated)))
    if count < 2:
        return []
    cuts = []
    for instant in _instants(cuttable, by_index, count):
        if any(end is not None and begin <= instant + SLACK and instant <= end for begin, end in spans.values()):
            continue
        cut = {i: _cut(by_index[i], places, instant) for i, places in cuttable.items()}
        if all(edges is not None for edges in cut.values()) and _away_from_changes(logs, instant):
            cuts.append((instant, {i: edges for i, edges in cut.items() if edges is not None}))
    if numbered:
        _count_lines([by_index[i] for i in cuttable], cuts)
    return _slices(cuts, cuttable, rest, spans)


def read_share(part: Slice, log: Log, problems: list[Skipped], tally: Tally, block: int = BLOCK) -> Iterator[Batch]:
    """Batches of a slice's own entries of one file."""
    share = part.shares[log.index]
    state = Reading(log, problems, tally, base=share.start.offset)
    state.tally.lines = share.start.line or 0
    state.tally.numbered = share.start.line is not None
    state.tally.begun = share.start.offset
    for batch in batches(state, block, share.stop):
        if not len(batch):
            continue
        own = _own(part, share, batch)
        if own is None:
            yield batch
        elif own.any():
            yield batch.take(np.flatnonzero(own))
        elif log.format.ordered and part.high is not None and share.last == 0 and int(batch.key[0]) >= part.high:
            return


def _own(part: Slice, share: Share, batch: Batch) -> NDArray[np.bool_] | None:
    """Which entries are the slice's; None for all."""
    offset = batch.start + batch.base
    own = None
    if share.first is not None and part.low is not None and int(offset[0]) < share.first:
        own = (offset >= share.first) | (batch.key >= part.low)
    if share.last is not None and part.high is not None and int(offset[-1]) >= share.last:
        before = (offset < share.last) | (batch.key < part.high)
        own = before if own is None else own & before
    return own


def _cost(log: Log) -> int:
    return log.source.size * (1 if log.source.seekable and not log.source.store else _UNPACKED)


def _span(log: Log, logs: Sequence[Log]) -> tuple[int, int | None]:
    """First and last instant that a file can have entries at; the last is None where nothing bounds it."""
    begin = window.first_instant(log)
    if begin is None:
        return UNKNOWN, None
    later = [o for o in logs if o.source.stream == log.source.stream and o.source.rank > log.source.rank]
    if not later:
        return begin, None
    end = window.first_instant(min(later, key=lambda o: o.source.rank))
    return begin, None if end is None else end + SLACK


def _instants(cuttable: dict[int, list[Place]], by_index: dict[int, Log], count: int) -> list[int]:
    """Instants before which about k/count of the bytes of all files lie."""
    instants = {i: np.maximum.accumulate([p.instant for p in places]) for i, places in cuttable.items()}
    grid = np.unique(np.concatenate(list(instants.values())))
    bytes_before = np.zeros(len(grid))
    for i, places in cuttable.items():
        ends = [*(p.offset for p in places[1:]), by_index[i].source.size]
        bytes_before += np.interp(grid, instants[i], ends, left=0)
    wanted = bytes_before[-1] * np.arange(1, count) / count
    return sorted({int(t) // SECOND * SECOND for t in np.interp(wanted, bytes_before, grid)})


def _cut(log: Log, places: Sequence[Place], instant: int) -> tuple[Place, Place] | None:
    """Two places between which entries on both sides of an instant may stand; the same one twice in ordered files.

    None if the file cannot be cut near it.
    """
    near = window.before(log, places, instant - _JITTER)
    first = _first_at(log, near, instant)
    if first is None:
        return None
    if log.format.ordered:
        return first, first
    last = _first_at(log, near, instant + 2 * SLACK)
    return None if last is None else (near, last)


def _first_at(log: Log, near: Place, instant: int) -> Place | None:
    """The place of the first entry at an instant or later; None if none is met within some megabytes.

    None also behind a stamp from the future, which is told by the line after it alone.
    """
    state = Reading(log, [], base=near.offset)
    before = UNKNOWN
    for batch in batches(state, _STEP, near.offset + _CUTTABLE):
        if not len(batch):
            continue
        rows = np.flatnonzero(batch.key >= instant)
        if len(rows):
            row = int(rows[0])
            if log.format.ordered and (int(batch.time[row - 1]) if row else before) >= instant:
                return None
            return Place(int(batch.start[row]) + batch.base, int(batch.time[row]))
        before = int(batch.time[-1])
    return Place(log.source.size, instant) if near.offset + _CUTTABLE >= log.source.size else None


def _away_from_changes(logs: Sequence[Log], instant: int) -> bool:
    zones = {id(log.offsets): log.offsets for log in logs}.values()
    return all(zone.at(instant - _NIGHT) == zone.at(instant + _NIGHT) for zone in zones)


Cuts = list[tuple[int, dict[int, tuple[Place, Place]]]]


def _count_lines(logs: Sequence[Log], cuts: Cuts) -> None:
    for log in logs:
        wanted = sorted({place.offset for _, edges in cuts for place in edges[log.index]})
        lines = dict(zip(wanted, window.lines_before(log, wanted), strict=True))
        for _, edges in cuts:
            low, high = edges[log.index]
            edges[log.index] = (replace(low, line=lines[low.offset]), replace(high, line=lines[high.offset]))


def _offset(place: Place | None) -> int | None:
    return None if place is None else place.offset


def _slices(
    cuts: Cuts, cuttable: dict[int, list[Place]], rest: Sequence[Log], spans: dict[int, tuple[int, int | None]]
) -> list[Slice]:
    out = []
    for k in range(len(cuts) + 1):
        low, begin = cuts[k - 1] if k else (None, {})
        high, end = cuts[k] if k < len(cuts) else (None, {})
        shares = {}
        for i, places in cuttable.items():
            start, first = begin[i] if begin else (replace(places[0], line=0), None)
            last, stop = end[i] if end else (None, None)
            shares[i] = Share(start, _offset(stop), _offset(first), _offset(last))
        for log in rest:
            first_, last_ = spans[log.index]
            if (high is None or first_ < high + SLACK) and (low is None or last_ is None or last_ >= low):
                shares[log.index] = Share(Place(0, first_, 0), None, 1 << 62, 0)
        out.append(Slice(low, high, shares))
    return out if len(out) > 1 else []
