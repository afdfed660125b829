"""Which program it is that reads: another version of it may find something else in the same lines."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import logsleuth


def program(formats: Iterable[Path] = ()) -> str:
    """A digest of this program's files, and of files and folders that describe a user's formats."""
    digest = hashlib.sha256(_own().encode())
    for path in formats:
        # What cannot be read is told by who reads the formats.
        with contextlib.suppress(OSError):
            for file in sorted(path.iterdir()) if path.is_dir() else [path]:
                digest.update(file.read_bytes())
    return digest.hexdigest()


@functools.cache
def _own() -> str:
    """Of the program's own files, as they were when it started."""
    digest = hashlib.sha256(f"{logsleuth.__version__} {sys.version}".encode())
    rows = []
    for folder, _, names in os.walk(Path(logsleuth.__file__).parent):
        for name in names:
            if name.endswith(".py"):
                status = os.stat(f"{folder}{os.sep}{name}")  # noqa: PTH116 - of hundreds, Path is slow
                rows.append(f"{folder} {name} {status.st_size} {status.st_mtime_ns}\n")
    digest.update("".join(sorted(rows)).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
