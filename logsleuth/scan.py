"""One pass over bytes for many patterns at once: hyperscan where it is installed, `re` where it is not.

Both give the same hits; a pattern that hyperscan cannot take exactly (a back-reference, look-around) is scanned for
in a weaker form, so every hit has to be checked on its line by the caller.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_KEPT = 8
"""Compiled scanners that the cache keeps, the latest ones."""
Hits = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Pattern numbers, and a position inside the matched line for each."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern to scan for; `.` and the classes never match a line's end."""

    regex: str
    ignore_case: bool = False


class Scanner:
    """Patterns compiled once, scanned for in buffer after buffer."""

    def __init__(self, patterns: Sequence[Pattern], *, native: bool = True, cache: Path | None = None) -> None:
        """`cache`: a folder that keeps what takes long to compile."""
        self.patterns = tuple(patterns)
        self._cache = cache
        self.native = native and bool(patterns) and self._compile_native()
        if not self.native:
            self._compiled = [
                re.compile(p.regex.encode(), re.MULTILINE | (re.IGNORECASE if p.ignore_case else 0))
                for p in self.patterns
            ]

    def scan(self, data: bytes | memoryview) -> Hits:
        """All hits, in the order of their positions; one pattern may hit a line more than once."""
        if not self.patterns:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        ids, ends = self._scan_native(data) if self.native else self._scan_re(data)
        order = np.argsort(ends, kind="stable")
        return ids[order], ends[order]

    def _compile_native(self) -> bool:
        try:
            import hyperscan  # noqa: PLC0415 - costs start-up time, and is not on every platform
        except ImportError:
            return False
        rows: list[tuple[int, str, int]] = []
        self._others: list[tuple[int, re.Pattern[bytes]]] = []
        for number, pattern in enumerate(self.patterns):
            row = _native_form(number, pattern)
            if _FANCY.search(_without_names(pattern.regex)) and not _takes(row):
                self._others.append((number, re.compile(pattern.regex.encode(), re.MULTILINE)))
            else:
                rows.append(row)
        key = hashlib.sha256(repr((hyperscan.__version__, platform.machine(), rows)).encode()).hexdigest()
        kept = _kept(self._cache, key)
        if kept is not None:
            try:
                self._database: Any = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
                self._database.scratch = hyperscan.Scratch(self._database)
            except Exception:  # noqa: BLE001 - whatever is wrong with a cache, it is built anew
                kept = None
        if kept is None:
            self._database = hyperscan.Database()
            self._database.compile(
                expressions=[text.encode() for _, text, _ in rows],
                ids=[n for n, _, _ in rows],
                elements=len(rows),
                flags=[f for _, _, f in rows],
            )
            _keep(self._cache, key, hyperscan.dumpb(self._database))
        return True

    def _scan_native(self, data: bytes | memoryview) -> Hits:
        ids: list[int] = []
        ends: list[int] = []
        add_id, add_end = ids.append, ends.append

        def hit(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add_id(number)
            add_end(end)

        self._database.scan(data, match_event_handler=hit)
        for number, pattern in self._others:
            for match in pattern.finditer(data):
                hit(number, 0, match.end(), 0, None)
        # hyperscan tells where a match ends: the position before that lies inside it.
        return np.array(ids, np.int64), np.maximum(np.array(ends, np.int64) - 1, 0)

    def _scan_re(self, data: bytes | memoryview) -> Hits:
        ids: list[int] = []
        ends: list[int] = []
        for number, pattern in enumerate(self._compiled):
            for match in pattern.finditer(data):
                ids.append(number)
                ends.append(max(match.start(), match.end() - 1))
        return np.array(ids, np.int64), np.array(ends, np.int64)


_FANCY = re.compile(r"\\[1-9]|\(\?P=|\(\?[=!]|\(\?<[=!]")
"""What hyperscan only takes in a weaker form: back-references and look-around."""


def _native_form(number: int, pattern: Pattern) -> tuple[int, str, int]:
    """(number, expression, flags) as hyperscan wants them."""
    import hyperscan  # noqa: PLC0415

    flags = int(hyperscan.HS_FLAG_MULTILINE)
    text = pattern.regex
    if text.startswith("(?i)") or pattern.ignore_case:
        text, flags = text.removeprefix("(?i)"), flags | int(hyperscan.HS_FLAG_CASELESS)
    if _FANCY.search(text):
        return number, text, flags | int(hyperscan.HS_FLAG_PREFILTER)
    return number, _without_names(text), flags


def _takes(row: tuple[int, str, int]) -> bool:
    """Whether hyperscan takes an expression at all."""
    import hyperscan  # noqa: PLC0415

    try:
        hyperscan.Database().compile(expressions=[row[1].encode()], ids=[0], elements=1, flags=[row[2]])
    except hyperscan.error:
        return False
    return True


def _without_names(regex: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(", regex)



def _kept(folder: Path | None, key: str) -> bytes | None:
    """A compiled scanner from the cache, if it is whole: its digest stands before it."""
    if folder is None:
        return None
    try:
        data = (folder / f"scanner-{key[:32]}").read_bytes()
    except OSError:
        return None
    return data[32:] if hashlib.sha256(data[32:]).digest() == data[:32] else None


def _keep(folder: Path | None, key: str, data: bytes) -> None:
    """Put a compiled scanner into the cache; nothing depends on whether that works."""
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        whole = folder / f"scanner-{key[:32]}"
        part = whole.with_name(f"{whole.name}.{os.getpid()}")
        part.write_bytes(hashlib.sha256(data).digest() + data)
        part.replace(whole)
        for old in sorted(folder.glob("scanner-*"), key=lambda f: f.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
