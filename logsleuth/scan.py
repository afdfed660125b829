"""One pass over bytes for many patterns at once: hyperscan where it is installed, `re` where it is not.

Both give the same hits; a pattern that hyperscan cannot take exactly (a back-reference, look-around) is scanned for
in a weaker form, so every hit has to be checked on its line by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hits = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Pattern numbers, and a position inside the matched line for each."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern to scan for; `.` and the classes never match a line's end."""

    regex: str
    ignore_case: bool = False


class Scanner:
    """Patterns compiled once, scanned for in buffer after buffer."""

    def __init__(self, patterns: Sequence[Pattern], *, native: bool = True) -> None:
        self.patterns = tuple(patterns)
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
        exact, prefilter = [], []
        for number, pattern in enumerate(self.patterns):
            flags = hyperscan.HS_FLAG_MULTILINE | (hyperscan.HS_FLAG_CASELESS if pattern.ignore_case else 0)
            needs = re.search(r"\\\d|\(\?P=|\(\?[=!<][^P]?", _without_names(pattern.regex))
            (prefilter if needs else exact).append((number, pattern, flags))
        rows = [(n, p, f) for n, p, f in exact] + [(n, p, f | hyperscan.HS_FLAG_PREFILTER) for n, p, f in prefilter]
        self._database: Any = hyperscan.Database()
        self._database.compile(
            expressions=[_for_hyperscan(p.regex).encode() for _, p, _ in rows],
            ids=[n for n, _, _ in rows],
            elements=len(rows),
            flags=[f for _, _, f in rows],
        )
        return True

    def _scan_native(self, data: bytes | memoryview) -> Hits:
        ids: list[int] = []
        ends: list[int] = []
        add_id, add_end = ids.append, ends.append

        def hit(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add_id(number)
            add_end(end)

        self._database.scan(data, match_event_handler=hit)
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


def _without_names(regex: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(", regex)


def _for_hyperscan(regex: str) -> str:
    """Python's spelling to PCRE's; possessive and atomic groups do not occur in rules (the loader refuses them)."""
    return regex
