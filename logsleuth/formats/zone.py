"""Zones behind a stamp: offsets, UTC, the short names of RFC 2822 and Europe, names of the IANA data base."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import vector
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern

NO_ZONE = -(1 << 30)
"""Offset of a stamp that names no zone."""
_HOUR = 3_600_000_000_000
# Hours alone only where they touch the seconds: `16:38:08+02`; behind a space they might be a number of the text.
_OFFSET = lazy_pattern(
    rb" ?(?:(Z|UTC|GMT)(?![A-Za-z])|([+-])(0\d|1[0-5]):?([0-5]\d)(?!\d))|([+-])(0\d|1[0-5])(?![\d:])"
)
_HOURS = lazy_pattern(rb" ([+-])(0\d|1[0-5])(?=[ \]:,]|$)")
_SHORT = lazy_pattern(rb" ([A-Z]{3,5})(?=[ \]:,>]|$)")
_LONG = lazy_pattern(rb" ([A-Z][A-Za-z_]{2,14}(?:/[A-Z][A-Za-z_+-]{1,20}){1,2})(?=\])")
_MEANT = {
    "EST": -5, "EDT": -4, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "SAST": 2,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "WIB": 7, "AEST": 10, "AEDT": 11, "AWST": 8, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_OPEN = {
    "CST", "CDT", "IST", "BST", "AST", "ADT", "MSK", "MSD", "GST", "PKT", "ART", "BRT", "BRST", "CLT", "CLST",
    "ACST", "ACDT", "NST", "NDT", "EAT", "CAT", "WAT", "IDT", "IRST", "IRDT", "PHT", "WITA", "ICT", "SST",
}  # fmt: skip
"""Short names that stand for several zones, or that changed: read, but not believed to say which."""


def named(
    buffer: Bytes, view: Words, end: Positions, good: Mask, *, names: bool = False
) -> tuple[NDArray[np.int64], Positions]:
    """Offset and end of a zone at `end`, where one stands: read once for every run of equal ones.

    With `names` short names count too (PostgreSQL's `CEST`), and offsets in whole hours (`+03`).
    """
    at = np.where(good, end, 0)
    heads = vector.runs(view[at], good.astype(np.uint64))
    offsets = np.full(len(heads), NO_ZONE, np.int64)
    widths = np.zeros(len(heads), np.int64)
    data = buffer.data
    known: dict[bytes, tuple[int, int]] = {}
    for i, row in enumerate(heads.tolist()):
        if not good[row]:
            continue
        text = bytes(data[int(at[row]) : int(at[row]) + 8])
        if text not in known:
            known[text] = read(text, names=names)
        offsets[i], widths[i] = known[text]
    lengths = np.diff(np.append(heads, len(end)))
    return np.repeat(offsets, lengths), end + np.repeat(widths, lengths)


def place(buffer: Bytes, view: Words, end: Positions, good: Mask) -> Positions:
    """Where the name of a place such as ` Europe/Berlin` before a `]` ends; `end` where none stands."""
    at = np.where(good, end, 0)
    heads = vector.runs(*_name_keys(view, at), good.astype(np.uint64))
    names = [_named(buffer, int(at[row])) if good[row] else "" for row in heads.tolist()]
    widths = np.array([len(name) + 1 if name and _hour_in(name, 0) is not None else 0 for name in names], np.int64)
    return end + np.repeat(widths, np.diff(np.append(heads, len(end))))


def in_place(
    buffer: Bytes, view: Words, at: Positions, good: Mask, wall: NDArray[np.int64], offset: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Offsets of the places named at `at`, which depend on the date; `offset` where none is named."""
    at, hour = np.where(good, at, 0), wall // _HOUR
    heads = vector.runs(*_name_keys(view, at), hour.astype(np.uint64), good.astype(np.uint64))
    values = np.full(len(heads), NO_ZONE, np.int64)
    for i, row in enumerate(heads.tolist()):
        name = _named(buffer, int(at[row])) if good[row] else ""
        seconds = _hour_in(name, int(hour[row])) if name else None
        values[i] = NO_ZONE if seconds is None else seconds
    there = np.repeat(values, np.diff(np.append(heads, len(at))))
    return np.where(there == NO_ZONE, offset, there)


def _name_keys(view: Words, at: Positions) -> list[Words]:
    return [view[at + k] for k in range(0, 40, 8)]


def _named(buffer: Bytes, at: int) -> str:
    match = _LONG.match(bytes(buffer.data[at : at + 48]))
    return match[1].decode() if match else ""


@cache
def _hour_in(name: str, hour: int) -> int | None:
    """Seconds east of UTC at an hour of the wall clock; None where no zone has the name."""
    try:
        there = dt.datetime(1970, 1, 1, tzinfo=ZoneInfo(name)) + dt.timedelta(hours=hour)
    except (KeyError, ValueError, OSError, OverflowError):
        return None
    offset = there.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def read(text: bytes, *, names: bool = False) -> tuple[int, int]:
    """Offset and width of a zone at the start of eight bytes; NO_ZONE and 0 where none stands there."""
    match = _OFFSET.match(text)
    if match:
        if match[1]:
            return 0, match.end()
        sign, hours = (match[2], match[3]) if match[2] else (match[5], match[6])
        seconds = int(hours) * 3600 + int(match[4] or 0) * 60
        return (-seconds if sign == b"-" else seconds), match.end()
    if not names:
        return NO_ZONE, 0
    if match := _HOURS.match(text):
        return int(match[1] + match[2]) * 3600, match.end()
    if match := _SHORT.match(text):
        name = match[1].decode()
        return (_MEANT[name] * 3600 if name in _MEANT else NO_ZONE), (
            match.end() if name in _MEANT or name in _OPEN else 0
        )
    return NO_ZONE, 0
