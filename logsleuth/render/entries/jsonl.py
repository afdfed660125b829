"""An object a line: time, host, program, pid, severity, message, file, line; what is not known is null."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.narrative.safe import steering, whole
from logsleuth.render.entries.hostile import holding, hostile, rows_at
from logsleuth.render.entries.lay import choice, fields, laid, numbers, replaced, singly, stamps
from logsleuth.render.entries.part import Entry, Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\r\n", "\n"), ("\n", "\\n"), ("\t", "\\t"))
_SEVERITIES = [b',"severity":null,"message":"'] + [b',"severity":"%s","message":"' % s.encode() for s in SEVERITIES]


class Objects:
    """Lines of JSON."""

    header = b""

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [_literal(log.name) for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f = fields(pool, part, lambda name: _literal(name or None).encode())
        count = len(part.rows)
        quotes = holding(part, b'"\\\t')
        text_at = f.columns.text_at
        parts = [
            stamps(pool, part, self._display, b'{"time":"', b'","host":', b'{"time":null,"host":'),
            choice(pool, f.named, (b"", b'"')),
            f.host,
            choice(pool, f.named + 2 * f.program_named,
                   (b',"program":', b'","program":', b',"program":"', b'","program":"')),
            f.program,
            choice(pool, f.program_named, (b',"pid":', b'","pid":')),
            numbers(pool, f.columns.pid, b"", b"null"),
            choice(pool, f.columns.severity + 1, _SEVERITIES),
            *f.message,
            np.full(count, pool.constant(f'","file":{self._files[part.log.index]},"line":'.encode())),
            numbers(pool, part.batch.line[part.rows], b"}\n"),
        ]  # fmt: skip
        texts = len(parts) - 3
        escaped = part.folded | rows_at(part, quotes)
        parts[texts] = replaced(pool, part, text_at, escaped, _ESCAPES, f.text)
        return singly(pool, part, np.stack(parts, axis=1), hostile(part) | rows_at(part, quotes, text_at), self._line)

    def _line(self, part: Part, entry: Entry) -> bytes:
        digits = self._display.digits(part.log.index, np.array([entry.time]))
        value = {
            "time": None if entry.time == UNKNOWN else self._display.one(entry.time, digits),
            "host": entry.host or None,
            "program": entry.program or None,
            "pid": None if entry.pid < 0 else entry.pid,
            "severity": None if entry.severity < 0 else SEVERITIES[entry.severity],
            "message": entry.message.replace("\r\n", "\n"),
        }
        told = ",".join(f'"{key}":{_literal(v)}' for key, v in value.items())
        return f'{{{told},"file":{self._files[part.log.index]},"line":{entry.line}}}\n'.encode()


def _literal(value: str | int | None) -> str:
    r"""JSON that keeps the text's value, but for bytes that are no UTF-8: they are spelt out, `\xff`."""
    text = whole(value) if isinstance(value, str) else value
    return steering(json.dumps(text, ensure_ascii=False))
