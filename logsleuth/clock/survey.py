"""A first look at every source: its format, its first and last stamp, and what tells its year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from logsleuth import sources
from logsleuth.clock import years
from logsleuth.clock.offsets import SECOND
from logsleuth.formats import PLAIN, RECORDS, Format
from logsleuth.formats.registry import ALL, table
from logsleuth.formats.split import decode, lines_of, recognize
from logsleuth.formats.stamp import NO_ZONE
from logsleuth.sources import Source

_HEAD = 256 << 10
_STRIDE = 1 << 20
_SAMPLE = 64 << 10
_SAMPLED_FROM = 8 << 20


@dataclass(slots=True)
class Survey:
    """What a first look found. Walls are nanoseconds as stamped, in the year 2000 where the stamp names no year."""

    source: Source
    format: Format
    share: float
    """Share of the first lines that the format reads."""
    head: bytes
    hosts: Counter[str]
    """Hosts that the first lines name."""
    first_wall: int | None = None
    """Of lines without a year."""
    last_wall: int | None = None
    turns: int = 0
    """New Years between the two."""
    turning: years.Turning = field(default_factory=years.Turning)
    marks: list[tuple[int, int, int]] = field(default_factory=list)
    """Of lines without a year, one a piece: where it begins in the unpacked file, its stamp, the New Years before."""
    last_dated: int | None = None
    """Of lines with a year: the last one, UTC where it names its zone, else as stamped."""
    build: int | None = None
    """A kernel's build date that a line names."""
    last_uptime: int | None = None
    """Of lines that count from the boot."""
    offsets: Counter[int] = field(default_factory=Counter)
    """Seconds east of UTC that stamps name."""


def survey(source: Source) -> Survey:
    """Look at a source; whole only where its year is to be found and it is small or packed."""
    head = sources.head(source, _HEAD)
    form, share = (RECORDS, 1.0) if source.store else recognize(head)
    result = Survey(source, form, share, head, _hosts(head, form))
    if form is PLAIN:
        return result
    if form.stamp.yearless or form.stamp.relative:
        pieces = _pieces(source)
    else:
        pieces = iter(((0, head), (0, sources.tail(source, _SAMPLE) if source.seekable else b"")))
    for offset, piece in pieces:
        _note(result, piece, offset)
    return result


def _pieces(source: Source) -> Iterator[tuple[int, bytes]]:
    """Whole lines, and where in the unpacked file they begin."""
    if not source.seekable or source.size <= _SAMPLED_FROM:
        rest, at = b"", 0
        for block in sources.blocks(source, []):
            piece = rest + block
            cut = piece.rfind(b"\n") + 1
            yield at, piece[:cut]
            rest = piece[cut:] if len(piece) - cut < _HEAD else b""
            at += len(piece) - len(rest)
        yield at, rest
        return
    # A New Year between two samples shows as a step back from one to the next.
    for start in (*range(0, source.size - _SAMPLE, _STRIDE), source.size - _SAMPLE):
        block = next(sources.blocks(source, [], _SAMPLE, start), b"")
        begin = block.find(b"\n") + 1 if start else 0
        # A line longer than the sample still shows its stamp.
        yield start + begin, block[begin : block.rfind(b"\n") + 1] or (b"" if start else block)


def _note(result: Survey, piece: bytes, offset: int) -> None:
    """Take up the stamps of one piece, which begins at `offset` and follows the ones before."""
    if not piece:
        return
    lines = lines_of(piece)
    stamped = decode(lines, result.format)
    yearless, relative = table("yearless")[stamped.layout], table("relative")[stamped.layout]
    dated = (stamped.layout >= 0) & ~yearless & ~relative
    wall = stamped.wall[yearless]
    if len(wall):
        turns = result.turning.advance(wall)
        row = int(np.flatnonzero(yearless)[0])
        result.marks.append((offset + int(lines.start[row]), int(wall[0]), result.turns + int(turns[0])))
        result.turns += int(turns[-1])
        result.first_wall = int(wall[0]) if result.first_wall is None else result.first_wall
        result.last_wall = int(wall[-1])
    if dated.any():
        offset = stamped.offset[dated][-1]
        result.last_dated = int(stamped.wall[dated][-1] - (offset if offset != NO_ZONE else 0) * SECOND)
    if dated.any():
        values, counts = np.unique(stamped.offset[dated], return_counts=True)
        result.offsets.update({int(v): int(c) for v, c in zip(values, counts, strict=True) if v != NO_ZONE})
    if relative.any():
        result.last_uptime = int(stamped.wall[relative][-1])
    build = years.kernel_build(piece)
    result.build = max(filter(None, (build, result.build)), default=None)


def _hosts(head: bytes, form: Format) -> Counter[str]:
    cut = head.rfind(b"\n") + 1
    lines = lines_of(head[:cut] or head)
    stamped = decode(lines, form)
    rows = np.flatnonzero(stamped.layout >= 0)[:2000]
    counter: Counter[str] = Counter()
    for kind in np.unique(stamped.layout[rows]):
        some = rows[stamped.layout[rows] == kind]
        columns = ALL[kind].body(lines.buffer, lines.view, stamped.end[some], lines.stop[some])
        data = lines.buffer.data
        for at, end in zip(columns.host_at.tolist(), columns.host_end.tolist(), strict=True):
            if end > at:
                counter[bytes(data[at:end]).decode("utf-8", "replace")] += 1
    return counter
