"""Logs of Microsoft's Configuration Manager (SCCM) and of all that write for CMTrace, in its two layouts.

`<![LOG[text]LOG]!><time="19:33:19.766-060" date="11-28-2014" component="..." context="" type="1" thread="..." ...>`,
whose text may have several lines, and `text $$<COMPONENT><11-28-2014 19:33:19.766-060><thread=3840 (0xF00)>`. Behind
the time stands the bias: the minutes that are added to it to give UTC. The month comes first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import below, body, vector
from logsleuth.formats.model import NO_SEVERITY, Columns, Format
from logsleuth.formats.placed import after_text
from logsleuth.formats.stamp import DAY, NO_ZONE, Stamp, Stamps, fraction_at
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_OPENED = b"<![LOG["
_TIME, _DATE, _COMPONENT, _TYPE = b']LOG]!><time="', b'" date="', b'component="', b'type="'
_CLOCK = len("HH:MM:SS")
_MOST_BIAS = 14 * 60
_SEVERITIES = np.array([NO_SEVERITY, 6, 4, 3])
"""Of the types 1 to 3."""
_SHORT = Stamp("MM-DD-YYYY HH:MM:SS.f")
_BEFORE = after_text(b"$$<", 8000)


def _bias(buffer: Bytes, view: Words, at: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Seconds east of UTC by a bias `-060`, `+480`; NO_ZONE where none stands."""
    sign = buffer[at]
    minutes, end = body.numbers(view, at + 1)
    good = ((sign == ord("+")) | (sign == ord("-"))) & (minutes >= 0) & (minutes <= _MOST_BIAS)
    offset = np.where(sign == ord("-"), minutes, -minutes) * 60
    return np.where(good, offset, NO_ZONE), np.where(good, end, at)


def _date(buffer: Bytes, view: Words, at: Positions) -> tuple[NDArray[np.int64], Mask]:
    """Days since 1970 of `11-28-2014`, `1-2-2015`."""
    month, end = body.numbers(view, at)
    good = (month > 0) & (buffer[end] == ord("-"))
    day, end = body.numbers(view, end + 1)
    good &= (day > 0) & (buffer[end] == ord("-"))
    year, _ = body.numbers(view, end + 1)
    days, right = below.days(year, month, day)
    return days, good & right


@dataclass(frozen=True)
class _Attributes:
    """The time and the date behind the text, which may have several lines."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"<"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        """Read the stamp of every line [start, stop) that begins an entry."""
        good = vector.starts(view, start, _OPENED)
        wall, offset = np.zeros(len(start), np.int64), np.full(len(start), NO_ZONE, np.int64)
        rows = np.flatnonzero(good)
        if rows.size:
            good[rows], wall[rows], offset[rows] = self._read(buffer, view, start[rows])
        return Stamps(good, wall, offset, start.copy())

    @staticmethod
    def _read(buffer: Bytes, view: Words, start: Positions) -> tuple[Mask, NDArray[np.int64], NDArray[np.int64]]:
        at, good = below.next_mark(buffer, view, start, _TIME)
        size = len(buffer) - vector.PAD
        right, seconds = vector.clock_time(view[np.minimum(at, size)])
        last = below.line_end(buffer, view, at)
        fraction, end = fraction_at(buffer, view, np.minimum(at + _CLOCK, last), last)
        offset, end = _bias(buffer, view, end)
        good &= right & vector.starts(view, end, _DATE)
        days, dated = _date(buffer, view, np.minimum(end + len(_DATE), size))
        good &= dated
        return good, np.where(good, days * DAY + seconds * 1_000_000_000 + fraction, 0), offset


def _attributes(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    columns = body.plain(buffer, view, at, stop)
    closed, found = below.next_mark(buffer, view, at, _TIME)
    last = below.line_end(buffer, view, closed)
    name, named = _attribute(view, closed, last, _COMPONENT)
    end = vector.find_byte(view, name, last, ord('"'))
    named &= found & (end > name)
    kind, typed = _attribute(view, closed, last, _TYPE)
    digit = buffer[kind].astype(np.int64) - ord("0")
    severity = _SEVERITIES[np.where(typed & found & (digit > 0) & (digit < len(_SEVERITIES)), digit, 0)]
    return columns._replace(
        program_at=np.where(named, name, at), program_end=np.where(named, end, at), severity=severity
    )


def _attribute(view: Words, at: Positions, last: Positions, name: bytes) -> tuple[Positions, Mask]:
    """Behind `name="` between two positions."""
    for _ in range(24):
        found = vector.starts(view, at, name)
        rows = np.flatnonzero(~found & (at < last))
        if not rows.size:
            break
        at = at.copy()
        at[rows] = np.minimum(vector.find_byte(view, at[rows] + 1, last[rows], name[0]), last[rows])
    found = vector.starts(view, at, name) & (at < last)
    return np.where(found, at + len(name), at), found


@dataclass(frozen=True)
class _Trailing:
    """` $$<COMPONENT><11-28-2014 19:33:19.766-060><thread=...>` at the line's end."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        name, found = _BEFORE(buffer, view, start, stop)
        close = vector.find_byte(view, name, np.where(found, np.minimum(stop, name + 80), name), ord(">"))
        at = np.where(found & (close + 2 < stop), close + 2, stop)
        got = _SHORT.decode(buffer, view, at, stop)
        valid = got.valid & found
        offset, _ = _bias(buffer, view, np.where(valid, got.end, start))
        return Stamps(valid, np.where(valid, got.wall, 0), np.where(valid, offset, NO_ZONE), start.copy())


def _trailing(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    name, found = _BEFORE(buffer, view, at, stop)
    end = vector.find_byte(view, name, np.where(found, stop, name), ord(">"))
    return body.plain(buffer, view, at, stop)._replace(
        program_at=np.where(found, name, at), program_end=np.where(found, end, at)
    )


FORMATS = (
    Format(
        name="cmtrace",
        about="Microsoft's Configuration Manager: texts for CMTrace",
        stamp=_Attributes(),
        body=_attributes,
        samples=(
            (
                b'<![LOG[Policy was not found]LOG]!><time="05:06:07.123-060" date="03-04-2021" component="PolicyAgent" '
                b'context="" type="3" thread="3840" file="policy.cpp:112">'
            ),
            (
                b'<![LOG[Started\nwith two lines]LOG]!><time="05:06:08.123+480" date="3-4-2021" component="CcmExec" '
                b'context="" type="1" thread="3840" file="service.cpp:21">'
            ),
        ),
    ),
    Format(
        name="cmtrace-short",
        about="Microsoft's Configuration Manager: its servers' logs",
        stamp=_Trailing(),
        body=_trailing,
        hint=lazy_pattern(rb"\$\$<[^>\n]{1,80}><\d\d-\d\d-\d{4} \d\d:\d\d:\d\d"),
        samples=(b"Started thread  $$<SMS_EXECUTIVE><03-04-2021 05:06:07.123-060><thread=3840 (0xF00)>",),
    ),
)
