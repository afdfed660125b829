"""One thing that is kept: a small head that says what it holds for, and a body of plain data (no code, no pickle).

32 bytes  SHA-256 of all that follows
4 bytes  length of the head, little-endian
the head, JSON
the body, JSON, packed by zlib
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

from logsleuth.records import dataclass

_LARGEST = 256 << 20
"""Bytes of a body unpacked; a larger one was not written by this program."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A head and a body."""

    head: dict[str, Any]
    packed: bytes

    @classmethod
    def of(cls, head: dict[str, Any], body: object) -> Entry:
        """Of data that JSON knows."""
        return cls(head, zlib.compress(json.dumps(body, separators=(",", ":")).encode(), 1))

    def body(self) -> Any:
        """What `of` was given. Raises ValueError where it is none of that."""
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(self.packed, _LARGEST)
        except zlib.error as error:
            raise ValueError("damaged") from error
        if not unpacker.eof:
            raise ValueError("too large, or cut off")
        return json.loads(data)

    def to_bytes(self) -> bytes:
        """As it is kept."""
        head = json.dumps(self.head, separators=(",", ":")).encode()
        rest = len(head).to_bytes(4, "little") + head + self.packed
        return hashlib.sha256(rest).digest() + rest

    @classmethod
    def from_bytes(cls, data: bytes) -> Entry | None:
        """None where a byte is not as it was written."""
        if len(data) < 36 or hashlib.sha256(memoryview(data)[32:]).digest() != data[:32]:
            return None
        end = 36 + int.from_bytes(data[32:36], "little")
        try:
            head = json.loads(data[36:end])
        except ValueError:
            return None
        return cls(head, data[end:]) if isinstance(head, dict) else None
