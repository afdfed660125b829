r"""Strings in double quotes, with `\"` inside them, found in all lines at once: of JSON and of logfmt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats.vector import Bytes, Mask, Positions

_QUOTE, _SLASH = ord('"'), ord("\\")


class Strings(NamedTuple):
    """In the order of the buffer; a string that its line's end cuts ends there."""

    opened: Positions
    """Places of the opening quotes."""
    closed: Positions
    """Places of the closing quotes; the line's end where there is none."""
    row: NDArray[np.int64]
    """Number of the line."""


def strings(buffer: Bytes, start: Positions, stop: Positions) -> Strings:
    """The strings of lines [start, stop), which ascend."""
    low, high = int(start[0]), int(stop[-1])
    text = buffer[low:high]
    quote = text == _QUOTE
    slash = np.flatnonzero(text == _SLASH)
    if len(slash):
        # A character behind an odd number of backslashes is escaped.
        gap = np.diff(slash) != 1
        first, last = slash[np.append(True, gap)], slash[np.append(gap, True)]
        escaped = last[(last - first) % 2 == 0] + 1
        quote[escaped[escaped < len(text)]] = False
    places = np.flatnonzero(quote) + low
    begin, end = np.searchsorted(places, start), np.searchsorted(places, stop)
    odd = (end - begin) % 2
    if odd.any():
        cut = np.flatnonzero(odd)
        places = np.insert(places, end[cut], stop[cut])
        shift = np.cumsum(odd)
        begin, end = begin + shift - odd, end + shift
    count = end - begin
    if int(count.sum()) != len(places):
        # Lines that are not asked for stand between the others.
        before = np.cumsum(count) - count
        places = places[np.arange(int(count.sum())) + np.repeat(begin - before, count)]
    row = np.repeat(np.arange(len(start)), count // 2)
    return Strings(places[0::2], places[1::2], row)


def outside(places: Positions, found: Strings) -> Mask:
    """Which of some places, in ascending order, lie in no string."""
    if not len(found.opened):
        return np.ones(len(places), bool)
    before = np.searchsorted(found.opened, places, side="right") - 1
    inside: Mask = (before >= 0) & (places < found.closed[before])
    return ~inside


def compact(buffer: Bytes, start: Positions, stop: Positions) -> tuple[Bytes, Positions, Positions, Positions] | None:
    """Few lines out of a large buffer laid side by side: the bytes, start, stop, and how far each was moved.

    None where that is not worth the trouble.
    """
    total, span = int((stop - start).sum()), int(stop[-1] - start[0])
    if total * 2 > span - 4096:
        return None
    pieces = [buffer[a : b + 1] for a, b in zip(start.tolist(), stop.tolist(), strict=True)]
    made = np.concatenate([*pieces, np.zeros(64, np.uint8)])
    ends = np.cumsum([len(p) for p in pieces])
    new_start = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    return made, new_start, new_start + (stop - start), start - new_start
