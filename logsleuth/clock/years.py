"""The year of lines whose stamps name none: where New Years lie in a file.

Stamps without a year are decoded into the leap year 2000. A file's big steps (see `Steps`) are looked at all together,
so that a clock that fell to 1970 and came back is told from a New Year. Which year its last line lies in is said by the
best witness there is: see `witness`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats.stamp import DAY, YEARLESS
from logsleuth.records import dataclass

Times = NDArray[np.int64]
YEAR = 366 * DAY
"""Of the year 2000."""
_BACK = 45 * DAY
"""A step back by more is a New Year. Lines late by weeks (a relay's queue, files put together in the wrong order, a
clock that ran ahead) are commoner than a file in which nothing was written for more than 320 days."""
_UNDONE = 358 * DAY
"""A step ahead by more goes back over a New Year: lines of two writers around midnight, or late by a week."""
_NEAR = 2 * DAY
_SOON = DAY // 4
"""A machine is off no longer, where nothing but the clock's coming back tells that it had fallen (to the day on which
its system was built); and it wrote more than one line meanwhile."""
_LONG = 60 * DAY
"""So long a machine may run on a clock that began anew, until somebody sets it."""
_HALF_HOUR = 30 * 60 * 1_000_000_000
_FIRST_MINUTES = 10 * 60 * 1_000_000_000
_LEAP_DAY = 31 + 28
_MANY = 100_000


def _days(year: int) -> int:
    return dt.date(year, 1, 1).toordinal() - dt.date(1970, 1, 1).toordinal()


YEAR_START = _days(YEARLESS) * DAY


def is_leap(year: int) -> bool:
    """29 February exists."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def is_leap_day(wall: Times) -> NDArray[np.bool_]:
    """Stamps of 29 February."""
    day: NDArray[np.bool_] = (wall - YEAR_START) // DAY == _LEAP_DAY
    return day


def in_year(wall: Times, year: NDArray[np.int64]) -> Times:
    """Wall-clock nanoseconds of stamps read in the year 2000, moved to their years."""
    if len(year) and (year == year[0]).all():
        only = min(max(int(year[0]), 1), 9998)
        moved: Times = wall + _wrapped(_days(only) * DAY - YEAR_START)
        if not is_leap(only):
            moved -= (wall >= YEAR_START + (_LEAP_DAY + 1) * DAY) * DAY
        return moved
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


def wall_in(wall: int, year: int) -> int:
    """As `in_year`, of one stamp."""
    year = min(max(year, 1), 9998)
    day, rest = divmod(wall - YEAR_START, DAY)
    found = (_days(year) + day - (day > _LEAP_DAY and not is_leap(year))) * DAY + rest
    return _wrapped(found)


def _wrapped(wall: int) -> int:
    """Before 1678 and after 2262 it wraps around, as NumPy's does."""
    return (wall + (1 << 63)) % (1 << 64) - (1 << 63)


@dataclass(slots=True)
class Steps:
    """Where a file's stamps go back, or ahead, by more than a day."""

    first: int | None = None
    """The first stamp."""
    last: int | None = None
    """The stamp before the next one to come."""
    _offsets: list[Times] = field(default_factory=list)
    _before: list[Times] = field(default_factory=list)
    _after: list[Times] = field(default_factory=list)

    def add(self, wall: Times, offset: Times) -> None:
        """Stamps in the order of the file, and where in it their lines begin."""
        if not len(wall):
            return
        previous = np.concatenate(([wall[0] if self.last is None else self.last], wall[:-1]))
        rows = np.flatnonzero(np.abs(wall - previous) > DAY)
        self._offsets.append(offset[rows])
        self._before.append(previous[rows])
        self._after.append(wall[rows])
        self.first = int(wall[0]) if self.first is None else self.first
        self.last = int(wall[-1])

    def rows(self) -> tuple[Times, Times, Times]:
        """Offsets of the lines after each step, stamps before and after."""
        none = np.empty(0, np.int64)
        return (
            np.concatenate((none, *self._offsets)),
            np.concatenate((none, *self._before)),
            np.concatenate((none, *self._after)),
        )


@dataclass(frozen=True, slots=True)
class Years:
    """The year of every place in a file."""

    offsets: tuple[int, ...]
    """Ascending: from here on the year is another."""
    values: tuple[int, ...]
    """Of the lines before the first offset, then of those from each on."""

    def at(self, offsets: Times) -> NDArray[np.int64]:
        """Years of lines that begin at offsets of the unpacked file."""
        values = np.array(self.values, np.int64)
        if not self.offsets:
            return np.broadcast_to(values, (len(offsets),))
        return values[np.searchsorted(np.array(self.offsets, np.int64), offsets, side="right")]

    def moved(self, by: int) -> Years:
        """All years later by some."""
        return Years(self.offsets, tuple(value + by for value in self.values))

    @property
    def last(self) -> int:
        """Of the last line."""
        return self.values[-1]


@dataclass(frozen=True, slots=True)
class Turns:
    """New Years of a file, its first line's year being 0, and the last line that can be trusted to tell the year."""

    years: Years
    anchor: int
    """Stamp of the last line that no fallen clock wrote."""
    fell: int | None = None
    """Offset of the line with which a clock fell that did not come back in this file."""
    unseen: int = 0
    """Years that no step shows, only dates in lines."""

    @property
    def anchor_year(self) -> int:
        """Years after the first line's."""
        return self.years.last if self.fell is None else int(self.years.at(np.array([self.fell - 1]))[0])


def turns(steps: Steps) -> Turns:
    """New Years among the steps of a file."""
    offsets, before, after = steps.rows()
    change = np.where(before - after > _BACK, 1, 0) - np.where(after - before > _UNDONE, 1, 0)
    last = steps.last if steps.last is not None else 0
    fallen = _excursions(before, after, change, last) if len(change) <= _MANY else None
    years = _from_changes(offsets, change)
    if fallen is None:
        return Turns(years, last)
    return Turns(years, int(before[fallen]), int(offsets[fallen]))


def _from_changes(offsets: Times, change: NDArray[np.int64]) -> Years:
    at = np.flatnonzero(change)
    values = np.concatenate(([0], np.cumsum(change[at])))
    return Years(tuple(offsets[at].tolist()), tuple(values.tolist()))


def corrected(turned: Turns, steps: Steps, firsts: Sequence[tuple[int, int]]) -> Turns:
    """New Years that no step shows, where dates in lines tell of them: a silence of more than a year.

    `firsts` are offsets of lines that name their year, and the year of the file's first line that follows from each.
    """
    runs: list[list[int]] = []
    for at, (offset, year) in enumerate(firsts):
        if runs and runs[-1][2] == year:
            runs[-1][1] = offset
        elif runs and at + 1 < len(firsts) and firsts[at + 1][1] == runs[-1][2]:
            continue  # one line against those around it
        else:
            runs.append([offset, offset, year])
    offsets, before, after = steps.rows()
    extra: list[tuple[int, int]] = []
    for old, new in pairwise(runs):
        between = np.flatnonzero((offsets > old[1]) & (offsets <= new[0]))
        silence = (after[between] - before[between]) % YEAR
        place = int(offsets[between[np.argmax(silence)]]) if len(between) else new[0]
        extra.append((place, new[2] - old[2]))
    if not extra:
        return turned
    changes = [*zip(turned.years.offsets, np.diff(turned.years.values).tolist(), strict=True), *extra]
    changes.sort(key=lambda change: change[0])
    made = _from_changes(np.array([c for c, _ in changes]), np.array([d for _, d in changes]))
    return Turns(made, turned.anchor, turned.fell, sum(by for _, by in extra))


def _excursions(before: Times, after: Times, change: NDArray[np.int64], last: int) -> int | None:
    """Take back what `change` says of a clock that left its time and came back; the step from which it did not."""
    walls, backs = after.tolist(), before.tolist()
    at = 0
    while at < len(walls):
        if _may_leave(backs[at], walls[at]):
            end = _return(at, walls, backs)
            if end is not None:
                # A clock at the epoch of a zone west of Greenwich shows 31 December: of a year before, as all know.
                past = -1 if walls[at] > backs[at] and _epoch(walls[at]) else 0
                change[at : end + 1] = 0
                change[at], change[end] = past, -past
                at = end + 1
                continue
            if at == len(walls) - 1 and _stayed(before, after, last):
                change[at] = -1 if walls[at] > backs[at] else 0
                return at
        at += 1
    return None


def _may_leave(before: int, after: int) -> bool:
    """Steps that are no mere New Year, and no mere day or two without a line."""
    return _NEAR < abs(after - before) < _UNDONE


def _return(start: int, walls: list[int], backs: list[int]) -> int | None:
    """The step by which a clock comes back to where it was before step `start`, if it is soon."""
    left, fell = backs[start], walls[start]
    epoch = _epoch(fell)
    for at in range(start + 1, min(start + 20, len(walls))):
        ran = backs[at] - fell
        if not -DAY < ran < (_LONG if epoch else _NEAR):
            return None
        gone = walls[at] - (left + ran)
        if (walls[at] > fell) != (left > fell):
            continue
        if -DAY < gone < (_LONG if epoch else _SOON) and (epoch or ran):
            return at
    return None


def _stayed(before: Times, after: Times, last: int) -> bool:
    """The last step is a fall to 1970, and the file ends soon after; not the next line of a job that runs seldom."""
    silent = int(after[-1] + YEAR - before[-1]) % YEAR
    longest = int(np.max(after[:-1] - before[:-1], initial=0))
    fell = _epoch(int(after[-1])) and not _year_end(int(before[-1]))
    return fell and last - int(after[-1]) < _NEAR and silent > 2 * longest


def _epoch(wall: int) -> bool:
    """The first minutes after midnight of 1 January 1970 (or 2000), in the local time of some zone."""
    since = wall - YEAR_START
    since = since - YEAR if since > 300 * DAY else since
    return -DAY // 2 <= since < DAY * 14 // 24 + _FIRST_MINUTES and since % _HALF_HOUR < _FIRST_MINUTES


def _year_end(wall: int) -> bool:
    """From Christmas on the first minutes of January are simply the New Year."""
    return (wall - YEAR_START) // DAY >= 359


def nearest(wall: Times, beside: Times) -> Times:
    """Stamps moved to the years that put them nearest to other instants, one each."""
    around = beside.astype("datetime64[ns]").astype("datetime64[Y]").astype(np.int64) + 1970
    moved = np.stack([in_year(wall, around + by) for by in (-1, 0, 1)])
    found: Times = moved[np.argmin(np.abs(moved - beside), axis=0), np.arange(len(wall))]
    return found
