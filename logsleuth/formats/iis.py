"""Logs of IIS: W3C extended log files, in which `#Fields:` names the columns and times are UTC, and its own layout.

Layout: W3C, Extended Log File Format (WD-logfile-960323): date and time are in GMT. The two stand side by side, by
default first; software and fields lines begin with `#` and belong to no request.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.placed import Placed, line_start
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_MOST = 200
_WIDTH = len("2019-05-06 07:08:09")
_TRIES = 4


@dataclass(frozen=True)
class _Anywhere:
    """The first ` YYYY-MM-DD HH:MM:SS` within a line's beginning, in UTC."""

    stamp: Stamp
    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    """Its stamps are in UTC; else local."""
    first_bytes: bytes = b""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = self.stamp.decode(buffer, view, start, stop)
        # `#Date: 2019-05-06 07:08:09` is no request.
        directive = buffer[start] == ord("#")
        valid, wall, end = got.valid & ~directive, got.wall.copy(), got.end.copy()
        limit = np.minimum(stop, start + _MOST)
        colon = start
        for _ in range(_TRIES):
            rows = np.flatnonzero(~valid & ~directive & (colon < limit))
            if not rows.size:
                break
            at = vector.find_byte(view, colon[rows] + 1, limit[rows], ord(":"))
            colon = colon.copy()
            colon[rows] = at
            begin = np.where(at - _WIDTH + 6 > start[rows], at - _WIDTH + 6, start[rows])
            more = self.stamp.decode(buffer, view, begin, stop[rows])
            apart = (begin == start[rows]) | (buffer[np.maximum(begin, 1) - 1] == ord(" "))
            good = more.valid & apart & (at < limit[rows])
            valid[rows[good]], wall[rows[good]], end[rows[good]] = True, more.wall[good], more.end[good]
        return Stamps(valid, wall, np.full(len(start), 0 if self.zoned else NO_ZONE, np.int64), end)


def _request(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """What stands before the stamp belongs to the message."""
    begin = line_start(buffer, at, _MOST + _WIDTH)
    return body.plain(buffer, view, at, stop)._replace(lead_end=np.maximum(at - _WIDTH, begin))


def _third(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind the second comma: IIS' own layout names the client and the user first."""
    at = start
    for _ in range(2):
        at = np.minimum(vector.find_byte(view, at, np.minimum(stop, start + _MOST), ord(",")) + 2, stop)
    can = (at < stop) & (at > start + 4) & (buffer[np.maximum(at - 2, 0)] == ord(","))
    return np.where(can, at, start), can


LOCAL = Format(
    name="w3c-local",
    about="W3C extended log files with local times: the Windows firewall",
    stamp=_Anywhere(Stamp("YYYY-MM-DD HH:MM:SS"), zoned=False),
    body=_request,
    hint=lazy_pattern(rb"\n#Time Format: Local"),
    ordered=False,
    kind="w3c",
    preamble=(b"#",),
    samples=(
        b"2019-05-06 07:08:09 DROP TCP 192.0.2.7 10.0.0.5 50211 445 52 S 3221 0 64240 - - - RECEIVE",
        b"2019-05-06 07:08:10 ALLOW UDP 10.0.0.5 192.0.2.53 50212 53 0 - - - - - - - SEND",
    ),
)
NATIVE = Format(
    name="iis",
    about="IIS' own layout: columns between commas, times local",
    stamp=Placed(
        Marked(LooseStamp("M/D/YYYY, H:MM:SS"), (b", W3SVC", b", MSFTPSVC", b", SMTPSVC")),
        _third,
        b"0123456789abcdef",
        inside=True,
    ),
    body=body.plain,
    ordered=False,
    kind="w3c",
    samples=(
        b"192.0.2.7, -, 5/6/2019, 7:08:09, W3SVC1, GATE, 10.0.0.5, 47, 312, 5120, 200, 0, GET, /index.html, -,",
        b"2001:db8::7, rika, 12/16/2019, 17:08:10, W3SVC2, GATE, 10.0.0.5, 812, 640, 1210, 404, 2, GET, /x, -,",
    ),
)
FORMAT = Format(
    name="w3c-extended",
    about="W3C extended log files: IIS and others",
    stamp=_Anywhere(Stamp("YYYY-MM-DD HH:MM:SS")),
    body=_request,
    hint=lazy_pattern(rb"\n#Fields: .*\btime\b"),
    ordered=False,
    kind="w3c",
    preamble=(b"#",),
    samples=(
        b"2019-05-06 07:08:09 10.0.0.5 GET /index.html - 80 - 192.0.2.7 200",
        b"2019-05-06 07:08:10 10.0.0.5 POST /login 443 192.0.2.7 500 31",
        b"2001:db8::7 - 2019-05-06 07:08:11 GET /favicon.ico 404",
    ),
)
FORMATS = (LOCAL, FORMAT, NATIVE)
