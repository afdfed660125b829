"""Access logs of AWS's load balancers: `https 2018-07-02T22:23:00.186641Z app/name/id client target ...`.

Layout: Elastic Load Balancing's guides (application and network balancers). Their first stamp is when the answer was
sent (of TLS connections: when the connection was closed). As in any access log a request stands where it came:
application balancers say that behind, as `request_creation_time`, before the actions in quotes. The classic balancer's
lines begin with their stamp and are read as any text that does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_TYPES = (b"http ", b"https ", b"h2 ", b"grpcs ", b"ws ", b"wss ", b"tls ")
_INNER = Stamp("YYYY-MM-DDTHH:MM:SS.fz")
_WIDEST = len("grpcs 2.0 2018-07-02T22:23:00.186641Z")
_WIDTH = len("2018-07-02T22:23:00.186641Z")
_SOONER = 24 * 3600 * 1_000_000_000
"""No request is answered later than that; what says so is no stamp of the balancer's."""
_TRIES = 40
_TIMES = 5
"""Fields between the stamp and the status: the balancer, client, target, and three times, less the last blank."""


@dataclass(frozen=True)
class _TypedStamp:
    """A stamp behind a type, and behind the version that network balancers add to it."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"hgwt"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        typed = np.zeros(len(start), bool)
        for text in _TYPES:
            typed |= vector.starts(view, start, text)
        limit = np.minimum(stop, start + _WIDEST)
        at = vector.find_byte(view, start, limit, ord(" ")) + 1
        version = (at + 4 < stop) & (buffer[np.minimum(at + 1, stop)] == ord("."))
        at = np.minimum(np.where(version, at + 4, at), stop)
        got = _INNER.decode(buffer, view, at, stop)
        valid = got.valid & typed
        # Network balancers write no zone; it is UTC all the same.
        offset = np.where(got.offset == NO_ZONE, 0, got.offset)
        wall = np.where(valid, got.wall, 0)
        rows = np.flatnonzero(valid & ~version)
        if rows.size:
            wall[rows] = _came(buffer, view, got.end[rows], stop[rows], wall[rows])
        return Stamps(valid, wall, offset, np.where(valid, got.end, start))


def _came(buffer: Bytes, view: Words, at: Positions, stop: Positions, answered: NDArray[np.int64]) -> NDArray[np.int64]:
    """When the requests came, where that stands behind `at`; else when they were answered."""
    out = answered.copy()
    rows = np.arange(len(at))
    at = at.copy()
    for _ in range(_TRIES):
        at[rows] = vector.find_byte(view, at[rows], stop[rows], ord("Z"))
        rows = rows[at[rows] + 3 < stop[rows]]
        if not rows.size:
            break
        ends = rows[vector.starts(view, at[rows], b'Z "')]
        begin = at[ends] + 1 - _WIDTH
        got = _INNER.decode(buffer, view, begin, stop[ends])
        sooner = answered[ends] - got.wall
        good = got.valid & (got.end == at[ends] + 1) & (sooner >= 0) & (sooner < _SOONER)
        out[ends[good]] = got.wall[good]
        rows = rows[~np.isin(rows, ends[good])]
        at[rows] += 1
    return out


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The message is the line without its stamp: the type stands before that; severity from the balancer's answer."""
    columns = body.plain(buffer, view, at, stop)
    width = np.where(buffer[np.maximum(at - 1, 0)] == ord("Z"), _WIDTH, _WIDTH - len(".186641Z"))
    place = columns.text_at
    for _ in range(_TIMES + 1):
        place = np.minimum(vector.find_byte(view, place, stop, ord(" ")) + 1, stop)
    status, end = body.numbers(view, place)
    status = np.where((end - place == 3) & (buffer[np.minimum(end, stop)] == ord(" ")), status, -1)
    severity = np.select([status >= 500, status >= 400, status >= 100], [3, 4, 6], -1)
    return columns._replace(severity=severity, lead_end=np.maximum(at - width, 0))


FORMAT = Format(
    name="aws-elb",
    about="access logs of AWS's application and network load balancers",
    stamp=_TypedStamp(),
    body=_split,
    ordered=False,
    samples=(
        (
            b"h2 2018-07-02T22:23:00.186641Z app/shop/50dc6c495c0c9188 192.0.2.7:2817 198.51.100.1:80 0.000 0.001 "
            b'0.000 502 - 34 366 "GET https://www.example.org:443/ HTTP/2.0" "curl/7.46.0" - - arn "Root=1-x" "-" "-" '
            b'0 2018-07-02T22:22:48.364000Z "forward" "-" "-"'
        ),
        (
            b"tls 2.0 2018-12-20T02:59:40 net/gate/c6e77e28c25b2234 g3d4b5e8bb8464cd 192.0.2.7:51341 "
            b"198.51.100.1:443 5 2 98 246 - - - - - - - - -"
        ),
    ),
)
