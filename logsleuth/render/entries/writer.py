"""What a writer of entries is."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged


@dataclass(frozen=True, slots=True)
class Look:
    """How entries are to be shown."""

    zone: dt.tzinfo = dt.UTC
    """Times are shown in it."""
    aligned: bool = False
    """For a person before a terminal: columns stand below each other."""
    color: bool = False
    """ANSI colours; only where `aligned`."""


class Writer(ABC):
    """Turns one stretch after another into bytes."""

    header: bytes = b""
    """What stands before the first entry."""
    numbered: bool = True
    """The numbers of lines are shown: if not, lines that are passed over need not be counted."""
    timed: bool = False
    """It is given no entry whose time is unknown (`timed.Timed`): the programs that it writes for take none."""
    binary: bool = False
    """What it makes is one file, not lines: nothing for a terminal, and not to be written by several at once."""

    @abstractmethod
    def lines(self, merged: Merged) -> bytes | memoryview:
        """The entries of a stretch in the order of the timeline."""

    def end(self) -> bytes:
        """What stands behind the last entry."""
        return b""


Maker = Callable[[Sequence[Log], Look], Writer]
"""A new writer for a run over some logs, of which it may remember what it has seen."""
