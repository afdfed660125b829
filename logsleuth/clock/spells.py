"""Stretches of a file that a wrong clock stamped, until it was set: a machine that boots in 1970, months off, ahead.

Stamps stay as they are. Where a file falls back and returns, or runs ahead and comes back, the lines around tell by
how much its clock was wrong, within bounds; the kernel's uptime, where lines carry it, tells it closer. It is said only
where another reading (the clock was wrong *before*, and then nothing was written for as long) is unlikely.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import field, replace

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.formats.vector import Bytes
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

Times = NDArray[np.int64]
HOUR = 3600 * SECOND
DAY = 24 * HOUR
_JITTER = 300 * SECOND
_OLDEST = 20 * 365 * DAY
"""Before 1990 no log was written whose stamps name the year: the clock began at its epoch."""
_MOST = 200
_LONGEST = 4096
_NEAR = 200
"""Lines on each side of a step among which the kernel's uptime is looked for."""
# Not `\b` first: a pattern that begins with fixed bytes is looked for several times faster.
_UPTIME = lazy_pattern(rb"kernel: \[ *(\d{1,9})\.(\d{6})\]")
_WORD = lazy_pattern(rb"\w")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """Two lines that follow each other and lie far apart by their stamps (UTC nanoseconds)."""

    line: int
    """Of the second."""
    before: int
    after: int
    shift: int | None = None
    """By how much the wall clock moved ahead against the kernel's uptime, where lines near it tell."""

    @property
    def by(self) -> int:
        """Nanoseconds ahead."""
        return self.after - self.before


@dataclass(slots=True)
class Steps:
    """Of a file, or a part of one: steps back of more than an hour, and the steps ahead beside them."""

    kept: list[Step] = field(default_factory=list)
    longest: int = 0
    """The longest step ahead that was not kept; without the first and the last, of which that is not known yet."""
    first: Step | None = None
    last: Step | None = None
    first_kept: bool = False
    last_kept: bool = False
    begin: int = UNKNOWN
    """The first stamp that is known."""
    begin_line: int = 0
    end: int = UNKNOWN
    """The last stamp that is known."""
    begin_uptime: tuple[int, int] | None = None
    """(Stamp, uptime) of a kernel's line near the beginning."""
    end_uptime: tuple[int, int] | None = None

    @property
    def longest_ahead(self) -> int:
        """The longest step ahead that was not kept, if no more is read."""
        open_ = ((self.first, self.first_kept), (self.last, self.last_kept))
        return max(self.longest, *(step.by if step is not None and not kept else 0 for step, kept in open_))

    def copy(self) -> Steps:
        """Another that goes on from here by itself."""
        return replace(self, kept=self.kept[:])

    def add(self, time: Times, line: NDArray[np.int64], start: NDArray[np.int64], buffer: Bytes) -> None:
        """Entries of the next piece: their times, numbers of their lines, and where in the buffer they begin."""
        if not len(time):
            return
        previous = np.concatenate(([self.end], time[:-1]))
        if self.begin == UNKNOWN and (time != UNKNOWN).any():
            row = int((time != UNKNOWN).argmax())
            self.begin, self.begin_line = int(time[row]), int(line[row])
            self.begin_uptime = next(_uptimes(time, start, buffer, 0, min(len(start), _NEAR)), None)
        known = (previous != UNKNOWN) & (time != UNKNOWN)
        self.end = int(time[-1]) if int(time[-1]) != UNKNOWN else self.end
        big = np.flatnonzero(known & ((time > previous + HOUR) | (previous > time + HOUR)))
        if len(big):
            self._note(time, previous, line, start, buffer, big)
        near = list(_uptimes(time, start, buffer, max(0, len(start) - _NEAR), len(start)))
        self.end_uptime = near[-1] if near else self.end_uptime if len(start) < _NEAR else None

    def _note(
        self,
        time: Times,
        previous: Times,
        line: NDArray[np.int64],
        start: NDArray[np.int64],
        buffer: Bytes,
        big: NDArray[np.int64],
    ) -> None:
        """Take up the steps to the rows `big`."""
        back = time[big] < previous[big]
        wanted = back | (previous[big] < _OLDEST)
        wanted[:-1] |= back[1:]
        wanted[1:] |= back[:-1]
        wanted[0] |= self.last is not None and self.last.by < 0

        def step(row: int) -> Step:
            shift = _shift(time, start, buffer, row, self.end_uptime)
            return Step(int(line[row]), int(previous[row]), int(time[row]), shift)

        self._settle(back=bool(back[0]))
        rows = big.tolist()
        made = {row: step(row) for row in {rows[0], rows[-1], *big[wanted].tolist()[:_MOST]}}
        if self.first is None:
            self.first, self.first_kept = made[rows[0]], bool(wanted[0])
        inner = slice(1 if self.last is None else 0, -1)
        plain = big[inner][~wanted[inner]]
        if len(plain):
            self.longest = max(self.longest, int((time[plain] - previous[plain]).max()))
        self.kept += [made[row] for row in big[wanted].tolist()[:_MOST]]
        self.last, self.last_kept = made[rows[-1]], bool(wanted[-1])
        if len(rows) == 1 and self.first is self.last:
            self.first_kept = self.last_kept

    def _settle(self, *, back: bool) -> None:
        """The step after the last one is known: what is ahead is kept beside one back."""
        if self.last is None or self.last_kept:
            return
        if back:
            self.kept.append(self.last)
            self.first_kept |= self.last is self.first
        elif self.last is not self.first:
            self.longest = max(self.longest, self.last.by)

    def below(self, lines: int) -> Steps:
        """The same, where so many lines stand above those that were counted."""

        def put(step: Step) -> Step:
            return replace(step, line=step.line + lines)

        first = None if self.first is None else put(self.first)
        last = first if self.last is self.first else None if self.last is None else put(self.last)
        kept = [put(step) for step in self.kept]
        return replace(self, kept=kept, first=first, last=last, begin_line=self.begin_line + lines)

    def follow(self, other: Steps) -> None:
        """Go on with what was read of the part of the file that follows."""
        if other.begin == UNKNOWN:
            return
        if self.begin == UNKNOWN:
            self.begin, self.begin_line, self.begin_uptime = other.begin, other.begin_line, other.begin_uptime
        elif abs(other.begin - self.end) > HOUR:
            shift = _moved(self.end_uptime, other.begin_uptime)
            self._take(Step(other.begin_line, self.end, other.begin, shift))
        if other.first is not None and other.last is not None:
            self._join(other, other.first, other.last)
        self.end, self.end_uptime = other.end, other.end_uptime or self.end_uptime

    def _take(self, step: Step) -> None:
        """One more step."""
        before = self.last is not None and self.last.by < 0
        self._settle(back=step.by < 0)
        kept = step.by < 0 or step.before < _OLDEST or before
        if kept:
            self.kept.append(step)
        if self.first is None:
            self.first, self.first_kept = step, kept
        self.last, self.last_kept = step, kept

    def _join(self, other: Steps, first: Step, last: Step) -> None:
        before = self.last is not None and self.last.by < 0
        self._settle(back=first.by < 0)
        kept = other.first_kept
        if before and not kept:
            self.kept.append(first)
            kept = True
        single = first is last
        if self.first is None:
            self.first, self.first_kept = first, kept
        elif not kept and not single:
            self.longest = max(self.longest, first.by)
        self.kept += other.kept
        self.longest = max(self.longest, other.longest)
        self.last, self.last_kept = last, kept if single else other.last_kept


def _shift(
    time: Times, start: NDArray[np.int64], buffer: Bytes, row: int, earlier: tuple[int, int] | None
) -> int | None:
    low, high = max(0, row - _NEAR), min(len(start), row + _NEAR)
    before = list(_uptimes(time, start, buffer, low, row)) if row else []
    last = before[-1] if before else None if low else earlier
    return _moved(last, next(_uptimes(time, start, buffer, row, high), None))


def _moved(before: tuple[int, int] | None, after: tuple[int, int] | None) -> int | None:
    """By how much the wall clock moved ahead against the kernel's uptime between two (stamp, uptime)."""
    if before is None or after is None:
        return None
    ran = after[1] - before[1]
    return after[0] - before[0] - ran if ran >= 0 else None


def _uptimes(time: Times, start: NDArray[np.int64], buffer: Bytes, first: int, end: int) -> Iterator[tuple[int, int]]:
    """(Stamp, uptime) of the kernel's lines among the rows [first, end)."""
    base = int(start[first])
    last = int(start[end - 1])
    text = bytes(buffer.data[base : int(start[end]) if end < len(start) else last + _LONGEST])
    if end == len(start) and (feed := text.find(b"\n", last - base)) >= 0:
        text = text[:feed]
    for match in _UPTIME.finditer(text):
        if _WORD.match(text[max(0, match.start() - 1) : match.start()]):
            continue
        row = int(np.searchsorted(start, base + match.start(), side="right")) - 1
        if int(time[row]) != UNKNOWN:
            yield int(time[row]), int(match[1]) * SECOND + int(match[2]) * 1000


@dataclass(frozen=True, slots=True)
class Spell:
    """Lines [first, last] that a clock stamped which was wrong by between `low` and `high` nanoseconds."""

    first: int
    last: int
    behind: bool
    low: int
    high: int
    before: int | None
    """The last right stamp before, UTC nanoseconds; None where the file begins with them."""
    after: int
    """The first right stamp after."""
    by_uptime: bool = False

    def say(self) -> str:
        """As an assumption."""
        which = f"lines {self.first} to {self.last} were" if self.last > self.first else f"line {self.first} was"
        low, high = span(self.low), span(self.high)
        size = f"about {low}" if low == high else f"between {low} and {high}"
        how = ", by the kernel's uptime" if self.by_uptime else ""
        since = "before" if self.before is None else f"between {_utc(self.before)} and"
        wrong = "behind" if self.behind else "ahead"
        return (
            f"{which} stamped by a clock that was {size} {wrong}{how}, until line {self.last + 1}: "
            f"their stamps are kept, what they tell of was {since} {_utc(self.after)}"
        )


def spells(steps: Steps) -> Iterator[Spell]:
    """What steps back and ahead tell of wrong clocks, in the order of the file; nothing where they are too many."""
    kept = steps.kept
    if len(kept) > _MOST:
        return
    at = 0
    if kept and kept[0].by > 0 and kept[0].before < _OLDEST:
        yield _spell(1, kept[0], behind=True, low=kept[0].by, high=kept[0].by, before=None)
        at = 1
    while at + 1 < len(kept):
        found = _behind(kept[at], kept[at + 1], steps.longest_ahead) or _ahead(kept[at], kept[at + 1])
        if found is not None:
            yield found
        at += 2 if found is not None else 1


def _behind(fall: Step, back: Step, longest: int) -> Spell | None:
    low, high = -fall.by, back.by
    if low < HOUR or high < low - _JITTER or fall.before < _OLDEST:
        return None
    unlikely = high <= low + low // 4 + _JITTER and high > 2 * longest
    told = back.shift is not None and low - HOUR <= back.shift <= high + HOUR and high <= 2 * low
    if not (fall.after < _OLDEST or unlikely or told):
        return None
    return _spell(fall.line, back, behind=True, low=low, high=max(low, high), before=fall.before)


def _ahead(leap: Step, back: Step) -> Spell | None:
    low, high = -back.by, leap.by
    gap = back.after - leap.before
    # One stamp alone is told as such: see `entries.keys`.
    alone = back.line == leap.line + 1 and abs(gap) <= _JITTER
    if low < HOUR or high < low or gap < -_JITTER or gap > min(low // 2, DAY) or alone:
        return None
    return _spell(leap.line, back, behind=False, low=low, high=high, before=leap.before)


def _spell(first: int, end: Step, *, behind: bool, low: int, high: int, before: int | None) -> Spell:
    shift = None if end.shift is None else abs(end.shift)
    if shift is not None and low - HOUR <= shift <= high + HOUR:
        return Spell(first, end.line - 1, behind, shift, shift, before, end.after, by_uptime=True)
    return Spell(first, end.line - 1, behind, low, high, before, end.after)


def span(nanoseconds: int) -> str:
    """A length of time in its largest two units: 3 d 4 h, 41 s."""
    left = round(nanoseconds / SECOND)
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if left >= size or (unit == "s" and not parts):
            parts.append(f"{left // size} {unit}")
            left %= size
        elif parts:
            break
    return " ".join(parts[:2])


def _utc(instant: int) -> str:
    return f"{_EPOCH + dt.timedelta(seconds=instant // SECOND):%Y-%m-%dT%H:%M:%SZ}"
