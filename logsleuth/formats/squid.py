"""Squid: its cache.log, and its native access log (`epoch elapsed client code/status bytes method URL ...`).

Layout: squid's logfile format `squid`; the elapsed milliseconds are padded to six places.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Positions, Words

_CODES = (b"TCP_", b"UDP_", b"NONE", b"TAG_")


def _answer(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """Severity from the answer's status."""
    columns = body.plain(buffer, view, at, stop)
    _, end = body.numbers(view, columns.text_at)
    client = body.skip_spaces(buffer, end, stop)
    code = np.minimum(vector.find_byte(view, client, np.minimum(stop, client + 64), ord(" ")) + 1, stop)
    known = np.logical_or.reduce([vector.starts(view, code, word) for word in _CODES])
    slash = vector.find_byte(view, code, np.minimum(stop, code + 64), ord("/"))
    status, _ = body.numbers(view, np.minimum(slash + 1, stop))
    severity = np.select([status >= 500, status >= 400, status >= 0], [3, 4, 6], -1)
    return columns._replace(severity=np.where(known & (end > columns.text_at), severity, -1))


ACCESS = Format(
    name="squid-access",
    about="Squid's access log",
    stamp=Epoch(after=b" "),
    body=_answer,
    check=severe,
    program="squid",
    samples=(
        b"1557126489.450    181 192.0.2.7 TCP_MISS/200 4567 GET http://example.org/ - HIER_DIRECT/192.0.2.80 text/html",
        b"1557126489.512      0 192.0.2.7 TCP_DENIED/403 3900 CONNECT example.org:443 - HIER_NONE/- text/html",
        b"1557126490.001  60012 192.0.2.7 TCP_MISS_ABORTED/504 0 GET http://example.org/x - HIER_DIRECT/192.0.2.80 -",
    ),
)
CACHE = Format(
    name="squid-cache",
    about="Squid's cache.log",
    stamp=Marked(Stamp("YYYY/MM/DD HH:MM:SS.f"), (b"|", b"kid")),
    body=layout("| {severity}: {message}", " kid{}| {severity}: {message}", "| {message}", " kid{}| {message}"),
    program="squid",
    samples=(
        b"2019/05/06 07:08:09| Starting Squid Cache version 3.5.23 for x86_64-pc-linux-gnu...",
        b"2019/05/06 07:08:09 kid1| WARNING: Your cache is running out of filedescriptors",
        b"2019/05/06 07:08:10 kid1| Accepting HTTP Socket connections at local=[::]:3128 remote=[::] FD 12 flags=9",
    ),
)
FORMATS = (ACCESS, CACHE)
