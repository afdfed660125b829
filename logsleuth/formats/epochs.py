"""Stamps that are numbers: seconds or milliseconds since 1970, and TAI64N labels.

`[1557126489] text` is Nagios' and Icinga's; `@400000005ccfd...` are multilog's, svlogd's and s6-log's labels: 2^62 plus
the seconds of TAI, and nanoseconds, in hexadecimal (cr.yp.to/libtai/tai64.html). daemontools and runit count ten
seconds more than Unix' clock at any date (tai64nlocal takes them off again); so does this. s6 and nosh count the leap
seconds as well: their labels are read 27 seconds late since 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import Epoch, stamps
from logsleuth.formats.levels import leveled
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Placed, behind
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_TEN = 10
_LABEL = 24
_HIGH = 0x40000000


@dataclass(frozen=True)
class Tai64n:
    """`@` and 24 hexadecimal digits at the line's start; UTC."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"@"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        good = (buffer[start] == ord("@")) & (start + 1 + _LABEL <= stop)
        at = np.where(good, start + 1, start)
        high, right = _hex(view, at)
        good &= right & (high == _HIGH)
        seconds, right = _hex(view, at + 8)
        good &= right
        nanoseconds, right = _hex(view, at + 16)
        good &= right & (nanoseconds < 1_000_000_000) & (seconds >= _TEN)
        wall = (seconds - _TEN) * 1_000_000_000 + nanoseconds
        return stamps(good, wall, np.where(good, start + 1 + _LABEL, start))


def _hex(view: Words, at: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The number of eight hexadecimal digits in lower case, and whether they are such."""
    word = view[at]
    value = np.zeros(len(at), np.int64)
    good = np.ones(len(at), bool)
    for k in range(8):
        byte = (word >> np.uint64(8 * k) & np.uint64(0xFF)).astype(np.int64)
        letter = byte >= ord("a")
        digit = np.where(letter, byte - ord("a") + 10, byte - ord("0"))
        good &= (digit >= 0) & (digit < 16) & (letter | (digit < 10))
        value = value * 16 + digit
    return value, good


@dataclass(frozen=True)
class Milliseconds:
    """Thirteen digits at the line's start, and a blank: milliseconds since 1970, from 2001 to 2286."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"123456789"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        count, first = vector.leading_digits(view[start])
        more, second = vector.leading_digits(view[np.minimum(start + 8, stop)])
        good = (count == 8) & (more == 5) & (start + 13 < stop)
        good &= (buffer[np.minimum(start + 13, stop)] == ord(" ")) | (buffer[np.minimum(start + 13, stop)] == ord("\t"))
        value = vector.eight_digits(first) * 100_000 + vector.eight_digits(second) // 1000
        return stamps(good, value * 1_000_000, np.where(good, start + 13, start))


NAGIOS = Format(
    name="epoch-bracket",
    about="Nagios, Icinga: seconds since 1970 in brackets",
    stamp=Epoch(before=b"[", after=b"] "),
    body=body.plain,
    kind="stamped",
    samples=(
        b"[1557126489] Nagios 4.3.4 starting... (PID=812)",
        b"[1557126490] SERVICE ALERT: gate;HTTP;CRITICAL;SOFT;1;CRITICAL - Socket timeout after 10 seconds",
        b"[1557126491] HOST ALERT: mill;DOWN;HARD;3;PING CRITICAL - Packet loss = 100%",
    ),
)
COLON = Format(
    name="epoch-colon",
    about="mosquitto and others: seconds since 1970, a colon",
    stamp=Epoch(after=b": "),
    body=leveled,
    kind="stamped",
    samples=(
        b"1557126489: mosquitto version 2.0.11 starting",
        b"1557126490: Error: Unable to open config file /etc/mosquitto/mill.conf.",
        b"1557126491: Client mill already connected, closing old connection.",
    ),
)
TAI = Format(
    name="tai64n",
    about="multilog of daemontools (qmail), svlogd of runit, s6-log",
    stamp=Tai64n(),
    body=leveled,
    kind="stamped",
    samples=(
        b"@400000005ccfdb6308a1b2c4 status: local 0/10 remote 1/20",
        b"@400000005ccfdb641dcd6500 delivery 7: deferral: Connected_to_192.0.2.7_but_greeting_failed./",
        b"@400000005ccfdb6500000000 tcpserver: fatal: unable to bind: address already used",
    ),
)
SECONDS = Format(
    name="epoch",
    about="seconds since 1970",
    # From 2001 to 2033: other numbers of ten digits are telephones'.
    stamp=Placed(Epoch(after=b" "), behind(0, {0: b"1"}), b"1"),
    body=leveled,
    kind="stamped",
    samples=(
        b"1557126489 backup started",
        b"1557126489.123456 worker[12]: queue is empty",
        b"1557126490 ERROR: no space left on device",
    ),
)
MILLISECONDS = Format(
    name="epoch-milliseconds",
    about="milliseconds since 1970",
    stamp=Milliseconds(),
    body=leveled,
    kind="stamped",
    samples=(
        b"1557126489123 addons.manager\tDEBUG\tApplication has been upgraded",
        b"1557126489124 WARN queue is full",
        b"1557126490000 backup started",
    ),
)
ZEEK = Format(
    name="zeek",
    about="Zeek (Bro): columns between tabs, named by `#fields`, the time first",
    stamp=Epoch(after=b"\t"),
    body=body.plain,
    hint=lazy_pattern(rb"\n#fields[ \t]ts[ \t]"),
    ordered=False,
    preamble=(b"#",),
    samples=(
        b"1557126489.123456\tCHhAvVGS1DHFjwGM9\t192.0.2.7\t4121\t192.0.2.1\t53\tudp\tdns",
        b"1557126490.000001\tC5okYV3xkQ2wYaOtyl\t192.0.2.7\t4122\t192.0.2.80\t80\ttcp\thttp",
    ),
)
ZEEK_ISO = Format(
    name="zeek-iso",
    about="Zeek (Bro) with JSON's stamps in its columns",
    stamp=Stamp("YYYY-MM-DDTHH:MM:SS.Fz\t"),
    body=body.plain,
    hint=lazy_pattern(rb"\n#fields[ \t]ts[ \t]"),
    ordered=False,
    preamble=(b"#",),
    samples=(b"2019-05-06T07:08:09.123456Z\tCHhAvVGS1DHFjwGM9\t192.0.2.7\t4121\t192.0.2.1\t53\tudp\tdns",),
)
FORMATS = (NAGIOS, COLON, TAI, ZEEK, SECONDS, MILLISECONDS)
