"""The stamps of JSON objects: at its start or its end without a look at the rest of the line, else anywhere in it.

Of several stamps the one of the surest key counts (`json_keys`); `time`, `timestamp`, `@timestamp`, `ts` and `t` as an
object's very first member, or else as its last, count before all others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, json_keys, moments, vector
from logsleuth.formats.json_keys import NANOS, NUMBER, TIME
from logsleuth.formats.json_scan import NESTED, STRING, Members, members
from logsleuth.formats.json_scan import NUMBER as NUMERIC
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_FIRST, _LAST = -2, -1
"""Ranks of strong keys at the start and the end of an object."""
_LONGEST_STAMP = 40
NONE = -1
"""No member was chosen."""
_STRONG = tuple(b'"%s":' % name.encode() for name in json_keys.STRONG)


@dataclass(frozen=True)
class JsonStamp:
    """Finds the stamp of an object; what it calls the stamp's end is the place behind the opening brace."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"{"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        valid = np.zeros(len(start), bool)
        wall, offset = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
        left = np.flatnonzero((buffer[start] == ord("{")) & (stop - start >= 10))
        for look in (_at_start, _at_end, _anywhere):
            if not left.size:
                break
            rows, got = look(buffer, view, start[left], stop[left])
            rows = left[rows]
            good = rows[got.valid]
            valid[good], wall[good], offset[good] = True, got.wall[got.valid], got.offset[got.valid]
            left = left[~valid[left]]
        return Stamps(valid, wall, offset, np.where(valid, start + 1, start))


Found = tuple[NDArray[np.int64], Stamps]
"""Rows, and the stamps in them."""


def _at_start(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Found:
    """Strong keys as an object's first: no more of the line needs to be looked at."""
    head = view[np.minimum(start + 1, stop)]
    at = np.full(len(start), -1)
    for text in _STRONG:
        word = vector.word(text)
        rows = np.flatnonzero(head & vector.KEEP[min(8, len(text))] == word)
        if rows.size and len(text) > 8:
            rows = rows[vector.starts(view, start[rows] + 1, text)]
        at[rows] = start[rows] + 1 + len(text)
    rows = np.flatnonzero((at >= 0) & (at < stop))
    at, limit = body.skip_spaces(buffer, at[rows], stop[rows]), stop[rows]
    dated = vector.starts(view, at, b'{"$date":')
    at = np.where(dated, np.minimum(at + len(b'{"$date":'), limit), at)
    string = buffer[at] == ord('"')
    at = at + string
    limit = np.minimum(limit, at + _LONGEST_STAMP)
    end = np.where(string, limit, vector.find_any(view, at, np.where(string, at, limit), b",} "))
    end = np.where(string, vector.find_byte(view, at, np.where(string, limit, at), ord('"')), end)
    return rows, moments.read(buffer, view, at, np.maximum(at, end))


def _at_end(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Found:
    """A string under a strong key as an object's last member, as Docker writes it."""
    quote = stop - 2
    width = _LONGEST_STAMP + 16
    good = (buffer[stop - 1] == ord("}")) & (buffer[quote] == ord('"')) & (stop - start > width)
    rows = np.flatnonzero(good)
    quote = quote[rows]
    window = np.lib.stride_tricks.sliding_window_view(buffer, width)[quote - width]
    back = (window[:, ::-1] == ord('"')).argmax(axis=1)
    at = quote - back
    colon = at - 2 - (buffer[at - 2] == ord(" "))
    fits = (buffer[colon] == ord(":")) & (buffer[colon - 1] == ord('"')) & (back > 8)
    strong = np.zeros(len(rows), bool)
    for text in _STRONG:
        # The key with both quotes, and a comma or a blank before it.
        first = colon + 1 - len(text)
        named = vector.starts(view, first, text)
        strong |= named & ((buffer[first - 1] == ord(",")) | (buffer[first - 1] == ord(" ")))
    kept = np.flatnonzero(fits & strong)
    return rows[kept], moments.read(buffer, view, at[kept], quote[kept])


def _anywhere(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Found:
    found = members(buffer, view, start, stop)
    chosen, got = stamps_of(buffer, view, found, start, stop)
    rows = np.flatnonzero(chosen >= 0)
    return rows, chosen_stamps(got, chosen[rows])


def stamps_of(
    buffer: Bytes, view: Words, found: Members, start: Positions, stop: Positions
) -> tuple[NDArray[np.int64], Stamps]:
    """Which member is the stamp of each row, -1 where none is; and what each member holds."""
    got = Stamps(*(np.zeros(len(found.row), kind) for kind in (bool, np.int64, np.int64, np.int64)))
    usable = np.flatnonzero((found.role == TIME) & (found.kind != NESTED))
    if usable.size:
        some = moments.read(buffer, view, found.value[usable], found.value_end[usable])
        got.valid[usable], got.wall[usable], got.offset[usable] = some.valid, some.wall, some.offset
    nanos = found.some((found.role == NANOS) & (found.kind == NUMERIC))
    if len(nanos.row):
        _add_nanos(view, nanos, found, got)
    dated = found.deep & (found.key == NUMBER["$date"])
    strong = (json_keys.IS_STRONG[found.key] & ~found.deep) | dated
    first = strong & (found.at == start[found.row] + 1)
    closed = (found.end == stop[found.row] - 1) & (buffer[stop[found.row] - 1] == ord("}"))
    last = strong & closed & (found.kind == STRING) & ~found.deep
    last &= found.value_end - found.value <= _LONGEST_STAMP + 7
    rank = np.where(first, _FIRST, np.where(last, _LAST, found.rank))
    return best(found.row, rank, got.valid, len(start)), got


def chosen_stamps(got: Stamps, chosen: NDArray[np.int64]) -> Stamps:
    """Of some members."""
    return Stamps(got.valid[chosen], got.wall[chosen], got.offset[chosen], got.end[chosen])


def _add_nanos(view: Words, nanos: Members, found: Members, got: Stamps) -> None:
    """`{"seconds":1557126489,"nanos":123}`, as protobuf and log4j2 write an instant."""
    value, length = moments.digits(view, nanos.value, nanos.value_end)
    split = np.flatnonzero(got.valid & found.deep & (found.key != NUMBER["$date"]))
    order = np.argsort(nanos.at, kind="stable")
    place = order[np.minimum(np.searchsorted(nanos.at[order], found.at[split]), len(order) - 1)]
    same = (nanos.at[place] == found.at[split]) & (length[place] > 0) & (length[place] <= 9)
    got.wall[split[same]] += value[place[same]]


def best(row: NDArray[np.int64], rank: NDArray[np.int64], good: Mask, count: int) -> NDArray[np.int64]:
    """For each row the member of the lowest rank, of equal ones the last; -1 where none is good."""
    chosen = np.full(count, NONE)
    some = np.flatnonzero(good)
    ranks = rank[some]
    for value in np.unique(ranks)[::-1].tolist():
        same = some[ranks == value]
        chosen[row[same]] = same
    return chosen
