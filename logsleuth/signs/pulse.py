"""When each file was being written: its longest pauses, with the lines on both sides of each."""

from __future__ import annotations

from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch
from logsleuth.records import dataclass

_MOST = 4096
"""Pauses kept for one file: the longest ones. A file with fewer entries is known entry by entry."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry that can be found again."""

    log: int
    time: int
    line: int
    offset: int
    """Position of the line in the unpacked file."""


@dataclass(slots=True)
class Pulse:
    """Pauses of one file: columns (before, after) of time, line and offset, in the order of the file."""

    log: int
    before: NDArray[np.int64] = field(default_factory=lambda: np.empty((3, 0), np.int64))
    after: NDArray[np.int64] = field(default_factory=lambda: np.empty((3, 0), np.int64))
    shortest: int = 0
    """Pauses at least this long are all known (nanoseconds)."""
    first: Place | None = None
    last: Place | None = None

    def add(self, batch: Batch) -> None:
        """Take up the entries of the file's next batch."""
        rows = np.flatnonzero(batch.time != UNKNOWN)
        if not len(rows):
            return
        points = np.stack((batch.time[rows], batch.line[rows], batch.start[rows] + batch.base))
        if not (points[0][1:] >= points[0][:-1]).all():
            points = points[:, np.argsort(points[0], kind="stable")]
        if self.first is None:
            self.first = Place(self.log, *(int(v) for v in points[:, 0]))
        else:
            assert self.last is not None  # noqa: S101 - set with first
            head = np.array([[self.last.time], [self.last.line], [self.last.offset]])
            points = np.concatenate((head, points), axis=1)
        self.last = Place(self.log, *(int(v) for v in points[:, -1]))
        pause = np.diff(points[0])
        keep = pause >= max(self.shortest, 1)
        self.before = np.concatenate((self.before, points[:, :-1][:, keep]), axis=1)
        self.after = np.concatenate((self.after, points[:, 1:][:, keep]), axis=1)
        self._trim()

    def _trim(self) -> None:
        if self.before.shape[1] <= 2 * _MOST:
            return
        pause = self.after[0] - self.before[0]
        self.shortest = int(np.partition(pause, len(pause) - _MOST)[len(pause) - _MOST])
        keep = pause >= self.shortest
        if keep.sum() > 2 * _MOST:
            self.shortest += SECOND
            keep = pause >= self.shortest
        self.before, self.after = self.before[:, keep], self.after[:, keep]

    def last_before(self, time: int) -> Place | None:
        """The last entry earlier than an instant, as far as it is known: an entry at a pause's edge."""
        if self.last is not None and self.last.time < time:
            return self.last
        # before[0] ascends as far as the file's stamps do.
        at = int(np.searchsorted(self.before[0], time, side="left")) - 1
        if at < 0:
            return self.first if self.first is not None and self.first.time < time else None
        edge = Place(self.log, *(int(v) for v in self.before[:, at]))
        after = Place(self.log, *(int(v) for v in self.after[:, at]))
        return after if after.time < time else edge

    def first_after(self, time: int) -> Place | None:
        """The first entry at or later than an instant, as far as it is known."""
        if self.first is not None and self.first.time >= time:
            return self.first
        at = int(np.searchsorted(self.after[0], time, side="left"))
        if at >= self.after.shape[1]:
            return self.last if self.last is not None and self.last.time >= time else None
        edge = Place(self.log, *(int(v) for v in self.after[:, at]))
        before = Place(self.log, *(int(v) for v in self.before[:, at]))
        return before if before.time >= time else edge

    def longest_pause(self, start: int, end: int) -> int:
        """Nanoseconds of the longest known pause within [start, end], its parts outside left off."""
        if self.first is None or self.last is None:
            return end - start
        low = np.maximum(self.before[0], start)
        high = np.minimum(self.after[0], end)
        inside = int((high - low).max(initial=0))
        return max(inside, min(end, self.first.time) - start, end - max(start, self.last.time), 0)
