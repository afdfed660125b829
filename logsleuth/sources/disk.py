"""Bytes of a source as they lie on disk, read without touching the file."""

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from logsleuth.sources.content import Readable
from logsleuth.sources.source import Source

# Evidence keeps its access time where the system lets us (own files and root, Linux only). O_NONBLOCK: should
# a named pipe take the file's place between stat and open, the open must not wait for a writer.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_ATIME = getattr(os, "O_NOATIME", 0)

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


def open_file(path: Path) -> io.FileIO:
    """An unbuffered regular file, open for reading."""
    try:
        handle = os.open(path, _FLAGS | _NO_ATIME)
    except PermissionError:  # O_NOATIME on somebody else's file
        handle = os.open(path, _FLAGS)
    file = io.FileIO(handle, "r")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "no longer a regular file")
    return file


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
