"""Strings of many buffers, picked by number and laid end to end in one native pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.entries.arrow import binary, integers, take
from logsleuth.formats.vector import Bytes, Positions

Index = NDArray[np.int64]
"""Numbers of strings in a pool; of two dimensions, a row for each line."""


class Pool:
    """All strings that the lines of a stretch are made of; `join` empties it for the next one."""

    def __init__(self) -> None:
        self._scratch = np.empty(0, np.uint8)
        self._clear()

    def _clear(self) -> None:
        self._buffers: list[Bytes] = []
        self._cuts: list[Positions] = []
        self._size = 0
        self._count = 0
        self._constants: dict[bytes, int] = {}
        self.empty = self.constant(b"")

    def add(self, buffer: Bytes, cuts: Positions) -> int:
        """The strings between successive cuts, which must ascend; the number of the first is returned."""
        first = self._count
        self._buffers.append(buffer)
        self._cuts.append(cuts + self._size)
        self._size += len(buffer)
        # From the last cut to the first one of the next buffer there is a string too, which nobody asks for.
        self._count += len(cuts)
        return first

    def constant(self, text: bytes) -> int:
        """The number of a text that many lines share."""
        if text not in self._constants:
            self._constants[text] = self.add(np.frombuffer(text, np.uint8), np.array([0, len(text)]))
        return self._constants[text]

    def matrix(self, rows: NDArray[np.uint8]) -> Index:
        """A string for each row of a matrix of bytes."""
        count, width = rows.shape
        return self.add(rows.reshape(-1), np.arange(count + 1) * width) + np.arange(count)

    def columns(self, buffer: Bytes, *bounds: Positions) -> list[Index]:
        """For each pair at, end of `bounds`, in the order of the buffer, the strings [at, end); rows ascend too."""
        base = int(bounds[0][0])
        cuts = np.stack(bounds, axis=1).reshape(-1)
        first = self.add(buffer[base : int(cuts[-1])], cuts - base)
        rows = first + np.arange(len(bounds[0])) * len(bounds)
        return [rows + k for k in range(0, len(bounds), 2)]

    def strings(self, values: Any) -> Index:
        """A string for each of a LargeBinaryArray without nulls."""
        _, offsets, content = values.buffers()
        cuts = np.frombuffer(offsets, np.int64, len(values) + 1, values.offset * 8)
        text = np.frombuffer(content, np.uint8)[cuts[0] : cuts[-1]] if content else np.empty(0, np.uint8)
        return self.add(text, cuts - cuts[0]) + np.arange(len(values))

    def texts(self, values: Sequence[bytes]) -> Index:
        """A string for each of some Python texts."""
        cuts = np.zeros(len(values) + 1, np.int64)
        np.cumsum([len(v) for v in values], out=cuts[1:])
        return self.add(np.frombuffer(b"".join(values), np.uint8), cuts) + np.arange(len(values))

    def stack(self, blocks: Sequence[Index]) -> Index:
        """Blocks of rows below each other, the narrower ones filled up with nothing."""
        if len(blocks) == 1:
            return blocks[0]
        out = np.full((sum(map(len, blocks)), max(b.shape[1] for b in blocks)), self.empty)
        begin = 0
        for block in blocks:
            out[begin : begin + len(block), : block.shape[1]] = block
            begin += len(block)
        return out

    def lengths(self, index: Index) -> Positions:
        """How many bytes each row will have."""
        sizes = np.diff(np.concatenate(self._cuts), append=self._size)
        total: Positions = sizes[index].sum(axis=1)
        return total

    def join(self, index: Index) -> memoryview:
        """The strings of all rows, one row after another."""
        if self._size > len(self._scratch):
            # Memory that is used again is not given out page by page again.
            self._scratch = np.empty(self._size + self._size // 4, np.uint8)
        np.concatenate(self._buffers, out=self._scratch[: self._size])
        array = binary(self._scratch[: self._size], np.concatenate(self._cuts))
        taken = take(array, integers(index.reshape(-1)))
        self._clear()
        return memoryview(taken.buffers()[2])
