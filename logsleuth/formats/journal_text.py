"""What journalctl prints, if no other format reads it: -o short-full, with-unit, short-unix, short-monotonic, -delta.

-o short and short-precise read as BSD syslog, short-iso as ISO syslog, cat as plain text; export and verbose are stores
(`sources.stores.export`). https://www.freedesktop.org/software/systemd/man/latest/journalctl.html
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, sysline, vector
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_WIDEST = 48


@dataclass(frozen=True)
class _Monotonic:
    """`[` seconds since the boot, and with -o short-delta ` <` seconds since the line before `>`, `]`; then a host."""

    yearless: bool = False
    relative: bool = True
    first_bytes: bytes = b"["

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Wall is nanoseconds since the boot."""
        good = (buffer[start] == ord("[")) & (start + 12 < stop)
        first = body.skip_spaces(buffer, np.where(good, start + 1, start), stop, 8)
        seconds, dot = body.numbers(view, first)
        count, digits = vector.leading_digits(view[np.minimum(dot + 1, stop)])
        good &= (seconds >= 0) & (buffer[np.minimum(dot, stop)] == ord(".")) & (count == 6)
        after = np.minimum(dot + 7, stop)
        close = vector.find_byte(view, np.where(good, after, stop), np.minimum(stop, start + _WIDEST), ord("]"))
        good &= (close < np.minimum(stop, start + _WIDEST)) & ((close == after) | (buffer[after] == ord(" ")))
        wall = seconds * 1_000_000_000 + vector.eight_digits(digits) * 10
        none = np.full(len(start), NO_ZONE, np.int64)
        return Stamps(good, np.where(good, wall, 0), none, np.where(good, close + 1, start))


def _of_journal(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that name a host and a process, or the kernel: dmesg's `usb 1-1: text` does not."""
    kernel = vector.starts(view, columns.program_at, b"kernel:")
    good: Mask = (columns.host_end > columns.host_at) & (kernel | (columns.pid >= 0))
    return good


FULL = Format(
    name="journal-full",
    about="journalctl -o short-full, with-unit",
    stamp=Stamp("Www YYYY-MM-DD HH:MM:SS.fZZZ"),
    body=sysline.syslog,
    named=True,
    kind="syslog",
    samples=(
        b"Tue 2024-01-02 03:04:05 UTC gate systemd[1]: Started cron.service - Regular background program.",
        b"Tue 2024-01-02 03:04:05 CET gate kernel: e1000e: eth0 NIC Link is Down",
        b"Tue 2024-01-02 03:04:05 +03 gate cron.service[88]: (root) CMD (true)",
    ),
)
UNIX = Format(
    name="journal-unix",
    about="journalctl -o short-unix",
    stamp=Epoch(),
    body=sysline.syslog,
    named=True,
    check=_of_journal,
    kind="syslog",
    samples=(
        b"1704164645.123456 gate systemd[1]: Started cron.service - Regular background program.",
        b"1704164645.123456 gate kernel: e1000e: eth0 NIC Link is Down",
    ),
)
MONOTONIC = Format(
    name="journal-monotonic",
    about="journalctl -o short-monotonic, short-delta",
    stamp=_Monotonic(),
    body=sysline.syslog,
    named=True,
    check=_of_journal,
    kind="syslog",
    samples=(
        b"[   12.345678] gate kernel: e1000e: eth0 NIC Link is Down",
        b"[  421.860568] gate systemd[1]: Started cron.service - Regular background program.",
        b"[  422.615898 <    0.755330 >] gate cron[88]: (root) CMD (true)",
    ),
)
FORMATS = (FULL, UNIX, MONOTONIC)
