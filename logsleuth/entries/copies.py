"""A message that a journal and a text file of one machine both hold is one entry, not two.

So is a line of a capture that a log with stamps holds, from which it has its time (`clock.captures`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.clock.twins import Twins
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged, Piece
from logsleuth.formats import body, vector
from logsleuth.formats.vector import Mask, Positions, Words
from logsleuth.records import dataclass

NEAR = 2 * SECOND
"""Two writers stamp one message within this."""
LATE = 60 * SECOND
"""A syslogd that starts after the messages of the boot, or is kept waiting, stamps them when it gets to them."""
_STORE = 0
_BLANKS = 8
_WAIT = 16
"""So many stretches wait at most."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the timeline that waits for those that follow."""

    merged: Merged
    place: NDArray[np.int64]
    """Which of its rows, laid end to end, stands where on the timeline."""
    rows: NDArray[np.int64]
    """In that order: hash, time, side, reach and key (see `Copies`); empty where no log of it takes part."""

    @property
    def last(self) -> int:
        """Key of its last entry, at least the first that can be told."""
        return max(int(self.rows[4].max(initial=UNKNOWN)), UNKNOWN + LATE)


@dataclass(slots=True)
class Copies:
    """Which logs may hold the same messages, and how many copies were left out so far."""

    machines: dict[int, int]
    """For the index of a log that takes part, a number of its machine."""
    stores: frozenset[int]
    twins: dict[int, Twins] = field(default_factory=dict)
    """Of logs that are captures."""
    count: int = 0
    captured: int = 0
    """Lines of captures that were left out."""
    _past: NDArray[np.int64] = field(default_factory=lambda: np.empty((5, 0), np.int64))
    """Columns of the last minute's messages: hash, time, side, reach, key."""

    def without_twins(self, merged: Merged) -> Merged:
        """A stretch without the entries of captures that another log holds."""
        if not any(p.batch.log in self.twins for p in merged.pieces):
            return merged
        drop = np.concatenate([self._twin(p) for p in merged.pieces])
        self.captured += int(drop.sum())
        return _without(merged, drop) if drop.any() else merged

    def _twin(self, piece: Piece) -> Mask:
        twins = self.twins.get(piece.batch.log)
        if twins is None:
            return np.zeros(len(piece.rows), bool)
        return twins.copies(piece.batch.start[piece.rows] + piece.batch.base)

    def looked(self, merged: Merged) -> _Stretch:
        """A stretch and what is compared of its entries."""
        place = np.arange(len(merged)) if merged.order is None else merged.order
        if not any(p.batch.log in self.machines for p in merged.pieces):
            return _Stretch(merged, place, np.empty((5, 0), np.int64))
        rows = np.concatenate([self._columns(piece) for piece in merged.pieces], axis=1)
        return _Stretch(merged, place, rows[:, place])

    def left_out(self, stretches: Sequence[_Stretch]) -> Merged:
        """The first stretch without the entries that are copies of others in it, before it or in those that follow."""
        first = stretches[0]
        if not first.rows.size:
            return first.merged
        begin = self._past.shape[1]
        copy = _second(np.concatenate((self._past, *(s.rows for s in stretches)), axis=1))
        copy = copy[begin : begin + first.rows.shape[1]]
        past = np.concatenate((self._past, first.rows), axis=1)
        self._past = past[:, (past[4] > first.last - LATE) & (past[2] >= 0)]
        if not copy.any():
            return first.merged
        self.count += int(copy.sum())
        drop = np.zeros(len(first.place), bool)
        drop[first.place[copy]] = True
        return _without(first.merged, drop)

    def _columns(self, piece: Piece) -> NDArray[np.int64]:
        """Hash, time, side (a text's number, the store's; -1: takes no part), reach and key of a piece's rows."""
        batch, rows = piece.batch, piece.rows
        out = np.full((5, len(rows)), -1, np.int64)
        out[1], out[4] = batch.time[rows], batch.key[rows]
        machine = self.machines.get(batch.log)
        if machine is None:
            return out
        columns = batch.columns(rows)
        buffer = batch.buffer
        at, stop = _after_uptime(batch, columns.text_at), batch.line_stop[rows]
        name = batch.view[columns.program_at]
        # Who writes before a syslogd runs: the kernel, systemd and its helpers.
        early = (columns.program_end - columns.program_at == 6) & (name & vector.KEEP[6] == vector.word(b"kernel"))
        early |= (columns.program_end - columns.program_at >= 7) & (name & vector.KEEP[7] == vector.word(b"systemd"))
        early |= name & vector.KEEP[6] == vector.word(b"(udev-")
        # Blanks at a message's ends are not kept by every writer.
        at = body.skip_spaces(buffer, at, stop)
        for _ in range(_BLANKS):
            blank = (stop > at) & (buffer[np.maximum(stop - 1, 0)] == ord(" "))
            if not blank.any():
                break
            stop = stop - blank
        seed = hashed(batch.view, columns.program_at, columns.program_end, np.full(len(rows), machine, np.uint64))
        out[0] = hashed(batch.view, at, stop, seed).view(np.int64)
        takes_part = (columns.program_end > columns.program_at) & (batch.time[rows] != UNKNOWN)
        out[2] = np.where(takes_part, _STORE if batch.log in self.stores else batch.log + 1, -1)
        out[3] = np.where(early, LATE, NEAR)
        return out


def copies(logs: Sequence[Log]) -> Copies | None:
    """None where no machine has a journal beside texts of syslog's kind, or a capture of lines that stand in these."""
    numbers = {name: k for k, name in enumerate(dict.fromkeys(log.machine for log in logs))}
    fit = [log for log in logs if log.format.kind == "syslog"]
    stores = {log.machine for log in fit if log.source.store}
    texts = {log.machine for log in fit if not log.source.store}
    machines = {log.index: numbers[log.machine] for log in fit if log.machine in stores & texts}
    twins = {log.index: log.twins for log in logs if log.twins is not None}
    if not machines and not twins:
        return None
    return Copies(machines, frozenset(log.index for log in fit if log.source.store), twins)


def without_copies(stretches: Iterator[Merged], known: Copies | None) -> Iterator[Merged]:
    """The same timeline with each message once.

    A stretch waits until those that follow reach so far that no copy of its messages can come any more.
    """
    if known is None:
        yield from stretches
        return
    stretches = map(known.without_twins, stretches)
    if not known.machines:
        yield from filter(len, stretches)
        return
    waiting: deque[_Stretch] = deque()
    for merged in stretches:
        waiting.append(known.looked(merged))
        last = waiting[-1].last
        while len(waiting) > _WAIT or (len(waiting) > 1 and waiting[0].last + LATE < last):
            yield from filter(len, (known.left_out(waiting),))
            waiting.popleft()
    while waiting:
        yield from filter(len, (known.left_out(waiting),))
        waiting.popleft()


def _second(rows: NDArray[np.int64]) -> Mask:
    """Which of some messages, in the order of the timeline, stand before them in a file of the other kind already.

    In a run of equal messages close to each other the n-th of each file is a copy of the n-th of the store: of those
    that the store holds, and a text at least, the first is kept.
    """
    out = np.zeros(rows.shape[1], bool)
    some = np.flatnonzero(rows[2] >= 0)
    if not len(some):
        return out
    order = some[np.lexsort((some, rows[1][some], rows[0][some]))]
    code, time, side, reach, _ = rows[:, order]
    breaks = (code[1:] != code[:-1]) | (time[1:] - time[:-1] > reach[1:])
    group = np.concatenate(([0], np.cumsum(breaks)))
    nth = _nth(group * (int(side.max()) + 1) + side)
    # A cell holds what may be one message: the n-th of each file in a group.
    _, cell = np.unique(group * (int(nth.max()) + 1) + nth, return_inverse=True)
    held = np.bincount(cell, side == _STORE) > 0
    held &= np.bincount(cell, side != _STORE) > 0
    first = np.full(int(cell.max()) + 1, rows.shape[1])
    np.minimum.at(first, cell, order)
    out[order[held[cell] & (order != first[cell])]] = True
    return out


def _nth(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each key how many equal ones stand before it."""
    place = np.argsort(keys, kind="stable")
    ranked = keys[place]
    out = np.empty(len(keys), np.int64)
    out[place] = np.arange(len(keys)) - np.searchsorted(ranked, ranked, side="left")
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
