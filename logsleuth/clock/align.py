"""The zone of a machine from lines that stand in two of its logs, one in UTC and one in local time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from logsleuth import sources
from logsleuth.clock.observed import Seen, zone_of
from logsleuth.clock.offsets import SECOND
from logsleuth.clock.survey import Survey
from logsleuth.clock.years import nearest
from logsleuth.formats.registry import ALL, table
from logsleuth.formats.split import decode, lines_of
from logsleuth.formats.stamp import NO_ZONE
from logsleuth.formats.vector import distinct
from logsleuth.lazy import lazy_pattern

_TAIL = 1 << 20
_LINES = 20_000
"""Of each file; rare lines are wanted, and a few of them are enough."""
_SHORTEST = 12
_QUARTER = 900
_APART = 3
"""Seconds between the two stamps of one line, beside the zone."""
_LEAST = 3
_FURTHEST = 14 * 3600
_PROCESS = lazy_pattern(rb'\bpid=(\d+)\b.*\bexe="[^"]*?([^"/]+)"')

Line = tuple[bytes, int]
"""What tells it from all others, and its stamp as it reads, in nanoseconds; in 2000 where it names no year."""


def aligned(mine: Sequence[Survey]) -> tuple[dt.tzinfo, str] | None:
    """The zone that several lines agree on, and how it is known; None where too few do."""
    if not any(seen.zones for seen in mine):
        return None
    local: dict[bytes, int | None] = {}
    names: dict[bytes, str] = {}
    yearless: set[bytes] = set()
    for seen in mine:
        if not _is_local(seen):
            continue
        for key, wall in _lines(seen, zoned=False):
            _keep(local, key, wall)
            names[key] = seen.source.name
            if seen.turns is not None:
                yearless.add(key)
    if not local:
        return None
    for seen in mine:
        if not seen.zones:
            continue
        dated: dict[bytes, int | None] = {}
        for key, utc in _lines(seen, zoned=True):
            _keep(dated, key, utc)
        found = _agreed([(key, wall, utc) for key, wall, utc in _shared(local, dated)], yearless)
        zone = zone_of(Seen(found)) if found else None
        if zone is not None:
            other = Counter(names[key] for key, *_ in _shared(local, dated)).most_common(1)[0][0]
            return zone, f"for {len(found)} lines stand both in {other} and, stamped in UTC, in {seen.source.name}"
    return None


def _keep(known: dict[bytes, int | None], key: bytes, when: int) -> None:
    """A line that comes again at another time tells nothing."""
    before = known.setdefault(key, when)
    if before is not None and abs(before - when) > _APART * SECOND:
        known[key] = None


def _is_local(seen: Survey) -> bool:
    return not seen.zones and not seen.format.stamp.relative and (seen.turns is not None or seen.last_dated is not None)


def _shared(local: dict[bytes, int | None], dated: dict[bytes, int | None]) -> list[tuple[bytes, int, int]]:
    out = []
    for key, utc in dated.items():
        wall = local.get(key)
        if utc is not None and wall is not None:
            out.append((key, wall, utc))
    return out


def _agreed(pairs: Sequence[tuple[bytes, int, int]], yearless: set[bytes]) -> list[tuple[int, int]]:
    """(UTC, seconds east of it) of the pairs whose stamps lie a zone apart; nothing where many do not."""
    seen: list[tuple[int, int]] = []
    for key, wall, utc in pairs:
        if key in yearless:
            wall = int(nearest(np.array([wall]), np.array([utc]))[0])  # noqa: PLW2901
        apart = (wall - utc) / SECOND
        whole = round(apart / _QUARTER) * _QUARTER
        if abs(apart - whole) <= _APART and abs(whole) <= _FURTHEST:
            seen.append((utc, whole))
    # Where summer time came or went there are two, each said by several.
    counts = Counter(offset for _, offset in seen)
    good = {offset for offset, count in counts.items() if count >= _LEAST}
    kept = sorted(row for row in seen if row[1] in good)
    return kept if len(kept) * 2 >= len(pairs) else []


def _lines(seen: Survey, *, zoned: bool) -> Iterator[Line]:
    """Lines near the file's end, or near its start where it is packed."""
    yield from _of_piece(seen, sources.tail(seen.source, _TAIL) or seen.head, zoned=zoned)


def _of_piece(seen: Survey, piece: bytes, *, zoned: bool) -> Iterator[Line]:
    lines = lines_of(piece[: piece.rfind(b"\n") + 1])
    if not len(lines.start):
        return
    stamped = decode(lines, seen.format)
    good = (stamped.layout >= 0) & ~table("relative")[stamped.layout] & ((stamped.offset != NO_ZONE) == zoned)
    rows = np.flatnonzero(good)[-_LINES:]
    data = lines.buffer.data
    processes: set[bytes] = set()
    for kind in distinct(stamped.layout[rows]):
        some = rows[stamped.layout[rows] == kind]
        form = ALL[kind]
        columns = form.body(lines.buffer, lines.view, stamped.end[some], lines.stop[some])
        utc = stamped.wall[some] - (stamped.offset[some] * SECOND if zoned else 0)
        named = zip(columns.program_at.tolist(), columns.program_end.tolist(), columns.pid.tolist(), strict=True)
        texts = zip(columns.text_at.tolist(), lines.stop[some].tolist(), utc.tolist(), strict=True)
        for (at, end, pid), (text, stop, when) in zip(named, texts, strict=True):
            line = bytes(data[text:stop])
            if len(line) >= _SHORTEST:
                yield line, when
            process = _PROCESS.search(line) if form.kind == "audit" else None
            name = b"%s[%s]" % (process[2], process[1]) if process else b""
            if pid >= 0 and end > at and form.kind != "audit":
                name = b"%s[%d]" % (bytes(data[at:end]), pid)
            if name and name not in processes:
                # A process is first heard of in both at the same moment.
                processes.add(name)
                yield name, when
