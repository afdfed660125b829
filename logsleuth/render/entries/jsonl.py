"""An object a line: time, host, program, pid, severity, message, file, line; what is not known is null."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.narrative.safe import steering, whole
from logsleuth.render.entries.hostile import holding, hostile, rows_at
from logsleuth.render.entries.lay import Fields, choice, fields, laid, numbers, replaced, reworded, shared, stamps
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\r\n", "\n"), ("\n", "\\n"), ("\t", "\\t"))
_SEVERITIES = [b',"severity":null,"message":"'] + [b',"severity":"%s","message":"' % s.encode() for s in SEVERITIES]


class Objects:
    """Lines of JSON."""

    header = b""
    numbered = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [_literal(log.name) for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f = fields(pool, part, lambda name: _literal(name or None).encode())
        quotes, text_at = holding(part, b'"\\\t'), f.columns.text_at
        odd = hostile(part) | rows_at(part, quotes, text_at)
        escaped = (part.folded | rows_at(part, quotes)) & ~odd
        f.text[escaped] = replaced(part, text_at, escaped, _ESCAPES, pool)
        f = reworded(pool, part, f, odd, _escaped, _escaped)
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


def _escaped(text: str) -> str:
    return _literal(text.replace("\r\n", "\n"))[1:-1]


def _literal(value: str | None) -> str:
    r"""JSON that keeps the text's value, but for bytes that are no UTF-8: they are spelt out, `\xff`."""
    text = None if value is None else whole(value)
    return steering(json.dumps(text, ensure_ascii=False))
