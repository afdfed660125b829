"""How a journal file is laid out: https://systemd.io/JOURNAL_FILE_FORMAT, little-endian throughout."""

from __future__ import annotations

import struct

from logsleuth.records import dataclass

MAGIC = b"LPKSHHRH"
DATA, ENTRY, ENTRY_ARRAY = 1, 3, 6
LAST_KIND = 7
"""Kinds of objects above are not known; 0 is unused space."""
XZ, LZ4, ZSTD = 1, 2, 4
"""Flags of a data object: how its payload is packed."""
OBJECT = 16
"""Kind (1 byte), flags (1), reserved (6), size (8); objects begin at multiples of 8."""
ENTRY_HEAD = 64
"""An entry's seqnum 16, realtime 24, monotonic 32 (both microseconds), boot id 40, xor hash 56, then its items."""
ARRAY_HEAD = 24
"""An entry array's next array 16, then the offsets of entries, 0 where none is yet."""
MOST_ITEMS = 1024
"""Fields that journald takes for one entry."""

ONLINE = 1
_COMPACT, _KNOWN = 16, 31
_SHORTEST = 208
"""The header as systemd 187 and older write it."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says of itself."""

    incompatible: int
    state: int
    """0 closed in order, 1 online (being written, or never closed), 2 archived."""
    size: int
    entry_array: int
    """Offset of the first entry array; 0 where there is none."""
    entries: int

    @property
    def compact(self) -> bool:
        """Offsets in entries and arrays are four bytes wide (systemd 252 and later)."""
        return bool(self.incompatible & _COMPACT)

    @property
    def width(self) -> int:
        """Bytes of an offset in an entry array."""
        return 4 if self.compact else 8

    @property
    def item(self) -> int:
        """Bytes of an entry's item: the data object's offset, and unless compact its hash."""
        return 4 if self.compact else 16

    @property
    def payload(self) -> int:
        """Where in a data object its payload begins."""
        return 72 if self.compact else 64


def header(first: bytes) -> Header | None:
    """From the file's first bytes; None where they are no journal's or too few."""
    if len(first) < _SHORTEST or not first.startswith(MAGIC):
        return None
    _, incompatible, state = struct.unpack_from("<IIB", first, 8)
    (size,) = struct.unpack_from("<Q", first, 88)
    entries, _, _, entry_array = struct.unpack_from("<QQQQ", first, 152)
    return Header(incompatible, state, size, entry_array, entries)


def refusal(first: bytes) -> str:
    """Why a file that begins like a journal cannot be read; empty if it can."""
    head = header(first)
    if head is None:
        return "a systemd journal that ends within its header"
    unknown = head.incompatible & ~_KNOWN
    if unknown:
        return f"a systemd journal of a kind that is not known yet (incompatible flags {unknown:#x})"
    if not _SHORTEST <= head.size <= 1 << 16:
        return "a systemd journal with a damaged header"
    return ""


def aligned(offset: int) -> int:
    """The next place at which an object can begin."""
    return (offset + 7) & ~7
