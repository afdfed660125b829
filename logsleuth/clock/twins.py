"""What dates the lines of a capture without stamps: which of them stand in a log that has stamps, and when."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import UNKNOWN
from logsleuth.formats import Format
from logsleuth.records import dataclass

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Twins:
    """Marks in the order of the file: lines from which on a time holds."""

    at: Numbers
    """Where the line of a mark begins in the unpacked file."""
    time: Numbers
    """UTC nanoseconds of all lines from here to the next mark; UNKNOWN where nothing tells it."""
    twin: Mask
    """The line of the mark stands in a log with stamps itself, or has a stamp."""
    copy: Mask
    """An entry that begins with this line stands elsewhere too, its indented lines included."""
    form: Format | None = None
    """Of the few lines that do have stamps: what syslogd wrote on the console. None: none has."""

    def times(self, offset: Numbers) -> Numbers:
        """UTC nanoseconds of the lines that begin at some places in the file."""
        place = np.searchsorted(self.at, offset, side="right") - 1
        return np.where(place < 0, UNKNOWN, self.time[np.maximum(place, 0)])

    def copies(self, offset: Numbers) -> Mask:
        """Of the entries that begin at some places, those of which nothing is lost where they are left out."""
        place = np.maximum(np.searchsorted(self.at, offset, side="right") - 1, 0)
        told: Mask = (self.at[place] == offset) & self.copy[place]
        return told

    def is_twin(self, offset: int) -> bool:
        """The time of the line that begins at a place in the file is its own."""
        place = int(np.searchsorted(self.at, offset))
        return place < len(self.at) and int(self.at[place]) == offset and bool(self.twin[place])

    def next_after(self, offset: int) -> int:
        """UTC nanoseconds of the first twin at or behind a place in the file; UNKNOWN where there is none."""
        first = int(np.searchsorted(self.at, offset))
        below = self.twin[first:]
        return int(self.time[first + int(below.argmax())]) if below.any() else UNKNOWN

    def digest(self) -> str:
        """Of all that they tell."""
        digest = hashlib.sha256(b"" if self.form is None else self.form.name.encode())
        for column in (self.at, self.time, self.twin, self.copy):
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()
