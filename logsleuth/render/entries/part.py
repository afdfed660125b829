"""Entries of one file within a stretch, and what their lines are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Piece
from logsleuth.formats import sysline
from logsleuth.formats.model import Columns
from logsleuth.formats.registry import ALL
from logsleuth.formats.vector import Mask, Positions


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a batch in the order of the file, whatever their order on the timeline."""

    batch: Batch
    log: Log
    rows: NDArray[np.int64]
    place: NDArray[np.int64] | None
    """Which of the rows stands at each place of the timeline; None where they stand there as in the file."""
    original: Part | None = None
    """Of a part that was written out (`spelled`): the same entries as they stand in the file."""
    pick: slice | NDArray[np.int64] = field(init=False, repr=False)
    """The rows, as a slice where nothing lies between them: what is taken by it is no copy."""

    def __post_init__(self) -> None:
        rows = self.rows
        whole = len(rows) and int(rows[-1]) - int(rows[0]) == len(rows) - 1
        object.__setattr__(self, "pick", slice(int(rows[0]), int(rows[-1]) + 1) if whole else rows)

    @property
    def start(self) -> Positions:
        return self.batch.start[self.pick]

    @property
    def stop(self) -> Positions:
        return self.batch.stop[self.pick]

    @property
    def time(self) -> NDArray[np.int64]:
        return self.batch.time[self.pick]

    @property
    def layout(self) -> NDArray[np.int16]:
        return self.batch.layout[self.pick]

    @property
    def folded(self) -> Mask:
        """Entries of more than one line."""
        mask: Mask = self.stop > self.batch.line_stop[self.pick]
        return mask

    def columns(self) -> Columns:
        return self.batch.columns(self.rows)

    @property
    def owned(self) -> Mask:
        """Lines of a log that is one program's, whether they name it or not."""
        mask: Mask = _owned(len(ALL))[self.layout]
        return mask

    @staticmethod
    def owner(layout: int) -> str:
        """The program whose log it is; empty if it is nobody's."""
        return ALL[layout].program if layout >= 0 else ""

    def verbatim(self) -> Mask:
        """Lines that read `PROGRAM[PID]: TEXT` after the host already."""
        mask: Mask = _verbatim(len(ALL))[self.layout]
        return mask


@lru_cache
def _owned(count: int) -> NDArray[np.bool_]:
    return np.array([*(form.program != "" for form in ALL[:count]), False])


@lru_cache
def _verbatim(count: int) -> NDArray[np.bool_]:
    return np.array([*(form.body in sysline.BODIES for form in ALL[:count]), False])


def part_of(piece: Piece, logs: Sequence[Log]) -> Part:
    rows, place = piece.rows, None
    if (rows[1:] < rows[:-1]).any():
        order = np.argsort(rows, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        rows = rows[order]
    return Part(piece.batch, logs[piece.batch.log], rows, place)


def short_names(names: Sequence[str]) -> list[str]:
    """Each path cut to as many of its last parts as tell it from the others."""
    parts = [name.split("/") for name in names]
    length = [1] * len(parts)
    while True:
        seen: dict[tuple[str, ...], list[int]] = {}
        for i, part in enumerate(parts):
            seen.setdefault(tuple(part[-length[i] :]), []).append(i)
        clash = [i for same in seen.values() if len(same) > 1 for i in same if length[i] < len(parts[i])]
        if not clash:
            return ["/".join(part[-n:]) for part, n in zip(parts, length, strict=True)]
        for i in clash:
            length[i] += 1
