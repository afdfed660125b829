"""Which year a file's last line lies in: everything that can tell, and which of it is believed first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Literal

from logsleuth.clock.years import is_leap, is_leap_day, wall_in
from logsleuth.formats.stamp import DAY
from logsleuth.records import dataclass

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_OLDEST = 20 * 365 * DAY
"""A last change before 1990 is none: 1970 is a clock that was not set, 1980 what zip archives begin with."""

Trust = Literal["kept", "copied", "unknown"]
"""Whether files' last changes are those of their writers, as files tell whose stamps name the year."""
ORDER: dict[Trust, tuple[str, ...]] = {
    "kept": ("given", "text", "rotation", "mtime-close", "mtime", "neighbour", "build", "run", "now"),
    "copied": ("given", "text", "rotation", "neighbour", "build", "run", "mtime-close", "mtime", "now"),
    "unknown": ("given", "text", "rotation", "mtime-close", "neighbour", "build", "run", "mtime", "now"),
}


@dataclass(frozen=True, slots=True)
class Witness:
    """Something that tells the year of a file's last line."""

    kind: str
    """given, text, rotation, mtime-close, neighbour, build, run, mtime, now: see ORDER."""
    at: int
    """UTC nanoseconds: of a neighbour's last line, the name's date, the last write, the kernel's build."""
    say: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A year, the witness it rests on, and what has to be said besides."""

    year: int
    witness: Witness
    also: str = ""


def choose(
    last_wall: int,
    witnesses: Sequence[Witness],
    trust: Trust = "unknown",
    allowed: Callable[[int], bool] = lambda _: True,
) -> Choice:
    """The year of a last line (its stamp read in 2000). `allowed` says which years the calendar lets its lines have."""
    limits = _Limits.of(witnesses)
    for kind in ORDER[trust]:
        for witness in witnesses:
            if witness.kind != kind:
                continue
            found = _year_by(last_wall, witness, limits, allowed)
            if found is not None:
                return found
    raise ValueError("no witness")


@dataclass(frozen=True, slots=True)
class _Limits:
    """UTC nanoseconds."""

    now: int | None
    written: int | None
    """The last change, if it can be one."""

    @classmethod
    def of(cls, witnesses: Sequence[Witness]) -> _Limits:
        now = next((w.at for w in witnesses if w.kind == "now"), None)
        written = next((w.at for w in witnesses if w.kind == "mtime"), None)
        bad = written is None or written < _OLDEST or (now is not None and written > now + DAY)
        return cls(now, None if bad else written)


def _year_by(last_wall: int, witness: Witness, limits: _Limits, allowed: Callable[[int], bool]) -> Choice | None:
    year = (_EPOCH + dt.timedelta(microseconds=witness.at / 1000)).year
    if witness.kind == "given":
        return Choice(year, witness)
    if witness.kind.startswith("mtime") and limits.written is None:
        return None
    around = [y for y in range(year - 40, year + 13) if _possible(last_wall, y)]
    candidates = [y for y in around if allowed(y)]
    first = _best(last_wall, around, witness, limits)
    if not candidates:
        return first
    best = _best(last_wall, candidates, witness, limits)
    if best is None or (first is not None and best.year == first.year):
        return best
    return Choice(best.year, witness, ", and which has the weekdays and leap days of its lines" + best.also)


def _best(last_wall: int, years: Sequence[int], witness: Witness, limits: _Limits) -> Choice | None:
    when = {y: wall_in(last_wall, y) for y in years}
    # Nothing was written in the future; but where the clocks of a whole machine were ahead, its files agree.
    ahead = limits.now is not None and witness.at > limits.now + DAY
    if limits.now is not None and not ahead:
        years = [y for y in years if when[y] <= limits.now + DAY]
    if limits.written is not None and not ahead:
        # No line is dated after its file was last written (a day for unknown zones), unless nothing else fits.
        before = [y for y in years if when[y] <= limits.written + DAY]
        found = _pick(before, when, witness)
        if found is not None:
            nearest = _pick(years, when, witness)
            far = abs(when[found] - witness.at) > 400 * DAY and nearest is not None and nearest != found
            if not (far and witness.kind in {"text", "rotation"}):
                return Choice(found, witness)
    found = _pick(years, when, witness)
    if found is None:
        return None
    late = limits.written is not None and not ahead and when[found] > limits.written + DAY
    return Choice(found, witness, " (though the file's last change is older)" if late else "")


def _pick(years: Sequence[int], when: dict[int, int], witness: Witness) -> int | None:
    if witness.kind == "text":
        year = (_EPOCH + dt.timedelta(microseconds=witness.at / 1000)).year
        return year if year in years else None
    if witness.kind in {"neighbour", "run", "rotation"}:
        # A neighbour of the same machine or run was written about when this file was; a rotated file's name bears
        # the date of its first line or of its last.
        return min(years, key=lambda y: abs(when[y] - witness.at), default=None)
    if witness.kind == "build":
        # A kernel runs after it was built.
        return min((y for y in years if when[y] >= witness.at - DAY), default=None)
    if witness.kind == "mtime-close":
        # The last line and the last write lie less than a day apart: the file was left alone since.
        near = [y for y in years if abs(when[y] - witness.at) < DAY]
        return near[0] if near else None
    return max((y for y in years if when[y] <= witness.at + DAY), default=None)


def _possible(wall: int, year: int) -> bool:
    import numpy as np

    return is_leap(year) or not bool(is_leap_day(np.array([wall]))[0])
