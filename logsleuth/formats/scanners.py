"""Logs of Windows' virus scanners: Symantec, McAfee, Trend Micro.

Layouts: Symantec's "External logging and log event details" (the time in six bytes as hexadecimal digits: years since
1970, month from 0, day, hour, minute, second), McAfee's VirusScan, Trend Micro's OfficeScan (`<;>` between columns).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import below, body, vector
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Either
from logsleuth.formats.stamp import DAY, NO_ZONE, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_SECOND = 1_000_000_000
_PAIRS = 6
_BETWEEN = b"<;>"
_DATE = len("20210304")


def _pair(buffer: Bytes, at: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The value of two hexadecimal digits in capitals."""
    value, good = np.zeros(len(at), np.int64), np.ones(len(at), bool)
    for k in range(2):
        byte = buffer[at + k].astype(np.int64)
        letter = (byte >= ord("A")) & (byte <= ord("F"))
        digit = (byte >= ord("0")) & (byte <= ord("9"))
        good &= letter | digit
        value = value * 16 + np.where(letter, byte - ord("A") + 10, byte - ord("0"))
    return value, good


def _stamped(good: Mask, days: NDArray[np.int64], seconds: NDArray[np.int64], end: Positions) -> Stamps:
    wall = np.where(good, days * DAY + seconds * _SECOND, 0)
    return Stamps(good, wall, np.full(len(good), NO_ZONE, np.int64), end)


@dataclass(frozen=True)
class _Hexadecimal:
    """`330203050607,`: 4 March 2021, 05:06:07."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"0123456789ABCDEF"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        """Read the stamp of every line [start, stop)."""
        good = (start + 2 * _PAIRS < stop) & (buffer[np.minimum(start + 2 * _PAIRS, stop)] == ord(","))
        parts = []
        for k in range(_PAIRS):
            value, right = _pair(buffer, np.where(good, start + 2 * k, start))
            good &= right
            parts.append(value)
        year, month, day, hour, minute, second = parts
        days, right = below.days(year + 1970, month + 1, day)
        good &= right & (hour < 24) & (minute < 60) & (second < 60)
        return _stamped(good, days, hour * 3600 + minute * 60 + second, np.where(good, start + 2 * _PAIRS + 1, start))


@dataclass(frozen=True)
class _Columns:
    """`20210304<;>0506<;>`: a date, and a time of day without its leading zeros."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"12"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        """Read the stamp of every line [start, stop)."""
        date, end = body.numbers(view, start)
        good = (end - start == _DATE) & vector.starts(view, end, _BETWEEN) & (end + len(_BETWEEN) < stop)
        clock, last = body.numbers(view, np.where(good, end + len(_BETWEEN), start))
        good &= (last - end - len(_BETWEEN) <= 4) & vector.starts(view, last, _BETWEEN) & (clock >= 0)
        hour, minute = clock // 100, clock % 100
        days, right = below.days(date // 10_000, date // 100 % 100, date % 100)
        good &= right & (hour < 24) & (minute < 60)
        return _stamped(good, days, hour * 3600 + minute * 60, np.where(good, last + len(_BETWEEN), start))


FORMATS = (
    Format(
        name="symantec",
        about="Symantec's and Norton's virus scanners: columns between commas",
        stamp=_Hexadecimal(),
        body=body.plain,
        hint=lazy_pattern(rb"\n(?:[0-9A-F]{12},\d{1,3},[^\n]*\n)"),
        program="symantec",
        samples=(b'330204050607,46,2,1,GATE,rika,,,,,,,16777216,"Scan started on all drives.",0,,0,,,,,',),
    ),
    Format(
        name="trend-micro",
        about="Trend Micro's OfficeScan: virus and web reputation logs, to the minute",
        stamp=_Columns(),
        body=body.plain,
        program="officescan",
        hint=lazy_pattern(rb"\n\d{8}<;>\d{1,4}<;>"),
        samples=(
            b"20210304<;>0506<;>HTML_X.SM1<;>3<;>1<;>0<;>C:\\x.htm<;>x.htm<;><;><;>1614834360<;>1<;>0<;>0",
            b"20210304<;>9<;>1<;>5<;>http://www.example.org/x<;>C:\\x.exe",
        ),
    ),
    Format(
        name="mcafee",
        about="McAfee VirusScan: columns between tabs",
        stamp=Either((LooseStamp("M/D/YYYY\tH:MM:SSAP\t"), LooseStamp("M/D/YYYY\tH:MM:SS\t"))),
        body=body.plain,
        program="mcafee",
        hint=lazy_pattern(rb"\n\d{1,2}/\d{1,2}/\d{4}\t\d{1,2}:\d\d:\d\d"),
        samples=(
            b"3/4/2021\t5:06:07 AM\tWould be blocked by Access Protection rule \tEXAMPLE\\rika\tC:\\x.exe",
            b"3/14/2021\t17:06:07\tNot scanned\tThe file is encrypted",
        ),
    ),
    Format(
        name="mcafee-day-first",
        about="McAfee VirusScan where the day comes first",
        stamp=Either((LooseStamp("D/M/YYYY\tH:MM:SSAP\t"), LooseStamp("D/M/YYYY\tH:MM:SS\t"))),
        body=body.plain,
        program="mcafee",
        hint=lazy_pattern(rb"\n\d{1,2}/\d{1,2}/\d{4}\t\d{1,2}:\d\d:\d\d"),
        samples=(b"14/3/2021\t5:06:07 AM\tNot scanned\tThe file is encrypted",),
    ),
)
