"""A message that a journal and a text file of one machine both hold is one entry, not two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged, Piece
from logsleuth.formats import vector
from logsleuth.formats.vector import Mask, Positions, Words

NEAR = 2 * SECOND
"""Two writers stamp one message within this."""
LATE = 60 * SECOND
"""A syslogd that starts after the messages of the boot, or is kept waiting, stamps them when it gets to them."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(slots=True)
class Copies:
    """Which logs may hold the same messages, and how many copies were left out so far."""

    machines: dict[int, int]
    """For the index of a log that takes part, a number of its machine."""
    stores: frozenset[int]
    count: int = 0
    _past: NDArray[np.int64] = field(default_factory=lambda: np.empty((4, 0), np.int64))
    """Columns of the last minute's messages: hash, time, in a store, reach."""

    def left_out(self, merged: Merged) -> Merged:
        """A stretch without the entries whose message stood before them in a file of the other kind."""
        sides = {self.machines[p.batch.log]: set[bool]() for p in merged.pieces if p.batch.log in self.machines}
        if not sides:
            return merged
        rows = np.concatenate([self._columns(piece) for piece in merged.pieces], axis=1)
        place = np.arange(rows.shape[1]) if merged.order is None else merged.order
        now = rows[:, place]
        both = np.concatenate((self._past, now), axis=1)
        copy = _second(both)[self._past.shape[1] :]
        last = int(now[1].max(initial=UNKNOWN))
        self._past = both[:, (both[1] > last - LATE) & (both[2] >= 0)]
        if not copy.any():
            return merged
        self.count += int(copy.sum())
        drop = np.zeros(len(place), bool)
        drop[place[copy]] = True
        return _without(merged, drop)

    def _columns(self, piece: Piece) -> NDArray[np.int64]:
        """Hash, time, whether from a store (-1: takes no part) and reach of a piece's rows."""
        batch, rows = piece.batch, piece.rows
        out = np.full((4, len(rows)), -1, np.int64)
        out[1] = batch.time[rows]
        machine = self.machines.get(batch.log)
        if machine is None:
            return out
        columns = batch.columns(rows)
        buffer = batch.buffer
        at, stop = _after_uptime(batch, columns.text_at), batch.line_stop[rows]
        kernel = (columns.program_end - columns.program_at == 6) & (
            batch.view[columns.program_at] & vector.KEEP[6] == vector.word(b"kernel")
        )
        # Some end their messages in a blank, which not every writer keeps.
        stop = stop - ((stop > at) & (buffer[np.maximum(stop - 1, 0)] == ord(" ")))
        seed = hashed(batch.view, columns.program_at, columns.program_end, np.full(len(rows), machine, np.uint64))
        out[0] = hashed(batch.view, at, stop, seed).view(np.int64)
        takes_part = (columns.program_end > columns.program_at) & (batch.time[rows] != UNKNOWN)
        out[2] = np.where(takes_part, int(batch.log in self.stores), -1)
        out[3] = np.where(kernel, LATE, NEAR)
        return out


def copies(logs: Sequence[Log]) -> Copies | None:
    """None where no machine has a journal beside texts of syslog's kind."""
    numbers = {name: k for k, name in enumerate(dict.fromkeys(log.machine for log in logs))}
    fit = [log for log in logs if log.format.kind == "syslog"]
    stores = {log.machine for log in fit if log.source.store}
    texts = {log.machine for log in fit if not log.source.store}
    machines = {log.index: numbers[log.machine] for log in fit if log.machine in stores & texts}
    if not machines:
        return None
    return Copies(machines, frozenset(log.index for log in fit if log.source.store))


def without_copies(stretches: Iterator[Merged], known: Copies | None) -> Iterator[Merged]:
    """The same timeline with each message once."""
    if known is None:
        yield from stretches
        return
    for merged in stretches:
        left = known.left_out(merged)
        if len(left):
            yield left


def _second(rows: NDArray[np.int64]) -> Mask:
    """Which of some messages, in the order of the timeline, are the second of a pair from a store and a text.

    In a run of equal messages close to each other the n-th of the one side is a copy of the n-th of the other.
    """
    out = np.zeros(rows.shape[1], bool)
    some = np.flatnonzero(rows[2] >= 0)
    if not len(some):
        return out
    order = some[np.lexsort((some, rows[1][some], rows[0][some]))]
    code, time, side, reach = rows[:, order]
    breaks = (code[1:] != code[:-1]) | (time[1:] - time[:-1] > reach[1:])
    group = np.concatenate(([0], np.cumsum(breaks)))
    rank = np.empty(len(order), np.int64)
    count = np.zeros((2, group[-1] + 1), np.int64)
    for k in (0, 1):
        own = np.flatnonzero(side == k)
        groups = group[own]
        first = np.searchsorted(groups, groups, side="left")
        rank[own] = np.arange(len(own)) - first
        count[k] = np.bincount(groups, minlength=group[-1] + 1)
    paired = rank < np.minimum(count[0], count[1])[group]
    # Pair by pair: the same group and rank, one of each side.
    pairs = np.flatnonzero(paired)
    pairs = pairs[np.lexsort((order[pairs], rank[pairs], group[pairs]))]
    out[order[pairs[1::2]]] = True
    return out


def _without(merged: Merged, drop: Mask) -> Merged:
    pieces, begin = [], 0
    for piece in merged.pieces:
        kept = piece.rows[~drop[begin : begin + len(piece.rows)]]
        begin += len(piece.rows)
        if len(kept):
            pieces.append(Piece(piece.batch, kept))
    order = merged.order
    if order is not None:
        number = np.cumsum(~drop) - 1
        order = number[order[~drop[order]]]
    return Merged(pieces, order)


def _after_uptime(batch: Batch, at: Positions) -> Positions:
    """Behind the `[   12.345678] ` that syslog's texts keep before the kernel's messages and the journal does not."""
    buffer, view = batch.buffer, batch.view
    opened = buffer[at] == ord("[")
    if not opened.any():
        return at
    close = vector.find_byte(view, at, at + 24, ord("]"))
    dot = close - 7
    fits = opened & (close < at + 24) & (dot > at) & (buffer[np.maximum(dot, 0)] == ord("."))
    after = close + 1
    after = after + (buffer[np.minimum(after, len(buffer) - 1)] == ord(" "))
    behind: Positions = np.where(fits, after, at)
    return behind


def hashed(view: Words, at: Positions, stop: Positions, seed: Words) -> Words:
    """A hash of the bytes [at, stop) of every row."""
    out: Words = (seed + np.uint64(1)) * _PRIME + np.maximum(stop - at, 0).astype(np.uint64)
    rows = np.flatnonzero(at < stop)
    place = at[rows]
    while rows.size:
        left = np.minimum(stop[rows] - place, 8)
        mixed: Words = (out[rows] ^ (view[place] & vector.KEEP[left])) * _PRIME
        out[rows] = mixed ^ (mixed >> _SHIFT)
        place = place + 8
        more = place < stop[rows]
        rows, place = rows[more], place[more]
    return out
