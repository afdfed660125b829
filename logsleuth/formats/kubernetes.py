"""What Kubernetes leaves: containers' output by the container runtime, and the logs of its own programs (klog).

CRI: `2016-10-06T00:17:09.669794202Z stdout F text`, F for a whole line and P for a part of one; parts stay entries of
their own. klog and glog: `E0506 07:08:09.123456    1 file.go:12] text`, whose first letter is the severity; glog of 0.5
and later writes the year too, `E20190506 ...`.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Body, Columns, Format
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_SEVERITIES = {ord("I"): 6, ord("W"): 4, ord("E"): 3, ord("F"): 2}
_OF_LETTER = np.full(256, -1)
_OF_LETTER[list(_SEVERITIES)] = list(_SEVERITIES.values())
_CLOCK = len(" 07:08:09.123456")


@dataclass(frozen=True)
class _Lettered:
    """A stamp behind a severity's letter; a thread's number and the place in the source follow."""

    stamp: Stamp
    first_bytes: bytes = b"IWEF"
    relative: bool = False

    @property
    def yearless(self) -> bool:
        """As the stamp is."""
        return self.stamp.yearless

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        lettered = (_OF_LETTER[buffer[start]] >= 0) & (stop - start > 30)
        got = self.stamp.decode(buffer, view, np.where(lettered, start + 1, start), stop)
        width = 1 + self.stamp.time_at + _CLOCK - 1
        close = vector.find_byte(view, np.minimum(start + width, stop), np.minimum(stop, start + 200), ord("]"))
        valid = got.valid & lettered & (got.end - start == width) & (buffer[np.minimum(close, stop)] == ord("]"))
        return Stamps(valid, np.where(valid, got.wall, 0), got.offset, np.where(valid, got.end, start))


def _lettered(width: int) -> Body:
    def split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
        after = body.skip_spaces(buffer, at, stop)
        thread, end = body.numbers(view, after)
        text = body.skip_spaces(buffer, np.minimum(end, stop), stop)
        severity = _OF_LETTER[buffer[np.maximum(at - width, 0)]]
        return Columns(at, at, at, at, np.where(thread > 0, thread, -1), severity, text)

    return split


_CREATED = b"Log file created at: "
_PREAMBLE = (
    _CREATED,
    b"Running on machine: ",
    b"Application fingerprint: ",
    b"Running duration ",
    b"Binary: ",
    b"Log line format: ",
)
_MMDD, _YYYYMMDD = Stamp("MMDD HH:MM:SS.F"), Stamp("YYYYMMDD HH:MM:SS.F")

CRI = Format(
    name="cri",
    about="containers' output by containerd and CRI-O, under /var/log/pods",
    stamp=Marked(Stamp("YYYY-MM-DDTHH:MM:SS.fz"), (b"stdout F ", b"stdout P ", b"stderr F ", b"stderr P ")),
    body=layout(" {} {} {message}"),
    samples=(
        b"2016-10-06T00:17:09.669794202Z stdout F listening on port 8080",
        b"2016-10-06T02:17:10.113242941+02:00 stderr P the first half of a long",
    ),
)
KLOG = Format(
    name="klog",
    about="programs of Kubernetes and others with glog's layout",
    stamp=_Lettered(_MMDD),
    body=_lettered(1 + _MMDD.time_at + _CLOCK - 1),
    preamble=_PREAMBLE,
    samples=(
        b"E0506 07:08:09.123456       1 reflector.go:126] Failed to list *v1.Node: Unauthorized",
        b"I0506 07:08:10.000001    4121 server.go:140] Starting to listen on 0.0.0.0:10250",
    ),
)
GLOG = Format(
    name="glog",
    about="glog 0.5 and later, with the year",
    stamp=_Lettered(_YYYYMMDD),
    body=_lettered(1 + _YYYYMMDD.time_at + _CLOCK - 1),
    preamble=_PREAMBLE,
    samples=(b"W20190506 07:08:09.123456  4121 net.cc:77] retrying in 5 s",),
)
CREATED = Format(
    name="glog-created",
    about="the line with which a file of glog's begins: it names the year of those below",
    stamp=Stamp("YYYY/MM/DD HH:MM:SS", lead=_CREATED),
    body=layout("\n{message}"),
    dates=True,
    heading=True,
    samples=(b"Log file created at: 2019/05/06 07:08:08\nRunning on machine: gate",),
)
FORMATS = (CRI, KLOG, GLOG, CREATED)
