"""Kinds of lines: a line that differs from an earlier one in its digits alone is not looked at again.

Nearly all lines of a log do (PIDs, times, addresses, counters), so what a scan costs depends on how many kinds of lines
there are, and hardly on how many patterns. To be sure that lines of one kind are alike to the scanner, it sees all
digits as zeros, in the lines and in its patterns (`zeroed`); whoever asked looks at the true line in the end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.scan.core import closing

Found = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Numbers of patterns, and a position inside the matched line for each."""
_SLOTS = 1 << 16
"""Room for kinds; when half of it is taken, all are forgotten."""
_MOST = 1 << 17
"""Hits that are remembered; when there are more, all are forgotten."""
_MOSTLY_NEW = 0.75
"""Share of new kinds in a block from which on to tell them costs more than it saves."""
_LARGE = 1 << 18
"""Bytes of a block from which on that share says something."""
_PAUSE = 7
"""Blocks that are scanned whole after such a one."""
_QUIET = 1
_TABLE = bytes.maketrans(b"123456789", b"0" * 9)
_TOKEN = re.compile(
    r"\\x[0-9a-fA-F]{2}|\\[0-9]{1,3}|\\.|\{\d*,?\d*\}|\(\?P[<=]\w+[>)]|\(\?\(\w+\)|(?P<around>\(\?<?!)"
    r"|\[(?P<negated>\^?)(?P<members>\]?(?:\\.|[^\]\\])*)\]|.",
    re.DOTALL,
)
_MEMBER = re.compile(r"(?P<low>\\x[0-9a-fA-F]{2}|\\.|[^\\])(?:-(?P<high>\\x[0-9a-fA-F]{2}|\\.|[^\\]))?", re.DOTALL)
_DIGIT = re.compile(r"[0-9]|\\x3[0-9]|\\06[0-7]|\\07[01]")
"""However it is spelled."""


def zeroed(regex: str) -> str:
    """A pattern that matches what is left of each of a pattern's matches when all digits are zeros, or more."""
    if not _DIGIT.search(regex):
        return regex
    out = []
    at = 0
    while at < len(regex):
        token = _TOKEN.match(regex, at)
        assert token is not None, "any character is a token"  # noqa: S101 - for the type checker
        text = token[0]
        at = token.end()
        if _DIGIT.fullmatch(text):
            text = r"\x30" if len(text) > 1 else "0"
        elif token["members"] is not None:
            text = _class(token["members"], negated=bool(token["negated"]))
        elif token["around"] and (end := closing(regex, token.start())) is not None:
            # That something does not follow may depend on digits.
            text, at = "", end
        out.append(text)
    return "".join(out)


def _class(members: str, *, negated: bool) -> str:
    kept, every = [], "0-9" in members or r"\d" in members
    for member in _MEMBER.finditer(members):
        low, high = member["low"], member["high"]
        if _DIGIT.fullmatch(low) or (high is not None and _DIGIT.fullmatch(high)):
            if not negated:
                # From the digits on, or up to them, or a part of them.
                above = high is not None and not _DIGIT.fullmatch(high)
                kept.append(f"0-{high}" if above else "0" if _DIGIT.fullmatch(low) else f"{low}-9")
            elif every:
                kept.append("0")
        else:
            kept.append(member[0])
    return f"[^{''.join(kept) or chr(92) + 'n'}]" if negated else f"[{''.join(kept)}]"


class Kinds:
    """A scan that looks at one line of each kind."""

    def __init__(self, scan: Callable[[bytes], Found]) -> None:
        """`scan` takes bytes in which all digits are zeros, and looks for `zeroed` patterns."""
        self._scan = scan
        # Whoever writes into a log must not be able to make two lines look alike.
        self._seed = np.frombuffer(os.urandom(32), np.uint64)
        self._hashes = np.zeros(_SLOTS, np.uint64)
        self._pause = 0
        self._forget()

    def _forget(self) -> None:
        self._states = np.zeros(_SLOTS, np.uint8)
        self._first = np.zeros(_SLOTS, np.int64)
        self._count = np.zeros(_SLOTS, np.int64)
        self._ids = self._offsets = np.zeros(0, np.int64)
        self._used = 0

    def scan(self, data: bytes | memoryview) -> Found:
        """All hits, in no order."""
        if native.lib is None or self._pause:
            self._pause = max(0, self._pause - 1)
            return self._scan(bytes(data).translate(_TABLE))
        if self._used > _SLOTS // 2 or len(self._ids) > _MOST:
            self._forget()
        try:
            return self._scan_new(native.lib, data)
        except BaseException:
            # The table has kinds of which nobody knows yet whether they are quiet.
            self._forget()
            raise

    def _scan_new(self, lib: native.Loops, data: bytes | memoryview) -> Found:
        text, fresh, again = lib.kinds(data, self._hashes, self._states, self._seed)
        if len(data) > _LARGE and len(text) > _MOSTLY_NEW * len(data):
            self._pause = _PAUSE
        begins, starts, slots = np.frombuffer(fresh, np.int64).reshape(-1, 3).T
        ids, ends = self._scan(text)
        line = np.searchsorted(begins, ends, side="right") - 1
        order = np.argsort(line, kind="stable")
        ids, line = ids[order], line[order]
        offsets = ends[order] - begins[line]
        self._learn(slots, np.bincount(line, minlength=len(slots)), ids, offsets)
        old_starts, old_slots = np.frombuffer(again, np.int64).reshape(-1, 2).T
        counts = self._count[old_slots]
        hits = np.repeat(self._first[old_slots] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        return (
            np.concatenate((ids, self._ids[hits])),
            np.concatenate((starts[line] + offsets, np.repeat(old_starts, counts) + self._offsets[hits])),
        )

    def _learn(
        self, slots: NDArray[np.int64], counts: NDArray[np.int64], ids: NDArray[np.int64], offsets: NDArray[np.int64]
    ) -> None:
        """What was found on the lines of new kinds; their hits lie together, line by line."""
        kept = slots >= 0
        own = slots[kept]
        self._first[own] = (np.cumsum(counts) - counts + len(self._ids))[kept]
        self._count[own] = counts[kept]
        self._states[slots[kept & (counts == 0)]] = _QUIET
        self._ids = np.concatenate((self._ids, ids))
        self._offsets = np.concatenate((self._offsets, offsets))
        self._used += len(own)
