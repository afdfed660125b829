"""The standard input, kept so that it can be read more than once."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from threading import Lock
from typing import IO, BinaryIO

from logsleuth.records import dataclass

IN_MEMORY = 64 << 20
"""Above this it goes to a temporary file, which has no name and vanishes with the process."""
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Spool:
    """All that came, readable from several places at once."""

    file: IO[bytes]
    size: int
    mtime: int | None
    failure: str
    """Why reading stopped before the end; empty if it did not."""
    lock: Lock = field(default_factory=Lock)

    @property
    def seekable(self) -> bool:
        return True

    @property
    def shared(self) -> bool:
        return True

    def read_at(self, offset: int, size: int) -> bytes:
        with self.lock:
            self.file.seek(offset)
            return self.file.read(size)

    @contextmanager
    def opened(self) -> Iterator["Cursor"]:
        yield Cursor(self)


@dataclass(slots=True)
class Cursor:
    """One reader's place in a spool."""

    spool: Spool
    place: int = 0

    def seek(self, offset: int) -> int:
        self.place = offset
        return offset

    def read(self, size: int) -> bytes:
        read = self.spool.read_at(self.place, size)
        self.place += len(read)
        return read


def spool(stdin: BinaryIO) -> Spool:
    """Reads everything. The caller's stream stays open."""
    import tempfile

    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (lives as long as its Source)
    size, failure = 0, ""
    try:
        while piece := stdin.read(PIECE):
            kept.write(piece)
            size += len(piece)
    except OSError as error:
        failure = (error.strerror or str(error)).lower()
    return Spool(kept, size, _mtime(stdin), failure)


def _mtime(stdin: BinaryIO) -> int | None:
    """Known when a file was redirected to the standard input."""
    try:
        status = os.fstat(stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    return status.st_mtime_ns if stat.S_ISREG(status.st_mode) else None
