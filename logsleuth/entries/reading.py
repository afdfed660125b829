"""What a reader of a file knows when he is between two pieces of it."""

from __future__ import annotations

from dataclasses import field, replace

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN, FoldState
from logsleuth.entries.tally import Tally
from logsleuth.records import dataclass
from logsleuth.report import Skipped


@dataclass(slots=True)
class Reading:
    """The state that passes from one piece of a file to the next, and the tally."""

    log: Log
    problems: list[Skipped]
    tally: Tally = field(default_factory=Tally)
    fold: FoldState = field(default_factory=FoldState)
    last_time: int = UNKNOWN
    key: int = UNKNOWN
    base: int = 0
    """Bytes of the unpacked file that have gone before."""
    torn: bool = False
    """The piece before ended in a run of NULs."""
    guessed: bool = False
    """A line's year was told by the file's last change alone."""
    mark: Mark | None = None
    """Where the block that was read last begins."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a reader who has come to the beginning of a block: from here he can go on another time."""

    block: int
    """Where in the unpacked file the block begins."""
    base: int
    """Where the bytes begin that were kept from the blocks before: lines that may go on in this one."""
    tally: Tally
    fold: FoldState
    last_time: int
    key: int
    torn: bool

    @classmethod
    def of(cls, state: Reading, block: int) -> Mark:
        """The state of a reader as it is now."""
        tally, fold = state.tally.copy(), replace(state.fold)
        return cls(block, state.base, tally, fold, state.last_time, state.key, state.torn)

    def state(self, log: Log, problems: list[Skipped]) -> Reading:
        """A reader who goes on from here."""
        tally, fold = self.tally.copy(), replace(self.fold)
        return Reading(log, problems, tally, fold, self.last_time, self.key, self.base, self.torn)
