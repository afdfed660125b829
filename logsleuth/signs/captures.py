"""What lines of captures say: they have no stamps of their own, so their times are bounds where no twin tells them."""

from __future__ import annotations

from collections.abc import Iterable

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.clock.twins import Twins
from logsleuth.entries import Batch
from logsleuth.signs.model import Fact


def bound(facts: Iterable[Fact], batch: Batch, log: Log, twins: Twins) -> None:
    """Between the twin above a line and the one below it, or the file's last change, it was written."""
    for fact in facts:
        row = int(batch.line.searchsorted(fact.line, side="right")) - 1
        start, stop = int(batch.start[row]) + batch.base, int(batch.stop[row]) + batch.base
        if not fact.timed or twins.is_twin(start):
            continue
        below = twins.next_after(stop)
        fact.hi = max(fact.hi, log.written if below == UNKNOWN else below)


def wide(fact: Fact) -> bool:
    """Its time is known within bounds alone."""
    return fact.hi - fact.lo > SECOND
