"""Measurements that daemons write line by line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import read_epoch, stamps
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import DAY, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_DAY_1970 = 40_587
"""1970-01-01 as a modified Julian day."""
_OPENS = b"POPULARITY-CONTEST-"


@dataclass(frozen=True)
class _Julian:
    """`58674 3600.123`: a modified Julian day and seconds since its midnight, UTC."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"56"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        day, at = body.numbers(view, start)
        good = (at - start == 5) & (buffer[at] == ord(" ")) & (day >= 50_000) & (day < 70_000)
        seconds, dot = body.numbers(view, np.minimum(at + 1, stop))
        good &= (seconds >= 0) & (seconds <= 86_400) & (buffer[dot] == ord("."))
        count, fraction = vector.leading_digits(view[np.minimum(dot + 1, stop)])
        end = dot + 1 + count
        good &= (count > 0) & (end < stop) & (buffer[np.minimum(end, stop)] == ord(" "))
        wall = (day - _DAY_1970) * DAY + seconds * 1_000_000_000 + vector.eight_digits(fraction) * 10
        return stamps(good, wall, np.where(good, end, start))


@dataclass(frozen=True)
class _Popularity:
    """Seconds since 1970: a session's `TIME:`, a package's last use, or where that is 0 its last change."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"P0123456789"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        opens = vector.starts(view, start, _OPENS)
        colon = vector.find_byte(view, start, np.minimum(stop, start + 40), ord(":"))
        opens &= vector.starts(view, np.maximum(colon - 4, start), b"TIME:")
        opened, opened_end, right = read_epoch(buffer, view, np.minimum(colon + 1, stop), stop)
        opens &= right
        used, used_end, used_good = _epoch_or_zero(buffer, view, start, stop)
        changed, end, changed_good = _epoch_or_zero(buffer, view, np.minimum(used_end + 1, stop), stop)
        entry = used_good & changed_good & (buffer[used_end] == ord(" ")) & (buffer[end] == ord(" "))
        entry &= (used > 0) | (changed > 0)
        wall = np.where(opens, opened, np.where(used > 0, used, changed))
        good = opens | entry
        return stamps(good, wall, np.where(good, np.where(opens, opened_end, end), start))


def _epoch_or_zero(
    buffer: Bytes, view: Words, at: Positions, stop: Positions
) -> tuple[NDArray[np.int64], Positions, Mask]:
    wall, end, good = read_epoch(buffer, view, at, stop)
    none = (buffer[at] == ord("0")) & (buffer[np.minimum(at + 1, stop)] == ord(" "))
    return np.where(none, 0, wall), np.where(none, np.minimum(at + 1, stop), end), good | none


FORMATS = (
    Format(
        name="ntp-statistics",
        about="ntpd's peerstats, loopstats, clockstats and their kin",
        stamp=_Julian(),
        body=body.plain,
        program="ntpd",
        kind="statistics",
        samples=(
            b"59277 18367.123 192.0.2.123 961a -0.000023455 0.001254321 0.003921 0.000041",
            b"59277 18368.456 -0.000012345 12.345 0.000023456 0.001234 6",
        ),
    ),
    Format(
        name="chrony-statistics",
        about="chronyd's tracking.log, measurements.log, statistics.log, in UTC",
        stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS"), utc=True),
        body=body.plain,
        program="chronyd",
        hint=lazy_pattern(rb"Date \(UTC\) Time"),
        kind="statistics",
        samples=(b"2021-03-04 05:06:07 192.0.2.123     3    340.529   1.606 1.046e-03 N  4  6.743e-03 -4.670e-04",),
    ),
    Format(
        name="popularity-contest",
        about="Debian's popularity-contest: an entry for each package, at its last use",
        stamp=_Popularity(),
        body=body.plain,
        program="popularity-contest",
        ordered=False,
        kind="statistics",
        samples=(
            b"POPULARITY-CONTEST-0 TIME:1614834368 ID:0badc0de ARCH:amd64 POPCONVER:1.70",
            b"1614834300 1612345678 nano /usr/bin/nano",
            b"0 1612345678 gdb /usr/bin/gdb <OLD>",
        ),
    ),
)
