"""Entries at unknown times kept from programs that can take none: counted, so that it can be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.merge import Merged
from logsleuth.entries.select import Select, selected

_KNOWN = Select(since=UNKNOWN + 1)


class Timed:
    """Passes on what has a time."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self._logs = logs
        self.left_out = 0
        """Entries so far that were not passed on."""

    def __call__(self, stretches: Iterable[Merged]) -> Iterator[Merged]:
        for merged in stretches:
            if all((p.batch.time[p.rows] != UNKNOWN).all() for p in merged.pieces):
                yield merged
                continue
            kept = list(selected([merged], _KNOWN, self._logs))
            self.left_out += len(merged) - sum(map(len, kept))
            yield from kept
