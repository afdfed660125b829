"""Android's logcat, as `-v threadtime`, `time`, `long` and the modifiers of both write it.

Layouts: liblog's logprint (android_log_formatLogLine): `year`, `zone`, `usec`, `epoch`, `monotonic`, `uid`. `brief`,
`process`, `tag`, `thread` and `raw` write no stamp.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.model import Format, severe, severe_process
from logsleuth.formats.placed import Placed, behind
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_LETTERS = {"V": 7, "D": 7, "I": 6, "W": 4, "E": 3, "F": 2, "A": 2}
_LINE = layout(
    *(" {pid} {} {severity} {program}: {message}", " {pid} {} {severity} {program} : {message}"),
    *(" {pid} {} {severity} {}: {message}", " {severity}/{program}({pid}): {message}"),
    *(" {severity}/{program}( {pid}): {message}", " {severity}/{program} ( {pid}): {message}"),
    *(" {} {pid} {} {severity} {program}: {message}", " {} {pid} {} {severity} {program} : {message}"),
    severities=_LETTERS,
)
_HEADING = layout(
    *(" {pid}: {} {severity}/{program} ]\n{message}", " {pid}:{} {severity}/{program} ]\n{message}"),
    *(" {pid}: {} {severity}/{program} ]", " {pid}:{} {severity}/{program} ]", "{} {severity}/{} ]\n{message}"),
    severities=_LETTERS,
)
_BUFFERS = (b"--------- beginning of ", b"--------- switch to ")
_OPENED = behind(2, {0: b"[", 1: b" "})


def _indented(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:  # noqa: ARG001
    """Behind the blanks that right-align a number."""
    return body.skip_spaces(buffer, start, stop, 12), np.ones(len(start), bool)


@dataclass(frozen=True)
class _Monotonic:
    """`   12.156  1915  1926 `: seconds since the boot, right-aligned."""

    yearless: bool = False
    relative: bool = True
    first_bytes: bytes = b" 0123456789"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Wall is nanoseconds since the boot."""
        at, _ = _indented(buffer, view, start, stop)
        seconds, dot = body.numbers(view, at)
        count, digits = vector.leading_digits(view[np.minimum(dot + 1, stop)])
        end = dot + 1 + count
        good = (seconds >= 0) & (dot - at < 8) & (buffer[dot] == ord(".")) & (count >= 3) & (end < stop)
        good &= buffer[np.minimum(end, stop)] == ord(" ")
        wall = seconds * 1_000_000_000 + vector.eight_digits(digits) * 10
        none = np.full(len(start), NO_ZONE, np.int64)
        return Stamps(good, np.where(good, wall, 0), none, np.where(good, end, start))


FORMATS = (
    Format(
        name="logcat",
        about="Android's logcat",
        stamp=Stamp("MM-DD HH:MM:SS.F"),
        body=_LINE,
        check=severe_process,
        preamble=_BUFFERS,
        samples=(
            b"03-04 05:06:07.123   412   433 I ActivityManager: Start proc 812 for service",
            b"03-04 05:06:07.124   412   412 E chatty  : uid=1000 identical 3 lines",
            b"03-04 05:06:08.125 W/ActivityManager(  412): Slow operation",
            b"03-04 05:06:08.126  1000   412   433 F libc    : Fatal signal 11",
        ),
    ),
    Format(
        name="logcat-year",
        about="Android's logcat -v year",
        stamp=Stamp("YYYY-MM-DD HH:MM:SS.Fz"),
        body=_LINE,
        check=severe_process,
        preamble=_BUFFERS,
        samples=(b"2021-03-04 05:06:07.123 +0100   412   433 W ActivityManager: Slow operation: 812ms",),
    ),
    Format(
        name="logcat-long",
        about="Android's logcat -v long: a heading, the message below it",
        stamp=Placed(Stamp("MM-DD HH:MM:SS.F"), _OPENED, b"["),
        body=_HEADING,
        check=severe,
        heading=True,
        preamble=_BUFFERS,
        samples=(
            b"[ 03-04 05:06:07.123   412:  433 I/ActivityManager ]\nStart proc 812 for service",
            b"[ 03-04 05:06:07.124 30412:30412 E/init     ]\nservice failed",
        ),
    ),
    Format(
        name="logcat-long-year",
        about="Android's logcat -v long,year",
        stamp=Placed(Stamp("YYYY-MM-DD HH:MM:SS.Fz"), _OPENED, b"["),
        body=_HEADING,
        check=severe,
        heading=True,
        preamble=_BUFFERS,
        samples=(b"[ 2021-03-04 05:06:07.123 +0100   412:  433 W/ActivityManager ]\nSlow operation: 812ms",),
    ),
    Format(
        name="logcat-epoch",
        about="Android's logcat -v epoch: seconds since 1970",
        stamp=Placed(Epoch(), _indented, b" 1"),
        body=_LINE,
        check=severe_process,
        hint=lazy_pattern(rb"\n *\d{10}\.\d{3,9} +(?:\d+ +)?\d+ +\d+ [VDIWEFA] |\n *\d{10}\.\d{3,9} [VDIWEFA]/"),
        preamble=_BUFFERS,
        samples=(
            b"     1614834367.123   412   433 I ActivityManager: Start proc 812 for service",
            b"1614834367.124 W/ActivityManager(  412): Slow operation",
        ),
    ),
    Format(
        name="logcat-monotonic",
        about="Android's logcat -v monotonic: seconds since the boot",
        stamp=_Monotonic(),
        body=_LINE,
        check=severe_process,
        hint=lazy_pattern(rb"\n *\d{1,7}\.\d{3,9} +(?:\d+ +)?\d+ +\d+ [VDIWEFA] |\n *\d{1,7}\.\d{3,9} [VDIWEFA]/"),
        preamble=_BUFFERS,
        samples=(b"     12.156   412   433 I ActivityManager: Start proc 812 for service",),
    ),
)
