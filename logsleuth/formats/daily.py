"""Stamps that are a time of day alone: which day it is, other lines of the file tell, or its last change.

irssi names the day where its log is opened and at each midnight (src/core/log.c, log_day_changed); sar in the line with
which each file begins (sysstat's common.c, print_gal_header); IIS in `#Date:`; others nowhere (strace -t, rkhunter).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.levels import leveled
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import NO_ZONE, Stamps, fraction_at
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_MONTHS = rb"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
_LEADS = (b"--- Log opened ", b"--- Log closed ")
_OPENED = len("--- Log opened Thu Mar 04 ")
_CHANGED = b"--- Day changed "
_NOON = 12 * 3600


@dataclass(frozen=True)
class Daily:
    """`HH:MM:SS` or `[HH:MM:SS]` at the line's start, with a fraction, AM or PM or none; without seconds if `short`.

    It counts from midnight: see `clock.days`.
    """

    dates: re.Pattern[bytes]
    """Lines that name the day of those below: groups `year`, `month` or `name`, `day`."""
    short: bool = False
    utc: bool = False
    tables: bool = False
    """Stamps that fall back begin another table of the same day."""
    yearless: bool = False
    relative: bool = True
    first_bytes: bytes = b"[012-"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        opened = (buffer[start] == ord("[")) & (not self.short)
        at = np.minimum(start + opened, stop)
        good, seconds, end = self._clock(view, at)
        fraction, end = fraction_at(buffer, view, np.minimum(end, stop), stop)
        half = view[np.minimum(end, stop)] & vector.KEEP[3]
        noon = half == vector.word(b" PM")
        halved = noon | (half == vector.word(b" AM"))
        good &= ~halved | (seconds < 13 * 3600)
        seconds = np.where(halved, seconds % _NOON + np.where(noon, _NOON, 0), seconds)
        end = np.minimum(end + 3 * halved, stop)
        after = buffer[end]
        good &= np.where(opened, after == ord("]"), (after == ord(" ")) | (after == ord("\t")))
        good &= end < stop
        end = end + opened
        if self.short:
            good, seconds, end = self._headings(view, start, stop, good, seconds, end)
        wall = np.where(good, seconds * 1_000_000_000 + fraction, 0)
        return Stamps(good, wall, np.full(len(start), NO_ZONE, np.int64), np.where(good, end, start))

    def _clock(self, view: Words, at: Positions) -> tuple[Mask, NDArray[np.int64], Positions]:
        good, seconds = vector.clock_time(view[at])
        if not self.short:
            return good, seconds, at + 8
        whole = view[at] & vector.KEEP[5] | vector.word(b"\0\0\0\0\0:00")
        minute, since = vector.clock_time(whole)
        return good | minute, np.where(good, seconds, since), np.where(good, at + 8, at + 5)

    @staticmethod
    def _headings(
        view: Words, start: Positions, stop: Positions, good: Mask, seconds: NDArray[np.int64], end: Positions
    ) -> tuple[Mask, NDArray[np.int64], Positions]:
        """`--- Log opened Thu Mar 04 05:06:07 2021` and `--- Day changed Fri Mar 05 2021` are entries too."""
        logged = vector.starts(view, start, _LEADS[0]) | vector.starts(view, start, _LEADS[1])
        right, since = vector.clock_time(view[np.minimum(start + _OPENED, stop)])
        logged &= right
        changed = vector.starts(view, start, _CHANGED)
        heading = logged | changed
        seconds = np.where(logged, since, np.where(changed, 0, seconds))
        return good | heading, seconds, np.where(heading, start, end)


FORMATS = (
    Format(
        name="irssi",
        about="irssi: lines without a date between lines that name the day",
        stamp=Daily(
            lazy_pattern(
                rb"^--- (?:Log opened|Log closed|Day changed) " + _WEEKDAY + _MONTHS
                + rb" (?P<day>[ \d]\d) (?:\d\d:\d\d:\d\d )?(?P<year>\d{4})\r?$", re.MULTILINE
            ),
            short=True,
        ),
        body=body.plain,
        hint=lazy_pattern(rb"\n--- Log opened "),
        kind="chat",
        samples=(
            b"--- Log opened Thu Mar 04 05:06:07 2021",
            b"05:06 <@rika> the mail server is down again",
            b"23:59:58 -!- jun [jun@192.0.2.7] has quit [Ping timeout]",
            b"--- Day changed Fri Mar 05 2021",
        ),
    ),
    Format(
        name="sar",
        about="sar's tables as text",
        stamp=Daily(
            lazy_pattern(
                rb"^Linux \S+ \([^)\n]*\)\s+(?:(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
                rb"|(?P<month2>\d\d)/(?P<day2>\d\d)/(?P<year2>\d{4}|\d\d))\s", re.MULTILINE
            ),
            tables=True,
        ),
        body=body.plain,
        ordered=False,
        hint=lazy_pattern(rb"\nLinux \S+ \([^)\n]*\)\s+\d[-\d/]{7,9}\s"),
        kind="statistics",
        preamble=(b"Linux ",),
        samples=(
            b"12:10:01 AM     all      1.00      0.00      98.40",
            b"01:20:01 PM     all     91.00      0.00       0.40",
            b"00:30:01        LINUX RESTART\t(4 CPU)",
        ),
    ),
    Format(
        name="w3c-time",
        about="W3C extended log files whose lines hold no date: IIS up to version 5",
        stamp=Daily(
            lazy_pattern(rb"^#Date: (?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b", re.MULTILINE), utc=True
        ),
        body=body.plain,
        hint=lazy_pattern(rb"\n#Fields: time\b"),
        ordered=False,
        kind="w3c",
        preamble=(b"#",),
        samples=(
            b"07:08:09 192.0.2.7 GET /default.htm 200",
            b"17:08:10 2001:db8::7 GET /x 404",
        ),
    ),
    Format(
        name="clock",
        about="text with a time of day alone: strace -t, rkhunter, IRC clients",
        stamp=Daily(
            lazy_pattern(
                rb"\b(?:Start date is|started at|Started at|Log opened) " + _WEEKDAY + _MONTHS
                + rb" (?P<day>[ \d]\d) \d\d:\d\d:\d\d (?:[A-Z]{3,5} )?(?P<year>\d{4})\b"
            )
        ),
        body=leveled,
        hint=lazy_pattern(rb"(?:\n\[?[0-2]\d:[0-5]\d:[0-6]\d\b[^\n]*){3}"),
        kind="stamped",
        samples=(
            b'05:06:07.123456 execve("/bin/ls", ["ls"], 0x7ffc12345678) = 0',
            b"[05:06:07] Running Rootkit Hunter version 1.4.6 on gate",
            b"[05:06:08] <rika> the mail server is down again",
        ),
    ),
)  # fmt: skip
