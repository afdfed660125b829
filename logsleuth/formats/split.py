"""Bytes to lines, and lines to stamps, by whichever formats the lines are in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.formats import registry, vector
from logsleuth.formats.levels import ESC, skip_colour
from logsleuth.formats.model import Decoder, Format
from logsleuth.formats.plain import PLAIN
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

PADDING = b"\0" * vector.PAD
"""Follows every piece, so that a word may be read at any position of its last line."""
_LOOK = 48
"""So many bytes of a line are looked at before a stamp is tried; fewer than the padding."""
_NUL = 0
_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some editors and exports put before a file's first line."""
_SAMPLE_LINES = 500
_HEAD = 500
"""Where a time of day stands, in a stamp that is looked for."""
_HEAD_WORD = 12
_WORD = np.array([chr(byte).isalnum() and byte < 128 for byte in range(256)])
_COLONS = 6
"""So many colons without a digit behind them are passed over before a line is tried all the same."""
_BETTER = 1.1
"""So many times as many lines must a format of any stamped text read to be taken before a program's own."""


@dataclass(slots=True)
class Lines:
    r"""Lines of one piece of a file: [start, stop) in the buffer, their ends (`\n`, `\r\n`, NULs) left out."""

    buffer: Bytes
    view: Words
    start: Positions
    stop: Positions
    number: NDArray[np.int64]
    """Counted from 0 within the piece; lines glued by a run of NULs share one number."""
    torn: Mask | None
    """Lines that a run of NULs stands before; None where there is no NUL at all."""
    count: int = 0
    """Line feeds in the piece."""
    torn_end: bool = False
    """A run of NULs stands at the piece's end: the next piece's first line is torn."""
    plain: bool = False
    """It is known that the piece holds printable ASCII, tabs and line feeds alone."""


@dataclass(slots=True)
class Stamped:
    """The stamps of `Lines`, a value a line."""

    layout: NDArray[np.int16]
    """Index in `registry.ALL`; -1 for a line without a stamp."""
    wall: NDArray[np.int64]
    offset: NDArray[np.int64]
    end: Positions


def lines_of(piece: bytes) -> Lines:
    """Split a piece that ends at a line's end (or at the file's)."""
    return padded_lines(piece + PADDING)


def padded_lines(padded: bytes) -> Lines:
    """As `lines_of`, of a piece that PADDING follows already."""
    size = len(padded) - vector.PAD
    buffer = np.frombuffer(padded, np.uint8)
    text = buffer[:size]
    start, ends, count, nul, carriage, plain = _bounds(padded, size, text)
    if padded.startswith(_MARK):
        start[:1] = len(_MARK)
    number = np.arange(len(ends))
    torn, torn_end = None, False
    if nul:
        start, ends, number, torn, torn_end = _split_at_nuls(text, start, ends)
    stop = ends
    if carriage:
        stop = ends - ((ends > start) & (buffer[np.maximum(ends - 1, 0)] == ord("\r")))
    return Lines(buffer, vector.words(buffer), start, stop, number, torn, count, torn_end, plain)


def _bounds(padded: bytes, size: int, text: Bytes) -> tuple[Positions, Positions, int, bool, bool, bool]:
    """Where lines begin and end, how many line feeds there are; whether there is any NUL, any CR, nothing hostile."""
    if native.lib is not None:
        starts, stops, feeds, nul, carriage, plain = native.lib.lines(padded, size)
        marks = bool(nul), bool(carriage), bool(plain)
        return np.frombuffer(starts, np.int64), np.frombuffer(stops, np.int64), feeds, *marks
    ends = np.flatnonzero(text == ord("\n"))
    count = len(ends)
    if size and (not len(ends) or ends[-1] != size - 1):
        ends = np.append(ends, size)
    start = np.empty_like(ends)
    start[:1] = 0
    start[1:] = ends[:-1] + 1
    return start, ends, count, padded.find(b"\0", 0, size) >= 0, padded.find(b"\r", 0, size) >= 0, False


def _split_at_nuls(
    text: Bytes, start: Positions, ends: Positions
) -> tuple[Positions, Positions, NDArray[np.int64], Mask, bool]:
    """A run of NULs (what a file system leaves of a write that never reached the disk) also ends a line.

    What follows the run is a line of its own: after a power cut it is the first line of the next boot.
    """
    nul = np.flatnonzero(text == _NUL)
    first = nul[np.append(True, np.diff(nul) > 1)] if len(nul) else nul
    last = nul[np.append(np.diff(nul) > 1, True)] if len(nul) else nul
    starts = np.concatenate((start, last + 1))
    stops = np.concatenate((ends, first))
    # Both lists grow from left to right, so the n-th start belongs to the n-th stop.
    starts.sort(kind="stable")
    stops.sort(kind="stable")
    number = np.searchsorted(ends, starts, side="left")
    number = np.minimum(number, len(ends) - 1)
    torn = np.isin(starts, last + 1)
    # A run at a line's start or end leaves an empty line beside the real one: drop it, keep truly empty lines.
    keep = ~((starts >= stops) & (np.isin(stops, first) | (torn & np.isin(starts, ends))))
    gone = np.flatnonzero(~keep & torn)
    torn_end = bool(len(gone)) and int(gone[-1]) == len(torn) - 1
    torn[np.minimum(gone + 1, len(torn) - 1)] |= True
    return starts[keep], stops[keep], number[keep], torn[keep], torn_end


def decode(lines: Lines, primary: Format) -> Stamped:
    """Stamps of all lines: by the file's format; the lines that it does not read, by any other that does.

    So a file that changes its format in the middle, or mixes two, is read whole. Colours before a stamp are no part
    of it.
    """
    first = primary.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop)
    layout = np.full(len(first.valid), registry.number(primary), np.int16)
    layout[~first.valid] = -1
    out = Stamped(layout, first.wall, first.offset, first.end)
    if primary is PLAIN or first.valid.all():
        return out
    rows = np.flatnonzero(~first.valid & (lines.stop - lines.start >= 8))
    if not rows.size:
        return out
    rest = _rest(lines, rows)
    if rest.coloured:
        rest = _decode_rest(lines, out, rest, primary)
    for other in registry.tried():
        if not rest.rows.size:
            break
        if other is primary or other.hint is not None:
            continue
        if other.stamp.first_bytes and rest.may_carry(other.stamp):
            rest = _decode_rest(lines, out, rest, other)
    return out


@dataclass(frozen=True, slots=True)
class _Rest:
    """Lines that no format has read yet."""

    rows: NDArray[np.int64]
    start: Positions
    """Behind the colours at their beginning."""
    first: Bytes
    """The byte there."""
    clocked: Mask
    """A time of day may stand in their first bytes."""
    colons: dict[int, frozenset[int]]
    """For every byte that stands there, how far behind it a colon stands in any of its lines."""
    separators: dict[int, frozenset[int]]
    """For every byte that stands there, what stands behind the letters and digits that any of its lines begins with."""
    coloured: bool

    def but(self, keep: Mask) -> _Rest:
        """Some of them."""
        rows, start, first, clocked = self.rows[keep], self.start[keep], self.first[keep], self.clocked[keep]
        return _Rest(rows, start, first, clocked, self.colons, self.separators, self.coloured)

    def may_carry(self, stamp: Decoder) -> bool:
        """Whether any line can carry a stamp, by its first byte and its colons: a quick look that spares most."""
        wanted = [at for at in getattr(stamp, "colons", ()) if at < _LOOK]
        after = getattr(stamp, "separator", b"")
        first = stamp.first_bytes or self.colons
        return any(
            self.colons[byte].issuperset(wanted) and (not after or not _WORD[byte] or after[0] in self.separators[byte])
            for byte in first
            if byte in self.colons
        )

    def candidates(self, stamp: Decoder) -> NDArray[np.int64]:
        """Those that can carry a stamp: by their first byte, and by the colon of a time of day."""
        can: Mask = self.clocked if _has_clock(stamp) else np.ones(len(self.rows), bool)
        if stamp.first_bytes:
            table = np.zeros(256, bool)
            table[np.frombuffer(stamp.first_bytes, np.uint8)] = True
            can = can & table[self.first]
        return np.flatnonzero(can)


def _has_clock(stamp: Decoder) -> bool:
    """Its stamps hold a time of day with colons, near the line's start."""
    inner: Decoder = stamp
    while not isinstance(inner, Stamp) and hasattr(inner, "stamp"):
        inner = inner.stamp
    return isinstance(inner, Stamp) and ":" in inner.clock and inner.anchor != "bracket" and stamp.first_bytes != b""


def _clocked(lines: Lines, rows: NDArray[np.int64], start: Positions) -> Mask:
    """Lines with a colon and a digit behind it within their first bytes."""
    limit = np.minimum(lines.stop[rows], start + _HEAD)
    found = np.zeros(len(rows), bool)
    left, at = np.arange(len(rows)), start
    for _ in range(_COLONS):
        colon = vector.find_byte(lines.view, at, limit[left], ord(":"))
        digit = lines.buffer[np.minimum(colon + 1, limit[left])] - np.uint8(ord("0"))
        found[left] = (colon < limit[left]) & (digit <= 9)
        more = (colon < limit[left]) & (digit > 9)
        left, at = left[more], colon[more] + 1
        if not left.size:
            return found
    found[left] = True
    return found


def _rest(lines: Lines, rows: NDArray[np.int64]) -> _Rest:
    start = lines.start[rows]
    coloured = np.flatnonzero(lines.buffer[start] == ESC)
    if coloured.size:
        start[coloured] = skip_colour(lines.buffer, start[coloured], lines.stop[rows[coloured]])
    first = lines.buffer[start]
    clocked = _clocked(lines, rows, start)
    window = np.lib.stride_tricks.sliding_window_view(lines.buffer, _LOOK)[start]
    colon = (window == ord(":")) & (np.arange(_LOOK) < (lines.stop[rows] - start)[:, None])
    present = np.flatnonzero(np.bincount(first)).tolist()
    colons = {byte: frozenset(np.flatnonzero(colon[first == byte].any(axis=0)).tolist()) for byte in present}
    behind = window[np.arange(len(rows)), np.argmin(_WORD[window[:, :_HEAD_WORD]], axis=1)]
    separators = {byte: frozenset(np.flatnonzero(np.bincount(behind[first == byte])).tolist()) for byte in present}
    return _Rest(rows, start, first, clocked, colons, separators, bool(coloured.size))


def _decode_rest(lines: Lines, out: Stamped, rest: _Rest, form: Format) -> _Rest:
    """Read what is left of the lines by one more format; what is left then."""
    if not form.stamp.first_bytes:
        return rest
    place = rest.candidates(form.stamp)
    if not place.size:
        return rest
    rows = rest.rows[place]
    got = form.stamp.decode(lines.buffer, lines.view, rest.start[place], lines.stop[rows])
    valid = _sure(form, lines, rows, got)
    if not valid.any():
        return rest
    good = rows[valid]
    out.layout[good] = registry.number(form)
    out.wall[good] = got.wall[valid]
    out.offset[good] = got.offset[valid]
    out.end[good] = got.end[valid]
    keep = np.ones(len(rest.rows), bool)
    keep[place[valid]] = False
    return rest.but(keep)


def _sure(form: Format, lines: Lines, rows: NDArray[np.int64], got: Stamps) -> Mask:
    """Lines whose stamp was read, and whose rest looks as the format has it."""
    sure: Mask = got.valid.copy()
    some = np.flatnonzero(sure)
    if not some.size or not (form.named or form.check):
        return sure
    stop = lines.stop[rows[some]]
    columns = form.body(lines.buffer, lines.view, got.end[some], stop)
    if form.named:
        tagged = fits(lines, rows[some], columns.program_at, columns.program_end, columns.text_at)
        sure[some] &= tagged | (columns.severity >= 0)
    if form.check:
        sure[some] &= form.check(lines.buffer, lines.view, columns, stop)
    return sure


def fits(lines: Lines, rows: NDArray[np.int64], at: Positions, end: Positions, text: Positions) -> Mask:
    """Lines that look like syslog: they name a program, or say that the last one was repeated."""
    repeated = lines.view[np.minimum(text, len(lines.view) - 1)] == vector.word(b"last mes")
    mark = lines.view[np.minimum(text, len(lines.view) - 1)] == vector.word(b"-- MARK ")
    empty = text >= lines.stop[rows]
    fit: Mask = (end > at) | repeated | mark | empty
    return fit


def recognize(head: bytes) -> tuple[Format, float]:
    """The format that reads most lines of a file's first bytes, and the share of lines that it reads.

    PLAIN with 0 where none reads any.
    """
    cut = head.rfind(b"\n") + 1
    lines = lines_of(head[:cut] or head)
    if not len(lines.start):
        return PLAIN, 0.0
    pick = vector.distinct(np.linspace(0, len(lines.start) - 1, _SAMPLE_LINES).astype(np.int64))
    sample = Lines(lines.buffer, lines.view, lines.start[pick], lines.stop[pick], lines.number[pick], None)
    filled = max(1, int((sample.stop > sample.start).sum()))
    best, share = PLAIN, 0.0
    rest = _rest(sample, np.flatnonzero(sample.stop > sample.start))
    for form in registry.tried():
        # To search for its hint costs less than to read lines that may begin with anything.
        if not rest.may_carry(form.stamp) or not (form.stamp.first_bytes or form.hinted(head)):
            continue
        count = _reads(form, sample, rest)
        better = count / filled > share * (_BETTER if form.kind == "stamped" and best.kind != "stamped" else 1)
        if better and form.hinted(head):
            best, share = form, count / filled
        if share >= 1:
            break
    return best, share


def _reads(form: Format, sample: Lines, rest: _Rest) -> int:
    """How many lines of a sample a format reads; 0 where too few of them look as it has them."""
    place = rest.candidates(form.stamp)
    rows = rest.rows[place]
    got = form.stamp.decode(sample.buffer, sample.view, rest.start[place], sample.stop[rows])
    count = int(got.valid.sum())
    return count if count and int(_sure(form, sample, rows, got).sum()) * 2 >= count else 0


def has_zone(stamped: Stamped) -> Mask:
    """Lines whose stamp names its zone."""
    zoned: Mask = (stamped.layout >= 0) & (stamped.offset != NO_ZONE)
    return zoned
