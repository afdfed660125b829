"""CSV after RFC 4180 with a header and the fields of the JSON lines; what is not known is empty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries.hostile import holding, hostile, lines, rows_at, visible
from logsleuth.render.entries.lay import choice, fields, laid, numbers, replaced, singly, stamps
from logsleuth.render.entries.part import Entry, Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look

_ESCAPES = (("\r\n", "\n"), ('"', '""'))
_SEVERITIES = [b',,"'] + [b',%s,"' % name.encode() for name in SEVERITIES]


class Commas:
    """Lines of comma-separated values; messages are always quoted, and may go on over several lines."""

    header = b"time,host,program,pid,severity,message,file,line\n"

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [_field(visible(log.name)) for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f = fields(pool, part, lambda name: _field(visible(name)).encode())
        comma = np.full(len(part.rows), pool.constant(b","))
        quotes, commas = holding(part, b'"'), holding(part, b'",')
        text_at = f.columns.text_at
        texts = f.message
        texts[-1] = replaced(pool, part, text_at, part.folded | rows_at(part, quotes), _ESCAPES, f.text)
        parts = [
            stamps(pool, part, self._display, b"", b",", b","),
            f.host,
            comma,
            f.program,
            comma,
            numbers(pool, f.columns.pid),
            choice(pool, f.columns.severity + 1, _SEVERITIES),
            *texts,
            np.full(len(comma), pool.constant(f'",{self._files[part.log.index]},'.encode())),
            numbers(pool, part.batch.line[part.rows], b"\n"),
        ]
        return singly(pool, part, np.stack(parts, axis=1), hostile(part) | rows_at(part, commas, text_at), self._line)

    def _line(self, part: Part, entry: Entry) -> bytes:
        digits = self._display.digits(part.log.index, np.array([entry.time]))
        message = "\n".join(lines(entry.message)).replace('"', '""')
        told = (
            "" if entry.time == UNKNOWN else self._display.one(entry.time, digits),
            _field(visible(entry.host)),
            _field(visible(entry.program)),
            "" if entry.pid < 0 else str(entry.pid),
            "" if entry.severity < 0 else SEVERITIES[entry.severity],
            f'"{message}"',
            self._files[part.log.index],
            str(entry.line),
        )
        return (",".join(told) + "\n").encode()


def _field(text: str) -> str:
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
