"""Stamps that stand on a line below the one that begins their entry, and dates put together from numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import vector
from logsleuth.formats.model import Decoder
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_MOST = 64 << 10
"""So far below an entry's beginning its stamp may stand."""
_LONGEST = 200


@dataclass(frozen=True)
class Below:
    """An entry begins with one of `leads`; its stamp stands behind the first `mark` from there on, on any line.

    Two of these marks belong to two entries: one between whose beginning and mark another begins has none.
    """

    found: Decoder
    """The stamp; it does not stand on the line itself."""
    leads: tuple[bytes, ...]
    mark: bytes
    yearless: bool = False
    relative: bool = False

    @property
    def zoned(self) -> bool:
        """As the stamp is."""
        return bool(getattr(self.found, "zoned", False))

    @property
    def first_bytes(self) -> bytes:
        """The bytes with which an entry can begin."""
        return b"".join(lead[:1] for lead in self.leads)

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop); all of the line stays text."""
        rows = np.flatnonzero(begin_with(view, start, self.leads))
        good = np.zeros(len(start), bool)
        wall, offset = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
        if rows.size:
            at, found = next_mark(buffer, view, start[rows], self.mark)
            last = line_end(buffer, view, at)
            got = self.found.decode(buffer, view, np.where(found, at, start[rows]), np.where(found, last, stop[rows]))
            good[rows] = found & got.valid
            wall[rows], offset[rows] = np.where(good[rows], got.wall, 0), got.offset
        return Stamps(good, wall, offset, start.copy())


@dataclass(frozen=True)
class Paragraph:
    """An entry begins with `lead`; the stamp begins one of the `most` lines below that, before a blank one."""

    found: Decoder
    lead: bytes
    most: int

    @property
    def yearless(self) -> bool:
        """As the stamp is."""
        return self.found.yearless

    @property
    def relative(self) -> bool:
        """As the stamp is."""
        return self.found.relative

    @property
    def first_bytes(self) -> bytes:
        """As the lead's."""
        return self.lead[:1]

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop); all of the line stays text."""
        good = np.zeros(len(start), bool)
        wall, offset = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
        rows = np.flatnonzero(vector.starts(view, start, self.lead))
        end = stop[rows]
        for _ in range(self.most):
            if not rows.size:
                break
            at = next_line(buffer, end)
            end = line_end(buffer, view, at)
            got = self.found.decode(buffer, view, at, end)
            good[rows], wall[rows], offset[rows] = got.valid, np.where(got.valid, got.wall, 0), got.offset
            more = ~got.valid & (end > at)
            rows, end = rows[more], end[more]
        return Stamps(good, wall, offset, start.copy())


def begin_with(view: Words, start: Positions, leads: tuple[bytes, ...]) -> Mask:
    """Lines that begin with one of these texts."""
    good = np.zeros(len(start), bool)
    for lead in leads:
        good |= vector.starts(view, start, lead)
    return good


def next_mark(buffer: Bytes, view: Words, start: Positions, mark: bytes) -> tuple[Positions, Mask]:
    """Behind the first `mark` at or after each position, and whether it comes before the next position."""
    size = len(buffer) - vector.PAD
    head = min(8, len(mark))
    places = np.flatnonzero(view[:size] & vector.KEEP[head] == vector.word(mark[:head]))
    places = places[vector.starts(view, places, mark)]
    if not len(places):
        return start, np.zeros(len(start), bool)
    index = np.searchsorted(places, start)
    at = places[np.minimum(index, len(places) - 1)]
    following = np.append(start[1:], size)
    # Where rows are looked at one by one the next entry is not known; its mark would be too far away.
    following = np.where(following > start, following, size)
    found: Mask = (index < len(places)) & (at < following) & (at - start < _MOST)
    return np.where(found, at + len(mark), start), found


def line_end(buffer: Bytes, view: Words, at: Positions) -> Positions:
    """The end of the line that each position lies in, at most 200 bytes on."""
    size = len(buffer) - vector.PAD
    end: Positions = np.minimum(vector.find_any(view, at, np.minimum(at + _LONGEST, size), b"\n\r"), size)
    return end


def next_line(buffer: Bytes, stop: Positions) -> Positions:
    """Where the line begins that follows one which ends at `stop`."""
    size = len(buffer) - vector.PAD
    start: Positions = np.minimum(stop + (buffer[np.minimum(stop, size)] == ord("\r")) + 1, size)
    return start


def days(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> tuple[NDArray[np.int64], Mask]:
    """Days since 1970, and whether these are dates of the years 1970 to 2200."""
    good: Mask = (year >= 1970) & (year < 2200) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    good &= first + day <= after
    return np.where(good, first + day - 1, 0), good
