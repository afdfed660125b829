"""Entries written out for a reader: of a JSON object its message without escapes, and behind it what else it says.

Whoever shows or matches messages takes the entries from here. What is made has new bytes, but the same lines, times
and columns; entries of other formats in it are copied as they stand. Evidence and `--format raw` stay with the file's
own bytes.
"""

from __future__ import annotations

from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.entries.arrow import binary, integers, take
from logsleuth.entries.batch import Batch
from logsleuth.formats import vector
from logsleuth.formats.model import Columns, Spelling
from logsleuth.formats.registry import ALL, table
from logsleuth.formats.split import PADDING
from logsleuth.formats.vector import Bytes, Mask, Positions, distinct
from logsleuth.records import dataclass

Rows = NDArray[np.int64]

_HOST, _PROGRAM, _TEXT, _REST = range(4)
"""Columns of an index: which string stands where in an entry that is written out."""


def needs_spelling(batch: Batch, rows: Rows | None = None) -> bool:
    """Some of the entries are in a format whose messages do not stand as they are in the file."""
    if not table("spelling")[batch.kinds].any():
        return False
    return bool(table("spelling")[batch.layout if rows is None else batch.layout[rows]].any())


def spelled(batch: Batch, rows: Rows, *, flat: bool = False) -> tuple[Batch, Rows]:
    """Some entries written out, in the order of the file, and where each of `rows` stands among them.

    `flat`: for patterns, a message is one line whatever breaks it holds, and the rest of an object has no escapes.
    """
    place = np.arange(len(rows))
    if (rows[1:] < rows[:-1]).any():
        order = np.argsort(rows, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        rows = rows[order]
    made = _Made(batch, rows, flat)
    for kind in distinct(batch.layout[rows]).tolist():
        made.add(int(kind), np.flatnonzero(batch.layout[rows] == kind))
    return made.batch(), place


@dataclass
class _Strings:
    """Pieces of several buffers, by number."""

    buffers: list[Bytes] = field(default_factory=list)
    cuts: list[Positions] = field(default_factory=list)
    size: int = 0
    count: int = 0

    def add(self, buffer: Bytes, cuts: Positions) -> int:
        """The strings between successive cuts, which ascend; the number of the first is returned."""
        first = self.count
        self.buffers.append(buffer)
        self.cuts.append(cuts + self.size)
        self.size += len(buffer)
        self.count += len(cuts)
        return first

    def texts(self, values: list[bytes]) -> NDArray[np.int64]:
        cuts = np.zeros(len(values) + 1, np.int64)
        np.cumsum([len(v) for v in values], out=cuts[1:])
        return self.add(np.frombuffer(b"".join(values), np.uint8), cuts) + np.arange(len(values))

    def spans(self, buffer: Bytes, bounds: list[tuple[Positions, Positions]]) -> list[NDArray[np.int64]]:
        """For each of `bounds`, none of which overlap in a row, the strings [at, end); rows ascend."""
        at, end = np.stack([a for a, _ in bounds], axis=1), np.stack([e for _, e in bounds], axis=1)
        key = at * 2 + (end > at)
        order = np.argsort(key[0], kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        if (key[:, order[1:]] < key[:, order[:-1]]).any():
            each = np.argsort(key, axis=1, kind="stable")
            at, end = np.take_along_axis(at, each, 1), np.take_along_axis(end, each, 1)
            ranks = np.argsort(each, axis=1)
        else:
            at, end = at[:, order], end[:, order]
            ranks = np.broadcast_to(rank, at.shape)
        cuts = np.stack((at, end), axis=2).reshape(-1)
        low, high = int(cuts[0]), int(cuts.max())
        first = self.add(buffer[low:high], cuts - low)
        base = first + np.arange(len(at)) * at.shape[1] * 2
        return [base + 2 * ranks[:, k] for k in range(at.shape[1])]

    def taken(self, index: NDArray[np.int64]) -> tuple[Bytes, NDArray[np.int64]]:
        """The strings of an index, row after row, and the length of each of them."""
        cuts = np.concatenate(self.cuts)
        array = take(binary(np.concatenate(self.buffers), cuts), integers(index.reshape(-1)))
        lengths = np.diff(cuts, append=cuts[-1])[index[:-1]] if len(cuts) else index
        return np.frombuffer(array.buffers()[2], np.uint8), lengths


def _within(at: Positions, end: Positions, rest: tuple[tuple[Positions, Positions], ...]) -> Mask:
    """Texts that lie within a stretch of the rest."""
    inside = np.zeros(len(at), bool)
    for first, last in rest:
        inside |= (first <= at) & (end <= last) & (first < last) & (at < end)
    return inside


class _Made:
    """Strings of which the new entries are made, gathered format by format."""

    def __init__(self, batch: Batch, rows: Rows, flat: bool) -> None:  # noqa: FBT001 - internal
        self._batch, self._rows, self._flat = batch, rows, flat
        self._strings = _Strings()
        self._empty, self._end, padding = self._strings.texts([b"", b"\n", PADDING]).tolist()
        self._padding = padding
        self._indices: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        self._copied: list[tuple[NDArray[np.int64], Columns]] = []
        count = len(rows)
        self._pid, self._severity = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
        self._break = np.full(count, -1, np.int64)
        """Where in its text a message has its first line break."""
        self._tail = np.zeros(count, np.int64)
        """Bytes of further lines."""

    def add(self, kind: int, place: NDArray[np.int64]) -> None:
        """Take up the entries of one layout."""
        batch, rows = self._batch, self._rows[place]
        columns = batch.columns_of(kind, rows)
        self._pid[place], self._severity[place] = columns.pid, columns.severity
        spelling = ALL[kind].spelling if kind >= 0 else None
        if spelling is None or columns.text_end is None:
            whole = self._strings.spans(batch.buffer, [(batch.start[rows], batch.stop[rows])])[0]
            index = np.full((len(rows), _REST), self._empty)
            index[:, _TEXT] = whole
            self._copied.append((place, columns))
        else:
            index = self._index(place, columns, columns.text_end, spelling)
        self._indices.append((place, index))

    def _index(
        self, place: NDArray[np.int64], c: Columns, text_end: Positions, spelling: Spelling
    ) -> NDArray[np.int64]:
        batch, strings = self._batch, self._strings
        rows = self._rows[place]
        names = strings.spans(batch.buffer, [(c.host_at, c.host_end), (c.program_at, c.program_end)])
        tail_at, tail_end = batch.line_stop[rows], batch.stop[rows]
        # A message that stands within a member of the rest is a string of its own: spans of a row must not overlap.
        within = _within(c.text_at, text_end, c.rest)
        said = np.where(within, tail_at, c.text_at), np.where(within, tail_at, text_end)
        parts = strings.spans(batch.buffer, [said, *c.rest, (tail_at, tail_end)])
        text = parts[0]
        if within.any():
            text[within] = strings.spans(batch.buffer, [(c.text_at[within], text_end[within])])[0]
        self._tail[place] = tail_end - tail_at
        escaped = np.flatnonzero(c.escaped) if c.escaped is not None else np.empty(0, np.int64)
        if len(escaped):
            data = batch.buffer.data
            spans = zip(c.text_at[escaped].tolist(), text_end[escaped].tolist(), strict=True)
            texts = [self._one_line(spelling.read(bytes(data[a:b]))) for a, b in spans]
            text[escaped] = strings.texts(texts)
            self._break[place[escaped]] = [value.find(b"\n") for value in texts]
        silent = text_end <= c.text_at
        return np.stack([*names, text, *self._rest(rows, c, silent, parts[1:-1], spelling), parts[-1]], axis=1)

    def _rest(
        self, rows: Rows, c: Columns, silent: Mask, parts: list[NDArray[np.int64]], spelling: Spelling
    ) -> list[NDArray[np.int64]]:
        """The strings behind the message: none where nothing is left to say."""
        full = [end > at for at, end in c.rest]
        if not any(mask.any() for mask in full):
            return []
        opened, bare, between, closed = self._strings.texts(
            [spelling.opened, spelling.opened.lstrip(), spelling.between, spelling.closed]
        ).tolist()
        before = np.zeros(len(rows), bool)
        out = []
        for mask, part in zip(full, parts, strict=True):
            if mask.any():
                first = np.where(silent, bare, opened)
                out += [np.where(mask, np.where(before, between, first), self._empty), part]
                before |= mask
        out.append(np.where(before, closed, self._empty))
        if self._flat:
            self._unescaped(rows, c, before, out, spelling)
        return out

    def _unescaped(self, rows: Rows, c: Columns, some: Mask, out: list[NDArray[np.int64]], spelling: Spelling) -> None:
        """Write the rest anew in those rows that hold a backslash."""
        buffer, start, stop = self._batch.buffer, self._batch.start[rows], self._batch.line_stop[rows]
        slashes = np.flatnonzero(buffer[int(start[0]) : int(stop[-1])] == ord("\\")) + int(start[0])
        row = np.unique(np.searchsorted(start, slashes, side="right") - 1)
        row = row[some[row]]
        data = buffer.data
        texts = []
        for k in row.tolist():
            parts = [bytes(data[int(at[k]) : int(end[k])]) for at, end in c.rest if end[k] > at[k]]
            texts.append(self._one_line(spelling.read(spelling.between.join(parts))))
        for part in out[1:-1]:
            part[row] = self._empty
        out[1][row] = self._strings.texts(texts)

    def _one_line(self, text: bytes) -> bytes:
        return b" ".join(text.splitlines()) if self._flat else text

    def batch(self) -> Batch:
        """The new entries."""
        old, rows = self._batch, self._rows
        count = len(rows)
        width = max(index.shape[1] for _, index in self._indices) + 1
        index = np.full((count + 1, width), self._empty)
        for place, some in self._indices:
            index[place[:, None], np.arange(some.shape[1])] = some
        index[:-1, -1] = self._end
        index[-1, 0] = self._padding
        buffer, lengths = self._strings.taken(index)
        cuts = np.zeros(count + 1, np.int64)
        np.cumsum(lengths.sum(axis=1), out=cuts[1:])
        start, stop = cuts[:-1], cuts[1:] - 1
        host_end = start + lengths[:, _HOST]
        program_end = host_end + lengths[:, _PROGRAM]
        text_end = program_end + lengths[:, _TEXT]
        line_stop = np.where(self._break >= 0, program_end + self._break, stop - self._tail)
        columns = [start.copy(), host_end, host_end.copy(), program_end, program_end.copy()]
        lead, body = start.copy(), program_end.copy()
        for place, own in self._copied:
            shift = start[place] - old.start[rows[place]]
            own_columns = (own.host_at, own.host_end, own.program_at, own.program_end, own.text_at)
            for column, values in zip(columns, own_columns, strict=True):
                column[place] = values + shift
            lead[place] = start[place] if own.lead_end is None else own.lead_end + shift
            body[place] = old.body[rows[place]] + shift
            text_end[place] = stop[place]
            line_stop[place] = old.line_stop[rows[place]] + shift
        host_at, host_end, program_at, program_end, text_at = columns
        known = Columns(host_at, host_end, program_at, program_end, self._pid, self._severity, text_at, lead, text_end)
        return Batch(
            old.log,
            buffer,
            vector.words(buffer),
            start,
            stop,
            line_stop,
            body,
            old.line[rows],
            old.time[rows],
            old.key[rows],
            old.layout[rows],
            None if old.torn is None else old.torn[rows],
            0,
            known_columns=known,
        )
