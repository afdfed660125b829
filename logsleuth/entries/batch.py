"""Entries of one file as columns over the file's own bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import UNKNOWN
from logsleuth.formats.model import Columns
from logsleuth.formats.plain import PLAIN
from logsleuth.formats.registry import ALL
from logsleuth.formats.vector import Bytes, Mask, Positions, Words, distinct
from logsleuth.records import dataclass

Times = NDArray[np.int64]


@dataclass(slots=True)
class Batch:
    """Consecutive entries of one file. An entry is a stamped line and the unstamped ones that follow it."""

    log: int
    """Index of the file's `Log`."""
    buffer: Bytes
    view: Words
    start: Positions
    stop: Positions
    """End of the entry, its last line's end left out."""
    line_stop: Positions
    """End of the entry's first line; where that is but a heading, of the line after it."""
    body: Positions
    """First byte after the stamp; `start` where there is none."""
    line: NDArray[np.int64]
    """Number of the entry's first line, counted from 1 in the unpacked file."""
    time: Times
    """UTC nanoseconds; UNKNOWN where no stamp tells it."""
    key: Times
    """Where the entry stands on the timeline: never runs backwards within a file."""
    layout: NDArray[np.int16]
    """Index in `formats.registry.ALL`; -1 for lines that no stamp belongs to."""
    torn: Mask | None
    """Entries that a run of NULs stands before."""
    lines: int
    """Lines in this batch, continuation lines counted."""
    above: int = -1
    """Where the lines before the first entry begin that only say how the file is laid out; -1 for none."""
    base: int = 0
    """Position of the buffer's first byte in the unpacked file."""
    known_columns: Columns | None = None
    """Of entries that were spelled out, which are no longer in their file's layout."""

    plain: bool = False
    """It is known that the buffer holds printable ASCII, tabs and line feeds alone."""
    _kinds: NDArray[np.int16] | None = None

    @property
    def kinds(self) -> NDArray[np.int16]:
        """The layouts that any of the entries are in."""
        if self._kinds is None:
            self._kinds = distinct(self.layout)
        return self._kinds

    def __len__(self) -> int:
        return len(self.start)

    def bytes_of(self, row: int) -> bytes:
        """A whole entry as it stands in the file."""
        return bytes(self.buffer.data[int(self.start[row]) : int(self.stop[row])])

    def entry_at(self, offset: int) -> int:
        """The row of the entry that holds a position of the buffer."""
        return max(0, int(np.searchsorted(self.start, offset, side="right")) - 1)

    def line_at(self, row: int, offset: int) -> tuple[int, int, int]:
        """Number, start and stop of the line of entry `row` that holds a position of the buffer."""
        start, stop = int(self.start[row]), int(self.stop[row])
        first = int(self.line_stop[row])
        if offset <= first and b"\n" not in bytes(self.buffer.data[start:first]):
            return int(self.line[row]), start, first
        text = bytes(self.buffer.data[start:stop])
        place = offset - start
        begin = text.rfind(b"\n", 0, place) + 1
        end = text.find(b"\n", place)
        end = len(text) if end < 0 else end
        if text[begin:end].endswith(b"\r"):
            end -= 1
        return int(self.line[row]) + text.count(b"\n", 0, place), start + begin, start + end

    def columns(self, rows: NDArray[np.int64] | None = None) -> Columns:
        """Host, program, pid, severity and text of the entries' first lines."""
        pick = np.arange(len(self)) if rows is None else rows
        if self.known_columns is not None:
            return _picked(self.known_columns, pick)
        layout = self.layout[pick]
        kinds = distinct(layout)
        if len(kinds) == 1:
            return self.columns_of(int(kinds[0]), pick)
        parts = [(np.flatnonzero(layout == kind), int(kind)) for kind in kinds]
        made = [(place, self.columns_of(kind, pick[place])) for place, kind in parts]
        out = [np.empty(len(pick), np.int64) for _ in range(7)]
        lead = self.start[pick].copy()
        text_end = self.stop[pick].copy()
        for place, columns in made:
            for column, values in zip(out, columns[:7], strict=True):
                column[place] = values
            if columns.lead_end is not None:
                lead[place] = columns.lead_end
            if columns.text_end is not None:
                text_end[place] = columns.text_end
        ended = any(columns.text_end is not None for _, columns in made)
        return Columns(out[0], out[1], out[2], out[3], out[4], out[5], out[6], lead, text_end if ended else None)

    def columns_of(self, kind: int, rows: NDArray[np.int64]) -> Columns:
        """The same, of rows that all have the layout `kind`."""
        form = ALL[kind] if kind >= 0 else PLAIN
        return form.body(self.buffer, self.view, self.body[rows], self.line_stop[rows])

    def take(self, rows: slice | NDArray[np.int64]) -> Batch:
        """Some entries in the order of the file, over the same bytes."""
        return Batch(
            self.log,
            self.buffer,
            self.view,
            self.start[rows],
            self.stop[rows],
            self.line_stop[rows],
            self.body[rows],
            self.line[rows],
            self.time[rows],
            self.key[rows],
            self.layout[rows],
            None if self.torn is None else self.torn[rows],
            0,
            self.above if len(self) and self._holds_first(rows) else -1,
            self.base,
            plain=self.plain,
        )

    @staticmethod
    def _holds_first(rows: slice | NDArray[np.int64]) -> bool:
        if isinstance(rows, slice):
            return not rows.start
        return bool(len(rows)) and int(rows[0]) == 0

    def known(self) -> Mask:
        """Entries whose time is known."""
        known: Mask = self.time != UNKNOWN
        return known


def _picked(columns: Columns, rows: NDArray[np.int64]) -> Columns:
    return Columns._make(c[rows] if isinstance(c, np.ndarray) else c for c in columns)
