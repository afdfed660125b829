"""The timeline before a person: columns below each other, colours by severity."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.entries.select import severities
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.entries.hostile import hostile, lines, visible
from logsleuth.render.entries.lay import Fields, choice, fields, labels, laid, reworded, stamps
from logsleuth.render.entries.part import Part, short_names
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.writer import Look, Writer
from logsleuth.render.layout import code

_WIDEST = 24
"""A longer name pushes its line to the right rather than all the others."""
_RESET, _BOLD = "\x1b[0m", "\x1b[1m"
_DIM, _RED, _YELLOW = code("dim"), code("red"), code("yellow")
_HUES = ("", _YELLOW, _RED)
_ERR = SEVERITIES.index("err")


class Terminal(Writer):
    """Lines with columns of a width that grows with what is seen."""

    numbered = False

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
        if not part.log.host:
            f = f._replace(host=np.where(f.named, f.host, pool.constant(b"-")))
        hues = self._hues(part, f)
        host_pad = self._host_pad(pool, part, f)
        odd = hostile(part) | part.folded
        for number, hue in enumerate(_HUES if odd.any() else ()):
            # Colours end with each line: a pager that scrolls back shows every line alone.
            turn = f"{_RESET}\n    {hue}" if hue and self._color else "\n    "
            f = reworded(pool, part, f, odd & (hues == number), visible, partial(_folded, turn=turn))
        digits = self._display.digits(part.log.index, part.time)
        width = 25 + (digits + 1 if digits else 0)
        self._time_width = max(self._time_width, width)
        after = f"{self._reset}{' ' * (self._time_width - width)} "
        unknown = f"{self._dim}-{self._reset}{' ' * (self._time_width - 1)} "
        stamp = stamps(pool, part, self._display, self._dim.encode(), after.encode(), unknown.encode())
        file = np.full(len(stamp), pool.constant(f" {self._files[part.log.index]} ".encode()))
        color = [f"{_RESET}{hue}".encode() if self._color else b"" for hue in _HUES]
        parts = [stamp, f.host, host_pad, file, np.full(len(stamp), pool.constant(self._mark(_BOLD))), f.program]
        parts += [choice(pool, hues, color), *labels(pool, part, f.program_named, f.columns.pid), *f.message]
        parts.append(choice(pool, hues > 0, (b"\n", self._mark(_RESET) + b"\n")))
        return np.stack(parts, axis=1)

    def _host_pad(self, pool: Pool, part: Part, f: Fields) -> Index:
        length = np.where(f.named, f.columns.host_end - f.columns.host_at, len(visible(part.log.host)))
        self._host_width = min(_WIDEST, max(self._host_width, int(length.max(initial=0))))
        missing = np.maximum(self._host_width - length, 0)
        return choice(pool, missing, [b" " * k for k in range(self._host_width + 1)])

    def _hues(self, part: Part, f: Fields) -> NDArray[np.int64]:
        """Numbers in _HUES."""
        if not self._color:
            return np.zeros(len(part.rows), np.int64)
        worst = severities(part.batch, part.rows, f.columns)
        return np.where(worst <= _ERR, 2, np.where(worst == _ERR + 1, 1, 0))

    def _mark(self, code: str) -> bytes:
        return code.encode() if self._color else b""

    def _in(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self._color and code else text


def _folded(text: str, turn: str) -> str:
    return turn.join(lines(text))
