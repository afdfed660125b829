"""A first look at every source: its format, its stamps, and what tells its year, zone and host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth import sources
from logsleuth.clock import hints, years
from logsleuth.clock.offsets import SECOND
from logsleuth.formats import PLAIN, RECORDS, Format
from logsleuth.formats.day_first import Settled, settled, twin
from logsleuth.formats.registry import ALL, table
from logsleuth.formats.split import Lines, Stamped, decode, lines_of, recognize
from logsleuth.formats.stamp import DAY, NO_ZONE
from logsleuth.formats.vector import distinct
from logsleuth.records import dataclass
from logsleuth.sources import Source

HEAD = 256 << 10
"""First bytes that are always looked at."""
_STRIDE = 1 << 20
_SAMPLE = 64 << 10
_SAMPLED_FROM = 8 << 20
_RESTART = 10 * SECOND
"""The processors of one machine stamp their messages in another order by less than this."""
_MOST_REFINED = 64
"""Places between two samples that are looked at whole; more there are only where stamps are no order at all."""


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
    steps: years.Steps = field(default_factory=years.Steps)
    """Of lines without a year."""
    turns: years.Turns | None = None
    """New Years among them; None where every stamp names its year."""
    hints: hints.Hints = field(default_factory=hints.Hints)
    marks: list[tuple[int, int]] = field(default_factory=list)
    """Of lines without a year, one a piece: where in the unpacked file it begins, and its stamp."""
    last_dated: int | None = None
    """Of lines with a year: the last one, UTC where it names its zone, else as stamped."""
    build: int | None = None
    """A kernel's build date that a line names."""
    last_uptime: int | None = None
    """Of lines that count from the boot."""
    restarts: int = 0
    """How often those began to count anew."""
    zoneless: bool = False
    """Stamps that name their year name no zone, some at least."""
    zones: list[tuple[int, int]] = field(default_factory=list)
    """(UTC nanoseconds, seconds east of UTC that a stamp names): the first and last of each run of equal ones."""

    @property
    def first_wall(self) -> int | None:
        """Of lines without a year."""
        return self.steps.first

    @property
    def offsets(self) -> set[int]:
        """Seconds east of UTC that stamps name."""
        return {offset for _, offset in self.zones}


def survey(source: Source) -> Survey:
    """Look at a source; whole only where its year is to be found and it is small or packed."""
    head = sources.head(source, HEAD)
    form, share = (RECORDS, 1.0) if source.store else recognize(head)
    form = ordered(source, form, head).format
    result = Survey(source, form, share, head, _hosts(head, form))
    if form is PLAIN:
        return result
    sampled = source.seekable and source.size > _SAMPLED_FROM
    whole = form.stamp.yearless or form.stamp.relative
    if not whole:
        _look(result, head, 0)
        if source.seekable and source.size > len(head):
            at = source.size - min(_SAMPLE, source.size - len(head))
            _look(result, sources.tail(source, source.size - at), at)
        # A file that changes its layout is looked at as one whose stamps never name the year.
        whole = result.first_wall is not None
        result = Survey(source, form, share, head, result.hosts) if whole else result
    if whole and not sampled:
        for base, piece in _pieces(source):
            _look(result, piece, base)
    elif whole:
        _sample(result)
    return turned(result)


def ordered(source: Source, form: Format, head: bytes) -> Settled:
    """The file's format, with day and month in the order that its last lines and its last change bear out."""
    if twin(form) is None:
        return Settled(form, sure=True)
    later = b""
    if source.seekable and source.size > len(head):
        later = sources.tail(source, min(_SAMPLE, source.size - len(head))).partition(b"\n")[2]
    return settled(form, head[: head.rfind(b"\n") + 1] or head, later, source.mtime)


def turned(result: Survey) -> Survey:
    """The same, with the New Years that its steps come to."""
    if result.first_wall is not None:
        found = years.turns(result.steps)
        result.turns = years.corrected(found, result.steps, result.hints.firsts(found.years))
    return result


def _pieces(source: Source) -> Iterator[tuple[int, bytes]]:
    """Whole lines and where they begin in the unpacked file."""
    rest, base = b"", 0
    for block in sources.blocks(source, []):
        piece = rest + block
        cut = piece.rfind(b"\n") + 1
        yield base, piece[:cut]
        # A line longer than the head still shows its stamp there.
        kept = piece[cut:] if len(piece) - cut < HEAD else b""
        base += len(piece) - len(kept)
        rest = kept
    yield base, rest


def _sample(result: Survey) -> None:
    """Samples at regular places; where the stamps of two lie far apart, everything between them too."""
    source, refined, end = result.source, 0, 0
    for start in (*range(0, source.size - _SAMPLE, _STRIDE), source.size - _SAMPLE):
        begin, piece = _lines_at(source, start, _SAMPLE)
        if not piece or begin < end:
            continue
        lines = lines_of(piece)
        stamped = decode(lines, result.format)
        stop = begin + len(piece)
        if refined < _MOST_REFINED and end and _far(result, lines, stamped):
            # A New Year lies between; which line is its first is needed.
            refined += 1
            begin, piece = end, _from(source, end, stop)
            lines = lines_of(piece)
            stamped = decode(lines, result.format)
        _note(result, piece, begin, lines, stamped, _SAMPLE // 16)
        end = stop


def _lines_at(source: Source, start: int, size: int) -> tuple[int, bytes]:
    block = next(sources.blocks(source, [], size, start), b"")[:size]
    begin = block.find(b"\n") + 1 if start else 0
    # A line longer than the sample still shows its stamp.
    piece = block[begin : block.rfind(b"\n") + 1] or (b"" if start else block)
    return start + begin, piece


def _from(source: Source, start: int, stop: int) -> bytes:
    out, size = [], 0
    for block in sources.blocks(source, [], min(stop - start, 4 << 20), start):
        out.append(block[: stop - start - size])
        size += len(out[-1])
        if size >= stop - start:
            break
    return b"".join(out)


def _far(result: Survey, lines: Lines, stamped: Stamped) -> bool:
    """A step back, or far ahead, from the stamps so far to the first of a sample."""
    last = result.steps.last
    if last is None:
        return False
    _, wall = _yearless(lines, stamped)
    return bool(len(wall)) and not -DAY < int(wall[0]) - last < 30 * DAY


def _yearless(lines: Lines, stamped: Stamped) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.flatnonzero(table("yearless")[stamped.layout])
    return lines.start[rows], stamped.wall[rows]


def _look(result: Survey, piece: bytes, base: int) -> None:
    if piece:
        lines = lines_of(piece)
        _note(result, piece, base, lines, decode(lines, result.format), HEAD)


def _note(result: Survey, piece: bytes, base: int, lines: Lines, stamped: Stamped, dates: int) -> None:
    """Take up the stamps of one piece, which follows the ones before and begins at offset `base` of the file.

    Dates in texts are looked for in its first bytes, as many as `dates` says.
    """
    relative = table("relative")[stamped.layout]
    dated = np.flatnonzero((stamped.layout >= 0) & ~table("yearless")[stamped.layout] & ~relative)
    start, wall = _yearless(lines, stamped)
    headings = np.flatnonzero(table("dates")[stamped.layout])
    if len(headings):
        start, wall = _with_headings(result, base, lines, stamped, headings)
    if len(wall):
        result.steps.add(wall, start + base)
        result.marks.append((base + int(start[0]), int(wall[0])))
        result.hints.look(piece, base, start, wall, dates)
    if len(dated):
        _note_dated(result, stamped.wall[dated], stamped.offset[dated])
        others = dated[~table("dates")[stamped.layout[dated]]]
        if len(wall) and len(others):
            result.hints.beside(base, start, wall, lines.start[others], stamped.wall[others])
    if relative.any():
        _note_uptime(result, stamped.wall[relative])
    build = hints.kernel_build(piece)
    result.build = max(filter(None, (build, result.build)), default=None)


def _note_uptime(result: Survey, uptime: NDArray[np.int64]) -> None:
    before = uptime[0] if result.last_uptime is None else result.last_uptime
    result.restarts += int((np.diff(uptime, prepend=before) < -_RESTART).sum())
    result.last_uptime = int(uptime[-1])


def _with_headings(
    result: Survey, base: int, lines: Lines, stamped: Stamped, headings: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lines that name the year of those below them, among the latter; their year is noted."""
    wall = stamped.wall.copy()
    for row in headings.tolist():
        year, wall[row] = years.parted(int(wall[row]))
        result.hints.dates.append((base + int(lines.start[row]), year))
    rows = np.flatnonzero(table("yearless")[stamped.layout] | table("dates")[stamped.layout])
    return lines.start[rows], wall[rows]


def _note_dated(result: Survey, wall: NDArray[np.int64], offset: NDArray[np.int64]) -> None:
    zoned = offset != NO_ZONE
    result.zoneless |= not zoned.all()
    utc = wall - np.where(zoned, offset, 0) * SECOND
    result.last_dated = int(utc[-1])
    utc, offset = utc[zoned], offset[zoned]
    if not len(utc):
        return
    edge = np.flatnonzero(np.diff(offset))
    for row in np.union1d(np.union1d(edge, edge + 1), [0, len(utc) - 1]).tolist():
        if len(result.zones) < 10_000:
            result.zones.append((int(utc[row]), int(offset[row])))


def _hosts(head: bytes, form: Format) -> Counter[str]:
    cut = head.rfind(b"\n") + 1
    lines = lines_of(head[:cut] or head)
    stamped = decode(lines, form)
    rows = np.flatnonzero(stamped.layout >= 0)[:2000]
    counter: Counter[str] = Counter()
    text = lines.buffer.tobytes()
    for kind in distinct(stamped.layout[rows]):
        if ALL[kind].spelling is not None and ALL[kind].kind != "syslog":
            continue  # an object's `host` may be a client's, or the name of a site
        some = rows[stamped.layout[rows] == kind]
        columns = ALL[kind].body(lines.buffer, lines.view, stamped.end[some], lines.stop[some])
        ends = zip(columns.host_at.tolist(), columns.host_end.tolist(), strict=True)
        for name, count in Counter([text[at:end] for at, end in ends if end > at]).items():
            counter[name.decode("utf-8", "replace")] += count
    return counter
