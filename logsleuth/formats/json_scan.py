"""The members of JSON objects, an object a line, that mean something (`json_keys`), found in all lines at once.

No object is built: of the block's bytes only quotes, backslashes and brackets are looked at, and of each known key it
is worked out at which depth it stands, where its value begins and where it ends. What is no valid JSON gives members
as far as it goes, so a line that was cut still has a time and a message.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, json_keys, quoted
from logsleuth.formats.vector import Bytes, Mask, Positions, Words, find_any, words

STRING, NUMBER, OTHER, NESTED = range(4)
"""Kinds of values: NUMBER is whatever begins as one, OTHER is true, false, null and what is none of these."""
_WIDEST = 64
"""Bytes of a number, of true, false or null; what is longer is none of them."""


class Members(NamedTuple):
    """Known members, in the order of the buffer; those of the object itself, and known ones one level deeper."""

    row: NDArray[np.int64]
    role: NDArray[np.int64]
    rank: NDArray[np.int64]
    key: NDArray[np.int64]
    """Number in json_keys.NAMES."""
    at: Positions
    """The opening quote of the key; of a member one level deeper that of the object that holds it."""
    value: Positions
    """First byte of the value; of a string the one behind its quote."""
    value_end: Positions
    """Of a string its closing quote."""
    end: Positions
    """First byte after the member (or after the object that holds it)."""
    kind: NDArray[np.int64]
    deep: Mask
    """It stands one level deeper."""

    def some(self, which: NDArray[np.int64] | Mask) -> Members:
        """A choice of them."""
        return Members._make(column[which] for column in self)


def members(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Members:
    """The known members of the objects [start, stop), whose rows may stand in any order."""
    if not len(start):
        none = np.empty(0, np.int64)
        return Members(none, none, none, none, none, none, none, none, none, none.astype(bool))
    order = None
    if (start[1:] < start[:-1]).any():
        order = np.argsort(start, kind="stable")
        start, stop = start[order], stop[order]
    small = quoted.compact(buffer, start, stop)
    if small is None:
        found = _members(buffer, view, start, stop)
    else:
        made, new_start, new_stop, moved = small
        found = _members(made, words(made), new_start, new_stop)
        shift = moved[found.row]
        found = found._replace(
            at=found.at + shift, value=found.value + shift, value_end=found.value_end + shift, end=found.end + shift
        )
    return found if order is None else found._replace(row=order[found.row])


def _members(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Members:
    found = quoted.strings(buffer, start, stop)
    after = found.closed + 1
    byte = buffer[after]
    spaced = np.flatnonzero(byte == ord(" "))
    if len(spaced):
        after[spaced] = body.skip_spaces(buffer, after[spaced], stop[found.row[spaced]])
        byte = buffer[after]
    keys = np.flatnonzero(byte == ord(":"))
    number = json_keys.numbers(buffer, view, found.opened[keys] + 1, found.closed[keys])
    known, number = keys[number >= 0], number[number >= 0]
    inside = after[known] < stop[found.row[known]]
    known, key = known[inside], number[inside]
    row, at = found.row[known], found.opened[known]
    value = body.skip_spaces(buffer, after[known] + 1, stop[row])
    kind = _kinds(buffer, value)
    end = value.copy()
    text = np.flatnonzero(kind == STRING)
    follows = np.minimum(known[text] + 1, len(found.opened) - 1)
    end[text] = np.where(found.opened[follows] == value[text], found.closed[follows] + 1, value[text])
    bare = np.flatnonzero((kind == NUMBER) | (kind == OTHER))
    end[bare] = find_any(view, value[bare], np.minimum(stop[row[bare]], value[bare] + _WIDEST), b",} ]\t")
    brackets = _Brackets(buffer, start, stop, found)
    depth = brackets.depth(at, row)
    nested = np.flatnonzero(kind == NESTED)
    end[nested] = np.minimum(brackets.closing(value[nested]), stop[row[nested]])
    string = (kind == STRING).astype(np.int64)
    value_end = np.maximum(np.minimum(end - string, stop[row]), value + string)
    end = np.minimum(end, stop[row])
    all_ = Members(
        row, json_keys.OWN.role[key], json_keys.OWN.rank[key], key, at, value + string, value_end, end, kind, depth > 1
    )
    return _with_children(all_, depth)


def _kinds(buffer: Bytes, value: Positions) -> NDArray[np.int64]:
    byte = buffer[value]
    kind = np.full(len(value), OTHER)
    kind[byte == ord('"')] = STRING
    kind[((byte >= ord("0")) & (byte <= ord("9"))) | (byte == ord("-"))] = NUMBER
    kind[(byte == ord("{")) | (byte == ord("["))] = NESTED
    return kind


class _Brackets:
    """Brackets and braces outside strings."""

    def __init__(self, buffer: Bytes, start: Positions, stop: Positions, found: quoted.Strings) -> None:
        low, high = int(start[0]), int(stop[-1])
        text = buffer[low:high] | np.uint8(0x20)
        places = np.flatnonzero((text == ord("{")) | (text == ord("}"))) + low
        # An object a line that holds no other, and no bracket in a string: the usual log.
        self._flat = len(places) == 2 * len(start) and bool((buffer[start] == ord("{")).all())
        self._flat = self._flat and bool((places[0::2] == start).all())
        if self._flat:
            return
        self._places = places[quoted.outside(places, found)]
        self._step = np.where(buffer[self._places] | 0x20 == ord("{"), 1, -1)
        self._sum = np.concatenate((np.zeros(1, np.int64), np.cumsum(self._step)))
        self._base = self._sum[np.searchsorted(self._places, start)]
        row = np.searchsorted(start, self._places, side="right") - 1
        level = self._sum[1:] - self._base[np.maximum(row, 0)]
        self._closings = self._places[(self._step < 0) & (level == 1)]

    def depth(self, at: Positions, row: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many are open at each of some positions in ascending order."""
        if self._flat:
            return np.ones(len(at), np.int64)
        depth: NDArray[np.int64] = self._sum[np.searchsorted(self._places, at)] - self._base[row]
        return depth

    def closing(self, value: Positions) -> Positions:
        """Behind the bracket that closes each value of the object itself."""
        if self._flat or not len(self._closings):
            return np.full(len(value), 1 << 40)
        follows = np.searchsorted(self._closings, value)
        inside = follows < len(self._closings)
        return np.where(inside, self._closings[np.minimum(follows, len(self._closings) - 1)] + 1, 1 << 40)


def _with_children(found: Members, depth: NDArray[np.int64]) -> Members:
    """Members at the first level, and those at the second whose parent gives them a meaning."""
    own = np.flatnonzero(depth == 1)
    inner = np.flatnonzero(depth == 2)
    flat = found.some(own)
    holders = np.flatnonzero(flat.kind == NESTED)
    if not len(inner) or not len(holders):
        return flat
    parents, children = flat.some(holders), found.some(inner)
    place = np.searchsorted(parents.at, children.at) - 1
    inside = (place >= 0) & (children.at < parents.end[place])
    children, place = children.some(inside), place[inside]
    pair = parents.key[place], children.key
    children = children._replace(
        role=json_keys.CHILD.role[pair], rank=json_keys.CHILD.rank[pair], at=parents.at[place], end=parents.end[place]
    )
    return Members._make(np.concatenate((a, b)) for a, b in zip(flat, children.some(children.role >= 0), strict=True))
