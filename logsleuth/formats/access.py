"""Access logs in the common and combined formats (Apache, nginx, lighttpd): `HOST IDENT USER [stamp] "request" ...`.

The stamp is the instant at which the request arrived and the line is written when it is answered, so neighbours may
stand out of order.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Positions, Words

_STAMP_WIDTH = len("[07/Oct/2009:09:12:44 +0900]")


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The message is the line without its stamp: the address stands before that; severity from the answer's status."""
    columns = body.plain(buffer, view, at, stop)
    first = vector.find_byte(view, at, np.minimum(stop, at + 4), ord('"'))
    close = vector.find_byte(view, np.minimum(first + 1, stop), stop, ord('"'))
    # Quotes inside the request are written as \".
    while (more := np.flatnonzero((close < stop) & (buffer[close - 1] == ord("\\")))).size:
        close[more] = vector.find_byte(view, close[more] + 1, stop[more], ord('"'))
    status, _ = body.numbers(view, np.minimum(close + 2, stop))
    severity = np.select([status >= 500, status >= 400, status >= 100], [3, 4, 6], -1)
    width = np.where(buffer[at - 7] == ord(" "), _STAMP_WIDTH, _STAMP_WIDTH - len(" +0900"))
    return columns._replace(severity=np.where(close < stop, severity, -1), lead_end=np.maximum(at - width, 0))


FORMAT = Format(
    name="access",
    about="access log of Apache, nginx, lighttpd (common, combined)",
    stamp=Stamp("[dd/Mmm/YYYY:HH:MM:SSz]", anchor="bracket"),
    body=_split,
    program="httpd",
    ordered=False,
    kind="access",
    samples=(
        b'192.0.2.7 - - [07/Oct/2009:09:12:44 +0900] "GET /index.html HTTP/1.1" 200 5120 "-" "Mozilla/5.0"',
        b'2001:db8::7 - rika [29/Feb/2012:23:59:59 +0000] "POST /cgi-bin/x HTTP/1.0" 500 312',
        b'www.example.org:80 192.0.2.7 - - [07/Oct/2009:09:12:44 -0330] "-" 408 0 "-" "-"',
    ),
)
