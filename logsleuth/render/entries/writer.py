"""What a writer of entries is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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


class Writer(Protocol):
    """Turns one stretch after another into bytes."""

    numbered: bool
    """The numbers of lines are shown: if not, lines that are passed over need not be counted."""

    @property
    def header(self) -> bytes:
        """What stands before the first entry."""

    def lines(self, merged: Merged) -> memoryview:
        """The entries of a stretch in the order of the timeline."""


Maker = Callable[[Sequence[Log], Look], Writer]
"""A new writer for a run over some logs, of which it may remember what it has seen."""
