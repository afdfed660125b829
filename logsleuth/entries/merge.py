"""Many streams to one timeline, a batch at a time, never holding more than what overlaps."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND
from logsleuth.entries.batch import Batch

SLACK = 300 * SECOND
"""How far a line may stand after a younger one in a file whose stamps do not ascend: an access log's slow answers."""


@dataclass(slots=True)
class Piece:
    """Entries of one batch, in the order of their keys."""

    batch: Batch
    rows: NDArray[np.int64]


@dataclass(slots=True)
class Merged:
    """The next stretch of the timeline: pieces, and the order that interleaves their rows laid end to end."""

    pieces: list[Piece]
    order: NDArray[np.int64] | None
    """None where there is one piece only, already in order."""

    def __len__(self) -> int:
        return sum(len(p.rows) for p in self.pieces)


@dataclass(slots=True)
class _Pending:
    batch: Batch
    rows: NDArray[np.int64]
    """All rows in the order of their keys."""
    keys: NDArray[np.int64]
    at: int = 0


@dataclass(slots=True)
class Stream:
    """Batches of one stream, and whether their keys ascend."""

    batches: Iterator[Batch]
    ordered: bool = True
    pending: list[_Pending] = field(default_factory=list)
    safe: int | None = None
    """No later batch holds a key below this; None when the stream has ended."""
    index: int = 0

    def advance(self) -> bool:
        """Load one more batch; False at the end."""
        batch = next(self.batches, None)
        while batch is not None and not len(batch):
            batch = next(self.batches, None)
        if batch is None:
            self.safe = None
            return False
        key = batch.key
        if self.ordered:
            rows, keys = np.arange(len(key)), key
        else:
            rows = np.argsort(key, kind="stable")
            keys = key[rows]
        self.pending.append(_Pending(batch, rows, keys))
        self.safe = int(keys[-1]) - (0 if self.ordered else SLACK)
        return True


def merge(streams: Sequence[Stream]) -> Iterator[Merged]:
    """All entries in the order of their keys; equal keys in the order of the streams, then of the file."""
    for index, stream in enumerate(streams):
        stream.index = index
    waiting = [(stream.safe, stream.index) for stream in streams if stream.advance()]
    waiting = [(int(streams[i].safe or 0), i) for _, i in waiting]
    heapq.heapify(waiting)
    while waiting:
        horizon, index = waiting[0]
        # The stream that sets the horizon may go on with more rows at it, which come before those of later streams.
        pieces = [
            p
            for stream in streams
            if stream.pending
            for p in _up_to(stream, horizon, with_equals=stream.index <= index)
        ]
        if pieces:
            yield _interleave(pieces)
        if streams[index].advance():
            heapq.heapreplace(waiting, (int(streams[index].safe or 0), index))
        else:
            heapq.heappop(waiting)
    rest = [p for stream in streams for p in _up_to(stream, None)]
    if rest:
        yield _interleave(rest)


def _up_to(stream: Stream, horizon: int | None, *, with_equals: bool = True) -> list[Piece]:
    pieces = []
    for pending in stream.pending:
        side: Literal["left", "right"] = "right" if with_equals else "left"
        end = len(pending.keys) if horizon is None else int(np.searchsorted(pending.keys, horizon, side=side))
        if end > pending.at:
            pieces.append(Piece(pending.batch, pending.rows[pending.at : end]))
            pending.at = end
    stream.pending = [p for p in stream.pending if p.at < len(p.keys)]
    return pieces


def _interleave(pieces: list[Piece]) -> Merged:
    if len(pieces) == 1:
        return Merged(pieces, None)
    keys = np.concatenate([p.batch.key[p.rows] for p in pieces])
    if (np.diff(keys) >= 0).all():
        return Merged(pieces, None)
    return Merged(pieces, np.argsort(keys, kind="stable"))
