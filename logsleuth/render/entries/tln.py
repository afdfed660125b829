"""TLN (`Time|Source|Host|User|Description`) and log2timeline's longer form of it (`|TZ|Notes`).

Fields as plaso/output/tln.py has them: the time in seconds since 1970, the exact time at the description's start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND
from logsleuth.entries.merge import Merged
from logsleuth.render.entries import row
from logsleuth.render.entries.escaped import Escapes, escaped
from logsleuth.render.entries.hostile import lines, visible
from logsleuth.render.entries.lay import laid, numbers
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer


def _name(text: str) -> str:
    return visible(text).replace("|", " ").replace(";", " ")


def _text(text: str) -> str:
    return _name(" ".join(lines(text)))


_TLN = Escapes(
    in_names=b"|;",
    in_texts=b"|;",
    replaced=(("|", " "), (";", " "), ("\r\n", " "), ("\n", " ")),
    name=_name,
    text=_text,
)


class Tln(Writer):
    """Five fields; what is not known is `-`."""

    header = b"Time|Source|Host|User|Description\n"
    timed = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - always UTC
        self._logs = logs
        self._pool = Pool()
        self._display = Display(dt.UTC)
        self._files = [_name(log.name).encode() for log in logs]

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        e = escaped(pool, part, _TLN)
        tokens: row.Tokens = [
            *row.signed(pool, part.time // SECOND),
            b"|LOG|",
            *(row.host(pool, part, e, _name, b"", b"") or [b"-"]),
            b"|-|",
            pool.matrix(self._display.matrix(part.time, self._display.digits(part.log.index, part.time))),
            b"; Event Logged; ",
            *row.label(pool, part, e, (b", pid: ", b"] ", b"] ")),
            *e.fields.message,
            *self._notes(pool, part),
            b"\n",
        ]
        return row.laid_out(pool, part, tokens)

    def _notes(self, pool: Pool, part: Part) -> row.Tokens:  # noqa: ARG002 - those who have some need them
        return []


class L2tTln(Tln):
    """Seven fields; the last one names file and line."""

    header = b"Time|Source|Host|User|Description|TZ|Notes\n"

    def _notes(self, pool: Pool, part: Part) -> row.Tokens:
        file = self._files[part.log.index]
        return [b"|UTC|File: " + file + b" line: ", numbers(pool, part.batch.line[part.rows])]
