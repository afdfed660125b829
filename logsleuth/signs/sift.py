"""Hits of a scan that the bytes of their lines rule out: most are, and a close look costs fifty times as much."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from logsleuth.entries import Batch
from logsleuth.formats.vector import Mask, Positions
from logsleuth.scan import Scanner
from logsleuth.signs.wrapped import COLOUR

_MANY = 64
"""Hits of one pattern in one batch from which its weaker form is tried on all their lines in one go."""
_SHORT = 2_000
"""Bytes of a line on which no pattern takes long."""


def sifted(
    scanner: Scanner, batch: Batch, rows: NDArray[np.int64], ids: NDArray[np.int64]
) -> Iterator[tuple[int, int, bytes, bytes]]:
    """(row, pattern, entry, entry in lower case) of the hits that may be matches, each pair once, by row."""
    count = len(scanner.patterns)
    rows, ids = np.divmod(np.unique(rows * count + ids), count)
    whole = bytes(batch.buffer.data) if len(rows) else b""
    start, stop = batch.start[rows], batch.stop[rows]
    kept = np.ones(len(rows), bool)
    for number in np.flatnonzero(np.bincount(ids, minlength=count) > _MANY).tolist():
        own = np.flatnonzero(ids == number)
        kept[own] = _may_match(scanner.weaker(number), whole, start[own], stop[own])
    here, line, lower = -1, b"", b""
    columns = (a[kept].tolist() for a in (rows, ids, start, stop))
    for row, number, begin, end in zip(*columns, strict=True):
        if row != here:
            here, line = row, whole[begin:end]
            line = COLOUR.sub(b"", line) if b"\x1b" in line else line
            lower = line.lower()
        if scanner.possible(number, line, lower):
            yield row, number, line, lower


def _may_match(pattern: re.Pattern[bytes], whole: bytes, start: Positions, stop: Positions) -> Mask:
    """Entries but those of which a pattern's weaker form can say no: short lines of ASCII that stand alone."""
    lines = [whole[a:b] for a, b in zip(start.tolist(), stop.tolist(), strict=True)]
    plain = np.array([len(x) < _SHORT and x.isascii() and b"\n" not in x and b"\x1b" not in x for x in lines], bool)
    some = [line for line, good in zip(lines, plain.tolist(), strict=True) if good]
    begin = np.cumsum([0, *(len(line) + 1 for line in some)])
    places = np.array([m.start() for m in pattern.finditer(b"\n".join(some))], np.int64)
    matched = np.zeros(len(some), bool)
    matched[np.searchsorted(begin, places, side="right") - 1] = True
    out = ~plain
    out[plain] = matched
    return out
