"""One pass over bytes for many patterns at once: hyperscan where it is installed, `re` where it is not.

A pattern is looked for by the texts that any match of it must hold (`literals`), or, where those are missing or stand
in too many ordinary lines, by itself. So every hit has to be checked on its line by the caller, and both ways give the
same lines in the end.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.scan import kept as kept_scanners
from logsleuth.scan.gates import LONG, well_gated
from logsleuth.scan.literals import Texts, needed
from logsleuth.scan.weaker import escaped, in_bytes, shortened, without_names

_VERSION = 22
"""Of what `_description` holds and how it is worked out."""
Hits = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Pattern numbers, and a position inside the matched line for each."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern to scan for; `.` and the classes must not match a line's end."""

    regex: str
    ignore_case: bool = False
    beside: str = ""
    """Another pattern, in either case, that must stand on the same line; empty for none."""


class Scanner:
    """Patterns compiled once, scanned for in buffer after buffer."""

    def __init__(self, patterns: Sequence[Pattern], *, native: bool = True, cache: Path | None = None) -> None:
        """`cache`: a folder that keeps what takes long to work out."""
        # `(?i)` means the whole pattern wherever it stands.
        self.patterns = tuple(
            Pattern(p.regex.replace("(?i)", ""), p.ignore_case or "(?i)" in p.regex, p.beside) for p in patterns
        )
        self._cache = cache
        self._in_bytes: dict[int, re.Pattern[bytes]] = {}
        self._key = hashlib.sha256(repr((self.patterns, platform.machine(), _VERSION)).encode()).hexdigest()
        kept = kept_scanners.load(cache, self._key)
        self.texts: list[Texts | None]
        self._rows: list[tuple[str, bool, list[int]]]
        if kept is None:
            self.texts = [needed(without_names(p.regex), ignore_case=p.ignore_case) for p in self.patterns]
            self._rows = _rows(self.patterns, self.texts)
        else:
            self.texts, self._rows = _described(kept[0])
        # Which patterns each row stands for, laid end to end.
        self._counts = np.array([len(owners) for _, _, owners in self._rows], np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        self._owners = np.array([n for _, _, owners in self._rows for n in owners], np.int64)
        self.native = native and bool(patterns) and self._compile_native(kept)
        if not self.native:
            self._compiled = [
                (re.compile(shortened(text).encode(), re.MULTILINE | (re.IGNORECASE if fold else 0)), owners)
                for text, fold, owners in self._rows
            ]

    def scan(self, data: bytes | memoryview) -> Hits:
        """All hits, in the order of their positions; one pattern may hit a line more than once."""
        if not self.patterns:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        rows, ends = self._matcher.scan(data) if self.native else self._scan_re(data)
        order = np.argsort(ends, kind="stable")
        return self._spread(rows[order], ends[order])

    def possible(self, number: int, line: bytes, lower: bytes) -> bool:
        """Whether a line, `lower` in lower case, holds the texts that a pattern needs: cheaper than the pattern."""
        texts = self.texts[number]
        return texts is None or texts.held_by(line, lower)

    def weaker(self, number: int) -> re.Pattern[bytes]:
        """A pattern in a form that matches all lines of ASCII that the pattern does, and perhaps more."""
        found = self._in_bytes.get(number)
        if found is None:
            pattern = self.patterns[number]
            flags = re.MULTILINE | (re.IGNORECASE if pattern.ignore_case else 0)
            found = self._in_bytes[number] = re.compile(without_names(in_bytes(pattern.regex)).encode(), flags)
        return found

    def _spread(self, rows: NDArray[np.int64], ends: NDArray[np.int64]) -> Hits:
        """Hits of texts as hits of the patterns that need them."""
        counts = self._counts[rows]
        first = np.repeat(self._first[rows] - np.cumsum(counts) + counts, counts)
        return self._owners[first + np.arange(len(first))], np.repeat(ends, counts)

    def _compile_native(self, kept: tuple[dict[str, Any], bytes] | None) -> bool:
        try:
            import hyperscan

            from logsleuth.scan.native import Native
        except ImportError:
            return False
        rows = [(text, fold) for text, fold, _ in self._rows]
        if kept is not None:
            try:
                self._matcher = Native(rows, kept[0]["left"], kept[1])
            except hyperscan.error:
                # Made by another version of hyperscan.
                kept = None
        if kept is None:
            self._matcher = Native(rows)
            kept_scanners.store(self._cache, self._key, self._description(), self._matcher.dumped())
        return True

    def _description(self) -> dict[str, object]:
        texts = [
            None if t is None else [sorted(t.best), [[x.decode() for x in s] for s in t.sets], t.fold, t.common]
            for t in self.texts
        ]
        return {"texts": texts, "rows": self._rows, "left": self._matcher.left}

    def _scan_re(self, data: bytes | memoryview) -> Hits:
        ids: list[int] = []
        ends: list[int] = []
        for number, (pattern, _) in enumerate(self._compiled):
            for match in pattern.finditer(data):
                ids.append(number)
                ends.append(max(match.start(), match.end() - 1))
        return np.array(ids, np.int64), np.array(ends, np.int64)


def _rows(patterns: Sequence[Pattern], texts: Sequence[Texts | None]) -> list[tuple[str, bool, list[int]]]:
    """What is really looked for: (regex, ignore case, numbers of the patterns that it stands for)."""
    owners: dict[tuple[str, bool], list[int]] = {}
    for number, (pattern, need) in enumerate(zip(patterns, texts, strict=True)):
        beside = needed(pattern.beside, ignore_case=True) if pattern.beside else None
        if beside is not None and not beside.common and (need is None or need.common):
            for text in beside.best:
                owners.setdefault((escaped(text), True), []).append(number)
        elif need is None or need.common or _better_gated(pattern, need):
            owners.setdefault((in_bytes(pattern.regex), pattern.ignore_case), []).append(number)
        else:
            for text in need.best:
                owners.setdefault((escaped(text), need.fold), []).append(number)
    return [(text, fold, numbers) for (text, fold), numbers in owners.items()]


def _better_gated(pattern: Pattern, need: Texts) -> bool:
    """Short texts cost a scanner more than a gate does that is there anyway."""
    return min(map(len, need.best)) < LONG and well_gated(in_bytes(pattern.regex))


def _described(description: dict[str, Any]) -> tuple[list[Texts | None], list[tuple[str, bool, list[int]]]]:
    """The inverse of `Scanner._description`."""
    texts = [
        None if t is None else Texts(frozenset(t[0]), tuple(tuple(x.encode() for x in s) for s in t[1]), t[2], t[3])
        for t in description["texts"]
    ]
    return texts, [(text, fold, owners) for text, fold, owners in description["rows"]]
