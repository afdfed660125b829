"""Elastic Common Schema, a document a line: what Filebeat, Logstash and Elasticsearch's bulk loaders take.

Field names and types after github.com/elastic/ecs, schemas/*.yml. ECS has no field for a log's line number: it is a
label, and labels are keywords. `@timestamp` must be there, so entries at unknown times are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries import layouts, row
from logsleuth.render.entries.as_json import JSON, literal
from logsleuth.render.entries.escaped import Escaped, escaped
from logsleuth.render.entries.identity import file_ids
from logsleuth.render.entries.lay import laid, numbers, stamps
from logsleuth.render.entries.original import original
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer

_VERSION = b"8.11.0"
"""The oldest schema that all clients of today's stack write; every field here is in it."""
_RFC_5424 = ("Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug")
_LEVELS = [
    b"",
    *(
        b',"level":"%s","syslog":{"severity":{"code":%d,"name":"%s"}}' % (name.encode(), code, long.encode())
        for code, (name, long) in enumerate(zip(SEVERITIES, _RFC_5424, strict=True))
    ),
]


class Ecs(Writer):
    """Lines of JSON; what is not known is left out."""

    timed = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - always UTC
        self._logs = logs
        self._pool = Pool()
        self._display = Display(dt.UTC)
        self._files = [literal(log.name).encode() for log in logs]
        self._ids = [name.encode() for name in file_ids(logs)]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        e = escaped(pool, part, JSON)
        line = numbers(pool, part.batch.line[part.rows])
        tokens: row.Tokens = [
            stamps(pool, part, self._display, b'{"@timestamp":"', b'","ecs":{"version":"' + _VERSION, b"{"),
            b'"},"message":"',
            *e.fields.message,
            b'","event":{"kind":"event","id":"' + self._ids[part.log.index] + b"-",
            line,
            b'","original":"',
            *original(pool, part, e),
            b'"',
            layouts.zone(pool, part, b',"timezone":"', b'"'),
            b"}",
            *row.host(pool, part, e, JSON.name, b',"host":{"hostname":"', b'"}'),
            *_process(pool, part, e),
            b',"log":{"file":{"path":' + self._files[part.log.index] + b"}",
            row.one_of(pool, e.fields.columns.severity + 1, _LEVELS),
            b'},"labels":{"line":"',
            line,
            b'"}}\n',
        ]
        return row.laid_out(pool, part, tokens)


def _process(pool: Pool, part: Part, e: Escaped) -> row.Tokens:
    pid = e.fields.columns.pid
    named, numbered = row.programmed(part, e), pid >= 0
    if named.all():
        number = numbers(pool, pid, b',"pid":') if numbered.all() else numbers(pool, pid, b',"pid":', missing=b"")
        return [b',"process":{"name":"', e.fields.program, b'"', number, b"}"]
    return [
        *row.where(pool, named | numbered, b',"process":{'),
        *row.where(pool, named, b'"name":"', e.fields.program, b'"'),
        *row.where(pool, named & numbered, b","),
        *row.number(pool, pid, b'"pid":'),
        *row.where(pool, named | numbered, b"}"),
    ]
