"""The payload of a data object, unpacked."""

from __future__ import annotations

import lzma
from typing import Any

from logsleuth.sources.stores.journal.layout import LZ4, XZ, ZSTD

zstandard: Any
try:
    import zstandard
except ImportError:
    zstandard = None

LONGEST = 64 << 20
"""Bytes of one field; journald takes up to 768 MiB, which only a core dump put in the journal needs."""
_XZ_MEMORY = 128 << 20


class Unreadable(Exception):
    """The payload cannot be unpacked; the message says why, as a fragment."""


def unpacked(flags: int, packed: bytes) -> bytes:
    """`NAME=value`, at most LONGEST bytes of it; raises Unreadable."""
    how = flags & (XZ | LZ4 | ZSTD)
    if not how:
        return packed[:LONGEST]
    try:
        if how == XZ:
            return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_XZ_MEMORY).decompress(packed, LONGEST)
        if how == ZSTD:
            return _zstd(packed)
        if how == LZ4:
            return _lz4(packed)
    except (lzma.LZMAError, EOFError, ValueError, MemoryError, RuntimeError) as error:
        raise Unreadable("damaged") from error
    raise Unreadable("damaged")


def _zstd(packed: bytes) -> bytes:
    if zstandard is None:
        raise Unreadable("packed by zstd; try: pip install zstandard")
    try:
        with zstandard.ZstdDecompressor().stream_reader(packed) as reader:
            return bytes(reader.read(LONGEST))
    except zstandard.ZstdError as error:
        raise Unreadable("damaged") from error


def _lz4(packed: bytes) -> bytes:
    """The unpacked size in eight bytes, then one block."""
    try:
        from lz4 import block
    except ImportError:
        raise Unreadable("packed by lz4; try: pip install lz4") from None
    size = int.from_bytes(packed[:8], "little")
    if not 0 < size <= LONGEST:
        raise Unreadable("damaged" if size > 768 << 20 else "longer than a field that is read")
    return bytes(block.decompress(packed[8:], uncompressed_size=size))
