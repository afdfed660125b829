"""Where the entries of a journal lie: by its own lists, and where these are damaged, by going from object to object."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from logsleuth.records import dataclass
from logsleuth.sources.disk import Lost
from logsleuth.sources.stores.access import Bytes
from logsleuth.sources.stores.journal.layout import (
    ARRAY_HEAD,
    DATA,
    ENTRY,
    ENTRY_ARRAY,
    ENTRY_HEAD,
    LAST_KIND,
    MOST_ITEMS,
    OBJECT,
    ONLINE,
    XZ,
    Header,
    aligned,
)

Offsets = NDArray[np.int64]
_WINDOW = 1 << 20
_LATEST = 1 << 55
"""Microseconds; what journald takes for a time."""


@dataclass(frozen=True, slots=True)
class Index:
    """The entries in the order of the journal."""

    offsets: Offsets
    unlisted: int
    """Of them, those that no list names: they were found by looking at every object."""
    missing: int
    """Entries that the header counts and that were not found at all."""


def index(data: Bytes, head: Header) -> Index:
    """All entries; raises nothing: what the disk does not give is missing."""
    listed, whole = _listed(data, head)
    if not whole or len(listed) < head.entries:
        offsets = np.union1d(listed, _scan(data, head, head.size))
    elif head.state == ONLINE:
        # Its writer may have been stopped between writing an entry and listing it.
        begin = int(listed[-1]) if len(listed) else head.size
        offsets = np.union1d(listed, _scan(data, head, begin))
    else:
        offsets = listed
    return Index(offsets, len(offsets) - len(listed), max(0, head.entries - len(offsets)))


def _listed(data: Bytes, head: Header) -> tuple[Offsets, bool]:
    """Offsets by the chain of entry arrays, ascending; and whether all of it could be followed."""
    parts: list[Offsets] = []
    at, before, whole = head.entry_array, 0, True
    while at:
        items, following = _array(data, head, at) if at > before and at % 8 == 0 else (None, 0)
        if items is None:
            whole = False
            break
        filled = items[items != 0]
        # Only the last list has room left, and only at its end.
        whole &= len(filled) == len(items) or (following == 0 and bool((items[: len(filled)] != 0).all()))
        parts.append(filled)
        before, at = at, following
    offsets = np.concatenate(parts) if parts else np.empty(0, np.int64)
    good = (offsets % 8 == 0) & (offsets >= head.size) & (offsets <= data.size - ENTRY_HEAD)
    whole &= bool(good.all())
    offsets = offsets[good]
    if (np.diff(offsets) <= 0).any():
        offsets, whole = np.unique(offsets), False
    return offsets, whole


def _array(data: Bytes, head: Header, at: int) -> tuple[Offsets | None, int]:
    """The items of the entry array at an offset, and where the next one lies; None where it is damaged."""
    try:
        raw = data.read(at, ARRAY_HEAD)
        if len(raw) < ARRAY_HEAD:
            return None, 0
        kind, size, following = struct.unpack("<B7xQQ", raw)
        if kind != ENTRY_ARRAY or size < ARRAY_HEAD or at + size > data.size:
            return None, 0
        raw = data.read(at + ARRAY_HEAD, size - ARRAY_HEAD)
    except Lost:
        return None, 0
    whole = raw[: len(raw) // head.width * head.width]
    items = np.frombuffer(whole, "<u4" if head.compact else "<u8")
    return np.minimum(items.astype(np.uint64), np.uint64(1 << 62)).astype(np.int64), min(following, 1 << 62)


def _scan(data: Bytes, head: Header, start: int) -> Offsets:
    """Offsets of entries from `start` on, from object to object; behind damage, from the next one that looks whole."""
    found: list[int] = []
    at = aligned(start)
    begin, window = 0, b""
    while at + OBJECT <= data.size:
        if at + ENTRY_HEAD > begin + len(window) or at < begin:
            begin, window = at, _window(data, at)
            if len(window) < OBJECT:
                break
        kind, flags, reserved, size = struct.unpack_from("<BB6sQ", window, at - begin)
        if kind == ENTRY and _is_entry(head, window, at - begin):
            found.append(at)
        elif not (0 < kind <= LAST_KIND and reserved == bytes(6) and flags <= LAST_KIND):
            at = begin + _next_object(window, at - begin + 8, data.size - begin)
            continue
        if not OBJECT <= size <= data.size - at:
            at += 8
            continue
        at = aligned(at + size)
    return np.array(found, np.int64)


def _window(data: Bytes, at: int) -> bytes:
    """Bytes from `at` on; NUL bytes where the disk does not give them."""
    try:
        return data.read(at, _WINDOW)
    except Lost:
        pages = []
        for page in range(at, min(at + _WINDOW, data.size), 4096):
            try:
                pages.append(data.read(page, 4096))
            except Lost:
                pages.append(bytes(min(4096, data.size - page)))
        return b"".join(pages)


def _is_entry(head: Header, window: bytes, at: int) -> bool:
    if at + ENTRY_HEAD > len(window):
        return False
    size, seqnum, realtime = struct.unpack_from("<QQQ", window, at + 8)
    items, rest = divmod(size - ENTRY_HEAD, head.item)
    return bool(0 < items <= MOST_ITEMS and rest == 0 and seqnum > 0 and 0 < realtime < _LATEST)


def _next_object(window: bytes, at: int, remaining: int) -> int:
    """Place of the first data object or entry at or after `at`, judged by its head; else the window's end."""
    words = np.frombuffer(window, "<u8", len(window) // 8)
    first = at // 8
    kind, size = words[first:-1], words[first + 1 :]
    likely = (kind == ENTRY) | (kind == DATA) | ((kind >> 8 >= XZ) & (kind >> 8 <= LAST_KIND) & (kind & 255 == DATA))
    likely &= (size > ENTRY_HEAD) & (size <= remaining)
    places = np.flatnonzero(likely)
    # The last word is looked at again in the next window, where its size can be seen.
    return (first + int(places[0])) * 8 if len(places) else max(at, (len(words) - 1) * 8)
