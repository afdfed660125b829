"""Stamps that count seconds from the boot: the kernel's `[   12.345678] text`."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.stamp import NO_ZONE, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass


@dataclass(frozen=True)
class Uptime:
    """`[` seconds `.` microseconds `]` at the line's start, as Linux's printk.time writes it."""

    @property
    def yearless(self) -> bool:
        """It names no date at all."""
        return False

    @property
    def relative(self) -> bool:
        """It counts from the boot."""
        return True

    @property
    def first_bytes(self) -> bytes:
        """A bracket; or the console's level, `<6>[`."""
        return b"[<"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Wall is nanoseconds since the boot."""
        close = vector.find_byte(view, start, np.minimum(stop, start + 5), ord(">"))
        level = (buffer[start] == ord("<")) & (buffer[close] == ord(">"))
        at = np.where(level, close + 1, start)
        good = (at + 8 < stop) & (buffer[at] == ord("["))
        first = body.skip_spaces(buffer, np.where(good, at + 1, at), stop, 6)
        seconds, dot = body.numbers(view, first)
        good &= (seconds >= 0) & (buffer[dot] == ord("."))
        count, digits = vector.leading_digits(view[dot + 1])
        close = dot + 1 + count
        # dmesg -d: `[   12.345678 <    0.000123>] text`.
        apart = view[np.minimum(close, stop)] & vector.KEEP[2] == vector.word(b" <")
        since = vector.find_byte(view, np.where(apart, close, stop), np.minimum(stop, close + 24), ord("]"))
        close = np.where(apart & (since < stop) & (buffer[np.minimum(since, stop) - 1] == ord(">")), since, close)
        good &= (count > 0) & (close < stop) & (buffer[np.minimum(close, stop)] == ord("]"))
        wall = seconds * 1_000_000_000 + vector.eight_digits(digits) * 10
        none = np.full(len(start), NO_ZONE, np.int64)
        return Stamps(good, np.where(good, wall, 0), none, np.where(good, close + 1, start))
