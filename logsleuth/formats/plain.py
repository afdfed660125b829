"""Text without stamps: a console capture, a bare list of kernel messages, a pasted snippet."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.levels import skip_colour
from logsleuth.formats.model import NO_SEVERITY, Columns, Format
from logsleuth.formats.stamp import NO_ZONE, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_MARKS = {
    b"  OK  ": 6,
    b" INFO ": 6,
    b" WARN ": 4,
    b"FAILED": 3,
    b"DEPEND": 3,
    b" TIME ": 3,
    b"ASSERT": 4,
    b"UNSUPP": 4,
}
"""What systemd writes in brackets before a unit's change while it boots (src/core/job.c), as severities."""


def _console(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """`TAG: text`, without colours; systemd's `[  OK  ] ` and `[FAILED] ` are severities."""
    at = skip_colour(buffer, at, stop)
    columns = body.tagged(buffer, view, at, stop)
    rows = np.flatnonzero((at < stop) & (buffer[np.minimum(at, stop)] == ord("[")))
    if not rows.size:
        return columns
    inner = skip_colour(buffer, at[rows] + 1, stop[rows])
    word = view[inner] & vector.KEEP[6]
    level = np.full(len(rows), NO_SEVERITY, np.int64)
    for mark, value in _MARKS.items():
        level[word == vector.word(mark)] = value
    close = skip_colour(buffer, np.minimum(inner + 6, stop[rows]), stop[rows])
    good = (level >= 0) & (close < stop[rows]) & (buffer[close] == ord("]"))
    rows, level = rows[good], level[good]
    columns.severity[rows] = level
    text = columns.text_at.copy()
    text[rows] = body.skip_spaces(buffer, close[good] + 1, stop[rows], 2)
    end, pid = columns.program_end.copy(), columns.pid.copy()
    end[rows], pid[rows] = columns.program_at[rows], -1
    return columns._replace(program_end=end, pid=pid, text_at=text)


@dataclass(frozen=True)
class _NoStamp:
    """No line has a stamp: every line is an entry of its own, at a time unknown."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        none = np.zeros(len(start), np.int64)
        return Stamps(np.zeros(len(start), bool), none, none + NO_ZONE, start)


PLAIN = Format(
    name="plain",
    about="text without stamps",
    stamp=_NoStamp(),
    body=_console,
    samples=(
        b"Copyright (c) 1992-2021 The FreeBSD Project.",
        b"da0: <ATA WDC 0820> Fixed Direct Access device",
        b"[\x1b[0;32m  OK  \x1b[0m] Started \x1b[0;1;39mcron.service\x1b[0m - Regular background program.",
        b"[FAILED] Failed to start Network Time Service.",
    ),
    kind="plain",
)
