"""Events of other programs in a server's own log: only lines that name the program can tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from logsleuth.entries import Batch
from logsleuth.scan import Pattern, Scanner
from logsleuth.scan.literals import needed
from logsleuth.signs.model import EventType


class Named:
    """Where a log names the programs of some events: their names are rarer there than words of failure."""

    def __init__(self, types: Sequence[EventType], cache: Path | None) -> None:
        """`cache`: a folder that keeps what takes long to work out."""
        programs = [t.program.pattern if t.program is not None else "" for t in types]
        self._programs = list(dict.fromkeys(programs))
        place = {program: n for n, program in enumerate(self._programs)}
        self._of_event = np.array([place[program] for program in programs], np.int64)
        self._compiled = {t.program.pattern: t.program.compiled for t in types if t.program is not None}
        texts = [needed(program, ignore_case=True) for program in self._programs]
        self._rare = [need is not None and not need.common for need in texts]
        self._scanner = Scanner(
            [
                Pattern(program, ignore_case=True)
                for program, rare in zip(self._programs, self._rare, strict=True)
                if rare
            ],
            cache=cache,
        )
        self._looked_for = np.flatnonzero(self._rare)
        self._foreign: dict[str, NDArray[np.bool_]] = {}

    def may_tell(
        self, batch: Batch, rows: NDArray[np.int64], events: NDArray[np.int64], server: str
    ) -> NDArray[np.bool_]:
        """Of pairs of an entry and an event, whether the event is not one of another program that the entry lacks."""
        programs = self._of_event[events]
        other = self._others(server)[programs]
        if not other.any():
            return ~other
        ids, ends = self._scanner.scan(batch.buffer.data)
        at = np.searchsorted(batch.start, ends, side="right") - 1
        count = len(self._programs)
        named: NDArray[np.bool_] = np.isin(rows * count + programs, at * count + self._looked_for[ids])
        return ~other | named

    def _others(self, server: str) -> NDArray[np.bool_]:
        """Of each program, whether it is looked for by name in a log of `server`."""
        found = self._foreign.get(server)
        if found is None:
            own = [bool(program and self._compiled[program].fullmatch(server)) for program in self._programs]
            found = self._foreign[server] = np.array(self._rare, bool) & ~np.array(own, bool)
        return found
