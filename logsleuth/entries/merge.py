"""Many streams to one timeline, a batch at a time, never holding more than what overlaps."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.offsets import SECOND
from logsleuth.entries import uptimes
from logsleuth.entries.batch import Batch
from logsleuth.records import dataclass

SLACK = 300 * SECOND
"""How far a line may stand after a younger one in a file whose stamps do not ascend: an access log's slow answers."""
_HELD = 16 << 20
"""So many bytes of a stream wait at most for others that write in the same second."""


@dataclass(slots=True)
class Piece:
    """Entries of one batch, in the order of their keys."""

    batch: Batch
    rows: NDArray[np.int64]
    uptimes: bool = False
    """Lines of the kernel in it may carry its uptime."""

    @property
    def keys(self) -> NDArray[np.int64]:
        """They ascend."""
        return self.batch.key[self.rows]


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
    uptimes: bool
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
    machine: str | None = None
    """Streams of one name are ordered by the kernel's uptime where their keys are equal and their lines carry it."""

    @property
    def waiting(self) -> int:
        """Bytes that are loaded and not yet all told."""
        return sum(len(p.batch.buffer) for p in self.pending)

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
        self.pending.append(_Pending(batch, rows, keys, self.machine is not None and uptimes.carries(batch)))
        self.safe = int(keys[-1]) - (0 if self.ordered else SLACK)
        return True


def merge(streams: Sequence[Stream]) -> Iterator[Merged]:
    """All entries in the order of their keys; equal keys in the order of the streams, then of the file.

    Streams of one machine, which stand side by side, go by the kernel's uptime where it tells which was first.
    """
    first: dict[str | None, int] = {}
    members = Counter(stream.machine for stream in streams)
    members[None] = 0
    for index, stream in enumerate(streams):
        stream.index = index
        first.setdefault(stream.machine, index)
    waiting = [(stream.safe, stream.index) for stream in streams if stream.advance()]
    waiting = [(int(streams[i].safe or 0), i) for _, i in waiting]
    heapq.heapify(waiting)
    while waiting:
        horizon, index = waiting[0]
        # The stream that sets the horizon may go on with more rows at it, which come before those of later streams,
        # and may come before those of the same machine's.
        stream = streams[index]
        apart = members[stream.machine] > 1 and stream.waiting <= _HELD
        last = first[stream.machine] - 1 if apart else index
        made = [(s, _up_to(s, horizon, with_equals=s.index <= last)) for s in streams if s.pending]
        if any(pieces for _, pieces in made):
            yield _interleave(made)
        if stream.advance():
            heapq.heapreplace(waiting, (int(stream.safe or 0), index))
        else:
            heapq.heappop(waiting)
    rest = [(s, _up_to(s, None)) for s in streams if s.pending]
    if rest:
        yield _interleave(rest)


def _up_to(stream: Stream, horizon: int | None, *, with_equals: bool = True) -> list[Piece]:
    pieces = []
    for pending in stream.pending:
        side: Literal["left", "right"] = "right" if with_equals else "left"
        end = len(pending.keys) if horizon is None else int(np.searchsorted(pending.keys, horizon, side=side))
        if end > pending.at:
            pieces.append(Piece(pending.batch, pending.rows[pending.at : end], pending.uptimes))
            pending.at = end
    stream.pending = [p for p in stream.pending if p.at < len(p.keys)]
    return pieces


def _interleave(made: Sequence[tuple[Stream, list[Piece]]]) -> Merged:
    pieces = [piece for _, own in made for piece in own]
    if len(pieces) == 1:
        return Merged(pieces, None)
    keys = np.concatenate([p.keys for p in pieces])
    told = _by_uptime(made, len(keys)) if len(made) > 1 else None
    if told is not None:
        return Merged(pieces, np.lexsort((*told, keys)))
    if (np.diff(keys) >= 0).all():
        return Merged(pieces, None)
    return Merged(pieces, np.argsort(keys, kind="stable"))


def _by_uptime(made: Sequence[tuple[Stream, list[Piece]]], count: int) -> Sequence[NDArray[np.int64]] | None:
    """What equal keys are ordered by, the last first, where several streams of a machine carry uptimes; else None."""
    found: dict[str, list[tuple[slice, list[Piece]]]] = {}
    place, rank = np.empty(count, np.int64), np.zeros(count, np.int64)
    at = 0
    for stream, pieces in made:
        rows = slice(at, at := at + sum(len(p.rows) for p in pieces))
        place[rows] = stream.index
        if stream.machine is not None and any(p.uptimes for p in pieces):
            found.setdefault(stream.machine, []).append((rows, pieces))
    any_told = False
    for files in (files for files in found.values() if len(files) > 1):
        keys = [np.concatenate([p.keys for p in pieces]) for _, pieces in files]
        ranks = uptimes.ranks([[(p.batch, p.rows) for p in pieces] for _, pieces in files], keys)
        if ranks is None:
            continue
        any_told = True
        first = place[files[0][0].start]
        for (rows, _), told in zip(files, ranks, strict=True):
            place[rows], rank[rows] = first, told
    return (rank, place) if any_told else None
