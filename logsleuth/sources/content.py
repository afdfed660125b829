"""Where the bytes of a source lie if not in a file of their own: part of a container, memory, the standard input."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import field
from typing import Protocol

from logsleuth.records import dataclass


class Readable(Protocol):
    """An open source; each reader has its own place in it."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


class Content(Protocol):
    """Bytes that can be opened as often as they are wanted; raises OSError where a container cannot be read."""

    @property
    def seekable(self) -> bool:
        """Any place is as near as any other; otherwise all before it has to be unpacked first."""
        ...

    @property
    def shared(self) -> bool:
        """Its readers move the place of one open file: no two processes can read it at once."""
        ...

    def opened(self) -> AbstractContextManager[Readable]: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes kept in memory."""

    data: bytes = field(repr=False)

    @property
    def seekable(self) -> bool:
        return True

    @property
    def shared(self) -> bool:
        return False

    @contextmanager
    def opened(self) -> Iterator[Readable]:
        yield _MemoryCursor(memoryview(self.data))


@dataclass(slots=True)
class _MemoryCursor:
    """Reads without copying the whole, as BytesIO would where the bytes are shared by several readers."""

    data: memoryview
    place: int = 0

    def seek(self, offset: int, /) -> int:
        self.place = offset
        return offset

    def read(self, size: int, /) -> bytes:
        piece = bytes(self.data[self.place : self.place + size])
        self.place += len(piece)
        return piece


@dataclass(frozen=True, slots=True)
class Slice:
    """One stretch of another content, or several with holes between them that read as NUL bytes."""

    parent: Content
    size: int
    extents: tuple[tuple[int, int, int], ...]
    """(offset here, offset in the parent, length), ascending and apart from each other."""

    @classmethod
    def of(cls, parent: Content, offset: int, size: int) -> Slice:
        return cls(parent, size, ((0, offset, size),) if size else ())

    @property
    def seekable(self) -> bool:
        return self.parent.seekable

    @property
    def shared(self) -> bool:
        return self.parent.shared

    @contextmanager
    def opened(self) -> Iterator[Readable]:
        with self.parent.opened() as inner:
            yield SliceCursor(inner, self.size, self.extents)


@dataclass(slots=True)
class SliceCursor:
    inner: Readable
    size: int
    extents: Sequence[tuple[int, int, int]]
    place: int = 0

    def seek(self, offset: int, /) -> int:
        self.place = offset
        return offset

    def read(self, size: int, /) -> bytes:
        """May be shorter than asked for where an extent ends; empty at the end, or where the parent ends early."""
        size = min(size, self.size - self.place)
        if size <= 0:
            return b""
        index = bisect_right(self.extents, (self.place, 1 << 63, 0)) - 1
        here, there, length = self.extents[index] if index >= 0 else (0, 0, 0)
        inside = self.place - here
        if inside < length:
            self.inner.seek(there + inside)
            piece = self.inner.read(min(size, length - inside))
        else:
            following = self.extents[index + 1][0] if index + 1 < len(self.extents) else self.size
            piece = bytes(min(size, following - self.place, 1 << 20))
        self.place += len(piece)
        return piece
