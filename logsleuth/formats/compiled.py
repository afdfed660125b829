"""Stamps of a template read by the native loop: see `Stamp`, which does the same in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.formats import vector, zone
from logsleuth.formats.vector import Bytes, Mask, Positions

_HANDS = {"HH:MM:SS": (0, 3, 6, 58), "HH.MM.SS": (0, 3, 6, 46), "HHMMSS": (0, 2, 4, 0), "HH:MM": (0, 3, -1, 58)}
"""Where hour, minute and second stand in a time of day, and the mark between them (0 for none)."""
_WIDEST_DATE = 24
"""Bytes: its key holds the year behind them."""
_MOST = 64
"""A piece with more dates or zones than that is left to NumPy, for each is asked for by itself."""
_NEW_DATE, _NEW_ZONE = 2, 3


class Template(NamedTuple):
    """Where the parts of a stamp lie."""

    places: tuple[int, int, int, int, int, int]
    """Offset of the time of day, width up to its end, and what `_HANDS` says of it."""
    tail: bytes
    """What may follow that: an operation a piece, as _native.c has them."""


def template(time_at: int, width: int, clock: str, tail: Sequence[str]) -> Template | None:
    """None where the native loop does not know a part of it."""
    code = b""
    for piece in tail:
        if piece in {".f", ".F", ":f"}:
            code += b"f" + (b"::" if piece == ":f" else b".,") + bytes([piece == ".F"])
        elif piece in {"z", "Z"}:
            code += b"z" + bytes([piece == "Z"])
        elif piece == "YYYY":
            code += b"Y"
        elif piece in {"ZZZ", "Area/City"}:
            return None
        else:
            code += b"L" + bytes([len(piece)]) + piece.encode()
    return None if time_at > _WIDEST_DATE else Template((time_at, width, *_HANDS[clock]), code)


def decode(
    lib: native.Loops,
    form: Template,
    date_of: Callable[[bytes, int], int],
    buffer: Bytes,
    at: Positions,
    good: Mask,
    stop: Positions,
    start: Positions,
) -> tuple[Mask, NDArray[np.int64], NDArray[np.int64], Positions] | None:
    """Valid, wall, offset and end of the stamps at `at` in the `good` rows, as `Stamps` has them; None if too varied.

    `start` stands for the end of those that are none. Dates and zones are read where they are first met.
    """
    count, width, data = len(at), form.places[0], buffer.data
    at, stop, end = vector.column(at), vector.column(stop), start.astype(np.int64)
    valid, wall, offset = good.copy(), np.zeros(count, np.int64), np.full(count, zone.NO_ZONE, np.int64)
    dates, days = b"", np.empty(0, np.int64)
    zones, values = b"", np.empty(0, np.int64)
    row = 0
    while True:
        row, why, place, year = lib.stamps(
            buffer, at, stop, row, form.places, form.tail, dates, days, zones, values, valid, wall, offset, end
        )
        if row >= count:
            return valid, wall, offset, end
        if len(days) >= _MOST or len(values) >= 2 * _MOST:
            return None
        if why == _NEW_DATE:
            date = bytes(data[int(at[row]) : int(at[row]) + width])
            dates += date.ljust(_WIDEST_DATE, b"\0") + year.to_bytes(8, "little")
            days = np.append(days, np.int64(date_of(date, year)))
        else:
            zones += bytes(data[place : place + 8])
            values = np.append(values, zone.read(bytes(data[place : place + 8])))
