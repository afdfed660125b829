"""OpenTelemetry logs as OTLP/JSON, which the collector's `otlpjsonfile` receiver reads: a `LogsData` a line.

After opentelemetry.io/docs/specs/otel/protocol/file-exporter and opentelemetry-proto's logs.proto; numbers of 64 bits
are strings there, and an unknown time is left out (so is one before 1970, which they cannot hold). The records of one
host and file share a line, which stays below the 1 MiB that the receiver takes for one: records stand in the order of
the timeline within each line, not from line to line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth import __version__
from logsleuth.clock.logs import Log
from logsleuth.entries.arrow import strings, values_of
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries import row
from logsleuth.render.entries.as_json import JSON, inner, literal
from logsleuth.render.entries.escaped import Escaped, escaped
from logsleuth.render.entries.identity import file_ids
from logsleuth.render.entries.lay import indexed, numbers
from logsleuth.render.entries.original import original
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.writer import Look, Writer

_LINE = 512 << 10
"""Bytes of a line's records, about; a record longer than that has a line of its own."""
_NUMBERS = (21, 19, 18, 17, 13, 10, 9, 5)
"""SeverityNumber of syslog's priorities: opentelemetry.io/docs/specs/otel/logs/data-model-appendix, Appendix B."""
_LEVELS = [
    b"",
    *(
        b',"severityNumber":%d,"severityText":"%s"' % (number, name.encode())
        for name, number in zip(SEVERITIES, _NUMBERS, strict=True)
    ),
]
_END = b"]}]}]}\n"


class Otel(Writer):
    """Lines of JSON, each with many records."""

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - instants have no zone
        self._logs = logs
        self._pool = Pool()
        self._ids = [name.encode() for name in file_ids(logs)]

    def lines(self, merged: Merged) -> memoryview:
        pool = self._pool
        index = indexed(self._composed, pool, merged, self._logs)
        resource = index[:, 0]
        # Equal texts have one number in the pool: it tells which records belong together.
        index = index[np.argsort(resource, kind="stable")]
        first = _beginnings(index[:, 0], pool.lengths(index[:, 1:]))
        last = np.append(first[1:], True)
        index[:, 0] = np.where(first, index[:, 0], pool.constant(b","))
        end = np.where(last, pool.constant(_END), pool.empty)
        return pool.join(np.concatenate((index, end[:, None]), axis=1))

    def _composed(self, pool: Pool, part: Part) -> Index:
        e = escaped(pool, part, JSON)
        f = e.fields
        line = numbers(pool, part.batch.line[part.rows])
        tokens: row.Tokens = [
            self._resource(pool, part, e),
            b'{"body":{"stringValue":"',
            *f.message,
            b'"}',
            *row.number(pool, part.time, b',"timeUnixNano":"', b'"'),
            row.one_of(pool, f.columns.severity + 1, _LEVELS),
            b',"attributes":[{"key":"log.record.uid","value":{"stringValue":"' + self._ids[part.log.index] + b"-",
            line,
            b'"}},{"key":"logsleuth.line","value":{"intValue":"',
            line,
            b'"}}',
            *row.where(pool, row.programmed(part, e), _key("process.executable.name"), f.program, b'"}}'),
            *row.number(pool, f.columns.pid, _key("process.pid", "intValue"), b'"}}'),
            _key("log.record.original"),
            *original(pool, part, e),
            b'"}}]}',
        ]
        return row.laid_out(pool, part, tokens)

    def _resource(self, pool: Pool, part: Part, e: Escaped) -> Index:
        """What stands before the records of each row's host and this file, a string for each."""
        columns = e.fields.columns
        coded = strings(part.batch.buffer, columns.host_at, columns.host_end).dictionary_encode()
        names = [name.decode("utf-8", "surrogateescape") for name in coded.dictionary.to_pylist()]
        made = [pool.constant(self._before(part.log, name or part.log.host)) for name in names]
        which: Index = np.array(made)[values_of(coded.indices, np.int32)]
        return which

    def _before(self, log: Log, host: str) -> bytes:
        said = [("host.name", f'"{inner(host)}"')] if host else []
        said += [("log.file.path", literal(log.name)), ("log.file.name", literal(log.name.rpartition("/")[2]))]
        attributes = ",".join(f'{{"key":"{key}","value":{{"stringValue":{value}}}}}' for key, value in said)
        scope = f'{{"name":"logsleuth","version":"{__version__}"}}'
        return (
            f'{{"resourceLogs":[{{"resource":{{"attributes":[{attributes}]}},'
            f'"scopeLogs":[{{"scope":{scope},"logRecords":['
        ).encode()


def _key(name: str, kind: str = "stringValue") -> bytes:
    return f',{{"key":"{name}","value":{{"{kind}":"'.encode()


def _beginnings(group: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows with which a line begins: another group than before, or so many bytes in it that it has to be cut."""
    new = np.ones(len(group), bool)
    new[1:] = group[1:] != group[:-1]
    end = np.cumsum(sizes)
    base = (end - sizes)[new][np.cumsum(new) - 1]
    piece = (end - base) // _LINE
    new[1:] |= piece[1:] != piece[:-1]
    return new
