"""Lines put together natively, from what a writer says that they are made of: the bytes are those that `lay` gives.

A writer is asked for `Tokens` where the rows of a part are all in one layout and hold nothing hostile, as most do.
Other parts are laid string by string, and take their places between the rest.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats.vector import Mask, Positions, column, distinct
from logsleuth.native import Loops
from logsleuth.render.entries.hostile import hostile
from logsleuth.render.entries.lay import written_out
from logsleuth.render.entries.part import Part, part_of
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display

Token = tuple[object, ...]
"""What each line has at a place, as lib.compose takes it."""
Tokens = tuple[Token, ...]
Woven = Callable[[Part], Tokens]
"""What the lines of a part are made of, all of which are in one layout and hold nothing hostile."""
Laid = Callable[[Pool, Part], Index]
"""Says of any part which strings of a pool its lines are made of."""
_Made = tuple[object, int, Tokens]
"""Bytes of a log, a number of rows, and what their lines are made of."""


def text(value: bytes) -> Token:
    """The same in each line."""
    return ("t", value)


def span(
    at: Positions,
    end: Positions,
    missing: bytes = b"",
    replaced: Sequence[tuple[bytes, bytes]] = (),
    which: Mask | None = None,
) -> Token:
    """The file's bytes [at, end), or `missing` where there are none.

    In some rows single bytes are replaced; a CR before a line feed goes with it.
    """
    old, new = b"".join(a for a, _ in replaced), tuple(b for _, b in replaced)
    return ("s", column(at), column(end), missing, old, new, which if replaced else None)


def number(values: NDArray[np.int64], before: bytes = b"", after: bytes = b"", missing: bytes = b"") -> Token:
    """A number between two texts; where it is -1 `missing` in place of all, where it is less nothing."""
    return ("n", column(values), before, after, missing)


def instant(display: Display, part: Part, before: bytes, after: bytes, unknown: bytes) -> Token:
    """The times between two texts; `unknown` stands for all three where there is none."""
    times = column(part.time)
    return ("i", times, display.minutes(times), before, after, unknown, display.told(part.log.index))


class Loom:
    """Writes stretch after stretch."""

    def __init__(self, woven: Woven, laid: Laid, display: Display) -> None:
        self._woven, self._laid, self._display = woven, laid, display
        self._pool = Pool()
        self._room = 1 << 20
        # Memory that is used again is not given out page by page again. Whoever has lines that were written before
        # holds the array that they lie in, so what nobody holds is free.
        self._memory = [np.empty(0, np.uint8)] * 2
        self._held: list[Callable[[], object]] = [lambda: None] * 2

    def lines(self, merged: Merged, logs: Sequence[Log], lib: Loops) -> memoryview:
        """The lines of a stretch, in its order."""
        parts = []
        places: list[NDArray[np.int64]] = []
        count, straight = 0, merged.order is None
        for piece in merged.pieces:
            part = written_out(part_of(piece, logs))
            parts.append(self._made(part))
            size, place = len(part.rows), part.place
            straight &= place is None
            places.append(np.arange(count, count + size) if place is None else place + count)
            count += size
        if straight:
            return self._joined(parts, None, lib)
        flat = np.concatenate(places)
        return self._joined(parts, flat if merged.order is None else flat[merged.order], lib)

    def _made(self, part: Part) -> _Made:
        # A file's times have as many digits as any so far needed, in all of its lines.
        self._display.digits(part.log.index, part.time)
        alike = len(part.batch.kinds) == 1 or len(distinct(part.layout)) == 1
        if alike and not hostile(part).any():
            return part.batch.buffer, len(part.rows), self._woven(part)
        index = self._laid(self._pool, part)
        end = np.cumsum(self._pool.lengths(index))
        return self._pool.join(index), len(part.rows), (span(np.concatenate(([0], end[:-1])), end),)

    def _joined(self, parts: list[_Made], order: NDArray[np.int64] | None, lib: Loops) -> memoryview:
        while True:
            place = next((k for k, held in enumerate(self._held) if held() is None), None)
            out = np.empty(0, np.uint8) if place is None else self._memory[place]
            if len(out) != self._room:
                out = np.empty(self._room, np.uint8)
            written = lib.compose(parts, order, out)
            if written < 0:
                self._room *= 2
                continue
            made = out[:written]
            if place is not None:
                self._memory[place], self._held[place] = out, weakref.ref(made)
            return made.data
