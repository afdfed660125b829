"""Stamps that are a time of day alone (`formats.daily`), put on their days.

A new day begins where they fall back. Which day the first is, lines in the file tell, else its name, else its last
change.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from logsleuth import sources
from logsleuth.clock.model import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN, FoldState
from logsleuth.formats.daily import Daily
from logsleuth.formats.registry import number
from logsleuth.formats.split import decode, lines_of
from logsleuth.formats.stamp import DAY
from logsleuth.lazy import lazy_pattern
from logsleuth.report import Assumption

_FALL = 3600 * SECOND
"""Less is lines that come late."""
_LATE = 120 * SECOND
"""A file's last change is not stamped before its last line by more."""
_LONGEST = 1 << 20
_NAMES = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: number + 1 for number, name in enumerate(_NAMES.split())}
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NAMED = lazy_pattern(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)\.(?:log|txt|weechatlog)$")

Numbers = NDArray[np.int64]


def tie_days(log: Log, assumptions: list[Assumption]) -> tuple[tuple[int, int], ...]:
    """For each day: where in the file it begins, and the UTC nanoseconds from which its stamps count; or UNKNOWN."""
    stamp = log.format.stamp
    assert isinstance(stamp, Daily)  # noqa: S101 - asked for such only
    start, since, named = _looked(log, stamp)
    if not len(start):
        return ()
    day, how = _days(log, start, since, named)
    assumptions.append(Assumption(log.name, f"its stamps name no day: {how}"))
    if day is None:
        return ((0, UNKNOWN),)
    wall = day * DAY + since
    utc = wall if stamp.utc else log.offsets.to_utc(wall, FoldState())
    begin = utc - since
    rows = np.flatnonzero(np.diff(begin, prepend=begin[0] - 1))
    return tuple(zip(start[rows].tolist(), begin[rows].tolist(), strict=True))


def _looked(log: Log, stamp: Daily) -> tuple[Numbers, Numbers, list[tuple[int, int]]]:
    """Where lines with a stamp begin and what it says; (where, days since 1970) of lines that name a day."""
    starts, walls, named = [], [], []
    own = number(log.format)
    for base, piece in _pieces(log):
        lines = lines_of(piece)
        stamped = decode(lines, log.format)
        rows = np.flatnonzero(stamped.layout == own)
        starts.append(lines.start[rows] + base)
        walls.append(stamped.wall[rows])
        for match in stamp.dates.finditer(piece):
            day = _date(match)
            if day is not None:
                named.append((base + piece.rfind(b"\n", 0, match.start()) + 1, day))
    none = np.empty(0, np.int64)
    return np.concatenate([*starts, none]), np.concatenate([*walls, none]), named


def _pieces(log: Log) -> Iterator[tuple[int, bytes]]:
    """Whole lines and where they begin."""
    rest, base = b"", 0
    for block in sources.blocks(log.source, []):
        piece = rest + block
        cut = piece.rfind(b"\n") + 1
        yield base, piece[:cut]
        rest = piece[cut:] if len(piece) - cut < _LONGEST else b""
        base += len(piece) - len(rest)
    yield base, rest


def _date(match: re.Match[bytes]) -> int | None:
    part = {name.rstrip("2"): value for name, value in match.groupdict().items() if value is not None}
    year = int(part["year"])
    month = _MONTHS[part["name"]] if "name" in part else int(part["month"])
    try:
        return dt.date(year + 2000 if year < 100 else year, month, int(part["day"])).toordinal() - _EPOCH
    except ValueError:
        return None


def _days(log: Log, start: Numbers, since: Numbers, named: list[tuple[int, int]]) -> tuple[Numbers | None, str]:
    """Days since 1970 of all lines, and what says so."""
    stamp = log.format.stamp
    falls = np.diff(since, prepend=since[0]) < -_FALL
    # A table below another begins with the same day's first times.
    fallen = np.cumsum(falls) if not (isinstance(stamp, Daily) and stamp.tables) else np.zeros(len(since), np.int64)
    rows = [min(int(np.searchsorted(start, at)), len(start) - 1) for at, _ in named]
    if named:
        # From each line that names a day on; before the first of them, back from it.
        first = np.maximum(np.searchsorted(np.array(rows), np.arange(len(start)), side="right") - 1, 0)
        day = np.array([day for _, day in named])[first] + fallen - fallen[np.array(rows)[first]]
        return day, f"{len(named)} lines in it name one"
    found = _NAMED.search(PurePath(log.name).name)
    if found:
        try:
            began = dt.date(*map(int, found.groups())).toordinal() - _EPOCH
            return began + fallen, "its file's name does, and a new one begins where they fall back"
        except ValueError:
            pass
    if log.source.mtime is None:
        return None, "nothing else tells it, so its times are unknown"
    last = int(log.offsets.from_utc(np.array([log.source.mtime]))[0])
    ended = last // DAY - (int(since[-1]) > last % DAY + _LATE)
    day = ended - int(fallen[-1]) + fallen
    return day, "its last line is put on the day of the file's last change, and a new day begins where they fall back"
