"""What lies at some paths, without reading all of it: where that is as it was, so is all that follows from it.

Of everything one looks at kind, owner, inode, size and the times of the last write and of the last change to the inode
(ctime), which nobody sets back; of folders at the names in them; of what is read, at the text itself: all of a small
file, the beginning and the end of a large one. What cannot be looked at is known by the error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from logsleuth.files import open_file

_WHOLE = 64 << 10
"""Bytes of a file that is compared whole."""
_ENDS = 4 << 10
"""Bytes at each end of a larger one that are compared."""


class Seen:
    """A digest of what was seen, and the time of its last change in UTC nanoseconds."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.newest = 0

    @property
    def digest(self) -> str:
        """The same where all is the same."""
        return self._digest.hexdigest()

    def places(self, paths: Iterable[str]) -> Seen:
        """What is there: a file and its text, a link and where it leads, a folder as such, nothing."""
        for path in paths:
            status = self._row(path)
            if status is not None and stat.S_ISDIR(status.st_mode):
                self._say(f"{status.st_mtime_ns} {status.st_ctime_ns}")
        return self

    def trees(self, paths: Iterable[str], *, text: bool = True) -> Seen:
        """As `places`, with all that is below. Linked folders are looked at only where they are named."""
        for path in paths:
            status = self._row(path, text=text)
            if status is None:
                self._note_above(path)
            elif stat.S_ISDIR(status.st_mode):
                self._below(path, text=text)
        return self

    def _note_above(self, path: str) -> None:
        """When something may have been taken away."""
        for above in Path(path).absolute().parents:
            with contextlib.suppress(OSError, ValueError):
                self._note(above.stat())
                return

    def _below(self, root: str, *, text: bool) -> None:
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                self._say(f"cannot be listed: {error.errno}")
                continue
            for entry in entries:
                if text or entry.name != "__pycache__":
                    status = self._row(entry.path, text=text)
                    if status is not None and stat.S_ISDIR(status.st_mode) and not entry.is_symlink():
                        waiting.append(entry.path)

    def _row(self, path: str, *, text: bool = True) -> os.stat_result | None:
        """Looks at one path; what a link leads to, None where nothing can be seen."""
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                self._say(f"{path} -> {Path(path).readlink()} {_told(status)}")
                self._note(status)
                status = os.stat(path)  # noqa: PTH116 - of thousands, Path is slow
        except (OSError, ValueError) as error:
            self._say(f"{path}: {getattr(error, 'errno', None)}")
            return None
        self._note(status)
        self._say(f"{path} {_told(status)}")
        if text and stat.S_ISREG(status.st_mode):
            try:
                for piece in _ends(path, status.st_size):
                    self._digest.update(piece)
            except OSError as error:
                self._say(f"cannot be read: {error.errno}")
        return status

    def _note(self, status: os.stat_result) -> None:
        self.newest = max(self.newest, status.st_mtime_ns, status.st_ctime_ns)

    def _say(self, text: str) -> None:
        self._digest.update(b"%s\0" % text.encode("utf-8", "surrogateescape"))


def _told(status: os.stat_result) -> str:
    """Of a folder neither size nor times: its names tell all that matters."""
    who = f"{status.st_mode} {status.st_dev} {status.st_ino} {status.st_uid} {status.st_gid}"
    if stat.S_ISDIR(status.st_mode):
        return who
    return f"{who} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _ends(path: str, size: int) -> Iterator[bytes]:
    with open_file(path) as file:
        if size <= _WHOLE:
            yield file.read(_WHOLE)
            return
        yield file.read(_ENDS)
        file.seek(size - _ENDS)
        yield file.read(_ENDS)
