"""What dmesg -T prints in a language other than English: `[Mi Mär  3 10:11:12 2021] text`.

util-linux's dmesg formats the stamp with strftime(3)'s `%a %b %e %H:%M:%S %Y`.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property

import numpy as np

from logsleuth.formats import months, vector
from logsleuth.formats.kernel_text import kernel, kernels
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Format
from logsleuth.formats.vector import Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_WIDEST = 40
"""Bytes before the time of day, at most."""
_DATE = lazy_pattern(rb"\[(\S{1,18}) +(\S.*?) +(\d{1,2}) ")
_ENGLISH = frozenset({b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"})
_CROATIAN = frozenset(word.encode() for word in ("ned", "uto", "sri", "čet", "pet", "sub"))
"""Slovenian and Serbian have some of them, but other months."""
_MONDAY = b"pon"
"""In Croatian and in Polish."""
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NONE = -(1 << 41)


@dataclass(frozen=True)
class LocalCtime(LooseStamp):
    """`[%a %b %e %H:%M:%S %Y]` in a language of glibc's."""

    @cached_property
    def date(self) -> re.Pattern[bytes]:
        """A weekday, a month, a day."""
        return _DATE

    @cached_property
    def _most(self) -> int:
        return _WIDEST

    def _colon(self, view: Words, start: Positions, stop: Positions) -> Positions:
        out = start.copy()
        pair = view[start] & vector.KEEP[2]
        second = pair >> np.uint64(8)
        digit = (second >= ord("0")) & (second <= ord("9"))
        # Seconds since the boot and addresses begin with a digit or a blank.
        rows = np.flatnonzero(((pair & vector.KEEP[1]) == ord("[")) & ~digit & (second != ord(" ")))
        if rows.size:
            limit = np.minimum(stop[rows], start[rows] + _WIDEST + 3)
            colon = vector.find_byte(view, start[rows], limit, ord(":"))
            at = np.maximum(colon - 3, start[rows])
            blank = (view[at] & vector.KEEP[1]) == ord(" ")
            out[rows] = np.where((colon < limit) & (at == colon - 3) & blank, colon, start[rows])
        return out

    def _read_date(self, text: bytes, year: int) -> int:
        match = self.date.fullmatch(text)
        if not match or not year:
            return _NONE
        weekday, name, day = match[1].removesuffix(b"."), match[2], int(match[3])
        english = months.ENGLISH.get(name.decode("latin-1"))
        if english is not None:
            # Some languages have some of its names.
            return _NONE if weekday in _ENGLISH else _days(year, english, day)
        usual = _days(year, months.month_of(name), day)
        croatian = _days(year, months.month_of(name, months.CROATIAN), day)
        if croatian == _NONE:
            return usual
        if weekday in _CROATIAN or usual == _NONE:
            return croatian
        if weekday == _MONDAY and not _is_monday(usual):
            return croatian if _is_monday(croatian) else usual
        return usual


def _days(year: int, month: int | None, day: int) -> int:
    """Days since 1970; a value below any date where it is none."""
    try:
        return dt.date(year, month or 0, day).toordinal() - _EPOCH
    except ValueError:
        return _NONE


def _is_monday(days: int) -> bool:
    return days != _NONE and dt.date.fromordinal(days + _EPOCH).weekday() == 0


FORMAT = Format(
    name="kernel-ctime-local",
    about="dmesg -T of Linux in other languages",
    stamp=LocalCtime("[Mmm D H:MM:SS YYYY]"),
    body=kernel,
    check=kernels,
    program="kernel",
    kind="kernel",
    samples=(
        "[Mi Mär  3 10:11:12 2021] usb 1-1: new high-speed USB device number 2 using ehci-pci".encode(),
        "[lun. févr. 12 07:08:09 2018] EXT4-fs (sda1): mounted filesystem with ordered data mode".encode(),
        b"[Sex Out 20 21:56:10 2017] Out of memory: Kill process 812 (mysqld) score 512 or sacrifice child",
        "[Çar May  5 07:08:10 2021] systemd[1]: Detected architecture x86-64.".encode(),
    ),
)
