"""Wall-clock columns to UTC: zones with their changes, and the hour that an autumn night has twice."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.records import dataclass

Times = NDArray[np.int64]
UNKNOWN = -(1 << 63)
"""A time that cannot be told; never 1970."""
SECOND = 1_000_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WEEK = 7 * 86_400
_A_WEEK = dt.timedelta(seconds=_WEEK)


@dataclass
class Offsets:
    """The offsets of one zone, found as far as they are asked for."""

    zone: dt.tzinfo
    _years: tuple[int, int] = (0, -1)
    _changes: Times = field(default_factory=lambda: np.empty(0, np.int64))
    _values: Times = field(default_factory=lambda: np.zeros(1, np.int64))
    _digest: str = ""

    def to_utc(self, wall: Times, fold: FoldState) -> Times:
        """UTC nanoseconds of wall-clock nanoseconds, which are in the order of the file.

        Of an hour that stands twice the first is meant until the wall clock jumps back inside it: `fold` remembers
        that from one piece of a file to the next.
        """
        if not len(wall):
            return wall
        self._cover(int(wall.min()), int(wall.max()))
        only = None if fold.second else self._only(int(wall.min()), int(wall.max()))
        if only is not None:
            fold.last = int(wall[-1]) // SECOND
            return wall - only * SECOND
        seconds = wall // SECOND
        after = np.searchsorted(self._changes + self._values[1:], seconds, side="right")
        before = np.searchsorted(self._changes + self._values[:-1], seconds, side="right")
        # `before` counts changes whose old offset already puts the wall past them, `after` those whose new one does;
        # they differ inside a fold (both readings are right) and inside a gap (none is).
        offset = self._values[np.minimum(before, after)]
        folded = after > before
        if folded.any() or fold.second:
            second = fold.advance(seconds, folded)
            offset = np.where(second, self._values[np.maximum(before, after)], offset)
        fold.last = int(seconds[-1])
        return wall - offset * SECOND

    def _only(self, low: int, high: int) -> int | None:
        """The offset of all wall clocks from `low` to `high`; None where there are several, or a doubtful one."""
        ends = np.array([low, high]) // SECOND
        after = np.searchsorted(self._changes + self._values[1:], ends, side="right")
        before = np.searchsorted(self._changes + self._values[:-1], ends, side="right")
        same = int(after[0]) == int(after[1]) == int(before[0]) == int(before[1])
        return int(self._values[after[0]]) if same else None

    def digest(self) -> str:
        """Of what the zone does: its name may mean something else on another day, or it has none."""
        if not self._digest:
            changes, values = _changes(self.zone, 1970, 2060)
            text = repr((str(self.zone), changes.tolist(), values.tolist()))
            self._digest = hashlib.sha256(text.encode()).hexdigest()
        return self._digest

    def at(self, utc: int) -> int:
        """Seconds east of UTC at an instant."""
        self._cover(utc, utc)
        return int(self._values[np.searchsorted(self._changes, utc // SECOND, side="right")])

    def from_utc(self, utc: Times) -> Times:
        """Wall-clock nanoseconds of UTC nanoseconds."""
        if not len(utc):
            return utc
        self._cover(int(utc.min()), int(utc.max()))
        return utc + self._values[np.searchsorted(self._changes, utc // SECOND, side="right")] * SECOND

    def steady(self, low: int, high: int) -> int | None:
        """Seconds east of UTC of all instants from one to another; None where the zone's clock changes between."""
        self._cover(low, high)
        first, last = np.searchsorted(self._changes, np.array([low, high]) // SECOND, side="right").tolist()
        return int(self._values[first]) if first == last else None

    def _cover(self, low: int, high: int) -> None:
        first = 1970 + low // (366 * 86_400 * SECOND) - 1
        last = 1970 + high // (365 * 86_400 * SECOND) + 1
        if self._years[0] <= first and last <= self._years[1]:
            return
        first, last = min(first, self._years[0] or first), max(last, self._years[1])
        first, last = max(first, 1), min(last, 9998)
        changes, values = _changes(self.zone, first, last)
        self._changes, self._values, self._years = changes, values, (first, last)


@dataclass
class FoldState:
    """Whether the lines of a file have passed into the second of two equal hours."""

    second: bool = False
    last: int = 0

    def advance(self, seconds: Times, folded: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Lines inside a fold that come after a jump back within it."""
        previous = np.concatenate(([self.last], seconds[:-1]))
        # A quarter of an hour back: more than lines of two writers ever differ, less than any zone's change (Lord
        # Howe's is half an hour).
        back = folded & (previous - seconds > 900) & (previous - seconds < 3 * 3600)
        ends = ~folded
        marks = np.where(back, 1, np.where(ends, -1, 0))
        at = np.flatnonzero(marks)
        state = np.zeros(len(seconds), bool)
        positions = np.searchsorted(at, np.arange(len(seconds)), side="right") - 1
        state[:] = (
            np.where(positions >= 0, marks[at[np.maximum(positions, 0)]] > 0, self.second) if len(at) else self.second
        )
        self.second, self.last = bool(state[-1]), int(seconds[-1])
        return state & folded


def _changes(zone: dt.tzinfo, first: int, last: int) -> tuple[Times, Times]:
    """Instants (UTC seconds) at which a zone's offset changes within years, and the offsets around them."""
    low = int((dt.datetime(first, 1, 1, tzinfo=dt.UTC) - _EPOCH).total_seconds())
    high = int((dt.datetime(last + 1, 1, 1, tzinfo=dt.UTC) - _EPOCH).total_seconds())
    changes: list[int] = []
    values = [_offset(zone, low)]
    if isinstance(zone, dt.timezone):  # it never changes
        return np.array(changes, np.int64), np.array(values, np.int64)
    # `fromutc` takes UTC with the zone's name on it; of `astimezone`, which asks it, the thousands would be slow.
    moment = dt.datetime(first, 1, 1, tzinfo=zone)
    before = zone.fromutc(moment).utcoffset()
    for week in range(low, high, _WEEK):
        moment += _A_WEEK
        after = zone.fromutc(moment).utcoffset()
        if after != before:
            changes.append(_bisect(zone, week, week + _WEEK, values[-1]))
            values.append(_offset(zone, week + _WEEK))
            before = after
    return np.array(changes, np.int64), np.array(values, np.int64)


def _offset(zone: dt.tzinfo, utc: int) -> int:
    moment = (_EPOCH + dt.timedelta(seconds=utc)).astimezone(zone)
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _bisect(zone: dt.tzinfo, low: int, high: int, old: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high
