"""Stamps whose width varies: days and hours of one digit, a clock of twelve hours.

The template is spelled as in `stamp.py`, with `D` for a day and `H:MM:SS` for an hour that may have one digit (or a
space in place of the other); `AP` right behind the seconds says that AM or PM must follow, perhaps behind a fraction.
The time of day is found by its first colon, and then decoded for all lines at once.
"""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import vector
from logsleuth.formats.stamp import Stamp, Stamps, date_pattern, fraction_at
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_CLOCK = "H:MM:SS"
_HALF = "AP"
_WIDE = len(" AM")
_HALF_DAY = 12 * 3600


@dataclass(frozen=True)
class LooseStamp(Stamp):
    """A stamp at the line's start, of no fixed width."""

    @cached_property
    def colons(self) -> tuple[int, ...]:
        """They stand anywhere."""
        return ()

    @cached_property
    def clock(self) -> str:
        """How the time of day is read in the end."""
        return "HH:MM:SS"

    @cached_property
    def _written(self) -> str:
        return self.template[: self.template.index(_CLOCK)]

    @cached_property
    def fixed(self) -> str:
        """The part up to the seconds."""
        rest = self.template[len(self._written) :]
        return self._written + (_CLOCK + _HALF if rest.startswith(_CLOCK + _HALF) else _CLOCK)

    @cached_property
    def date(self) -> re.Pattern[bytes]:
        """The part before the time of day."""
        return re.compile(date_pattern(self._written) + b" ?")

    @cached_property
    def _most(self) -> int:
        """The date's bytes, at most."""
        return len(self._written) + 3

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        colon = self._colon(view, start, stop)
        good = (colon - start >= 3) & (colon + 6 <= stop)
        rows = np.flatnonzero(good)
        colon = colon[rows]
        two = (buffer[colon - 2] >= ord("0")) & (buffer[colon - 2] <= ord("9"))
        word = view[colon - 1 - two]
        right, seconds = vector.clock_time(np.where(two, word, (word << np.uint64(8)) | np.uint64(ord("0"))))
        good[rows] = right
        rows, colon, seconds = rows[right], colon[right], seconds[right]
        some = self._read(buffer, view, start[rows], stop[rows], seconds, colon + 6)
        return self._of_all(some, rows, good, start)

    def _colon(self, view: Words, start: Positions, stop: Positions) -> Positions:
        """Behind the hour; those that stand in the date itself are passed over. `start` where there is none."""
        limit = np.minimum(stop, start + self._most + 3)
        colon = vector.find_byte(view, start, limit, ord(":"))
        for _ in range(self._written.count(":")):
            colon = vector.find_byte(view, np.minimum(colon + 1, limit), limit, ord(":"))
        return np.where(colon < limit, colon, start)

    def _read(
        self,
        buffer: Bytes,
        view: Words,
        at: Positions,
        stop: Positions,
        seconds: NDArray[np.int64],
        end: Positions,
        more: Positions | int = 0,
    ) -> Stamps:
        if not self.fixed.endswith(_HALF):
            return super()._read(buffer, view, at, stop, seconds, end, more)
        fraction, behind = fraction_at(buffer, view, end, stop)
        half = _half_of_day(view, behind, stop)
        right = (half >= 0) & (seconds < 13 * 3600)
        seconds = np.where(right, seconds % _HALF_DAY + half * _HALF_DAY, seconds)
        last = np.minimum(behind + _WIDE, stop)
        got = super()._read(buffer, view, at, stop, seconds, last, last - end)
        valid = got.valid & right
        wall = np.where(valid, got.wall + fraction, 0)
        return Stamps(valid, wall, got.offset, np.where(valid, got.end, at))

    def _days(
        self, buffer: Bytes, view: Words, at: Positions, time_at: Positions, years: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        if not len(at):
            return np.empty(0, np.int64)
        one = (buffer[time_at] < ord("0")) | (buffer[time_at] > ord("9"))
        width = time_at + one - at
        keys = [view[at + k] & vector.KEEP[np.clip(width - k, 0, 8)] for k in range(0, self._most + 1, 8)]
        return self._by_runs(buffer, at, width, years, keys)


def _half_of_day(view: Words, end: Positions, stop: Positions) -> NDArray[np.int64]:
    """0 for AM, 1 for PM, -1 where neither follows."""
    word = (view[np.minimum(end, stop)] & vector.KEEP[3]) | np.uint64(0x202000)
    half = np.select([word == vector.word(b" am"), word == vector.word(b" pm")], [0, 1], -1)
    ahead: Mask = end + 3 <= stop
    return np.where(ahead, half, -1)
