"""Instants as structured logs write them into a field: ISO 8601 and its kin, or a count of seconds since 1970.

A count's unit is told by its digits, which leaves no doubt between 1973 and 2262: nine or ten are seconds, twelve to
fourteen milliseconds, fifteen to seventeen microseconds, eighteen or nineteen nanoseconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import vector
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_ISO = Stamp("YYYY-MM-DD_HH:MM:SS.fz")
_OTHERS = (
    Stamp("DD/Mmm/YYYY:HH:MM:SSz"),
    Stamp("YYYY/MM/DD HH:MM:SS.fz"),
    Stamp("Www, DD Mmm YYYY HH:MM:SSz"),
    Stamp("Www Mmm dd HH:MM:SS.f YYYY"),
    Stamp("YYYYMMDDTHHMMSS.fz"),
)
_UNITS = np.zeros(20, np.int64)
_UNITS[[9, 10]] = 1_000_000_000
_UNITS[[12, 13, 14]] = 1_000_000
_UNITS[[15, 16, 17]] = 1_000
_UNITS[[18, 19]] = 1
_LAST = 9_223_000_000
"""Seconds to which int64 nanoseconds reach, about."""


def read(buffer: Bytes, view: Words, at: Positions, end: Positions) -> Stamps:
    """The instants that the fields [at, end) hold; a field that holds anything else behind one is read up to that."""
    out = Stamps(
        np.zeros(len(at), bool), np.zeros(len(at), np.int64), np.full(len(at), NO_ZONE, np.int64), np.array(at)
    )
    dashed = (buffer[np.minimum(at + 4, end)] == ord("-")) & (end - at >= 19)
    _take(out, np.flatnonzero(dashed), _ISO.decode, buffer, view, at, end)
    left = np.flatnonzero(~dashed)
    if left.size:
        _take(out, left, counts, buffer, view, at, end)
        for stamp in _OTHERS:
            left = left[~out.valid[left]]
            left = left[end[left] - at[left] >= 15]
            if not left.size:
                break
            _take(out, left, stamp.decode, buffer, view, at, end)
    return out


def _take(out: Stamps, rows: NDArray[np.int64], decode: object, buffer: Bytes, view: Words, *spans: Positions) -> None:
    if not rows.size:
        return
    got: Stamps = decode(buffer, view, *(span[rows] for span in spans))  # type: ignore[operator]
    rows, good = rows[got.valid], got.valid
    out.valid[rows] = True
    out.wall[rows], out.offset[rows], out.end[rows] = got.wall[good], got.offset[good], got.end[good]


def counts(buffer: Bytes, view: Words, at: Positions, end: Positions) -> Stamps:
    """Whole or decimal counts of seconds, milliseconds, microseconds or nanoseconds that fill their field."""
    whole, length = digits(view, at, end)
    unit = _UNITS[length]
    dot = at + length
    good: Mask = unit > 0
    mark = np.where(dot < end, buffer[np.minimum(dot, end)], 0)
    part, places = digits(view, np.where(mark == ord("."), dot + 1, end), end)
    places = np.where(places > 18, 0, places)
    # Of a fraction as many digits count as the unit has; twelve of a second's are cut to nine.
    scale = 10 ** np.minimum(places, 18)
    fraction = np.where(places > 9, part // 10 ** np.maximum(places - 9, 0), part)
    fraction = fraction * unit // np.where(places > 9, 1_000_000_000, scale)
    good &= dot + np.where(mark == ord("."), 1 + places, 0) == end
    good &= whole <= _LAST * (1_000_000_000 // np.maximum(unit, 1))
    wall = np.where(good, whole, 0) * unit + np.where(good, fraction, 0)
    _exponents(buffer, at, end, good, wall)
    return Stamps(good, np.where(good, wall, 0), np.zeros(len(at), np.int64), np.where(good, end, at))


def _exponents(buffer: Bytes, at: Positions, end: Positions, good: Mask, wall: NDArray[np.int64]) -> None:
    """Floats with an exponent, `1.557126489e+09`, one by one."""
    wide = np.flatnonzero(~good & (end - at >= 5) & (end - at <= 32) & (buffer[np.minimum(at + 1, end)] == ord(".")))
    for row in wide.tolist():
        text = bytes(buffer.data[int(at[row]) : int(end[row])])
        if b"e" not in text.lower():
            continue
        try:
            value = float(text)
        except ValueError:
            continue
        digits_ = len(str(int(value))) if 1e8 <= value < 1e19 else 0
        unit = int(_UNITS[digits_])
        if unit and value * unit < _LAST * 1e9:
            good[row], wall[row] = True, round(value * 1e6) * unit // 1_000_000


def digits(view: Words, at: Positions, end: Positions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Values and lengths of the decimal digits at `at`, at most nineteen; more than that has the length 0."""
    value = np.zeros(len(at), np.int64)
    total = np.zeros(len(at), np.int64)
    going = at < end
    for _ in range(3):
        rows = np.flatnonzero(going)
        if not rows.size:
            break
        count, values = vector.leading_digits(view[at[rows] + total[rows]])
        count = np.minimum(count, end[rows] - at[rows] - total[rows])
        some = vector.eight_digits((values & vector.KEEP[count]) << _shift(count))
        value[rows] = value[rows] * 10**count + np.where(count > 0, some, 0)
        total[rows] += count
        going[rows] = (count == 8) & (at[rows] + total[rows] < end[rows])
    return value, np.where((total > 19) | (value < 0), 0, total)


def _shift(count: NDArray[np.int64]) -> Words:
    return (np.uint64(8) * (np.uint64(8) - count.astype(np.uint64))) & np.uint64(63)
