"""The timeline before a person: columns below each other, colours by severity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged
from logsleuth.entries.select import severities
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries.hostile import hostile, lines, visible
from logsleuth.render.entries.lay import Fields, choice, fields, laid, numbers, singly, stamps
from logsleuth.render.entries.part import Entry, Part, label, short_names
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look

_WIDEST = 24
"""A longer name pushes its line to the right rather than all the others."""
_RESET, _DIM, _BOLD, _RED, _YELLOW = "\x1b[0m", "\x1b[2m", "\x1b[1m", "\x1b[31m", "\x1b[33m"
_HUES = ("", _YELLOW, _RED)
_ERR = SEVERITIES.index("err")


class Terminal:
    """Lines with columns of a width that grows with what is seen."""

    header = b""

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._color = look.color
        self._dim, self._reset = (_DIM, _RESET) if look.color else ("", "")
        self._display = Display(look.zone)
        names = [visible(name) for name in short_names([log.name for log in logs])]
        widest = min(_WIDEST, max(map(len, names), default=0))
        self._files = [self._in(_DIM, f"{name:<{widest}}") for name in names]
        self._host_width = 1
        self._time_width = 25

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs)

    def _composed(self, pool: Pool, part: Part) -> Index:
        f = fields(pool, part, lambda name: visible(name).encode())
        host_pad = self._host_pad(pool, part, f)
        digits = self._display.digits(part.log.index, part.time)
        width = 25 + (digits + 1 if digits else 0)
        self._time_width = max(self._time_width, width)
        after = f"{self._reset}{' ' * (self._time_width - width)} "
        unknown = f"{self._dim}-{self._reset}{' ' * (self._time_width - 1)} "
        stamp = stamps(pool, part, self._display, self._dim.encode(), after.encode(), unknown.encode())
        file = np.full(len(stamp), pool.constant(f" {self._files[part.log.index]} ".encode()))
        hues = self._hues(part.batch, part.rows)
        color = [f"{_RESET}{hue}".encode() if self._color else b"" for hue in _HUES]
        parts = [stamp, f.host, host_pad, file, np.full(len(stamp), pool.constant(self._mark(_BOLD))), f.program]
        parts += [choice(pool, hues, color), *self._label(pool, part, f), *f.message]
        parts.append(choice(pool, hues > 0, (b"\n", self._mark(_RESET) + b"\n")))
        return singly(pool, part, np.stack(parts, axis=1), hostile(part) | part.folded, self._line)

    def _line(self, part: Part, entry: Entry) -> bytes:
        time = "-"
        if entry.time != UNKNOWN:
            time = self._display.one(entry.time, self._display.digits(part.log.index, np.array([entry.time])))
        host, program = visible(entry.host), visible(entry.program)
        hue = _HUES[int(self._hues(part.batch, np.array([entry.row]))[0])]
        # Colours end with each line: a pager that scrolls back shows every line alone.
        text = [self._in(hue, line) for line in lines(label(program, entry.pid)[len(program) :] + entry.message)]
        said = self._in(_DIM, time) + " " * (self._time_width - len(time))
        return (
            f"{said} {host:<{self._host_width}} {self._files[part.log.index]} {self._in(_BOLD, program)}"
            + "\n    ".join(text) + "\n"
        ).encode()  # fmt: skip

    def _host_pad(self, pool: Pool, part: Part, f: Fields) -> Index:
        length = np.where(f.named, f.columns.host_end - f.columns.host_at, len(visible(part.log.host)))
        self._host_width = min(_WIDEST, max(self._host_width, int(length.max(initial=0))))
        missing = np.maximum(self._host_width - length, 0)
        return choice(pool, missing, [b" " * k for k in range(self._host_width + 1)])

    def _label(self, pool: Pool, part: Part, f: Fields) -> list[Index]:
        pid = f.columns.pid
        known = f.program_named | (part.programs() != "")
        plain = choice(pool, known, (b"", b": "))
        bracket = np.where(pid >= 0, pool.constant(b"["), pool.empty)
        return [bracket, np.where(pid >= 0, numbers(pool, pid, b"]: "), plain)]

    def _hues(self, batch: Batch, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        if not self._color:
            return np.zeros(len(rows), np.int64)
        worst = severities(batch, rows, batch.columns(rows))
        return np.where(worst <= _ERR, 2, np.where(worst == _ERR + 1, 1, 0))

    def _mark(self, code: str) -> bytes:
        return code.encode() if self._color else b""

    def _in(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self._color and code else text
