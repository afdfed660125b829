"""Pieces of a buffer as Arrow strings, and numbers to and from Arrow without the pandas that it would import for it."""

from __future__ import annotations

import contextlib
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats.vector import Bytes, Positions


@cache
def arrow() -> Any:
    """The module `pyarrow`, which takes longer to import than a small log to explain."""
    import pyarrow as pa

    with contextlib.suppress(NotImplementedError):
        # It gives memory back soonest of the pools there are; not every platform's pyarrow has it.
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    return pa


def take(values: Any, index: Any) -> Any:
    """`values.take(index)`, whose indices are known to be right.

    The public way imports pyarrow.compute, which makes some three hundred functions: a tenth of a small run's time.
    """
    try:
        from pyarrow import _compute

        return _compute.call_function("take", [values, index], _compute.TakeOptions(boundscheck=False))
    except (ImportError, AttributeError, TypeError):
        return values.take(index)


def substituted(values: Any, old: str, new: str) -> Any:
    """Strings with every `old` in them replaced; see `take` for the way it is called."""
    try:
        from pyarrow import _compute

        return _compute.call_function("replace_substring", [values], _compute.ReplaceSubstringOptions(old, new))
    except (ImportError, AttributeError, TypeError):
        import pyarrow.compute as pc

        return pc.replace_substring(values, old, new)


def strings(buffer: Bytes, at: Positions, end: Positions) -> Any:
    """The byte strings [at, end), as a LargeBinaryArray; rows may stand in any order but must not overlap."""
    if not len(at):
        return binary(buffer, np.zeros(1, np.int64))
    if (at[1:] < end[:-1]).any():
        order = np.argsort(at, kind="stable")
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return take(strings(buffer, at[order], end[order]), integers(back))
    cuts = np.empty(2 * len(at) + 1, np.int64)
    cuts[0:-1:2], cuts[1::2], cuts[-1] = at, end, end[-1]
    # With what lies between them the strings are neighbours, and neighbours need no copy to be made an array of.
    return take(binary(buffer, cuts), integers(np.arange(0, 2 * len(at), 2)))


def values_of(array: Any, kind: type[np.generic]) -> NDArray[Any]:
    """Of an Arrow array without nulls; its `to_numpy` would import pandas to do it."""
    return np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]


def integers(values: NDArray[np.int64]) -> Any:
    """As an Arrow array; `pa.array` would import pandas to do it."""
    pa = arrow()
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def binary(buffer: Bytes, cuts: Positions) -> Any:
    """The strings between successive cuts, without a copy."""
    # Arrow takes our word for them: cuts that ran backwards would have it read foreign memory.
    if (cuts[1:] < cuts[:-1]).any() or (len(cuts) and (cuts[0] < 0 or cuts[-1] > len(buffer))):
        cuts = np.clip(np.maximum.accumulate(cuts), 0, len(buffer))
    pa = arrow()
    return pa.Array.from_buffers(
        pa.large_binary(), len(cuts) - 1, [None, pa.py_buffer(cuts.astype(np.int64, copy=False)), pa.py_buffer(buffer)]
    )
