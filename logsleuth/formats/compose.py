"""`docker compose logs -t` and other output of several services in one file: `web_1  | 2019-05-06T07:08:09Z text`.

Without -t a line has a stamp only where its service writes one of its own.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_WIDEST = 64
_INNER = Stamp("YYYY-MM-DD_HH:MM:SS.fz")


def _after_bar(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """The end of the service's name, and where the line behind ` | ` begins; `stop` where there is no bar."""
    limit = np.minimum(stop, start + _WIDEST)
    name_end = vector.find_byte(view, start, limit, ord(" "))
    bar = body.skip_spaces(buffer, name_end, stop, _WIDEST)
    fits = (name_end > start) & (buffer[np.minimum(bar, stop)] == ord("|")) & (bar > name_end) & (bar < stop)
    return name_end, np.where(fits, body.skip_spaces(buffer, np.minimum(bar + 1, stop), stop, 2), stop)


@dataclass(frozen=True)
class _BarredStamp:
    """A stamp behind a name and a bar; what it calls the stamp's end is the line's second byte."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b""

    @property
    def template(self) -> str:
        """As the stamp behind the bar is spelled."""
        return _INNER.template

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        _, at = _after_bar(buffer, view, start, stop)
        got = _INNER.decode(buffer, view, at, stop)
        valid = got.valid & (at < stop)
        return Stamps(valid, np.where(valid, got.wall, 0), got.offset, np.where(valid, start + 1, start))


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    start = np.minimum(np.maximum(at - 1, 0), stop)
    name_end, after = _after_bar(buffer, view, start, stop)
    got = _INNER.decode(buffer, view, after, stop)
    text = body.skip_spaces(buffer, np.where(got.valid, got.end, np.where(after < stop, after, start)), stop)
    none = np.full(len(at), -1, np.int64)
    named = after < stop
    return Columns(start, start, start, np.where(named, name_end, start), none, none.copy(), text)


FORMAT = Format(
    name="compose",
    about="docker compose logs -t",
    stamp=_BarredStamp(),
    body=_split,
    samples=(
        b"web_1  | 2019-05-06T07:08:09.123456789Z GET /index.html 200",
        b"db-1 | 2019-05-06 07:08:09.123 UTC LOG:  database system is ready to accept connections",
    ),
)
