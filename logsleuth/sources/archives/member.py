"""What every kind of archive says of a member."""

from __future__ import annotations

from typing import Literal

from logsleuth.records import dataclass

Kind = Literal["file", "folder", "link", "hard link", "device", "named pipe", "sparse", "continued", "other"]
Extents = tuple[tuple[int, int, int], ...]
"""(offset in the file, offset in the container, length)."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive's directory."""

    name: str
    """As it stands there, with surrogates for bytes that are not UTF-8: it may be absolute or hold '..'."""
    kind: Kind
    size: int
    """Bytes of the file once it is out of the archive."""
    mtime: int | None
    """UTC nanoseconds."""
    link: str
    extents: Extents
    """Where its bytes lie in the (unpacked) container."""
    packing: str = "plain"
    """How a zip packed it."""
    refused: str = ""
    """Why it cannot be read: a password, an unknown method."""
