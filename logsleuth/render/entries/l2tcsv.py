"""The 17 columns of log2timeline and Plaso's `l2tcsv` (forensics.wiki/l2t_csv; plaso/output/l2t_csv.py).

A record is one line, and no value holds a comma (Plaso writes a blank for it too: `[sshd  pid: 812]`), so that tools
that merely cut lines at commas read it as well as those that know CSV. Times are UTC and whole seconds; a fraction
stands in `extra`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.formats.vector import Positions
from logsleuth.render.entries import layouts, row
from logsleuth.render.entries.escaped import Escaped, Escapes, escaped
from logsleuth.render.entries.hostile import holding, lines, rows_at, visible
from logsleuth.render.entries.lay import laid, numbers, replaced, rewritten
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer

_SHORT = 80
"""Characters (here: bytes) of `short`, as Plaso cuts it."""
_DATE, _TIME = [5, 6, 4, 8, 9, 4, 0, 1, 2, 3], [11, 12, 13, 14, 15, 16, 17, 18]
"""Where month, day, year and the time of day stand in `2023-12-17T10:30:00`."""


def _name(text: str) -> str:
    return visible(text).replace(",", " ").replace('"', "'")


def _text(text: str) -> str:
    return " ".join(lines(text)).replace(",", " ").replace('"', '""')


_L2T = Escapes(
    in_names=b'",',
    in_texts=b'",',
    replaced=((",", " "), ('"', '""'), ("\r\n", " "), ("\n", " ")),
    name=_name,
    text=_text,
)
"""`desc` and `short` stand between quotes."""
_EXTRA = [b"", *(b"; severity: %s" % name.encode() for name in SEVERITIES)]


class L2tCsv(Writer):
    """Lines of l2tcsv; what is not known is `-`."""

    header = (
        b"date,time,timezone,MACB,source,sourcetype,type,user,host,"
        b"short,desc,version,filename,inode,notes,format,extra\n"
    )
    timed = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - always UTC
        self._logs = logs
        self._pool = Pool()
        self._display = Display(dt.UTC)
        self._files = [_name(log.name).encode() for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        e = escaped(pool, part, _L2T)
        form = layouts.format_name(pool, part)
        tokens: row.Tokens = [
            pool.matrix(_dated(self._display.matrix(part.time, 0))),
            b",UTC,M...,LOG,",
            form,
            b",Event Logged,-,",
            *(row.host(pool, part, e, _name, b"", b"") or [b"-"]),
            b',"',
            *_short(pool, part, e),
            b'","',
            *row.label(pool, part, e, (b"  pid: ", b"] ", b"] ")),
            *e.fields.message,
            b'",2,OS:' + self._files[part.log.index] + b",-,-,logsleuth/",
            form,
            b",line: ",
            numbers(pool, part.batch.line[part.rows]),
            row.one_of(pool, e.fields.columns.severity + 1, _EXTRA),
            *self._fraction(pool, part),
            b"\n",
        ]
        return row.laid_out(pool, part, tokens)

    def _fraction(self, pool: Pool, part: Part) -> row.Tokens:
        broken = part.time % SECOND != 0
        if not broken.any():
            return []
        exact = self._display.matrix(part.time, self._display.digits(part.log.index, part.time))
        return row.where(pool, broken, b"; time: ", pool.matrix(exact))


def _dated(iso: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`MM/DD/YYYY,HH:MM:SS` of ISO 8601."""
    out = np.empty((len(iso), 19), np.uint8)
    out[:, :10] = iso[:, _DATE]
    out[:, [2, 5]] = ord("/")
    out[:, 10] = ord(",")
    out[:, 11:] = iso[:, _TIME]
    return out


def _short(pool: Pool, part: Part, e: Escaped) -> row.Tokens:
    """The first bytes of the text, cut between two characters."""
    buffer, at, stop = part.batch.buffer, e.fields.columns.text_at, part.stop
    end = _between(buffer, at, stop)
    cut = end < stop
    if not cut.any():
        return [e.fields.text]
    text = pool.columns(buffer, at, end)[0]
    marked = (part.folded | rows_at(part, holding(part, b'",'))) & ~e.odd
    if marked.any():
        text[marked] = replaced(part, at, marked, _L2T.replaced, pool, end)
    if e.odd.any():
        text[e.odd] = rewritten(part, at, end, e.odd, _text, pool)
    return [text, *row.where(pool, cut, b"...")]


def _between(buffer: NDArray[np.uint8], at: Positions, stop: Positions) -> Positions:
    end = np.where(stop - at > _SHORT, at + _SHORT - len("..."), stop)
    for _ in range(3):  # a character of UTF-8 has at most three bytes after its first
        end = np.where((end < stop) & (end > at) & (buffer[end] & 0xC0 == 0x80), end - 1, end)
    # Nor is an end of a line of two bytes cut in two.
    halved = (end < stop) & (end > at) & (buffer[end] == ord("\n")) & (buffer[end - 1] == ord("\r"))
    whole: Positions = end - halved
    return whole
