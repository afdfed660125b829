"""The stamps of JSON objects: at its start or its end without a look at the rest of the line, else anywhere in it.

Of several stamps the one of the surest key counts (`json_keys`). But `time`, `timestamp`, `@timestamp`, `ts` and `t`
count before all others if one of them is met near an object's start, before anything nested, or is its last member.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, json_keys, moments, vector
from logsleuth.formats.json_keys import NANOS, NUMBER, TIME
from logsleuth.formats.json_scan import NESTED, STRING, Members, members
from logsleuth.formats.json_scan import NUMBER as NUMERIC
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_FIRST, _LAST = -2, -1
"""Ranks of strong keys at the start and the end of an object."""
_LONGEST_STAMP = 40
_EARLY = 160
"""So far from an object's start a strong key is looked for without a look at the whole line."""
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


def _early(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """The first strong key of each object that has nothing nested before it, and where its value begins.

    Both are `stop` where there is none in the first bytes. No more of the line needs to be looked at: behind a comma
    an unescaped quote is no part of a string, and without a brace or bracket so far it opens a key of the object.
    """
    key, value = stop.copy(), stop.copy()
    rows = np.arange(len(start))
    at, limit = start + 1, np.minimum(stop, start + _EARLY)
    while rows.size:
        at = body.skip_spaces(buffer, at, limit)
        head = view[at]
        for text in _STRONG:
            some = np.flatnonzero(head & vector.KEEP[min(8, len(text))] == vector.word(text))
            if some.size and len(text) > 8:
                some = some[vector.starts(view, at[some], text)]
            key[rows[some]] = at[some]
            value[rows[some]] = at[some] + len(text)
        comma = vector.find_any(view, at, limit, b",{[")
        more = (key[rows] == stop[rows]) & (buffer[comma] == ord(",")) & (comma < limit)
        rows, at, limit = rows[more], comma[more] + 1, limit[more]
    return key, np.minimum(value, stop)


def _at_start(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Found:
    """Strong keys near an object's start."""
    _, value = _early(buffer, view, start, stop)
    rows = np.flatnonzero(value < stop)
    limit = stop[rows]
    at = body.skip_spaces(buffer, value[rows], limit)
    dated = vector.starts(view, at, b'{"$date":')
    at = body.skip_spaces(buffer, np.where(dated, np.minimum(at + len(b'{"$date":'), limit), at), limit)
    string = buffer[at] == ord('"')
    at = np.minimum(at + string, limit)
    limit = np.minimum(limit, at + _LONGEST_STAMP)
    end = vector.find_any(view, at, limit, b'",} ')
    cut = np.flatnonzero(string & (end < limit))
    end[cut] = vector.find_byte(view, end[cut], limit[cut], ord('"'))
    return rows, moments.read(buffer, view, at, end)


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
    early, _ = _early(buffer, view, start, stop)
    first = strong & (found.at == early[found.row])
    closed = (found.end == stop[found.row] - 1) & (buffer[stop[found.row] - 1] == ord("}"))
    last = strong & closed & (found.kind == STRING) & ~found.deep
    last &= found.value_end - found.value <= _LONGEST_STAMP + 7
    rank = np.where(first, _FIRST, np.where(last, _LAST, found.rank))
    return best(found.row, rank, got.valid, len(start)), got


def stamp_members(buffer: Bytes, view: Words, found: Members, start: Positions, stop: Positions) -> NDArray[np.int64]:
    """Which member is the stamp of each row that is known to have one; -1 where there is none to choose."""
    usable = np.flatnonzero((found.role == TIME) & (found.kind != NESTED))
    if np.bincount(found.row[usable], minlength=1).max() > 1:
        return stamps_of(buffer, view, found, start, stop)[0]
    chosen = np.full(len(start), NONE)
    chosen[found.row[usable]] = usable
    return chosen


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
    ranks = rank[some] - _FIRST
    for value in np.flatnonzero(np.bincount(ranks))[::-1].tolist():
        same = some[ranks == value]
        chosen[row[same]] = same
    return chosen
