"""W3C extended logs (IIS and others): `#Fields:` names the columns; date and time are UTC.

Layout: W3C, Extended Log File Format (WD-logfile-960323): date and time are in GMT. The two stand side by side, by
default first; software and fields lines begin with `#` and belong to no request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.placed import line_start
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words

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
    first_bytes: bytes = b""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = self.stamp.decode(buffer, view, start, stop)
        valid, wall, end = got.valid.copy(), got.wall.copy(), got.end.copy()
        limit = np.minimum(stop, start + _MOST)
        colon = start
        for _ in range(_TRIES):
            rows = np.flatnonzero(~valid & (colon < limit))
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
        return Stamps(valid, wall, np.zeros(len(start), np.int64), end)


def _request(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """What stands before the stamp belongs to the message."""
    begin = line_start(buffer, at, _MOST + _WIDTH)
    return body.plain(buffer, view, at, stop)._replace(lead_end=np.maximum(at - _WIDTH, begin))


FORMAT = Format(
    name="w3c-extended",
    about="W3C extended log files: IIS and others",
    stamp=_Anywhere(Stamp("YYYY-MM-DD HH:MM:SS")),
    body=_request,
    hint=re.compile(rb"\n#Fields: .*\btime\b"),
    ordered=False,
    kind="w3c",
    samples=(
        b"2019-05-06 07:08:09 10.0.0.5 GET /index.html - 80 - 192.0.2.7 200",
        b"2019-05-06 07:08:10 10.0.0.5 POST /login 443 192.0.2.7 500 31",
        b"2001:db8::7 - 2019-05-06 07:08:11 GET /favicon.ico 404",
    ),
)
