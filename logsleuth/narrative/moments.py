"""Instants, their bounds, durations and shares as a reader says them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from contextlib import contextmanager

from logsleuth.narrative.catalogue import Catalogue
from logsleuth.report import Bounds

SECOND = 1_000_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_DAYS_ALONE = 10
"""From so many days on the hours are left out."""


class Clock:
    """Says times in one zone and one language."""

    def __init__(self, zone: dt.tzinfo, words: Catalogue) -> None:
        self.zone = zone
        self._words = words
        self._running = False
        self._day: dt.date | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Text that is read in one go: a date is told where it changes, not with each time of day."""
        self._running, self._day = True, None
        try:
            yield
        finally:
            self._running, self._day = False, None

    def instant(self, time: int | None, *, beside: int | None = None, form: str = "instant") -> str:
        """Date and time of day; without the date if it is the same as that of the instant `beside`."""
        if time is None:
            return self._words.phrases["moment.bare.unknown"]
        local = self._local(time)
        same_day = beside is not None and self._local(beside).date() == local.date()
        if self._running:
            same_day = same_day or self._day == local.date()
            self._day = local.date()
        text = self._format(local, "time" if same_day else form)
        return f"{text} {local.tzname()}" if _twice(local) else text

    def cell(self, time: int | None) -> str:
        """As `instant`, for a table: all of one width."""
        return self.instant(time, form="cell") if time is not None else self._words.phrases["moment.cell.unknown"]

    def utc(self, time: int | None) -> str:
        """As `cell`, in UTC."""
        if time is None:
            return self._words.phrases["moment.cell.unknown"]
        return self._format(_datetime(time), "cell")

    def moment(self, bounds: Bounds, how: str = "bare") -> str:
        """An instant within its bounds: `at` as an adverb, `bare` after another word, `cell` in a table."""
        low, high = bounds.earliest, bounds.latest
        kind = _kind(bounds)
        phrase = self._words.phrases[f"moment.{how}.{kind}"]
        form = "cell" if how == "cell" else "instant"
        # Each instant that is told is said once and in order, for `running`.
        first = self.instant(high if low is None else low, form=form)
        last = self.instant(high, beside=low, form=form) if kind == "between" else first
        return phrase.format(at=first, earliest=first, latest=last)

    def duration(self, length: int, *, up: bool = False) -> str:
        """Nanoseconds in the two units that matter; cut off, or rounded up where it is an upper bound."""
        if 0 < length < SECOND:
            return self._words.phrases["duration.instant"]
        seconds = -(-length // SECOND) if up else length // SECOND
        smallest = next((unit for from_, unit in _STEPS if seconds >= from_), 1)
        seconds = (-(-seconds // smallest) if up else seconds // smallest) * smallest
        parts = []
        for name, unit in _UNITS:
            n, seconds = divmod(seconds, unit)
            if n:
                parts.append(self._words.counted(f"duration.{name}", n).format(n=n))
        return self._words.phrases["format.units"].join(parts) or self._words.phrases["duration.second.other"].format(
            n=0
        )

    def between(self, least: int | None, most: int | None) -> str:
        """A duration that is known within bounds."""
        if least is None and most is None:
            return self._words.phrases["duration.unknown"]
        if least is not None and most is not None and most - least < 2 * SECOND:
            # Two stamps of whole seconds: their difference is the middle.
            return self.duration(least if least == most else (least + most + SECOND) // 2 // SECOND * SECOND)
        low = self.duration(least) if least is not None else ""
        high = self.duration(most, up=True) if most is not None else ""
        if most is None:
            kind = "at_least"
        elif not least:
            kind = "up_to"
        else:
            kind = "exact" if low == high else "between"
        return self._words.phrases[f"duration.{kind}"].format(least=low, most=high)

    def lasted(self, start: Bounds, end: Bounds) -> tuple[int | None, int | None]:
        """Shortest and longest time from a start to an end."""
        least = end.earliest - start.latest if end.earliest is not None and start.latest is not None else None
        most = end.latest - start.earliest if end.latest is not None and start.earliest is not None else None
        return (None if least is None else max(0, least)), most

    def share(self, least: float, most: float) -> str:
        """A percentage within bounds: the lower one rounded down, the upper one up."""
        digits = 2
        while digits < 5 and most < 1 and _percent(most, digits, up=True).startswith("100"):
            digits += 1
        low, high = _percent(least, digits, up=False), _percent(most, digits, up=True)
        kind = "exact" if low == high else "between"
        return self._words.phrases[f"share.{kind}"].format(least=low, most=high)

    def _format(self, local: dt.datetime, form: str) -> str:
        """An instant as the language writes it; `strftime` would ask the system's locale."""
        date, time = f"{local.year:04}-{local.month:02}-{local.day:02}", f"{local:%H:%M:%S}"
        phrase = self._words.phrases[f"format.{form}"]
        return phrase.format(date=date, time=time, year=local.year, month=local.month, day=local.day)

    def _local(self, time: int) -> dt.datetime:
        return _datetime(time).astimezone(self.zone)


_STEPS = ((_DAYS_ALONE * 86_400, 86_400), (86_400, 3_600), (3_600, 60))
"""From how many seconds on a duration is told in which smallest unit."""


def _kind(bounds: Bounds) -> str:
    if bounds.exact:
        return "exact"
    if bounds.earliest is None:
        return "unknown" if bounds.latest is None else "before"
    return "after" if bounds.latest is None else "between"


def _datetime(time: int) -> dt.datetime:
    seconds, rest = divmod(time, SECOND)
    return _EPOCH + dt.timedelta(seconds=seconds, microseconds=rest // 1000)


def _twice(local: dt.datetime) -> bool:
    """The hour that an autumn night has twice: the zone's abbreviation must say which."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _percent(share: float, digits: int, *, up: bool) -> str:
    if share >= 1:
        return "100"
    # A share such as 0.9962 is 99.61999… in binary: what is closer than a billionth counts as reached.
    scaled = share * 100 * 10**digits
    near = round(scaled)
    if abs(scaled - near) > 1e-6:
        near = math.ceil(scaled) if up else math.floor(scaled)
    return f"{near / 10**digits:.{digits}f}"
