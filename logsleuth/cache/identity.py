"""Which file it is, whatever it is called now, and whether it still holds what it held."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from logsleuth.files import open_file
from logsleuth.records import dataclass

if TYPE_CHECKING:
    # `answered` needs nothing of sources.
    from logsleuth.sources import Source

_LOOKED_AT = 4 << 10
"""Bytes at a file's start, and before its end, that are compared."""
_RACE = 2_000_000_000
"""A file that was written so shortly before a look at it may have been written again under the same time."""


@dataclass(frozen=True, slots=True)
class State:
    """What a file (of an archive: the archive) was like."""

    size: int
    mtime: int
    """UTC nanoseconds."""
    settled: bool
    """It had not been written just before."""
    digest: str
    """Of its first bytes, and of its last."""

    def as_data(self) -> list[Any]:
        """For JSON."""
        return [self.size, self.mtime, self.settled, self.digest]

    @classmethod
    def from_data(cls, data: Any) -> State:
        """The inverse; raises ValueError or TypeError for anything else."""
        size, mtime, settled, digest = data
        return cls(int(size), int(mtime), bool(settled), str(digest))


def identity(source: Source) -> str:
    """The file, by its inode: a name changes when logs rotate. Raises OSError where it is gone; ValueError for none."""
    if source.path is None:
        raise ValueError("no file")
    status = source.path.stat()
    member = source.name if source.content is not None else ""
    return repr((status.st_dev, status.st_ino, member, source.packing, source.store))


def state_of(source: Source, size: int | None = None) -> State:
    """What the file is like now, or what of it is within `size` bytes. Raises OSError, ValueError."""
    if source.path is None:
        raise ValueError("no file")
    status = source.path.stat()
    plain = source.content is None
    whole = source.size if plain else status.st_size
    size = whole if size is None else size
    digest = hashlib.sha256()
    with open_file(source.path) as file:
        digest.update(file.read(min(_LOOKED_AT, size)))
        file.seek(max(0, size - _LOOKED_AT))
        digest.update(file.read(min(_LOOKED_AT, size)))
    settled = status.st_size == whole and time.time_ns() - status.st_mtime_ns > _RACE
    return State(size, status.st_mtime_ns, settled, digest.hexdigest())


def still(source: Source, kept: State) -> bool:
    """Nobody has written to the file since. Raises OSError, ValueError."""
    now = state_of(source)
    return kept.settled and (now.size, now.mtime, now.digest) == (kept.size, kept.mtime, kept.digest)


def grown(source: Source, kept: State) -> bool:
    """Lines were added to the file, and it begins with what it was. Raises OSError, ValueError.

    One of the same size that was written since has changed somewhere.
    """
    if source.content is not None or source.path is None or source.size < kept.size:
        return False
    if source.size == kept.size and source.path.stat().st_mtime_ns != kept.mtime:
        return False
    return state_of(source, kept.size).digest == kept.digest
