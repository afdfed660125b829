"""The Linux audit log: `type=AVC msg=audit(1325543823.787:7416): ...`, seconds since 1970 and a serial number.

Layout: auditd's format_raw(), audit.log of every distribution. Each record has a type, milliseconds and a serial
number; a line that lacks one of them is what is left of one, and goes on the record above.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_MARK = b"audit("


@dataclass(frozen=True)
class _AuditStamp:
    """The instant in `audit(seconds.milliseconds:serial)`."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"tn"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        limit = np.minimum(stop, start + 160)
        opened = vector.find_byte(view, start, limit, ord("("))
        kind = _kind_at(view, start, limit)
        at = np.minimum(opened + 1, stop)
        good = (opened - start >= len(_MARK)) & (at + 10 < stop)
        good &= view[np.maximum(opened - 5, 0)] & vector.KEEP[6] == vector.word(_MARK)
        at = np.where(good, at, start)
        # Ten digits of seconds: since September 2001, until 2286.
        count, digits = vector.leading_digits(view[at])
        last = buffer[at + 8].astype(np.int64) * 10 + buffer[at + 9] - 48 * 11
        good &= (count == 8) & (last >= 0) & (last < 100)
        seconds = vector.eight_digits(digits) * 100 + last
        dot = at + 10
        length, thousandths = vector.leading_digits(view[np.minimum(dot + 1, stop)])
        fraction = vector.eight_digits(thousandths) * 10
        colon = np.minimum(dot + 1 + length, stop)
        good &= (buffer[np.minimum(dot, stop)] == ord(".")) & (length > 0) & (buffer[colon] == ord(":"))
        serial, _ = vector.leading_digits(view[np.minimum(colon + 1, stop)])
        good &= (serial > 0) & (kind < opened) & (buffer[np.minimum(kind, stop)] != ord(" "))
        close = vector.find_byte(view, np.where(good, dot, stop), limit, ord(")"))
        good &= (close < limit) & (length <= 8)
        wall = seconds * 1_000_000_000 + fraction
        zero = np.zeros(len(start), np.int64)
        return Stamps(good, np.where(good, wall, 0), zero, np.where(good, close + 1, start))


def _kind_at(view: Words, start: Positions, limit: Positions) -> Positions:
    """Where the value of `type=` begins, before which `node=...` may stand; `limit` where there is none."""
    typed = vector.starts(view, start, b"type=")
    named = vector.starts(view, start, b"node=")
    space = vector.find_byte(view, np.where(named, start, limit), limit, ord(" "))
    second = named & (space < limit) & vector.starts(view, np.minimum(space + 1, limit), b"type=")
    return np.where(typed, start + len(b"type="), np.where(second, space + 1 + len(b"type="), limit))


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The message is the whole record without its stamp, so that its type stays in it."""
    columns = body.plain(buffer, view, np.minimum(at + (buffer[at] == ord(":")), stop), stop)
    back = _start_of_stamp(buffer, at)
    return columns._replace(lead_end=back)


def _start_of_stamp(buffer: Bytes, at: Positions) -> Positions:
    """Where `msg=audit(` begins: at most 40 bytes before the stamp's end."""
    base = np.maximum(at - 40, 0)
    window = np.lib.stride_tricks.sliding_window_view(buffer, 40)[base]
    opened = base + (window == ord("(")).argmax(axis=1)
    start: Positions = np.maximum(opened - len("msg=audit"), 0)
    return start


FORMAT = Format(
    name="audit",
    about="the Linux audit daemon's log",
    stamp=_AuditStamp(),
    body=_split,
    program="audit",
    # ausearch heads each event so.
    preamble=(b"----", b"time->"),
    kind="syslog",
    samples=(
        b'type=AVC msg=audit(1420000000.123:456): avc:  denied  { read } for  pid=812 comm="httpd" name="x" dev=dm-0',
        (
            b"type=USER_LOGIN msg=audit(1420000000.004:457): "
            b"pid=99 uid=0 auid=1000 ses=3 msg='op=login id=1000 res=success'"
        ),
        b"node=gate type=SYSCALL msg=audit(1420000001.000:458): arch=c000003e syscall=2 success=no exit=-13",
    ),
)
