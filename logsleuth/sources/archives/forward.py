"""A container read from its start to its end, once, with a limit to what it may unpack to."""

from __future__ import annotations

from logsleuth.records import dataclass
from logsleuth.sources.content import Readable
from logsleuth.sources.disk import Lost, why

FREE = 4 << 30
RATIO = 500
"""Bytes that a container may unpack to at least, and times its own size. Logs pack 10 to 50 times; gzip cannot more
than 1,032 times, and a bomb does."""


@dataclass(slots=True)
class Forward:
    """Reads on and on; what ends it early is said in `trouble`, and nothing is raised."""

    inner: Readable
    limit: int
    """Bytes after which no more is believed."""
    bomb: bool
    """The limit is that of a bomb, not the size of a plain container."""
    place: int = 0
    trouble: str = ""
    ended: bool = False

    def seek(self, offset: int, /) -> int:
        self.place = offset
        return offset

    def read(self, size: int, /) -> bytes:
        """All of `size` bytes but at the end."""
        taken, missing = [], size
        while missing > 0 and not self.ended:
            piece = self._piece(missing)
            if not piece:
                self.ended = True
            taken.append(piece)
            missing -= len(piece)
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def _piece(self, size: int) -> bytes:
        size = min(size, self.limit - self.place)
        if size <= 0:
            if self.bomb:
                self.trouble = (
                    f"unpacks to more than {self.limit:,} bytes, as a bomb does; unpack it yourself if it is none"
                )
            return b""
        try:
            self.inner.seek(self.place)
            piece = self.inner.read(size)
        except Lost as lost:
            self.trouble = str(lost)
            return b""
        except OSError as error:
            self.trouble = why(error)
            return b""
        self.place += len(piece)
        return piece


def forward(inner: Readable, size: int, *, packed: bool) -> Forward:
    """A reader for a container of `size` bytes."""
    return Forward(inner, max(FREE, RATIO * size) if packed else size, packed)
