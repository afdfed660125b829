"""The loops that cost most, in C where a compiler was there when the program was installed.

Each has a way in NumPy beside it, at the place that asks for it, which gives the same and is taken where `lib` is None.
`LOGSLEUTH_NATIVE=0` in the environment asks for that.
"""

from __future__ import annotations

import importlib
import os
from typing import Any, Protocol, cast

from numpy.typing import NDArray

Log = bytes | NDArray[Any]
"""The bytes of a log."""
Column = NDArray[Any]
"""A value a row, contiguous: int64, masks apart."""


class Loops(Protocol):
    """What the module has; above each function in the C files stands what it does.

    Positions are checked: IndexError where one lies outside of its buffer, ValueError for a column of another length.
    """

    def lines(self, data: bytes, size: int, /) -> tuple[bytearray, bytearray, int, int, int, int]: ...
    def plain(self, data: Log, low: int, high: int, /) -> bool: ...
    def followed(self, data: Log, mark: bytes, after: bytes, /) -> bool: ...
    def find_any(self, data: Log, start: Column, stop: Column, wanted: bytes, found: Column, /) -> None: ...
    def skip_spaces(self, data: Log, at: Column, stop: Column, most: int, /) -> None: ...
    def numbers(self, data: Log, at: Column, values: Column, ends: Column, /) -> None: ...
    def behind_word(self, data: Log, start: Column, stop: Column, word: bytes, out: Column, /) -> bool: ...
    def stamps(
        self,
        data: Log,
        at: Column,
        stop: Column,
        first: int,
        template: tuple[int, int, int, int, int, int],
        tail: bytes,
        dates: bytes,
        days: Column,
        zones: bytes,
        values: Column,
        valid: Column,
        wall: Column,
        offset: Column,
        end: Column,
        /,
    ) -> tuple[int, int, int, int]: ...
    def digits(self, instants: Column, /) -> int: ...
    def compose(self, parts: list[Any], order: Column | None, out: Column, /) -> int: ...
    def kinds(
        self, data: bytes | memoryview, hashes: Column, states: Column, seed: Column, /
    ) -> tuple[bytes, bytes, bytes]: ...


def _loaded() -> Loops | None:
    if os.environ.get("LOGSLEUTH_NATIVE") == "0":
        return None
    try:
        module = importlib.import_module("logsleuth.native._native")
    except ImportError:
        return None
    # One that was compiled from an older source does not do.
    whole = all(hasattr(module, name) for name in vars(Loops) if not name.startswith("_"))
    return cast("Loops", module) if whole else None


lib = _loaded()
