"""The year of lines whose stamps name none.

Stamps without a year are decoded into the leap year 2000. Reading forward, a step back of more than a day is a New
Year, a step forward of almost a whole year undoes one (two writers around midnight). The year of a file's last line
comes from the best witness there is: see `choose`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats.stamp import DAY, YEARLESS

Times = NDArray[np.int64]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_BACK = DAY
_ALMOST_A_YEAR = 364 * DAY
_RESET_WINDOW = 2 * DAY
_FIRST_MINUTES = 10 * 60 * 1_000_000_000
_LEAP_DAY = 31 + 28
_LAST_DAYS = 359
"""From 25 December on the first minutes of January are simply the New Year."""
_OLDEST = 20 * 365 * DAY
"""A last change before 1990 is none: 1970 is a clock that was not set, 1980 what zip archives begin with."""


def _days(year: int) -> int:
    return dt.date(year, 1, 1).toordinal() - dt.date(1970, 1, 1).toordinal()


YEAR_START = _days(YEARLESS) * DAY


def is_leap(year: int) -> bool:
    """29 February exists."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def in_year(wall: Times, year: NDArray[np.int64]) -> Times:
    """Wall-clock nanoseconds of stamps read in the year 2000, moved to their years."""
    years, place = np.unique(year, return_inverse=True)
    years = np.clip(years, 1, 9998)
    start = np.array([_days(int(y)) for y in years], np.int64)[place]
    leap = np.array([is_leap(int(y)) for y in years])[place]
    since = wall - YEAR_START
    day = since // DAY
    # 29 February of a year that has none becomes 1 March; a survey has already refused such years where it could.
    day = day - ((~leap) & (day > _LEAP_DAY))
    return (start + day) * DAY + since % DAY


def parted(wall: int) -> tuple[int, int]:
    """The year of wall-clock nanoseconds, and the same instant of the year 2000."""
    day = dt.date(1970, 1, 1) + dt.timedelta(days=wall // DAY)
    # From 1 March on a year without a leap day is one day ahead of 2000.
    since = day.timetuple().tm_yday - 1
    since += not is_leap(day.year) and since >= _LEAP_DAY
    return day.year, YEAR_START + since * DAY + wall % DAY


@dataclass(slots=True)
class Turning:
    """What passes from one piece of a file to the next while its New Years are counted."""

    last: int | None = None
    """The stamp before; None at a file's start."""
    before_fall: int | None = None
    """The stamp from which a clock fell to 1 January, while it is not known whether it comes back."""
    fell_to: int = 0

    def advance(self, wall: Times) -> NDArray[np.int64]:
        """How many years each line lies after the stamp before the first.

        A clock without a battery that falls to 1 January and is put right again is no New Year.
        """
        if not len(wall):
            return np.zeros(0, np.int64)
        previous = np.concatenate(([wall[0] if self.last is None else self.last], wall[:-1]))
        step = wall - previous
        change = np.where(step < -_BACK, 1, 0) - np.where(step > _ALMOST_A_YEAR, 1, 0)
        self._settle(wall, change, 0)
        for row in np.flatnonzero(change > 0).tolist():
            if change[row] > 0 and _looks_reset(int(wall[row]), int(previous[row])):
                change[row] = 0
                self.before_fall, self.fell_to = int(previous[row]), int(wall[row])
                self._settle(wall, change, row, fell_at=row)
        self.last = int(wall[-1])
        return np.cumsum(change)

    def _settle(self, wall: Times, change: NDArray[np.int64], row: int, fell_at: int | None = None) -> None:
        """Once the stamps are days past the fall, tell a clock that came back from a New Year after all."""
        if self.before_fall is None:
            return
        ahead = np.flatnonzero(wall[row:] - self.fell_to > _RESET_WINDOW)
        if not len(ahead):
            return
        back = row + int(ahead[0])
        if self.before_fall - _BACK <= wall[back]:
            change[back] = 0
        else:
            # In a piece before this one the year's first lines have been handed on already.
            change[back if fell_at is None else fell_at] += 1
        self.before_fall = None


def turns(wall: Times, last: int | None) -> NDArray[np.int64]:
    """How many years each line lies after `last`, the stamp before the first (None at a file's start)."""
    return Turning(last).advance(wall)


def _looks_reset(wall: int, before: int) -> bool:
    """A fall into the first minutes of January that comes neither from the year's last days nor from its first."""
    into = wall - YEAR_START <= _FIRST_MINUTES
    day = (before - YEAR_START) // DAY
    return into and _RESET_WINDOW // DAY < day < _LAST_DAYS


@dataclass(frozen=True, slots=True)
class Witness:
    """Something that tells the year of a file's last line."""

    kind: str
    """given, neighbour, rotation, mtime-close, build, run, mtime, now: best first, see `choose`."""
    at: int
    """UTC nanoseconds: of a neighbour's last line, the name's date, the last write, the kernel's build."""
    say: str


ORDER = ("given", "rotation", "neighbour", "mtime-close", "build", "run", "mtime", "now")


def choose(last_wall: int, witnesses: Sequence[Witness]) -> tuple[int, Witness]:
    """The year of a last line (its stamp read in 2000), and the witness it rests on."""
    now = next((w.at for w in witnesses if w.kind == "now"), None)
    for kind in ORDER:
        for witness in witnesses:
            if witness.kind == kind:
                year = _year_by(last_wall, witness, now)
                if year is not None:
                    return year, witness
    raise ValueError("no witness")


def _year_by(last_wall: int, witness: Witness, now: int | None) -> int | None:
    year = (_EPOCH + dt.timedelta(microseconds=witness.at / 1000)).year
    if witness.kind == "given":
        return year
    candidates = [y for y in range(year - 8, year + 9) if _possible(last_wall, y)]
    when = {y: _wall_in(last_wall, y) for y in candidates}
    if witness.kind.startswith("mtime") and (witness.at < _OLDEST or (now is not None and witness.at > now + DAY)):
        return None
    if now is not None and witness.at <= now + DAY:
        # Nothing was written in the future; but where the clocks of a whole machine were ahead, its files agree.
        candidates = [y for y in candidates if when[y] <= now + DAY]
    if witness.kind in {"neighbour", "run", "rotation"}:
        # A neighbour of the same machine or run was written about when this file was; a rotated file's name bears
        # the date of its first line or of its last.
        return min(candidates, key=lambda y: abs(when[y] - witness.at), default=None)
    if witness.kind == "build":
        # A kernel runs after it was built.
        return min((y for y in candidates if when[y] >= witness.at - DAY), default=None)
    if witness.kind == "mtime-close":
        # The last line and the last write lie less than a day apart: the file was left alone since.
        near = [y for y in candidates if abs(when[y] - witness.at) < DAY]
        return near[0] if near else None
    # mtime, now: a line is never dated after its file was last written (a day for unknown zones).
    return max((y for y in candidates if when[y] <= witness.at + DAY), default=None)


def _possible(wall: int, year: int) -> bool:
    return is_leap(year) or (wall - YEAR_START) // DAY != _LEAP_DAY


def _wall_in(wall: int, year: int) -> int:
    return int(in_year(np.array([wall], np.int64), np.array([year], np.int64))[0])


_SYSTEMS = (b"FreeBSD", b"OpenBSD", b"NetBSD", b"Linux version", b"SunOS", b"Darwin")
_BUILD = re.compile(
    rb"(?:" + b"|".join(_SYSTEMS) + rb")[^\n]{0,200}?"
    rb"(?:(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(?P<day>\d{1,2}) [\d:]{8} (?:[A-Z]{3,5} )?"
    rb"(?P<year>[12]\d{3})|\((?P<iso>[12]\d{3}-\d\d-\d\d)\))"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def kernel_build(piece: bytes) -> int | None:
    """UTC nanoseconds of the newest kernel build date that a piece of a log names; None where it names none."""
    found = []
    for name in _SYSTEMS:
        # Looking for the names as texts is many times faster than by a pattern that may begin with any of them.
        at = piece.find(name)
        while at >= 0:
            match = _BUILD.match(piece, at)
            if match and (day := _build_day(match)) is not None:
                found.append(day)
            at = piece.find(name, at + 1)
    return max(found, default=None)


def _build_day(match: re.Match[bytes]) -> int | None:
    try:
        if match["iso"]:
            day = dt.date.fromisoformat(match["iso"].decode())
        else:
            day = dt.date(int(match["year"]), _MONTHS.index(match["name"].decode()) + 1, int(match["day"]))
    except ValueError:
        return None
    return (day.toordinal() - dt.date(1970, 1, 1).toordinal()) * DAY
