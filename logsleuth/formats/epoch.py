"""Stamps that count seconds since 1970: `#1562776688`, `: 1562776688:0;ls`, `1562776688.123 ...`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import vector
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass


@dataclass(frozen=True)
class Epoch:
    """At the line's start `before`, nine or ten digits (1973 to 2286), a fraction where one stands, and `after`."""

    before: bytes = b""
    after: bytes = b""
    alone: bool = False
    """Nothing follows on the line."""
    yearless: bool = False
    relative: bool = False
    zoned: bool = True

    @property
    def first_bytes(self) -> bytes:
        """A digit, or what stands before it."""
        return self.before[:1] or b"123456789"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        good = vector.starts(view, start, self.before)
        at = np.minimum(start + len(self.before), stop)
        wall, end, right = read_epoch(buffer, view, at, stop)
        good &= right & vector.starts(view, end, self.after)
        end = end + len(self.after)
        good &= (end == stop) if self.alone else (end <= stop)
        return stamps(good, wall, np.where(good, end, start))


def stamps(good: Mask, wall: NDArray[np.int64], end: Positions) -> Stamps:
    """Stamps in UTC."""
    return Stamps(good, np.where(good, wall, 0), np.zeros(len(good), np.int64), end)


def read_epoch(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> tuple[NDArray[np.int64], Positions, Mask]:
    """Nanoseconds since 1970, where the number ends, and whether it is one."""
    count, digits = vector.leading_digits(view[at])
    seconds = vector.eight_digits(digits)
    good: Mask = count == 8
    end = np.minimum(at + 8, stop)
    for _ in range(2):
        digit = buffer[end].astype(np.int64) - ord("0")
        more = good & (digit >= 0) & (digit <= 9) & (end < stop)
        seconds = np.where(more, seconds * 10 + digit, seconds)
        end = end + more
    good &= (end - at >= 9) & (seconds < 9_000_000_000)  # int64 nanoseconds reach to 2262
    next_digit = buffer[end] - np.uint8(ord("0"))
    good &= (next_digit > 9) | (end >= stop)
    dot = good & (buffer[end] == ord(".")) & (end + 1 < stop)
    length, fraction = vector.leading_digits(view[np.minimum(end + 1, stop)])
    dot &= length > 0
    wall = seconds * 1_000_000_000 + np.where(dot, vector.eight_digits(fraction) * 10, 0)
    return wall, np.where(dot, np.minimum(end + 1 + length, stop), end), good
