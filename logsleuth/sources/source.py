"""A text log as it was found: a file, or the standard input."""

from dataclasses import dataclass, field
from pathlib import Path

from logsleuth.sources.stdin import Spool

PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Source:
    """One log to be read; the file behind it is never written to."""

    name: str
    """What every output shows: the path as the user gave it, joined with the part below it."""
    path: Path | None
    """None for the standard input."""
    packing: str
    """'plain', or how its bytes are packed: 'gzip', 'bzip2', 'xz', 'zstd'."""
    size: int
    """Bytes on disk when it was found; what a writer adds later is not read."""
    mtime: int | None
    """Last write in UTC nanoseconds; None if nothing tells."""
    stream: str
    """'dir/messages' for messages, messages.0.bz2 and messages.1: all that rotate into one another."""
    rank: tuple[int, ...]
    """Sorts the members of a stream, oldest first."""
    root: str
    """The argument under which it was found."""
    given: bool
    """Named by the user, not met while walking through a folder."""
    spool: Spool | None = field(default=None, repr=False, compare=False)
    """What came through the standard input."""
