"""Entries as they stand in their files, never altered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.render.entries.lay import laid
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.writer import Look, Writer


class Raw(Writer):
    """Each entry with its own line end; a last line that has none is given one, or the next would be glued to it."""

    numbered = False

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - the bytes look as they look
        self._logs = logs
        self._pool = Pool()

    def lines(self, merged: Merged) -> memoryview:
        return laid(self._composed, self._pool, merged, self._logs, as_they_stand=True)

    def _composed(self, pool: Pool, part: Part) -> Index:
        buffer, start, stop = part.batch.buffer, part.start, part.stop
        if part.batch.above >= 0:
            # What a file says of its layout stands before its first entry, and is none.
            start = np.where(part.rows == 0, part.batch.above, start)
        # A CR is part of the line's end only before an LF, or at the end of the file.
        stop = stop + (buffer[stop] == ord("\r"))
        ended = buffer[stop] == ord("\n")
        own = pool.columns(buffer, start, stop + ended)[0]
        rows = [own] if ended.all() else [own, np.where(ended, pool.empty, pool.constant(b"\n"))]
        return np.stack(rows, axis=1)
