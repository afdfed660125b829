"""Bytes of a source as they lie on disk, read without touching the file."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager

from logsleuth.files import open_file
from logsleuth.sources.content import Readable
from logsleuth.sources.source import Source

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "no such file or directory",
    errno.EIO: "input/output error, as from a failing disk",
}


class Lost(Exception):
    """Reading stops here; the message says why, as a sentence fragment."""


def why(error: OSError) -> str:
    """The reason as a fragment of a sentence, the same on every platform for the usual ones."""
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def pieces(source: Source, size: int, start: int = 0) -> Iterator[bytes]:
    """Packed bytes from `start` up to the size that the file had when it was found; raises Lost."""
    at = start
    try:
        with opened(source) as file:
            file.seek(start)
            while at < source.size:
                piece = file.read(min(size, source.size - at))
                if not piece:
                    short = "ends early" if source.content is not None else "shrank while it was read"
                    raise Lost(f"{short}: {at:,} of {source.size:,} bytes were there")
                at += len(piece)
                yield piece
    except OSError as error:
        where = f" at byte {at:,} of {source.size:,}" if at > start else ""
        raise Lost(why(error) + where) from error


def sha256(source: Source) -> str:
    """Of the bytes on disk, still packed; empty if they cannot be read to the end."""
    digest = hashlib.sha256()
    try:
        for piece in pieces(source, 1 << 20):
            digest.update(piece)
    except Lost:
        return ""
    return digest.hexdigest()


def opened(source: Source) -> AbstractContextManager[Readable]:
    if source.content is not None:
        return source.content.opened()
    if source.path is None:
        raise OSError(errno.ENOENT, "nothing behind this source")
    return open_file(source.path)
