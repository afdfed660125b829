"""What lines say of their year besides their stamps: dates in texts, weekdays, leap days, kernel builds."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock import headings
from logsleuth.clock.years import Years, is_leap, is_leap_day, wall_in
from logsleuth.formats.stamp import DAY
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_SECOND = 1_000_000_000
_QUARTER = 900 * _SECOND
_FURTHEST = 14 * 3600 * _SECOND
_LOOKED_AT = 256 << 10
_ROUND = {0, 43_200 * _SECOND, 86_399 * _SECOND}
"""Midnight, noon, a day's last second: dates that people set, such as a certificate's end."""
_ENOUGH = 200
_MOST = 10_000
_CHANGE = 60 * DAY
"""Between a file's last line in one layout and its first in another."""
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks
_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# Each begins with fixed bytes, for which `re` looks many times faster than for a choice of them.
_ISO = (
    lazy_pattern(rb"20\d\d[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d"),  # 2019-05-06 07:08:09
    lazy_pattern(rb"199\d[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d"),
)
_AUDIT = lazy_pattern(rb"audit\((\d{9,10})\.\d{3}:")
_CLF = lazy_pattern(rb"/20\d\d:\d\d:\d\d:\d\d")  # 06/May/2019:07:08:09, an access log's, relayed
_CTIME = lazy_pattern(
    rb" (?P<day>[JFMASOND][a-z][a-z] [ \d]\d)"
    rb"(?: (?P<clock>\d\d:\d\d:\d\d)(?: [A-Z]{3,5}| [+-]\d{4})? (?P<year>199\d|20\d\d)\b)?"
)
"""What may follow a weekday: May  6; May  6 07:08:09 JST 2019, as date(1) and ctime(3) print it."""


@dataclass(slots=True)
class Hints:
    """What was met, and at which offsets of the unpacked file."""

    dates: list[tuple[int, int]] = field(default_factory=list)
    """(offset, year) of stamps whose line names its own instant with a year."""
    weekdays: list[tuple[int, int, int]] = field(default_factory=list)
    """(offset, stamp, 0 for Monday)."""
    leap_days: list[int] = field(default_factory=list)
    """Offsets of stamps of 29 February: the first and last of each piece."""

    def look(
        self, piece: bytes, base: int, start: NDArray[np.int64], wall: NDArray[np.int64], most: int = _LOOKED_AT
    ) -> None:
        """Take up the lines of a piece whose stamps name no year: where in it they begin, and their stamps.

        Only its first `most` bytes are searched for dates: in larger logs they come again and again.
        """
        leap = start[is_leap_day(wall)]
        if len(leap):
            self.leap_days += [base + int(leap[0]), base + int(leap[-1])]
        part = piece[:most]
        if len(self.dates) < _ENOUGH:
            for at, when in islice(_dates(part), _ENOUGH):
                row = _row(piece, start, at)
                year = None if row is None else _same_moment(int(wall[row]), when)
                if row is not None and year is not None:
                    self.dates.append((base + int(start[row]), year))
            self.dates += [(base + int(start[row]), year) for row, year in headings.dated(part, start, wall)]
            self.dates.sort()
        if len(self.weekdays) < _ENOUGH:
            for match in islice(_CTIME.finditer(part), _MOST):
                day = part[max(0, match.start() - 3) : match.start()].decode("latin-1")
                row = _row(piece, start, match.start()) if day in _DAYS and not match["year"] else None
                if row is not None and _same_day(int(wall[row]), match["day"]):
                    self.weekdays.append((base + int(start[row]), int(wall[row]), _DAYS.index(day)))

    def beside(
        self,
        base: int,
        start: NDArray[np.int64],
        wall: NDArray[np.int64],
        dated_start: NDArray[np.int64],
        dated_wall: NDArray[np.int64],
    ) -> None:
        """Where a file changes from stamps without a year to stamps with one, the latter tell it."""
        place = np.searchsorted(dated_start, start)
        edge = np.flatnonzero(np.diff(place, prepend=-1) != 0)
        for row in np.union1d(edge, edge[1:] - 1).tolist()[:_ENOUGH]:
            near = [k for k in (place[row] - 1, place[row]) if 0 <= k < len(dated_wall)]
            at = int(dated_wall[min(near, key=lambda k: abs(int(dated_start[k]) - int(start[row])))])
            around = (_EPOCH + dt.timedelta(microseconds=at / 1000)).year
            year = min((around - 1, around, around + 1), key=lambda y: abs(wall_in(int(wall[row]), y) - at))
            if abs(wall_in(int(wall[row]), year) - at) < _CHANGE:
                self.dates.append((base + int(start[row]), year))

    def firsts(self, years: Years) -> list[tuple[int, int]]:
        """(offset, the year that the file's first line lies in if this date is right), in the order of the file."""
        if not self.dates:
            return []
        offsets = np.array([offset for offset, _ in self.dates], np.int64)
        return [(o, y - int(k)) for (o, y), k in zip(self.dates, years.at(offsets), strict=True)]

    def allows(self, years: Years) -> bool:
        """The calendar has the leap days and (most of) the weekdays that the lines have in these years."""
        if self.leap_days and not all(is_leap(int(y)) for y in years.at(np.array(self.leap_days, np.int64))):
            return False
        if not self.weekdays:
            return True
        offsets = np.array([offset for offset, *_ in self.weekdays], np.int64)
        right = sum(
            (wall_in(wall, int(year)) // DAY + 3) % 7 == day
            for (_, wall, day), year in zip(self.weekdays, years.at(offsets), strict=True)
        )
        return right >= 0.8 * len(self.weekdays)

    def first_year(self, years: Years) -> int | None:
        """The year of the file's first line that most of the dates in its lines agree on."""
        votes = Counter(year for _, year in self.firsts(years))
        if not votes:
            return None
        year, count = votes.most_common(1)[0]
        return year if count * 2 > votes.total() else None


def _row(piece: bytes, start: NDArray[np.int64], at: int) -> int | None:
    """The stamped line that holds a position; None where it lies in a line that follows such a one."""
    row = int(np.searchsorted(start, at, side="right")) - 1
    if row < 0 or piece.find(b"\n", int(start[row]), at) >= 0:
        return None
    return row


def _dates(part: bytes) -> Iterator[tuple[int, int]]:
    """Places of dates with years and times, and what a clock showed then, in nanoseconds."""
    for place, text in _texts(part):
        try:
            when = dt.datetime.fromisoformat(text)
        except ValueError:
            continue
        yield place, int((when - _EPOCH).total_seconds()) * _SECOND
    for match in _AUDIT.finditer(part):
        yield match.start(), int(match[1]) * _SECOND


def _texts(part: bytes) -> Iterator[tuple[int, str]]:
    for pattern in _ISO:
        for match in pattern.finditer(part):
            if part[match.start() - 1 : match.start()].isdigit():
                continue
            yield match.start(), match[0].decode().replace("/", "-")
    for match in _CLF.finditer(part):
        day = part[max(0, match.start() - 6) : match.start()].decode("latin-1")
        if day[3:] in _NAMES:
            yield match.start(), f"{match[0][1:5].decode()}-{_month(day[3:])}-{day[:2]} {match[0][6:].decode()}"
    for match in _CTIME.finditer(part):
        if match["year"] and match["day"][:3].decode() in _NAMES:
            month, day = match["day"][:3].decode(), match["day"][4:].decode().replace(" ", "0")
            yield match.start(), f"{match['year'].decode()}-{_month(month)}-{day} {match['clock'].decode()}"


def _month(name: str) -> str:
    return f"{_NAMES.index(name) + 1:02}"


def _same_moment(wall: int, when: int) -> int | None:
    """The year of a stamp beside which a line names the same moment, up to a zone's offset; None if another.

    A certificate's end or a message's date is hardly ever that of its line to the second.
    """
    around = (_EPOCH + dt.timedelta(microseconds=when / 1000)).year
    for year in (around, around - 1, around + 1):
        apart = when - wall_in(wall, year)
        whole = round(apart / _QUARTER) * _QUARTER
        if when % DAY in _ROUND and apart:
            return None
        if abs(whole) <= _FURTHEST and abs(apart - whole) <= 2 * _SECOND:
            return year
    return None


def _same_day(wall: int, day: bytes) -> bool:
    when = _EPOCH + dt.timedelta(microseconds=wall / 1000)
    return f"{_NAMES[when.month - 1]} {when.day:2}".encode() == day.replace(b" 0", b"  ")


_SYSTEMS = (b"FreeBSD", b"OpenBSD", b"NetBSD", b"Linux version", b"SunOS", b"Darwin")
_ENDS = (b"BSD", b"Linux version", b"SunOS", b"Darwin")
"""One of which each of them ends in."""
_BUILD = lazy_pattern(
    rb"(?:" + b"|".join(_SYSTEMS) + rb")[^\n]{0,200}?"
    rb"(?:(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(?P<day>\d{1,2}) [\d:]{8} (?:[A-Z]{3,5} )?"
    rb"(?P<year>[12]\d{3})|\((?P<iso>[12]\d{3}-\d\d-\d\d)\))"
)


def kernel_build(piece: bytes) -> int | None:
    """UTC nanoseconds of the newest kernel build date that a piece of a log names; None where it names none."""
    found = []
    for end in _ENDS:
        # Looking for their ends as texts is many times faster than by a pattern that may begin with any of the names.
        at = piece.find(end)
        while at >= 0:
            for name in _SYSTEMS:
                match = _BUILD.match(piece, max(0, at + len(end) - len(name))) if name.endswith(end) else None
                if match and (day := _build_day(match)) is not None:
                    found.append(day)
            at = piece.find(end, at + 1)
    return max(found, default=None)


def _build_day(match: re.Match[bytes]) -> int | None:
    try:
        if match["iso"]:
            day = dt.date.fromisoformat(match["iso"].decode())
        else:
            day = dt.date(int(match["year"]), _NAMES.index(match["name"].decode()) + 1, int(match["day"]))
    except ValueError:
        return None
    return (day.toordinal() - dt.date(1970, 1, 1).toordinal()) * DAY
