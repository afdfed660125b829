"""Where in a file to begin, so that what lies long before a window of time is not read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth import sources
from logsleuth.clock import years
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN, FoldState
from logsleuth.formats import PLAIN
from logsleuth.formats.registry import table
from logsleuth.formats.split import decode, lines_of
from logsleuth.formats.stamp import NO_ZONE
from logsleuth.records import dataclass

_SLACK = 3600 * SECOND
"""Writers whose lines differ by more than this in one file have had their clocks set: see `_ascends`."""
_FIRST_LINES = 2 << 10
_PROBE = 16 << 10
"""Bytes in which a line with a stamp is looked for: first the few that mostly do."""
_PLACES = 32
_NEAR = 128 << 10
"""Bytes that may be read in vain before the window begins."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the unpacked file at which a line with a stamp begins."""

    offset: int
    instant: int
    """UTC nanoseconds of that stamp."""
    line: int | None = None
    """Lines before it, where they were counted."""


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
    return _instant(log, sources.head(log.source, _PROBE))


def start_for(log: Log, since: int) -> Place | None:
    """A place before which all entries are older than `since`; None if the file is to be read from its start."""
    if log.source.size <= 2 * _NEAR:
        return None
    wanted = since - _SLACK - (0 if log.format.ordered else _SLACK)
    near = before(log, places(log), wanted)
    return near if near.offset else None


def back_from(log: Log, until: int, most: int) -> int | None:
    """The instant of a line about `most` bytes before those of `until`; None: the file is to be read from its start."""
    end = start_for(log, until)
    if end is None or end.offset <= most:
        return None
    begin = _probe(log, end.offset - most)
    return None if begin is None else begin.instant


def places(log: Log) -> list[Place]:
    """Places all over a file, in order and the file's first stamp first; empty if it cannot be entered in the middle.

    Those are packed files, records, files without stamps or with stamps that do not ascend.
    """
    if log.places is None:
        log.places = tuple((place.offset, place.instant) for place in _looked_for(log))
    return [Place(*place) for place in log.places]


def _looked_for(log: Log) -> list[Place]:
    source = log.source
    if not source.seekable or source.store or log.format is PLAIN or log.format.stamp.relative:
        return []
    begins = first_instant(log)
    if begins is None:
        return []
    found = [Place(0, begins), *(_marked(log) if log.format.stamp.yearless else _probed(log))]
    return found if _ascends(np.array([place.instant for place in found], np.int64)) else []


def before(log: Log, found: Sequence[Place], wanted: int) -> Place:
    """The last place known or found by bisection whose stamp is before `wanted`, near the first that is not.

    The file's start if there is none.
    """
    start = Place(0, UNKNOWN)
    at = max((k for k, place in enumerate(found) if place.instant < wanted), default=-1)
    if at < 0:
        return start
    low = found[at]
    high = found[at + 1].offset if at + 1 < len(found) else log.source.size
    while high - low.offset > _NEAR:
        middle = (low.offset + high) // 2
        place = _probe(log, middle)
        if place is None or place.offset >= high:
            break
        low, high = (place, high) if place.instant < wanted else (low, middle)
    return low


def last_before(log: Log, block: bytes, base: int, since: int) -> int | None:
    """Where the last line with a stamp begins in a block that begins at offset `base`, if it is well before `since`.

    None where it is not, or where there is doubt: then the block has to be read.
    """
    if log.source.store or log.format is PLAIN or log.format.stamp.relative:
        return None
    stop = block.rfind(b"\n") + 1
    begin = block.find(b"\n", max(0, stop - _PROBE)) + 1
    lines = lines_of(block[begin:stop])
    stamped = decode(lines, log.format)
    dated = np.flatnonzero(stamped.layout >= 0)
    if not len(dated) or _of_another_kind(log, int(stamped.layout[dated[-1]])):
        return None
    row = int(dated[-1])
    at = begin + int(lines.start[row])
    if at == 0 or block[at - 1 : at] != b"\n":
        return None
    instant = _utc(log, _in_year(log, int(stamped.wall[row]), base + at), int(stamped.offset[row]))
    return base + at if instant < since - _SLACK - (0 if log.format.ordered else _SLACK) else None


def lines_before(log: Log, offsets: Sequence[int]) -> list[int]:
    """Line feeds before some places in a seekable file, which ascend."""
    at = max((known for known in log.counted if offsets and known <= offsets[0]), default=0)
    counts, count = [], log.counted.get(at, 0)
    wanted = list(offsets)
    for block in sources.blocks(log.source, [], _BLOCK, at):
        text = np.frombuffer(block, np.uint8) == ord("\n")
        while wanted and wanted[0] <= at + len(block):
            counts.append(count + int(np.count_nonzero(text[: wanted.pop(0) - at])))
        if not wanted:
            break
        count += int(np.count_nonzero(text))
        at += len(block)
    log.counted.update(zip(offsets, counts, strict=False))
    return counts + [count] * len(wanted)


def _marked(log: Log) -> list[Place]:
    """From the samples of the first look, which found the New Years between them."""
    if not log.marks or log.years is None:
        return []
    offset, wall = (np.array(column, np.int64) for column in zip(*log.marks, strict=True))
    instants = log.offsets.to_utc(years.in_year(wall, log.years.at(offset)), FoldState())
    marked = map(Place, offset.tolist(), instants.tolist())
    return [place for place in marked if place.offset]


def _probed(log: Log) -> list[Place]:
    size = log.source.size
    count = min(_PLACES, size // _NEAR + 2)
    found = _probes(log, [size * k // count for k in range(1, count)])
    return [place for place in found if place is not None]


def _ascends(instants: years.Times) -> bool:
    """Samples in the order of the file: a clock that was set back by more than the slack shows as a step."""
    return bool((np.diff(instants) > -_SLACK).all())


def _probe(log: Log, offset: int) -> Place | None:
    """The first stamped line that begins after `offset`; None where none is near."""
    return _probes(log, [offset])[0]


def _probes(log: Log, offsets: Sequence[int]) -> list[Place | None]:
    """As `_probe`, of several places at once: the lines of all of them are decoded together."""
    found: dict[int, Place | None] = {}
    for size in (_FIRST_LINES, _PROBE):
        left = [offset for offset in offsets if offset not in found]
        if left:
            found |= _first_stamped(log, left, size)
    return [found.get(offset) for offset in offsets]


def _first_stamped(log: Log, offsets: Sequence[int], size: int) -> dict[int, Place | None]:
    """Within `size` bytes behind each offset; what is missing has no stamped line there, None is of another kind."""
    pieces, begins = [], []
    for offset in offsets:
        block = next(sources.blocks(log.source, [], size, offset), b"")
        begins.append(block.find(b"\n") + 1)
        pieces.append(block[begins[-1] : block.rfind(b"\n") + 1])
    ends = np.cumsum([len(piece) for piece in pieces])
    lines = lines_of(b"".join(pieces))
    stamped = decode(lines, log.format)
    dated = np.flatnonzero(stamped.layout >= 0)
    firsts = np.searchsorted(lines.start[dated], ends - [len(piece) for piece in pieces])
    out: dict[int, Place | None] = {}
    for offset, begin, piece, end, first in zip(offsets, begins, pieces, ends.tolist(), firsts.tolist(), strict=True):
        if first == len(dated) or lines.start[dated[first]] >= end:
            continue
        row = int(dated[first])
        out[offset] = None
        if not _of_another_kind(log, int(stamped.layout[row])):
            place = offset + begin + int(lines.start[row]) - (end - len(piece))
            wall = _in_year(log, int(stamped.wall[row]), place)
            out[offset] = Place(place, _utc(log, wall, int(stamped.offset[row])))
    return out


def _of_another_kind(log: Log, layout: int) -> bool:
    """A line in another format, whose stamps are to be read in another way."""
    return bool(table("relative")[layout]) or bool(table("yearless")[layout]) != log.format.stamp.yearless


def _in_year(log: Log, wall: int, place: int) -> int:
    """A stamp that stands at a place of the file, in its year if it names none."""
    if log.years is None or not log.format.stamp.yearless:
        return wall
    return years.wall_in(wall, int(log.years.at(np.array([place]))[0]))


def _instant(log: Log, head: bytes) -> int | None:
    lines = lines_of(head[: head.rfind(b"\n") + 1] or head)
    stamped = decode(lines, log.format)
    dated = np.flatnonzero(stamped.layout >= 0)
    if not len(dated) or log.format.stamp.relative:
        return None
    row = int(dated[0])
    if _of_another_kind(log, int(stamped.layout[row])):
        return None
    return _utc(log, _in_year(log, int(stamped.wall[row]), int(lines.start[row])), int(stamped.offset[row]))


def _utc(log: Log, wall: int, offset: int) -> int:
    if offset != NO_ZONE:
        return wall - offset * SECOND
    return int(log.offsets.to_utc(np.array([wall], np.int64), FoldState())[0])
