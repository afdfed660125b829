"""What was read of a file so far: its lines, its entries, and where its stamps make no order."""

from __future__ import annotations

from dataclasses import field, replace

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.clock.spells import Steps, span, spells
from logsleuth.formats.split import Lines
from logsleuth.records import dataclass


@dataclass(slots=True)
class Tally:
    """What was read of one file so far."""

    lines: int = 0
    entries: int = 0
    unstamped: int = 0
    """Lines without a stamp, before the first one or following another."""
    first: int | None = None
    last: int | None = None
    backwards: int = 0
    """Stamps that ran back by more than a second from the line before."""
    furthest: int = 0
    """Nanoseconds of the largest such step."""
    furthest_line: int = 0
    torn: int = 0
    """Runs of NULs."""
    numbered: bool = True
    """The lines before the place at which reading began were counted."""
    ahead: int = 0
    """Single stamps far ahead of those before and after, which agree."""
    ahead_by: int = 0
    """Nanoseconds of the first such."""
    ahead_line: int = 0
    steps: Steps | None = field(default_factory=Steps)
    """Large steps of the stamps; None where the file is not read from its start."""
    begun: int = 0
    """Bytes of the file before the place at which reading began."""

    def take(self, lines: Lines, time: NDArray[np.int64], number: NDArray[np.int64], unstamped: int) -> None:
        """Count the entries of the next piece, of which `number` counts from the piece's first line, from 0."""
        known = time
        if len(time) and int(time.min()) == UNKNOWN:
            known = time[time != UNKNOWN]
        self.entries += len(time)
        self.unstamped += unstamped
        if lines.torn is not None:
            self.torn += int(lines.torn.sum())
        if not len(known):
            return
        before = known[0] if self.last is None else self.last
        step = np.diff(known, prepend=before)
        back = np.flatnonzero(step < -SECOND)
        self.backwards += len(back)
        if len(back):
            worst = int(back[np.argmin(step[back])])
            if -int(step[worst]) > self.furthest:
                self.furthest = -int(step[worst])
                self.furthest_line = self.lines + 1 + int(number[time != UNKNOWN][worst])
        low = int(known.min())
        self.first = low if self.first is None else min(self.first, low)
        self.last = int(known[-1])

    def copy(self) -> Tally:
        """Another that goes on from here by itself."""
        return replace(self, steps=self.steps.copy() if self.steps is not None else None)

    def note_ahead(self, by: NDArray[np.int64], number: NDArray[np.int64]) -> None:
        """Single entries of the piece just taken (its lines not yet counted) whose stamps are ahead of all around."""
        if len(by) and not self.ahead:
            self.ahead_by, self.ahead_line = int(by[0]), self.lines + 1 + int(number[0])
        self.ahead += len(by)


def said(tally: Tally) -> list[str]:
    """What a reader has to know of a file's stamps, as assumptions."""
    out = []
    if tally.ahead:
        where = f"line {tally.ahead_line}" if tally.numbered else "a line"
        more = f", and so are {tally.ahead - 1} more" if tally.ahead > 1 else ""
        by = span(tally.ahead_by)
        out.append(f"{where} is stamped {by} ahead of those before and after it{more}: it keeps its place among them")
    if tally.steps is not None and tally.numbered:
        out += [spell.say() for spell in spells(tally.steps)]
    return out
