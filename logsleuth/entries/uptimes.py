"""What the kernel's uptime tells of lines that several files stamp with the same second: which was written first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.entries.batch import Batch
from logsleuth.formats import vector
from logsleuth.formats.uptime import Uptime
from logsleuth.formats.vector import Mask, distinct

Rows = NDArray[np.int64]
_MARK = b"kernel: ["
_FIRST = b" 0123456789"
_KERNEL = vector.word(b"kernel")
_UPTIME = Uptime()


def carries(batch: Batch) -> bool:
    """Whether a kernel's line may carry its uptime there."""
    if native.lib is not None:
        return native.lib.followed(batch.buffer, _MARK, _FIRST)
    data = bytes(batch.buffer.data)
    at = data.find(_MARK)
    while at >= 0 and data[at + len(_MARK)] not in _FIRST:
        at = data.find(_MARK, at + len(_MARK))
    return at >= 0


def ranks(files: Sequence[Sequence[tuple[Batch, Rows]]], keys: Sequence[Rows]) -> list[Rows] | None:
    """For each file's rows (and their keys) a number: of equal keys the lower was written first; None if all are equal.

    A line of another program stands with the kernel's line above it in its file, so that no file's order is broken.
    """
    tied = _repeated(np.concatenate([_once(key) for key in keys]))
    asked = [np.flatnonzero(_among(key, tied)) for key in keys]
    found = [_uptimes(file, rows) for file, rows in zip(files, asked, strict=True)]
    told = [_once(key[rows[at >= 0]]) for key, rows, at in zip(keys, asked, found, strict=True)]
    tied = _repeated(np.concatenate(told))
    if not len(tied):
        return None
    out = [np.zeros(len(key), np.int64) for key in keys]
    known = distinct(np.concatenate(found))
    for rank, key, rows, at in zip(out, keys, asked, found, strict=True):
        mine = _among(key[rows], tied)
        own = rows[mine]
        run = np.cumsum(np.append(0, np.diff(key[own]) != 0)[: len(own)]) * len(known)
        rank[own] = np.maximum.accumulate(run + np.searchsorted(known, at[mine])) - run
    return out


def _once(key: Rows) -> Rows:
    """The different ones of ascending keys."""
    once: Rows = key[np.append(True, key[1:] != key[:-1])[: len(key)]]
    return once


def _repeated(keys: Rows) -> Rows:
    """The keys that stand more than once there, ascending."""
    ordered = np.sort(keys)
    return _once(ordered[1:][ordered[1:] == ordered[:-1]])


def _among(keys: Rows, ascending: Rows) -> Mask:
    place = np.searchsorted(ascending, keys)
    held: Mask = (
        ascending[np.minimum(place, len(ascending) - 1)] == keys if len(ascending) else np.zeros(len(keys), bool)
    )
    return held


def _uptimes(file: Sequence[tuple[Batch, Rows]], asked: Rows) -> Rows:
    """Nanoseconds since the boot of some of a file's rows (laid end to end), -1 where a line does not tell."""
    out = np.full(len(asked), -1, np.int64)
    begin = 0
    for batch, rows in file:
        low, high = np.searchsorted(asked, (begin, begin + len(rows)))
        out[low:high] = _of_batch(batch, rows[asked[low:high] - begin])
        begin += len(rows)
    return out


def _of_batch(batch: Batch, rows: Rows) -> Rows:
    """Nanoseconds since the boot, -1 where a line does not tell."""
    columns = batch.columns(rows)
    own = (batch.view[columns.program_at] & vector.KEEP[6] == _KERNEL) & (columns.program_end - columns.program_at == 6)
    out = np.full(len(rows), -1, np.int64)
    kernels = np.flatnonzero(own)
    got = _UPTIME.decode(batch.buffer, batch.view, columns.text_at[kernels], batch.line_stop[rows[kernels]])
    out[kernels] = np.where(got.valid, got.wall, -1)
    return out
