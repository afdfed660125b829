"""CSV after RFC 4180 with a header and the fields of the JSON lines; what is not known is empty.

It is for spreadsheets, which take a cell that begins with `=`, `+`, `-` or `@` for a formula, and whoever can write to
a log can write one (CWE-1236): such a cell is given an apostrophe, by which a spreadsheet takes it for text. Programs
are better served by JSON lines or Parquet, which alter nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.model import SEVERITIES
from logsleuth.formats.vector import Mask, Positions
from logsleuth.render.entries.escaped import Escapes, escaped
from logsleuth.render.entries.hostile import lines, visible
from logsleuth.render.entries.lay import Fields, choice, laid, numbers, shared, stamps
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer

_FORMULA = b"=+-@\t\r"
"""After OWASP's list of the first characters that make a cell a formula."""
_SEVERITIES = [b',,"'] + [b',%s,"' % name.encode() for name in SEVERITIES]


def cell(text: str) -> str:
    """A text as a cell, quoted if it has to be."""
    text = visible(text)
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def quoted(text: str) -> str:
    """A message to stand between two quotes."""
    return "\n".join(lines(text)).replace('"', '""')


def _name(text: str) -> str:
    return cell("'" + text if text[:1] and text[:1].encode(errors="replace") in _FORMULA else text)


RFC_4180 = Escapes(
    in_names=b'",',
    in_texts=b'"',
    replaced=(("\r\n", "\n"), ('"', '""')),
    name=cell,
    text=quoted,
)
"""Messages stand between quotes that the writer sets."""
_GUARDED = replace(RFC_4180, name=_name)


class Commas(Writer):
    """Lines of comma-separated values; messages are always quoted, and may go on over several lines."""

    header = b"time,host,program,pid,severity,message,file,line\n"

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [_name(log.name) for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f, odd = escaped(pool, part, _GUARDED)
        comma = np.full(len(part.rows), pool.constant(b","))
        host = b"" if odd.any() else shared(part, f.columns.host_at, f.columns.host_end)
        if host[:1] and host[:1] in _FORMULA:
            host = b"'" + host
        parts = [
            stamps(pool, part, self._display, b"", b"," + host, b"," + host),
            *(() if host else (*_guarded(pool, part, f.columns.host_at, f.columns.host_end, f.named & ~odd), f.host)),
            comma,
            *_guarded(pool, part, f.columns.program_at, f.columns.program_end, f.program_named & ~odd),
            f.program,
            numbers(pool, f.columns.pid, b",", missing=b","),
            choice(pool, f.columns.severity + 1, _SEVERITIES),
            *_guarded(pool, part, *_beginning(part, f)),
            *f.message,
            np.full(len(comma), pool.constant(f'",{self._files[part.log.index]},'.encode())),
            numbers(pool, part.batch.line[part.rows], after=b"\n"),
        ]
        return np.stack(parts, axis=1)


def _beginning(part: Part, f: Fields) -> tuple[Positions, Positions]:
    """Where a message begins: before the stamp, if it has a part there."""
    text_at, stop, lead_end = f.columns.text_at, part.stop, f.columns.lead_end
    if lead_end is None:
        return text_at, stop
    led = lead_end > part.start
    return np.where(led, part.start, text_at), np.where(led, lead_end, stop)


def _guarded(pool: Pool, part: Part, at: Positions, end: Positions, which: Mask | None = None) -> list[Index]:
    """An apostrophe where a text would be taken for a formula; no column at all where none would."""
    first = part.batch.buffer[at]
    risky = _IS_FORMULA[first] & (end > at)
    if which is not None:
        risky &= which
    return [choice(pool, risky, (b"", b"'"))] if risky.any() else []


_IS_FORMULA = np.isin(np.arange(256), np.frombuffer(_FORMULA, np.uint8))
