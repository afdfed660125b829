"""Contents below others: the file on disk that is a container, and what a packed one unpacks to."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from logsleuth.files import open_file
from logsleuth.records import dataclass
from logsleuth.sources.content import Content, Readable
from logsleuth.sources.source import PLAIN, Source
from logsleuth.sources.stream import flow

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """All of a file on disk."""

    path: Path

    @property
    def seekable(self) -> bool:
        return True

    @property
    def shared(self) -> bool:
        return False

    def opened(self) -> AbstractContextManager[Readable]:
        return open_file(self.path)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a packed source unpacks to; each reader unpacks it anew, from its start."""

    packed: Source

    @property
    def seekable(self) -> bool:
        return False

    @property
    def shared(self) -> bool:
        return self.packed.content is not None and self.packed.content.shared

    @contextmanager
    def opened(self) -> Iterator[Readable]:
        cursor = _Unpacking(self.packed)
        try:
            yield cursor
        finally:
            cursor.close()


@dataclass(slots=True)
class _Unpacking:
    """Going back means to begin again; raises Lost where the packed bytes end or are damaged."""

    packed: Source
    place: int = 0
    flowing: Generator[bytes] | None = None
    block: bytes = b""
    start: int = 0
    """Where the block stands."""

    def seek(self, offset: int, /) -> int:
        self.place = offset
        return offset

    def read(self, size: int, /) -> bytes:
        if self.flowing is None or self.place < self.start:
            self.close()
            self.flowing = flow(self.packed, _PIECE, 0)
            self.block, self.start = b"", 0
        while self.place >= self.start + len(self.block):
            following = next(self.flowing, b"")
            if not following:
                return b""
            self.start += len(self.block)
            self.block = following
        inside = self.place - self.start
        piece = self.block[inside : inside + size]
        self.place += len(piece)
        return piece

    def close(self) -> None:
        if self.flowing is not None:
            self.flowing.close()
            self.flowing = None


def content_of(source: Source) -> Content:
    """The unpacked bytes of a source that was found."""
    if source.packing != PLAIN:
        return Unpacked(source)
    if source.content is not None:
        return source.content
    if source.path is None:
        raise OSError("nothing behind this source")
    return File(source.path)
