"""Members of packed archives, kept in memory in frames of zstd: one pass over the archive, then any place is near."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import field
from heapq import heappop, heappush
from itertools import count
from typing import Any

from logsleuth.records import dataclass
from logsleuth.sources.content import Content, Readable
from logsleuth.sources.disk import Lost

zstandard: Any
try:
    import zstandard
except ImportError:
    zstandard = None

LIMIT = 512 << 20
"""Bytes kept in memory, packed, by one run."""
FRAME = 1 << 20
"""Bytes unpacked. Each is packed for itself: smaller ones are nearer but pack worse."""
_WORKERS = 2
"""Threads that pack while the next frame is unpacked."""
_RECENT = 4
"""Frames that each reader keeps unpacked."""
_BARE = 4 << 10
"""Below this packing gains nothing."""
MOST_ANEW = 64
"""So many members may be unpacked anew each time they are read; more would take hours."""
TOO_MUCH = f"its archive holds more text than the {LIMIT >> 20:,} MiB that are kept in memory; unpack it first"


def _pack(frame: bytes) -> bytes:
    packed: bytes = zstandard.ZstdCompressor(level=1).compress(frame) if zstandard else zlib.compress(frame, 1)
    # A copy: what a library hands out may sit in a buffer as large as the frame, which would stay with it.
    return bytes(memoryview(packed))


def _unpack(frame: bytes) -> bytes:
    unpacked: bytes = zstandard.ZstdDecompressor().decompress(frame) if zstandard else zlib.decompress(frame)
    return unpacked


@dataclass(slots=True, eq=False)
class Kept:
    """One member: on the shelf, or where it came from if the shelf was full."""

    size: int
    frames: list[bytes] | None
    bare: bool
    """The frames are not packed."""
    origin: Content
    """From where it is unpacked anew."""
    dropped: bool = False

    @property
    def seekable(self) -> bool:
        return self.frames is not None

    @property
    def shared(self) -> bool:
        return self.frames is None and self.origin.shared

    @property
    def cost(self) -> int:
        """Bytes of memory."""
        return sum(len(frame) + 64 for frame in self.frames or ())

    def packed(self) -> None:
        """Packs what was kept bare until it was known to be worth it."""
        if self.frames is not None and self.bare and self.size > _BARE:
            self.frames, self.bare = [_pack(frame) for frame in self.frames], False

    def opened(self) -> AbstractContextManager[Readable]:
        if self.dropped:
            raise Lost(TOO_MUCH)
        return self.origin.opened() if self.frames is None else _opened(self.frames, self.size, bare=self.bare)


@contextmanager
def _opened(frames: list[bytes], size: int, *, bare: bool) -> Iterator[Readable]:
    yield _Frames(frames, size, bare)


@dataclass(slots=True)
class _Frames:
    frames: list[bytes]
    size: int
    bare: bool
    place: int = 0
    recent: dict[int, bytes] = field(default_factory=dict)
    """Frames unpacked last, for readers that jump to and fro."""

    def seek(self, offset: int, /) -> int:
        self.place = offset
        return offset

    def read(self, size: int, /) -> bytes:
        """At most to the end of a frame."""
        number, inside = divmod(self.place, FRAME)
        if self.place >= self.size:
            return b""
        frame = self.frames[number] if self.bare else self._unpacked(number)
        piece = frame[inside : inside + size]
        self.place += len(piece)
        return piece

    def _unpacked(self, number: int) -> bytes:
        if number not in self.recent:
            if len(self.recent) == _RECENT:
                del self.recent[next(iter(self.recent))]
            self.recent[number] = _unpack(self.frames[number])
        return self.recent[number]


@dataclass(slots=True)
class Shelf:
    """What one run keeps; the largest go first when it is full, as they gain least from being kept."""

    limit: int = field(default_factory=lambda: LIMIT)
    used: int = 0
    _largest: list[tuple[int, int, Kept]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)
    anew: int = 0

    def taken(self, body: Readable, size: int, origin: Content, *, bare: bool) -> Kept:
        """A member as it comes by; `bare` if it is packed already. Nothing is charged before `charge`."""
        frames: list[bytes] = []
        bare = bare or size <= _BARE
        length = cost = 0
        with ThreadPoolExecutor(_WORKERS) as pool:
            packing: deque[Future[bytes]] = deque()
            while length < size and (frame := _filled(body, min(FRAME, size - length))):
                length += len(frame)
                if cost <= self.limit:
                    packing.append(pool.submit(bytes if bare else _pack, frame))
                    while len(packing) > _WORKERS:
                        frames.append(packing.popleft().result())
                        cost += len(frames[-1])
            frames += [future.result() for future in packing]
        fits = sum(map(len, frames)) <= self.limit
        return Kept(length, frames if fits else None, bare, origin)

    def charge(self, kept: Kept) -> None:
        """It stays; another may have to go."""
        if kept.frames is None:
            self._unpacked_anew(kept)
            return
        self.used += kept.cost
        heappush(self._largest, (-kept.cost, next(self._serial), kept))
        while self.used > self.limit:
            cost, _, other = heappop(self._largest)
            self.used += cost
            self._unpacked_anew(other)

    def _unpacked_anew(self, kept: Kept) -> None:
        kept.frames = None
        self.anew += 1
        kept.dropped = self.anew > MOST_ANEW


def _filled(body: Readable, size: int) -> bytes:
    taken, missing = [], size
    while missing > 0 and (piece := body.read(missing)):
        taken.append(piece)
        missing -= len(piece)
    return taken[0] if len(taken) == 1 else b"".join(taken)
