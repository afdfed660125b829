"""Heads of lines that say in each line what is looked for in few: `[error]`, `[core:error]` in a server's own log."""

from __future__ import annotations

import numpy as np

from logsleuth.entries import Batch
from logsleuth.formats import vector
from logsleuth.formats.vector import Bytes

_LEVEL = b"error"
_WITHIN = 64
"""Bytes after the stamp in which the level ends."""
_BEFORE = 8 - len(_LEVEL)
_KEPT = np.uint64((1 << 8 * _BEFORE) - 1)
_SHIFT = np.uint64(8 * _BEFORE)
_BLANK = np.uint64(vector.word(b" " * len(_LEVEL)))


def without_levels(batch: Batch) -> Bytes:
    """A batch's bytes, with blanks where a line's head names `error` as its level; places and lengths stay."""
    stop = np.minimum(batch.body + _WITHIN, batch.line_stop)
    close = vector.find_byte(batch.view, batch.body, stop, ord("]"))
    at = close[(close < stop) & (close > batch.body + len(_LEVEL)) & (close >= 8)] - 8
    words = batch.view[at]
    before = words >> np.uint64(8 * (_BEFORE - 1)) & np.uint64(0xFF)
    levels = (words >> _SHIFT == vector.word(_LEVEL)) & ((before == ord("[")) | (before == ord(":")))
    if not levels.any():
        return batch.buffer
    out = batch.buffer.copy()
    vector.words(out)[at[levels]] = words[levels] & _KEPT | _BLANK << _SHIFT
    return out
