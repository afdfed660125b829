"""Where entries are kept: in a folder of the user's, the one that was not used for longest leaving first; or in memory.

Nothing depends on whether that works: a full disk, a folder that cannot be written, a file that another run takes away
or half of one all come to a thing that has to be worked out again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Protocol

from logsleuth.cache.entry import Entry
from logsleuth.records import dataclass

MOST = 512 << 20
"""Bytes that the folder may hold."""
_LARGEST = 64 << 20
"""Bytes of one entry: what is larger is not kept."""
_PREFIX = "log-"


class Shelf(Protocol):
    """Keeps entries under keys."""

    @property
    def program(self) -> str:
        """A digest of the program that reads: what another one wrote is not believed."""
        ...

    def load(self, key: str) -> Entry | None: ...
    def store(self, key: str, entry: Entry) -> None: ...
    def trim(self) -> None: ...


@dataclass(slots=True)
class Folder:
    """Entries as files that only their owner can read: they quote logs."""

    path: Path
    program: str
    most: int = MOST

    def load(self, key: str) -> Entry | None:
        """None where there is none, where it is damaged, or where another user wrote it."""
        file = self._file(key)
        try:
            with file.open("rb") as opened:
                status = os.fstat(opened.fileno())
                if status.st_size > _LARGEST + 64 or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
                    return None
                data = opened.read()
            entry = Entry.from_bytes(data)
            if entry is not None:
                os.utime(file)
        except OSError:
            return None
        return entry

    def store(self, key: str, entry: Entry) -> None:
        """Whole or not at all."""
        if len(entry.packed) > _LARGEST:
            return
        file = self._file(key)
        part = file.with_name(f"part-{os.getpid()}-{file.name}")
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as opened:
                opened.write(entry.to_bytes())
            part.replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def trim(self) -> None:
        """Take away what was not used for longest until the rest is within the limit."""
        rows = sorted(self._files(), reverse=True)
        size = 0
        for _, length, file in rows:
            size += length
            if size > self.most:
                with contextlib.suppress(OSError):
                    file.unlink(missing_ok=True)

    def sizes(self) -> tuple[int, int]:
        """How many entries there are, and how many bytes they take."""
        rows = list(self._files())
        return len(rows), sum(length for _, length, _ in rows)

    def clear(self) -> None:
        """Take away all entries."""
        for _, _, file in self._files():
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """(last use, bytes, file) of every entry, unfinished ones too."""
        try:
            with os.scandir(self.path) as found:
                for one in found:
                    if one.name.startswith((_PREFIX, "part-")):
                        with contextlib.suppress(OSError):
                            status = one.stat(follow_symlinks=False)
                            yield status.st_mtime_ns, status.st_size, Path(one.path)
        except OSError:
            return

    def _file(self, key: str) -> Path:
        return self.path / f"{_PREFIX}{hashlib.sha256(key.encode()).hexdigest()[:40]}"


@dataclass(slots=True)
class Memory:
    """Entries of this run alone, over those of another shelf, to which nothing is added."""

    program: str
    below: Shelf | None = None
    entries: dict[str, Entry] = field(default_factory=dict)

    def load(self, key: str) -> Entry | None:
        found = self.entries.get(key)
        return found if found is not None or self.below is None else self.below.load(key)

    def store(self, key: str, entry: Entry) -> None:
        self.entries[key] = entry

    def trim(self) -> None:
        """What is in memory is what is watched."""
