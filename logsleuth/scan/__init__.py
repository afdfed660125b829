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
from logsleuth.scan.core import core
from logsleuth.scan.literals import Texts, needed

_ONLY_REGEX = re.compile(r"[+*?}]\+|\(\?>|\(\?\||\\p\{|\(\?&|\(\?R")
"""Possessive repeats, atomic groups, branch resets, properties: spelled otherwise, or not at all, in hyperscan."""
_VERSION = 14
"""Of what `_description` holds and how it is worked out."""
Hits = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Pattern numbers, and a position inside the matched line for each."""
_FANCY = re.compile(r"\\[1-9]|\(\?P=|\(\?[=!]|\(\?<[=!]")
"""What hyperscan only takes in a weaker form: back-references and look-around."""


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
        self._key = hashlib.sha256(repr((self.patterns, platform.machine(), _VERSION)).encode()).hexdigest()
        kept = kept_scanners.load(cache, self._key)
        self.texts: list[Texts | None]
        self._rows: list[tuple[str, bool, list[int]]]
        if kept is None:
            self.texts = [needed(_without_names(p.regex), ignore_case=p.ignore_case) for p in self.patterns]
            self._rows = _rows(self.patterns, self.texts)
        else:
            self.texts, self._rows = _described(kept[0])
        # Which patterns each row stands for, laid end to end.
        self._counts = np.array([len(owners) for _, _, owners in self._rows], np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        self._owners = np.array([n for _, _, owners in self._rows for n in owners], np.int64)
        self.native = native and bool(patterns) and self._compile_native(kept[1] if kept else b"")
        if not self.native:
            self._compiled = [
                (re.compile(text.encode(), re.MULTILINE | (re.IGNORECASE if fold else 0)), owners)
                for text, fold, owners in self._rows
            ]

    def scan(self, data: bytes | memoryview) -> Hits:
        """All hits, in the order of their positions; one pattern may hit a line more than once."""
        if not self.patterns:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        rows, ends = self._scan_native(data) if self.native else self._scan_re(data)
        order = np.argsort(ends, kind="stable")
        return self._spread(rows[order], ends[order])

    def possible(self, number: int, line: bytes) -> bool:
        """Whether a line holds the texts that a pattern needs: a cheap look before the pattern itself."""
        texts = self.texts[number]
        return texts is None or texts.held_by(line)

    def _spread(self, rows: NDArray[np.int64], ends: NDArray[np.int64]) -> Hits:
        """Hits of texts as hits of the patterns that need them."""
        counts = self._counts[rows]
        first = np.repeat(self._first[rows] - np.cumsum(counts) + counts, counts)
        return self._owners[first + np.arange(len(first))], np.repeat(ends, counts)

    def _compile_native(self, compiled: bytes) -> bool:
        try:
            import hyperscan
        except ImportError:
            return False
        forms = [_native_form(number, text, fold=fold) for number, (text, fold, _) in enumerate(self._rows)]
        good = [f for f in forms if not f[2] & hyperscan.HS_FLAG_PREFILTER or _takes(f)]
        left = {f[0] for f in forms} - {f[0] for f in good}
        self._others = [
            (
                n,
                re.compile(self._rows[n][0].encode(), re.MULTILINE | (re.IGNORECASE if self._rows[n][1] else 0)),
            )
            for n in sorted(left)
        ]
        if compiled:
            try:
                self._database: Any = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
                self._database.scratch = hyperscan.Scratch(self._database)
            except hyperscan.error:
                # Made by another version of hyperscan.
                compiled = b""
        if not compiled:
            self._database = hyperscan.Database()
            self._database.compile(
                expressions=[text.encode() for _, text, _ in good],
                ids=[n for n, _, _ in good],
                elements=len(good),
                flags=[f for _, _, f in good],
            )
            kept_scanners.store(self._cache, self._key, self._description(), hyperscan.dumpb(self._database))
        return True

    def _description(self) -> dict[str, object]:
        texts = [
            None if t is None else [sorted(t.best), [[x.decode() for x in s] for s in t.sets], t.fold, t.common]
            for t in self.texts
        ]
        return {"texts": texts, "rows": self._rows}

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
                owners.setdefault((_escaped(text), True), []).append(number)
        elif need is None or need.common:
            owners.setdefault((_weaker(pattern.regex), pattern.ignore_case), []).append(number)
        else:
            for text in need.best:
                owners.setdefault((_escaped(text), need.fold), []).append(number)
    return [(text, fold, numbers) for (text, fold), numbers in owners.items()]


def _described(description: dict[str, Any]) -> tuple[list[Texts | None], list[tuple[str, bool, list[int]]]]:
    """The inverse of `Scanner._description`."""
    texts = [
        None if t is None else Texts(frozenset(t[0]), tuple(tuple(x.encode() for x in s) for s in t[1]), t[2], t[3])
        for t in description["texts"]
    ]
    return texts, [(text, fold, owners) for text, fold, owners in description["rows"]]


def _weaker(regex: str) -> str:
    """A pattern of which nothing is missed in bytes: letters beyond ASCII are letters, borders of words fall away.

    One that only the `regex` module understands is looked for on every line.
    """
    loose = re.sub(r"(?<!\\)\\b", "", regex)
    loose = re.sub(r"(?<!\\)(\[\^?)((?:[^\]\\]|\\.)*)\\w", r"\1\2\\w\\x80-\\xff", loose)
    loose = re.sub(r"(?<![\\f])\\w(?!\\x80)", r"[\\w\\x80-\\xff]", loose)
    try:
        re.compile(_without_names(loose).encode("latin-1", "replace"))
    except re.error:
        return "^."
    return "^." if _ONLY_REGEX.search(loose) else core(loose)


def _escaped(text: str) -> str:
    return re.sub(r"([^\w ])", r"\\\1", text)


def _native_form(number: int, text: str, *, fold: bool) -> tuple[int, str, int]:
    """(number, expression, flags) as hyperscan wants them."""
    import hyperscan

    flags = int(hyperscan.HS_FLAG_MULTILINE) | (int(hyperscan.HS_FLAG_CASELESS) if fold else 0)
    if _FANCY.search(text):
        return number, text, flags | int(hyperscan.HS_FLAG_PREFILTER)
    return number, _without_names(text), flags


def _takes(row: tuple[int, str, int]) -> bool:
    """Whether hyperscan takes an expression at all."""
    import hyperscan

    try:
        hyperscan.Database().compile(expressions=[row[1].encode()], ids=[0], elements=1, flags=[row[2]])
    except hyperscan.error:
        return False
    return True


def _without_names(regex: str) -> str:
    """Names of groups may stand twice in `regex`, but neither in hyperscan nor in `re`."""
    return regex if "(?P=" in regex else re.sub(r"\(\?P<\w+>", "(", regex)
