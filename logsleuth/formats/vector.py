"""Searches and decimal decoding over many positions of a byte buffer at once, eight bytes a step.

Every buffer handed in ends in `PAD` bytes that belong to no line, so that a word may be read at any position of a
line. Positions are int64 arrays; words are little-endian uint64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth import native

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

PAD = 64

_ONES = np.uint64(0x0101010101010101)
_LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
_HIGH = np.uint64(0x8080808080808080)
_ZEROS = np.uint64(0x3030303030303030)
_ABOVE_9 = np.uint64(0x7676767676767676)
_EIGHT = np.uint64(8)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
KEEP = np.array([(1 << (8 * k)) - 1 for k in range(9)], np.uint64)
"""KEEP[k] keeps the first k bytes of a word."""


def words(buffer: Bytes) -> Words:
    """The buffer as one word at every byte position (a view, nothing is copied)."""
    return np.ndarray((len(buffer) - 7,), "<u8", buffer, 0, (1,))


def column(values: Positions) -> Positions:
    """The same positions as `native` takes them."""
    return np.ascontiguousarray(values, np.int64)


def word(text: bytes) -> np.uint64:
    """Up to eight bytes as a word, the missing ones zero."""
    return np.uint64(int.from_bytes(text[:8], "little"))


def starts(view: Words, at: Positions, text: bytes) -> Mask:
    """Rows at whose position `text` stands; it is shorter than PAD."""
    good = np.ones(len(at), bool)
    for k in range(0, len(text), 8):
        width = min(8, len(text) - k)
        good &= view[at + k] & KEEP[width] == word(text[k : k + width])
    return good


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The different values, ascending: as `np.unique`, which would load numpy.ma, slower than all else at a start."""
    if not len(values) or (values == values[0]).all():
        return values[:1]
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def first_set(flags: Words) -> NDArray[np.int64]:
    """Index 0..7 of the first byte whose high bit is set; 8 where none is."""
    lowest = flags & (~flags + np.uint64(1))
    bits = np.bitwise_count(lowest - np.uint64(1))
    return (bits >> np.uint8(3)).astype(np.int64)


def find_byte(view: Words, start: Positions, stop: Positions, byte: int) -> Positions:
    """First position of `byte` in [start, stop) of every row; `stop` where there is none."""
    return find_any(view, start, stop, bytes([byte]))


def find_any(view: Words, start: Positions, stop: Positions, wanted: bytes) -> Positions:
    """First position in [start, stop) of any of the `wanted` bytes; `stop` where there is none."""
    if native.lib is not None:
        found = np.empty(len(stop), np.int64)
        native.lib.find_any(view, column(start), column(stop), wanted, found)
        return found
    found = stop.copy()
    rows = np.flatnonzero(start < stop)
    at = start[rows]
    targets = [np.uint64(b) * _ONES for b in wanted]
    while rows.size:
        w = view[at]
        hits = np.zeros(len(w), np.uint64)
        for target in targets:
            x = w ^ target
            # Exact zero-byte test: no carry crosses into the next byte, unlike the shorter (x - 1) & ~x.
            hits |= ~(((x & _LOW7) + _LOW7) | x | _LOW7)
        index = first_set(hits)
        done = index < 8
        place = np.minimum(at + index, stop[rows])
        found[rows[done]] = place[done]
        at = at + 8
        more = ~done & (at < stop[rows])
        rows, at = rows[more], at[more]
    return found


def leading_digits(w: Words) -> tuple[NDArray[np.int64], Words]:
    """How many of the first bytes are digits (0..8), and the digits' values, other bytes zero."""
    t = w ^ _ZEROS
    bad = ((t & _LOW7) + _ABOVE_9 | t) & _HIGH
    count = first_set(bad)
    return count, t & KEEP[count]


def eight_digits(t: Words) -> NDArray[np.int64]:
    """Value of eight digit bytes (0..9 each), the first the most significant."""
    t = t * np.uint64(10) + (t >> _EIGHT)
    t &= np.uint64(0x00FF00FF00FF00FF)
    t = t * np.uint64(100) + (t >> np.uint64(16))
    t &= np.uint64(0x0000FFFF0000FFFF)
    t = t * np.uint64(10_000) + (t >> np.uint64(32))
    return (t & np.uint64(0xFFFFFFFF)).astype(np.int64)


def clock_time(w: Words) -> tuple[Mask, NDArray[np.int64]]:
    """Seconds since midnight of eight bytes `HH:MM:SS`, and whether they are that."""
    colons = (w >> np.uint64(16) & np.uint64(0xFF)) == np.uint64(58)
    colons &= (w >> np.uint64(40) & np.uint64(0xFF)) == np.uint64(58)
    t = (w & np.uint64(0xFFFF00FFFF00FFFF)) ^ np.uint64(0x3030003030003030)
    digits = (((t & _LOW7) + _ABOVE_9 | t) & _HIGH) == 0
    pairs = t * np.uint64(10) + (t >> _EIGHT)
    hours = (pairs & np.uint64(0xFF)).astype(np.int64)
    minutes = (pairs >> np.uint64(24) & np.uint64(0xFF)).astype(np.int64)
    seconds = (pairs >> np.uint64(48) & np.uint64(0xFF)).astype(np.int64)
    # 60 is a leap second as some syslogs write it.
    good = colons & digits & (hours < 24) & (minutes < 60) & (seconds <= 60)
    return good, hours * 3600 + minutes * 60 + seconds


def runs(*keys: Words) -> NDArray[np.int64]:
    """First row of every run of rows with equal keys."""
    if not len(keys[0]):
        return np.empty(0, np.int64)
    change = np.zeros(len(keys[0]), bool)
    change[0] = True
    for key in keys:
        change[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(change)
