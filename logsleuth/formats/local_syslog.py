"""What journalctl and `systemctl status` print in a language other than English: `Mär 01 13:08:04 HOST TAG[PID]: text`.

systemd formats these stamps with strftime(3)'s `%b %d %H:%M:%S` (`src/shared/logs-show.c`); its other words (`-- Reboot
--`, `-- Logs begin at`) are English in every locale. Lines with English names are BSD syslog.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property

import numpy as np

from logsleuth.formats import months, sysline, vector
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import YEARLESS
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_WIDEST = 28
"""Bytes before the time of day, at most: a name, blanks that pad it, a day."""
_DATE = lazy_pattern(rb"([^\d]+|\W?\d{1,2}\D{2,3}|[Tt]hg \d{1,2}|[Tt]h\d\d) +(\d{1,2}) ")
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NONE = -(1 << 41)


@dataclass(frozen=True)
class LocalStamp(LooseStamp):
    """`%b %d %H:%M:%S` in a language of glibc's."""

    language: str = ""
    """Of the names of months; empty for all but the one that has other months of the same name."""

    @cached_property
    def first_bytes(self) -> bytes:
        """As any name of a month."""
        return bytes(sorted({begin[0] for begin in months.beginnings(self.language)}))

    @cached_property
    def separator(self) -> bytes:
        """A blank, a dot, or a letter that is not ASCII."""
        return b""

    @cached_property
    def date(self) -> re.Pattern[bytes]:
        """A name, blanks, a day."""
        return _DATE

    @cached_property
    def _most(self) -> int:
        return _WIDEST

    @cached_property
    def _begins(self) -> Mask:
        """Which first two bytes a line can have."""
        table = np.zeros(1 << 16, bool)
        table[[int.from_bytes(begin, "little") for begin in months.beginnings(self.language)]] = True
        return table

    def _colon(self, view: Words, start: Positions, stop: Positions) -> Positions:
        out = start.copy()
        rows = np.flatnonzero(self._begins[(view[start] & vector.KEEP[2]).astype(np.int64)])
        if rows.size:
            limit = np.minimum(stop[rows], start[rows] + _WIDEST + 3)
            colon = vector.find_byte(view, start[rows], limit, ord(":"))
            at = np.maximum(colon - 3, start[rows])
            blank = (view[at] & vector.KEEP[1]) == ord(" ")
            out[rows] = np.where((colon < limit) & (at == colon - 3) & blank, colon, start[rows])
        return out

    def _read_date(self, text: bytes, year: int) -> int:  # noqa: ARG002 - there is none
        match = self.date.fullmatch(text)
        month = months.month_of(match[1], self.language) if match else None
        if match is None or month is None:
            return _NONE
        try:
            return dt.date(YEARLESS, month, int(match[2])).toordinal() - _EPOCH
        except ValueError:
            return _NONE


def _with_host(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that name a host and a program."""
    first = buffer[columns.host_at]
    letter = ((first | 0x20) >= ord("a")) & ((first | 0x20) <= ord("z")) | (first >= ord("0")) & (first <= ord("9"))
    good: Mask = letter & (columns.host_end > columns.host_at) & (columns.program_end > columns.program_at)
    return good


LOCAL = Format(
    name="bsd-syslog-local",
    about="journalctl, systemctl status in other languages",
    stamp=LocalStamp("Mmm D H:MM:SS.f"),
    body=sysline.syslog,
    named=True,
    check=_with_host,
    kind="syslog",
    samples=(
        "Mär 01 13:08:04 gate unbound[541]: [541:0] notice: init module 0: validator".encode(),
        "févr. 12 10:00:00 gate sshd[812]: Server listening on 0.0.0.0 port 22.".encode(),
        "10月 05 12:00:00.123456 gate kernel: e1000e: eth0 NIC Link is Down".encode(),
        "мая 05 07:08:09 gate CRON[813]: (root) CMD (true)".encode(),
        b"lis 30 23:59:59 gate systemd[1]: Started cron.service - Regular background program.",
    ),
)
CROATIAN = Format(
    name="bsd-syslog-local-croatian",
    about="journalctl, systemctl status in Croatian",
    stamp=LocalStamp("Mmm D H:MM:SS.f", language=months.CROATIAN),
    body=sysline.syslog,
    named=True,
    check=_with_host,
    kind="syslog",
    samples=(
        b"ruj 30 23:59:59 gate sshd[812]: Server listening on 0.0.0.0 port 22.",
        "ožu 01 00:00:01.123456 gate systemd[1]: Started cron.service - Regular background program.".encode(),
    ),
)
FORMATS = (LOCAL, CROATIAN)
