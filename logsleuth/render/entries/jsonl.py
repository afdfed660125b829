"""An object a line: time, host, program, pid, severity, message, file, line; what is not known is null."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries.as_json import JSON, literal
from logsleuth.render.entries.escaped import escaped
from logsleuth.render.entries.lay import Fields, choice, laid, numbers, shared, stamps
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer

_SEVERITIES = [b',"severity":null,"message":"'] + [b',"severity":"%s","message":"' % s.encode() for s in SEVERITIES]


class Objects(Writer):
    """Lines of JSON."""

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [literal(log.name) for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f, odd = escaped(pool, part, JSON, lambda name: literal(name or None))
        host = b"" if odd.any() else shared(part, f.columns.host_at, f.columns.host_end)
        level = f.columns.severity
        usual = host and f.program_named.all() and (level == level[0]).all()
        parts = [
            *(self._usual(pool, part, f, host, _SEVERITIES[level[0] + 1]) if usual else self._any(pool, part, f)),
            *f.message,
            np.full(len(part.rows), pool.constant(f'","file":{self._files[part.log.index]},"line":'.encode())),
            numbers(pool, part.batch.line[part.rows], b"", b"}\n"),
        ]
        return np.stack(parts, axis=1)

    def _usual(self, pool: Pool, part: Part, f: Fields, host: bytes, severity: bytes) -> list[Index]:
        """What stands before the message, in few strings: one host, a program in every line, one severity."""
        after = b',"host":"' + host + b'","program":"'
        return [
            stamps(pool, part, self._display, b'{"time":"', b'"' + after, b'{"time":null' + after),
            f.program,
            numbers(pool, f.columns.pid, b'","pid":', severity, b'","pid":null' + severity),
        ]

    def _any(self, pool: Pool, part: Part, f: Fields) -> list[Index]:
        """The same, whatever the lines name."""
        quotes = (b',"program":', b'","program":', b',"program":"', b'","program":"')
        return [
            stamps(pool, part, self._display, b'{"time":"', b'","host":', b'{"time":null,"host":'),
            choice(pool, f.named, (b"", b'"')),
            f.host,
            choice(pool, f.named + 2 * f.program_named, quotes),
            f.program,
            choice(pool, f.program_named, (b',"pid":', b'","pid":')),
            numbers(pool, f.columns.pid, missing=b"null"),
            choice(pool, f.columns.severity + 1, _SEVERITIES),
        ]
