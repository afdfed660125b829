"""A small writer of journal files, after https://systemd.io/JOURNAL_FILE_FORMAT: enough of it for a reader.

The hash tables are left out: who reads in order does not need them.
"""

from __future__ import annotations

import lzma
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import zstandard

XZ, LZ4, KEYED, ZSTD, COMPACT = 1, 2, 4, 8, 16
DATA, FIELD, ENTRY, ENTRY_ARRAY = 1, 2, 3, 6
OFFLINE, ONLINE, ARCHIVED = 0, 1, 2
HEADER = 264
NOON = 1_704_196_800_000_000  # 2024-01-02 12:00:00 UTC, microseconds
BOOT = b"boot-of-january!"
Fields = Sequence[tuple[str, str | bytes]]


def lz4_block(plain: bytes) -> bytes:
    """All literals: the simplest block that an LZ4 decoder takes."""
    length = len(plain)
    if length < 15:
        return bytes([length << 4]) + plain
    rest, more = length - 15, b""
    while rest >= 255:
        rest, more = rest - 255, more + b"\xff"
    return b"\xf0" + more + bytes([rest]) + plain


PACKERS = {
    XZ: (1, lambda plain: lzma.compress(plain, check=lzma.CHECK_NONE)),
    LZ4: (2, lambda plain: struct.pack("<Q", len(plain)) + lz4_block(plain)),
    ZSTD: (4, lambda plain: zstandard.ZstdCompressor().compress(plain)),
}


@dataclass
class Writer:
    """Objects one after another; `entries` keeps where each entry lies, `data` where each value does."""

    compact: bool = False
    packing: int = 0
    """XZ, LZ4 or ZSTD: how long values are packed."""
    state: int = OFFLINE
    flags: int = KEYED
    array: int = 4
    """Entries that the first array lists; each next one twice as many."""
    room: int = 0
    """Unused bytes at the end, as journald allocates them."""
    content: bytearray = field(default_factory=lambda: bytearray(HEADER))
    data: dict[bytes, int] = field(default_factory=dict)
    entries: list[int] = field(default_factory=list)
    arrays: list[int] = field(default_factory=list)
    free: int = 0

    def entry(self, time: int, fields: Fields, boot: bytes = BOOT) -> None:
        items = [self._datum(f"{n}=".encode() + (v if isinstance(v, bytes) else v.encode())) for n, v in fields]
        item = b"".join(struct.pack("<I", i) if self.compact else struct.pack("<QQ", i, 0) for i in sorted(items))
        seqnum = len(self.entries) + 1
        body = struct.pack("<QQQ16sQ", seqnum, time, time - NOON + 10**12, boot, 0)
        at = self._object(ENTRY, body + item)
        self.entries.append(at)
        self._list(at)

    def _datum(self, whole: bytes) -> int:
        if whole not in self.data:
            flags, payload = 0, whole
            if self.packing and len(whole) >= 512:
                flags, pack = PACKERS[self.packing]
                payload = pack(whole)
            head = struct.pack("<QQQQQQ", hash(whole) & (1 << 64) - 1, 0, 0, 0, 0, 1)
            self.data[whole] = self._object(DATA, head + (bytes(8) if self.compact else b"") + payload, flags)
        return self.data[whole]

    def _list(self, entry: int) -> None:
        width = "<I" if self.compact else "<Q"
        if not self.free:
            self.free = self.array << len(self.arrays)
            at = self._object(ENTRY_ARRAY, bytes(8 + self.free * struct.calcsize(width)))
            if self.arrays:
                struct.pack_into("<Q", self.content, self.arrays[-1] + 16, at)
            self.arrays.append(at)
        size = self.array << len(self.arrays) - 1
        place = self.arrays[-1] + 24 + (size - self.free) * struct.calcsize(width)
        struct.pack_into(width, self.content, place, entry)
        self.free -= 1

    def _object(self, kind: int, body: bytes, flags: int = 0) -> int:
        at = len(self.content)
        self.content += struct.pack("<BB6xQ", kind, flags, 16 + len(body)) + body
        self.content += bytes(-len(self.content) % 8)
        return at

    def bytes(self) -> bytes:
        incompatible = self.flags | self.packing | (COMPACT if self.compact else 0)
        head = bytearray(HEADER)
        struct.pack_into("<8sIIB", head, 0, b"LPKSHHRH", 0, incompatible, self.state)
        whole = self.content + bytes(self.room)
        array = self.arrays[0] if self.arrays else 0
        struct.pack_into("<QQ", head, 88, HEADER, len(whole) - HEADER)
        struct.pack_into("<QQQQQQ", head, 144, 0, len(self.entries), len(self.entries), 1, array, NOON)
        whole[:HEADER] = head
        return bytes(whole)


def said(text: str | bytes, program: str = "cron", pid: int = 7, priority: int = 6, **more: str) -> Fields:
    """Fields as journald writes them for a message that came through syslog(3)."""
    return [
        ("_HOSTNAME", "gate"),
        ("_TRANSPORT", "syslog"),
        ("PRIORITY", str(priority)),
        ("SYSLOG_FACILITY", "9"),
        ("SYSLOG_IDENTIFIER", program),
        ("_PID", str(pid)),
        ("MESSAGE", text),
        *more.items(),
    ]


def journal(messages: Iterable[str | bytes | Mapping[str, str]], **settings) -> Writer:
    """A message a second; a mapping gives all its fields."""
    writer = Writer(**settings)
    for i, message in enumerate(messages):
        fields = list(message.items()) if isinstance(message, Mapping) else said(message)
        writer.entry(NOON + i * 1_000_000, fields)
    return writer
