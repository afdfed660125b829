"""Where entries stand on the timeline: in the order of their file, whatever their stamps say.

A key is the running maximum of the stamps, so that no line moves before one that was written earlier. A stamp from the
future would hold all that follows at that time; where the lines before and after it agree, it alone is wrong, and the
line stands with the one before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND, UNKNOWN

Times = NDArray[np.int64]
AHEAD = 3600 * SECOND
"""A stamp so far ahead of the one before may be wrong; nearer ones are two writers' business."""
AGREE = 300 * SECOND
"""The stamps before and after a wrong one lie within this of each other."""


def suspicious(before: int, time: Times) -> NDArray[np.int64]:
    """Rows that are stamped far ahead of the row before; `before` is the stamp before the first (or UNKNOWN)."""
    if not len(time):
        return np.empty(0, np.int64)
    rows = np.flatnonzero(time[1:] > time[:-1] + AHEAD) + 1
    rows = rows[time[rows - 1] != UNKNOWN]
    first = before != UNKNOWN and int(time[0]) > before + AHEAD
    return np.concatenate(([0], rows)) if first else rows


def outliers(before: int, time: Times, after: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of suspicious rows those whose neighbours agree; `before` and `after` are the stamps around all rows."""
    around = np.concatenate(([before], time, [after]))
    last, following = around[rows], around[rows + 2]
    known = following != UNKNOWN
    apart = np.where(known, following, last) - last
    found: NDArray[np.int64] = rows[known & (np.abs(apart) <= AGREE)]
    return found


def ascending(key: int, time: Times) -> Times:
    """Running maximum from `key` on. Lines before the first stamp of all stand where that one does."""
    keys: Times = np.maximum.accumulate(np.maximum(time, key))
    if len(keys) and int(keys[0]) == UNKNOWN:
        known = np.flatnonzero(keys != UNKNOWN)
        if len(known):
            keys[: known[0]] = keys[known[0]]
    return keys
