"""CSV after RFC 4180 with a header and the fields of the JSON lines; what is not known is empty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries.hostile import holding, hostile, lines, rows_at, visible
from logsleuth.render.entries.lay import choice, fields, laid, numbers, replaced, reworded, shared, stamps
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look

_ESCAPES = (("\r\n", "\n"), ('"', '""'))
_SEVERITIES = [b',,"'] + [b',%s,"' % name.encode() for name in SEVERITIES]


class Commas:
    """Lines of comma-separated values; messages are always quoted, and may go on over several lines."""

    header = b"time,host,program,pid,severity,message,file,line\n"
    numbered = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [_field(visible(log.name)) for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f = fields(pool, part, lambda name: _field(visible(name)).encode())
        text_at = f.columns.text_at
        odd = hostile(part) | rows_at(part, holding(part, b'",'), text_at)
        escaped = (part.folded | rows_at(part, holding(part, b'"'))) & ~odd
        f.text[escaped] = replaced(part, text_at, escaped, _ESCAPES, pool)
        f = reworded(pool, part, f, odd, lambda name: _field(visible(name)), _message)
        comma = np.full(len(part.rows), pool.constant(b","))
        host = b"" if odd.any() else shared(part, f.columns.host_at, f.columns.host_end)
        parts = [
            stamps(pool, part, self._display, b"", b"," + host, b"," + host),
            *(() if host else (f.host,)),
            comma,
            f.program,
            numbers(pool, f.columns.pid, b",", missing=b","),
            choice(pool, f.columns.severity + 1, _SEVERITIES),
            *f.message,
            np.full(len(comma), pool.constant(f'",{self._files[part.log.index]},'.encode())),
            numbers(pool, part.batch.line[part.rows], after=b"\n"),
        ]
        return np.stack(parts, axis=1)


def _message(text: str) -> str:
    return "\n".join(lines(text)).replace('"', '""')


def _field(text: str) -> str:
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
