"""Opening files of somebody else's machine without touching them."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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
_PIECE = 256 << 10


def open_file(path: Path | str) -> io.FileIO:
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


def sha256(path: Path | str) -> str:
    """Of all that a file holds now. Raises OSError."""
    digest = hashlib.sha256()
    piece = bytearray(_PIECE)
    view = memoryview(piece)
    with open_file(path) as file:
        while count := file.readinto(piece):
            digest.update(view[:count])
    return digest.hexdigest()
