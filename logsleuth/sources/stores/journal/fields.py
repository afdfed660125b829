"""The fields of many entries at once: which data objects hold those that a line shows, and their values."""

from __future__ import annotations

from collections import Counter
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.records import dataclass
from logsleuth.sources.disk import Lost
from logsleuth.sources.stores.access import Bytes
from logsleuth.sources.stores.journal.index import Offsets
from logsleuth.sources.stores.journal.layout import DATA, ENTRY, ENTRY_HEAD, MOST_ITEMS, OBJECT, Header
from logsleuth.sources.stores.journal.line import MESSAGE, NAMES
from logsleuth.sources.stores.journal.payload import LONGEST, Unreadable, unpacked

_OTHER, _DAMAGED = -1, -2

_WORDS = [np.uint64(int.from_bytes(name[:8], "little")) for name in NAMES]
_MASKS = [np.uint64((1 << 8 * min(8, len(name))) - 1) for name in NAMES]
_MOST_KEPT = 1 << 16
_LONGEST_KEPT = 1 << 10

Value = tuple[int, bytes]
"""Index in NAMES, or _OTHER or _DAMAGED; and the value."""


@dataclass(slots=True)
class Chunk:
    """Some consecutive entries of a journal; lists and arrays of one value an entry."""

    realtime: NDArray[np.int64]
    """Microseconds, UTC."""
    boot: NDArray[np.uint64]
    """Two words an entry."""
    values: list[list[bytes | None]]
    """By index in NAMES; None where an entry has no such field."""
    damaged: NDArray[np.bool_]
    """Fields of it could not be read."""
    good: NDArray[np.bool_]
    """False for what turned out to be no entry at all; its other values mean nothing."""
    items: dict[int, Offsets]
    """Of the entries without a message: the offsets of their data objects."""


@dataclass(slots=True)
class Fields:
    """Reads the data objects of one journal; keeps the short values that come again and again."""

    data: Bytes
    head: Header
    kept: dict[int, Value] = field(default_factory=dict)
    unreadable: Counter[str] = field(default_factory=Counter)
    """Fields that could not be unpacked, by reason."""

    def read(self, window: bytes, begin: int, offsets: Offsets) -> Chunk:
        """Entries at `offsets`, all within the window, which begins at `begin` and ends in 64 bytes of padding."""
        words = np.frombuffer(window, "<u8", len(window) // 8)
        at = (offsets - begin) >> 3
        end = (len(words) << 3) - 64
        size = np.minimum(words[at + 1], np.uint64(end)).astype(np.int64)
        count = (size - ENTRY_HEAD) // self.head.item
        realtime = np.minimum(words[at + 3], np.uint64(1 << 62)).astype(np.int64)
        good = (words[at] & np.uint64(255) == ENTRY) & (count > 0) & (count <= MOST_ITEMS)
        good &= offsets - begin + size <= end
        count = np.where(good, count, 0)
        owner = np.repeat(np.arange(len(offsets)), count)
        nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        items = self._items(window, words, at[owner], nth)
        uniq, inverse = np.unique(items, return_inverse=True)
        kind, value = self._values(window, words, begin, uniq)
        chunk = self._columns(len(offsets), owner, kind[inverse], inverse, value)
        chunk.realtime, chunk.good = realtime, good
        chunk.boot = np.stack((words[at + 5], words[at + 6]), axis=1)
        silent = [row for row, text in enumerate(chunk.values[MESSAGE]) if text is None and good[row]]
        chunk.items = {row: items[owner == row] for row in silent}
        return chunk

    def _items(self, window: bytes, words: NDArray[np.uint64], at: Offsets, nth: Offsets) -> Offsets:
        if self.head.compact:
            halves = np.frombuffer(window, "<u4", len(window) // 4)
            items: Offsets = halves[2 * at + ENTRY_HEAD // 4 + nth].astype(np.int64)
        else:
            items = np.minimum(words[at + ENTRY_HEAD // 8 + 2 * nth], np.uint64(1 << 62)).astype(np.int64)
        return items

    def _values(
        self, window: bytes, words: NDArray[np.uint64], begin: int, offsets: Offsets
    ) -> tuple[NDArray[np.int64], list[bytes]]:
        """For each data object which field it is, and its value if a line shows it."""
        payload = self.head.payload
        end = (len(words) << 3) - 64
        kind = np.full(len(offsets), _DAMAGED, np.int64)
        value = [b""] * len(offsets)
        inside = (offsets >= begin) & (offsets <= begin + end - payload - 8) & (offsets % 8 == 0)
        at = np.where(inside, offsets - begin, 0)
        size = np.minimum(words[(at >> 3) + 1], np.uint64(1 << 62)).astype(np.int64)
        # An unpacked data object within the window; all others are looked at one by one.
        inside &= (at + size <= end) & (size >= payload) & (words[at >> 3] == DATA)
        first = words[(at + payload) >> 3]
        kind[inside] = _OTHER
        for i, (name, word, mask) in enumerate(zip(NAMES, _WORDS, _MASKS, strict=True)):
            places = np.flatnonzero(inside & (first & mask == word))
            kind[places] = i
            from_, to = (at[places] + payload).tolist(), (at[places] + size[places]).tolist()
            length = len(name)
            for place, x, y in zip(places.tolist(), from_, to, strict=True):
                if length > 8 and not window.startswith(name, x):
                    kind[place] = _OTHER
                else:
                    value[place] = window[x + length : y]
        rest = np.flatnonzero(~inside)
        kept = self.kept
        for place, offset in zip(rest.tolist(), offsets[rest].tolist(), strict=True):
            kind[place], value[place] = kept.get(offset) or self._value(offset)
        return kind, value

    def _value(self, offset: int) -> Value:
        """One data object, read by itself."""
        known = self.kept.get(offset)
        if known is not None:
            return known
        text = self.whole(offset)
        if text is None:
            found = _DAMAGED, b""
        else:
            found = next(((i, text[len(n) :]) for i, n in enumerate(NAMES) if text.startswith(n)), (_OTHER, b""))
        if len(found[1]) <= _LONGEST_KEPT:
            if len(self.kept) >= _MOST_KEPT:
                self.kept.clear()
            self.kept[offset] = found
        return found

    def whole(self, offset: int) -> bytes | None:
        """`NAME=value` of the data object at an offset; None where it is damaged, which is counted."""
        try:
            return self._unpacked(offset)
        except (Unreadable, Lost) as error:
            self.unreadable[str(error).partition(" at byte")[0]] += 1
            return None

    def _unpacked(self, offset: int) -> bytes:
        raw = self.data.read(offset, 256)
        size = int.from_bytes(raw[8:OBJECT], "little")
        if offset % 8 or raw[:1] != bytes([DATA]) or not self.head.payload <= size <= self.data.size - offset:
            raise Unreadable("damaged")
        if size > LONGEST:
            raise Unreadable("longer than a field that is read")
        if size > len(raw):
            raw += self.data.read(offset + len(raw), size - len(raw))
        return unpacked(raw[1], raw[self.head.payload : size])

    def _columns(
        self, count: int, owner: Offsets, kind: NDArray[np.int64], place: Offsets, value: list[bytes]
    ) -> Chunk:
        values: list[list[bytes | None]] = [[None] * count for _ in NAMES]
        for i, column in enumerate(values):
            rows = np.flatnonzero(kind == i)
            for row, at in zip(owner[rows].tolist(), place[rows].tolist(), strict=True):
                column[row] = value[at]
        damaged = np.zeros(count, bool)
        damaged[owner[kind == _DAMAGED]] = True
        empty = np.empty(0, np.int64)
        return Chunk(empty, np.empty((0, 2), np.uint64), values, damaged, np.empty(0, bool), {})
