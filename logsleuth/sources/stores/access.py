"""Reading a store at any place: its own bytes, unpacked, wherever they lie."""

from __future__ import annotations

import os
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.content import Readable
from logsleuth.sources.disk import Lost, opened, why
from logsleuth.sources.source import Source

LIMIT = 4 << 30
"""A packed store is unpacked so far; what lies behind is named as lost."""
_IN_MEMORY = 64 << 20
"""Unpacked bytes that stay in memory; above, they go to a file without a name, which vanishes with the process."""
_FEED = 4 << 20
_KEPT = 4
"""Packed stores that stay unpacked, for the next one who asks."""


class Bytes:
    """The bytes of a store; read at any place."""

    def __init__(self, file: Readable, size: int) -> None:
        self._file = file
        self.size = size

    def read(self, offset: int, size: int) -> bytes:
        """Fewer at the end; raises Lost where the disk does not give them."""
        if offset < 0 or offset >= self.size:
            return b""
        wanted = min(size, self.size - offset)
        try:
            self._file.seek(offset)
            first = self._file.read(wanted)
            while first and len(first) < wanted and (more := self._file.read(wanted - len(first))):
                first += more
        except OSError as error:
            raise Lost(f"{why(error)} at byte {offset:,}") from error
        return first


@dataclass(slots=True)
class _Place:
    """A reader's own place in an open file, which processes that are forked from this one share."""

    handle: int
    place: int = 0

    def seek(self, offset: int, /) -> int:
        self.place = offset
        return offset

    def read(self, size: int, /) -> bytes:
        if hasattr(os, "pread"):
            piece = os.pread(self.handle, size, self.place)
        else:  # Windows, which does not fork
            os.lseek(self.handle, self.place, os.SEEK_SET)
            piece = os.read(self.handle, size)
        self.place += len(piece)
        return piece


_unpacked: OrderedDict[tuple[object, ...], tuple[IO[bytes], int, tuple[Skipped, ...]]] = OrderedDict()


@contextmanager
def random_access(source: Source, problems: list[Skipped]) -> Iterator[Bytes]:
    """The bytes of a store, unpacked if they are packed; raises Lost if the file cannot be opened."""
    if source.seekable:
        try:
            with opened(source) as file:
                yield Bytes(file, source.size)
        except OSError as error:
            raise Lost(why(error)) from error
    else:
        file, size, lost = _kept(source)
        problems.extend(lost)
        yield Bytes(file if size <= _IN_MEMORY else _Place(file.fileno()), size)


def _kept(source: Source) -> tuple[IO[bytes], int, tuple[Skipped, ...]]:
    key = (source.name, source.path, source.packing, source.size, source.mtime)
    if key in _unpacked:
        _unpacked.move_to_end(key)
        return _unpacked[key]
    problems: list[Skipped] = []
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long as it is kept
    size = 0
    try:
        for block in stream.blocks(source, problems, _FEED):
            file.write(block)
            size += len(block)
            if size >= LIMIT:
                problems.append(
                    Skipped(source.name, f"more than {LIMIT:,} unpacked bytes; the rest is lost", partial=True)
                )
                break
    except OSError as error:
        raise Lost(f"no room to unpack it: {why(error)}") from error
    file.flush()
    _unpacked[key] = file, size, tuple(problems)
    while len(_unpacked) > _KEPT:
        _unpacked.popitem(last=False)  # its file is closed when its last reader lets go of it
    return _unpacked[key]
