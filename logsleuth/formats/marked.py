"""A stamp that is known by what follows it: what tells a program's own log from any other text with stamps."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.model import Decoder
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass


@dataclass(frozen=True)
class Marked:
    """`stamp`, followed by one of the texts in `then`; blanks before them count for nothing."""

    stamp: Decoder
    then: tuple[bytes, ...] = (b"",)
    utc: bool = False
    """The stamp is in UTC though it does not say so."""

    @property
    def yearless(self) -> bool:
        """As the stamp is."""
        return self.stamp.yearless

    @property
    def relative(self) -> bool:
        """As the stamp is."""
        return self.stamp.relative

    @property
    def first_bytes(self) -> bytes:
        """As the stamp's."""
        return self.stamp.first_bytes

    @property
    def template(self) -> str:
        """The stamp's template, if it has one."""
        return getattr(self.stamp, "template", "")

    @property
    def colons(self) -> tuple[int, ...]:
        """As the stamp's."""
        return getattr(self.stamp, "colons", ())

    @property
    def separator(self) -> bytes:
        """As the stamp's."""
        return getattr(self.stamp, "separator", b"")

    @property
    def zoned(self) -> bool:
        """The stamp is in UTC."""
        return self.utc or getattr(self.stamp, "zoned", False)

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = self.stamp.decode(buffer, view, start, stop)
        rows = np.flatnonzero(got.valid)
        if not rows.size:
            return got
        at = body.skip_spaces(buffer, got.end[rows], stop[rows])
        known = np.zeros(len(rows), bool)
        for text in self.then:
            known |= vector.starts(view, at, text) & (at + len(text) <= stop[rows])
        valid = got.valid.copy()
        valid[rows] = known
        offset = np.zeros(len(valid), np.int64) if self.utc else got.offset
        return Stamps(valid, np.where(valid, got.wall, 0), offset, np.where(valid, got.end, start))
