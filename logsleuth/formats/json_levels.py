"""Severities as structured logs write them: words in any case, single letters, and the numbers of pino and Monolog."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import moments, vector
from logsleuth.formats.model import NO_SEVERITY
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_NAMES = {
    "info": 6, "error": 3, "warn": 4, "warning": 4, "debug": 7, "trace": 7, "fatal": 2, "notice": 5, "critical": 2,
    "err": 3, "crit": 2, "panic": 0, "alert": 1, "emerg": 0, "emergency": 0, "informational": 6, "information": 6,
    "dpanic": 2, "severe": 3, "verbose": 7, "fine": 7, "finer": 7, "finest": 7, "silly": 7, "http": 6, "audit": 5,
    "eror": 3, "dbug": 7,
    "i": 6, "w": 4, "e": 3, "f": 2, "d": 7, "c": 2, "n": 5, "t": 7, "v": 7, "d1": 7, "d2": 7, "d3": 7, "d4": 7, "d5": 7,
}  # fmt: skip
"""The usual ones first: what is found is looked for no further."""
_LOWER = 0x2020202020202020
_WORDS = tuple(
    (np.uint64((int(vector.word(name.encode())) | _LOWER) & int(vector.KEEP[min(8, len(name))])), len(name), value)
    for name, value in _NAMES.items()
)
_MONOLOG = {100: 7, 200: 6, 250: 5, 300: 4, 400: 3, 500: 2, 550: 1, 600: 0}
_PINO = np.array([NO_SEVERITY, 7, 7, 6, 4, 3, 2])
"""By tens: trace, debug, info, warn, error, fatal; bunyan has the same."""


def words(buffer: Bytes, view: Words, at: Positions, end: Positions) -> NDArray[np.int64]:
    """Severities of the words [at, end), which blanks may follow; NO_SEVERITY for what is none."""
    end = end.copy()
    for _ in range(4):
        blank = (end > at) & (buffer[np.maximum(end - 1, 0)] == ord(" "))
        if not blank.any():
            break
        end -= blank
    length = end - at
    folded = (view[at] | np.uint64(_LOWER)) & vector.KEEP[np.clip(length, 0, 8)]
    out = np.full(len(at), NO_SEVERITY)
    left = np.flatnonzero((length > 0) & (length <= 13))
    for word, width, value in _WORDS:
        if not left.size:
            break
        same = (folded[left] == word) & (length[left] == width)
        out[left[same]] = value
        left = left[~same]
    return out


def numbers(view: Words, at: Positions, end: Positions, syslog: Mask) -> NDArray[np.int64]:
    """Severities of numbers: 10 to 69 are pino's, 100 to 600 Monolog's, and 0 to 7 syslog's, but only in rows `syslog`.

    Elsewhere a small number may count up or down.
    """
    value, length = moments.digits(view, at, end)
    value = np.where((length > 0) & (length == end - at), value, -1)
    out = np.where((value >= 10) & (value < 70), _PINO[np.clip(value // 10, 0, 6)], NO_SEVERITY)
    out = np.where(syslog & (value >= 0) & (value < 8), value, out)
    for number, severity in _MONOLOG.items():
        out = np.where(value == number, severity, out)
    return out
