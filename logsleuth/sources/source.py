"""A text log as it was found: a file, a member of an archive, or the standard input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.records import dataclass
from logsleuth.sources.content import Content

if TYPE_CHECKING:
    from logsleuth.sources.companions import Companion

PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Source:
    """One log to be read; the file behind it is never written to."""

    name: str
    """What every output shows: the path as the user gave it, joined with the part below it, in an archive too."""
    path: Path | None
    """The file on disk that holds it, perhaps with others; None for the standard input."""
    packing: str
    """'plain', or how its bytes are packed: 'gzip', 'bzip2', 'xz', 'zstd', 'utf-16'."""
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
    content: Content | None = field(default=None, repr=False, compare=False)
    """Where its bytes lie, if they are not those of the file at `path`."""
    tree: Mapping[str, Companion] | None = field(default=None, repr=False, compare=False)
    """Of a member: what else was kept of its archive, by whole names; see `companion`."""
    store: str = ""
    """Name in `sources.stores.known.STORES` of what turns its records into text; empty for a text."""

    @property
    def seekable(self) -> bool:
        """It can be read from any place on at no cost; otherwise all before has to be unpacked."""
        return self.packing == PLAIN and (self.content is None or self.content.seekable)

    @property
    def shared(self) -> bool:
        """No two processes can read it at once."""
        return self.content is not None and self.content.shared
