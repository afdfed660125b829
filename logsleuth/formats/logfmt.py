"""logfmt: `time=2019-05-06T07:08:09Z level=error msg="cannot open" path=/x`, keys and values with blanks between them.

So logrus, go-kit (Prometheus, Grafana, Loki), log15, Go's slog and Heroku's router write. The keys are those of JSON
lines; what the other columns do not take is shown behind the message.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import json_columns, json_keys, json_text, quoted
from logsleuth.formats.json_scan import NUMBER, OTHER, STRING, Members
from logsleuth.formats.json_stamp import stamps_of
from logsleuth.formats.model import Columns, Format, Spelling
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Positions, Words, find_byte
from logsleuth.records import dataclass


@dataclass(frozen=True)
class _LogfmtStamp:
    """Finds the stamp of a line of pairs; what it calls the stamp's end is the line's second byte."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"abcdehlmst@"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        valid = np.zeros(len(start), bool)
        wall, offset = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
        # A line of pairs begins with a key.
        limit = np.minimum(stop, start + 40)
        equal = find_byte(view, start, limit, ord("="))
        rows = np.flatnonzero((equal > start) & (equal < limit) & (find_byte(view, start, equal, ord(" ")) >= equal))
        if rows.size:
            found = _pairs(buffer, view, start[rows], stop[rows])
            chosen, got = stamps_of(buffer, view, found, start[rows], stop[rows])
            has = chosen >= 0
            good, chosen = rows[has], chosen[has]
            valid[good], wall[good], offset[good] = True, got.wall[chosen], got.offset[chosen]
        return Stamps(valid, wall, offset, np.where(valid, start + 1, start))


def _pairs(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Members:
    """The pairs whose keys mean something."""
    order = np.argsort(start, kind="stable")
    start, stop = start[order], stop[order]
    found = quoted.strings(buffer, start, stop)
    low, high = int(start[0]), int(stop[-1])
    blank = np.flatnonzero(buffer[low:high] == ord(" ")) + low
    blank = blank[quoted.outside(blank, found)]
    equal = np.flatnonzero(buffer[low:high] == ord("=")) + low
    equal = equal[quoted.outside(equal, found)]
    row = np.searchsorted(start, equal, side="right") - 1
    inside = (row >= 0) & (equal < stop[row])
    equal, row = equal[inside], row[inside]
    before = np.searchsorted(blank, equal) - 1
    at = np.where(before >= 0, blank[np.maximum(before, 0)] + 1 if len(blank) else 0, 0)
    at = np.maximum(at, start[row])
    first = np.append(True, at[1:] != at[:-1]) if len(at) else np.zeros(0, bool)
    equal, row, at = equal[first], row[first], at[first]
    key = json_keys.numbers(buffer, view, at, equal)
    known = key >= 0
    equal, row, at, key = equal[known], row[known], at[known], key[known]
    value = np.minimum(equal + 1, stop[row])
    kind, value, value_end, end = _values(buffer, value, stop[row], blank, found)
    role, rank = json_keys.OWN.role[key], json_keys.OWN.rank[key]
    return Members(order[row], role, rank, key, at, value, value_end, end, kind, np.zeros(len(row), bool))


def _values(
    buffer: Bytes, value: Positions, stop: Positions, blank: Positions, found: quoted.Strings
) -> tuple[NDArray[np.int64], Positions, Positions, Positions]:
    """Kind, first byte, end, and the end with the quote."""
    follows = np.searchsorted(blank, value)
    end = stop.copy()
    has = follows < len(blank)
    end[has] = np.minimum(blank[follows[has]], stop[has])
    quote = np.flatnonzero((buffer[value] == ord('"')) & (value < stop))
    kind = np.full(len(value), STRING)
    kind[end <= value] = OTHER
    digit = buffer[value] - np.uint8(ord("0")) <= 9
    kind[digit] = NUMBER
    value_end = end.copy()
    value = value.copy()
    if len(quote) and len(found.opened):
        place = np.minimum(np.searchsorted(found.opened, value[quote]), len(found.opened) - 1)
        same = found.opened[place] == value[quote]
        quote, place = quote[same], place[same]
        value_end[quote] = found.closed[place]
        end[quote] = np.minimum(found.closed[place] + 1, stop[quote])
        value[quote] += 1
        kind[quote] = STRING
    return kind, value, np.maximum(value_end, value), end


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    start = np.maximum(at - 1, 0)
    if not len(at):
        return json_columns.split(buffer, view, at, stop)
    return json_columns.divided(buffer, view, _pairs(buffer, view, start, stop), start, stop, start, stop)


FORMAT = Format(
    name="logfmt",
    about="keys and values: logrus, Prometheus, Grafana, Loki, Go's slog",
    stamp=_LogfmtStamp(),
    body=_split,
    spelling=Spelling(read=json_text.read, opened=b" ", between=b" ", closed=b"", values=json_text.values),
    samples=(
        b'time="2019-05-06T07:08:09.123456789Z" level=warning msg="no \\"bridge\\" network" id=7f3a error="not found"',
        b"ts=2019-05-06T07:08:09.123Z caller=main.go:812 level=info component=tsdb msg=started",
        b'logger=context userId=0 t=2022-06-02T16:28:12.18Z level=error msg="Request Completed" status=502',
        b"t=1557126489 lvl=eror msg=gone pid=812 host=gate",
    ),
)
