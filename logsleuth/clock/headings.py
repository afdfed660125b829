"""The years that systemd's own headings give the lines below them.

`journalctl` told up to version 250 from when to when its journal goes (`src/journal/journalctl.c`); `systemctl status`
tells since when a unit is as it is, and how long ago that was (`src/systemctl/systemctl-show.c`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.years import wall_in
from logsleuth.formats.stamp import DAY
from logsleuth.lazy import lazy_pattern

_MOMENT = rb"(?:\S+ )?([12]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d)(?: [\w+-]+)?"
"""The weekday before it is in the user's language, where systemd is older than 2014."""
_JOURNAL = lazy_pattern(
    rb"^-- (?:Logs begin|Journal begins) at " + _MOMENT + rb", ends? at " + _MOMENT + rb"\. --", re.MULTILINE
)
_STATUS = lazy_pattern(
    rb"^[ \t]{0,12}Active: [^\n]{1,80}? since " + _MOMENT + rb"; ((?:\d{1,4} ?[a-z]{1,8} ){1,2})ago\b", re.MULTILINE
)
_PART = lazy_pattern(rb"(\d+) ?([a-z]+?)s? ")
_DAYS = {b"year": 365.25, b"month": 30.44, b"week": 7.0, b"day": 1.0}
"""The units of a span that matter; shorter ones are less than a day."""
_LONG = 300
"""Days within which a line without a year is of one year alone."""
_MOST = 50
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks


def dated(part: bytes, start: NDArray[np.int64], wall: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """(row, year) of lines that stand next below a heading, of those without a year that begin at `start`."""
    for at, first, last in _spans(part):
        row = int(np.searchsorted(start, at))
        if row == len(start):
            continue
        years = range((_EPOCH + dt.timedelta(microseconds=first / 1000)).year - 1, 2262)
        fit = [year for year in years[:_MOST] if first <= wall_in(int(wall[row]), year) <= last]
        if len(fit) == 1:
            yield row, fit[0]


def _spans(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Where headings end, and between which stamps (nanoseconds, a day of doubt included) lines below them lie."""
    for mark, pattern, span in ((b" end", _JOURNAL, _of_journal), (b"Active: ", _STATUS, _of_status)):
        if mark not in part:
            continue
        for count, match in enumerate(pattern.finditer(part)):
            if count == _MOST:
                break
            try:
                first, last = span(match)
            except ValueError:
                continue
            yield match.end(), first - DAY, last + DAY


def _of_journal(match: re.Match[bytes]) -> tuple[int, int]:
    return _nanoseconds(match[1]), _nanoseconds(match[2])


def _of_status(match: re.Match[bytes]) -> tuple[int, int]:
    """Up to now; what the unit logged last, long before it came to be as it is, may be shown too."""
    days = sum(int(n) * _DAYS.get(unit, 0.0) for n, unit in _PART.findall(match[2]))
    now = _nanoseconds(match[1]) + int(min(days, 36_525) * DAY)
    return now - _LONG * DAY, now + int(days * 0.05) * DAY


def _nanoseconds(text: bytes) -> int:
    when = dt.datetime.fromisoformat(text.decode())
    return int((when - _EPOCH).total_seconds()) * 1_000_000_000
