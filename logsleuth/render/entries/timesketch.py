"""What Timesketch imports, as CSV or JSON lines: `message`, `datetime`, `timestamp_desc`, and Plaso's field names.

Its importer (timesketch/lib/utils.py) takes a CSV file's first stamp for the form of all, so all have microseconds and
UTC here; `timestamp`, in microseconds, saves it from reckoning with floats. Its SSH analyzers look for `[sshd] [812]: `
at a message's start. Values are as the log has them: it is an importer, not a spreadsheet, that reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries import layouts, row
from logsleuth.render.entries.as_json import JSON, literal
from logsleuth.render.entries.comma import RFC_4180, cell
from logsleuth.render.entries.escaped import escaped
from logsleuth.render.entries.lay import laid, numbers
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer

_MEANING = b"Event Logged"
_PID = (b"] [", b"]: ", b"] ")
_MICROSECONDS = 6
_IN_MESSAGE = replace(RFC_4180, name=RFC_4180.text)
"""Of a program's name that stands in a message, the message's quotes."""


class TimesketchObjects(Writer):
    """Lines of JSON; what is not known is left out."""

    timed = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - always UTC
        self._logs = logs
        self._pool = Pool()
        self._display = Display(dt.UTC)
        self._files = [literal(log.name).encode() for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        e = escaped(pool, part, JSON)
        f = e.fields
        tokens: row.Tokens = [
            b'{"message":"',
            *row.label(pool, part, e, _PID),
            *f.message,
            b'","datetime":"',
            pool.matrix(self._display.matrix(part.time, _MICROSECONDS)),
            b'","timestamp":',
            *row.signed(pool, part.time // 1000),
            b',"timestamp_desc":"' + _MEANING + b'","data_type":"',
            layouts.data_type(pool, part),
            b'"',
            *row.host(pool, part, e, JSON.name, b',"hostname":"', b'"'),
            *row.where(pool, row.programmed(part, e), b',"reporter":"', f.program, b'"'),
            *row.number(pool, f.columns.pid, b',"pid":'),
            row.one_of(pool, f.columns.severity + 1, _SEVERITIES),
            b',"source_file":' + self._files[part.log.index] + b',"line":',
            numbers(pool, part.batch.line[part.rows]),
            b"}\n",
        ]
        return row.laid_out(pool, part, tokens)


_SEVERITIES = [b"", *(b',"severity":"%s"' % name.encode() for name in SEVERITIES)]


class TimesketchCommas(Writer):
    """CSV with the same fields; what is not known is empty."""

    header = b"message,datetime,timestamp,timestamp_desc,data_type,hostname,reporter,pid,severity,source_file,line\n"
    timed = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - always UTC
        self._logs = logs
        self._pool = Pool()
        self._display = Display(dt.UTC)
        self._files = [cell(log.name).encode() for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        e = escaped(pool, part, RFC_4180)
        inside = escaped(pool, part, _IN_MESSAGE) if e.odd.any() else e
        f = e.fields
        tokens: row.Tokens = [
            b'"',
            *row.label(pool, part, inside, _PID),
            *f.message,
            b'",',
            pool.matrix(self._display.matrix(part.time, _MICROSECONDS)),
            b",",
            *row.signed(pool, part.time // 1000),
            b"," + _MEANING + b",",
            layouts.data_type(pool, part),
            b",",
            *row.host(pool, part, e, RFC_4180.name, b"", b""),
            b",",
            *row.where(pool, row.programmed(part, e), f.program),
            b",",
            *row.number(pool, f.columns.pid),
            row.one_of(pool, f.columns.severity + 1, _CELLS),
            self._files[part.log.index] + b",",
            numbers(pool, part.batch.line[part.rows]),
            b"\n",
        ]
        return row.laid_out(pool, part, tokens)


_CELLS = [b",,", *(b",%s," % name.encode() for name in SEVERITIES)]
