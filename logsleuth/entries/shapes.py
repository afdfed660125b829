"""A number for the kind of every line: equal where the same words stand in the same order, whatever stands between."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import vector
from logsleuth.formats.vector import Bytes, Positions, Words

_WORD = np.zeros(256, bool)
_WORD[[*b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"]] = True
_WORD[128:] = True
_LETTERS = np.uint64(0x4040404040404040)
"""Letters have this bit in every byte, digits have not."""
_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)


def shapes(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Words:
    """The kinds of the texts [at, stop), which ascend and do not overlap.

    A word counts by its first eight letters and the word before it; one with a digit among its first eight signs is
    taken for a value and counts for nothing but its place.
    """
    if not len(at):
        return np.empty(0, np.uint64)
    low, high = int(at[0]), int(stop.max())
    word = _WORD[buffer[low:high]]
    edge = np.flatnonzero(word[1:] != word[:-1]) + 1
    head, tail = np.flatnonzero(word[:1]), len(word) + np.flatnonzero(word[-1:])
    cuts = np.concatenate((head, edge, tail)).astype(np.int64)
    begin, end = cuts[0::2] + low, cuts[1::2] + low
    row = np.searchsorted(at, begin, side="right") - 1
    inside = (row >= 0) & (begin < stop[row])
    begin, end, row = begin[inside], end[inside], row[inside]
    keep = vector.KEEP[np.minimum(end - begin, 8)]
    letters = view[begin] & keep
    letters = np.where(letters & _LETTERS == _LETTERS & keep, letters, np.uint64(1))
    before = np.zeros_like(letters)
    before[1:] = np.where(row[1:] == row[:-1], letters[:-1], 0)
    mixed = (letters * _FIRST) ^ (before * _SECOND)
    mixed = (mixed ^ (mixed >> _SHIFT)) * _FIRST
    # Values that follow one another are a list: how many there are is no other kind.
    mixed = np.where((letters == 1) & (before == 1), 0, mixed)
    sums = np.concatenate(([np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)))
    ends: Words = sums[np.searchsorted(row, np.arange(len(at)), side="right")]
    begins: Words = sums[np.searchsorted(row, np.arange(len(at)), side="left")]
    return ends - begins
