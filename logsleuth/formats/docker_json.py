r"""Docker's json-file driver: `{"log":"text\n","stream":"stderr","time":"2016-01-07T16:49:10.237222729Z"}`.

Layout: moby's daemon/logger/jsonfilelog. The text is the message; which stream it came by is not shown. Text without a
line end (Docker cuts after 16 KiB) stays an entry of its own.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import json_columns, moments, vector
from logsleuth.formats.json_lines import SPELLING
from logsleuth.formats.json_stamp import JsonStamp
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import NO_ZONE, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_HEAD = b'{"log":"'
_STREAM = b'","stream":"std'
_TIME = b'"time":"'
_TAIL = len(b'","stream":"stderr","time":"')
_SHORTEST = len(_HEAD) + _TAIL + len('2019-05-06T07:08:09Z"}')
_WIDTHS = (*range(30, 18, -1), 35)
"""Of a stamp: nanoseconds without their last zeros, and in UTC all but always."""


@dataclass(frozen=True)
class _DockerStamp(JsonStamp):
    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        out = Stamps(
            np.zeros(len(start), bool),
            np.zeros(len(start), np.int64),
            np.full(len(start), NO_ZONE, np.int64),
            start.copy(),
        )
        rows = np.flatnonzero(vector.starts(view, start, _HEAD) & (stop - start > len(_HEAD)))
        at = _stamp_at(buffer, view, start[rows], stop[rows])
        usual = at >= 0
        _fill(out, rows[usual], moments.read(buffer, view, at[usual], stop[rows[usual]] - 2))
        rows = rows[~usual]
        if rows.size:
            _fill(out, rows, super().decode(buffer, view, start[rows], stop[rows]))
        out.end[out.valid] = start[out.valid] + 1
        return out


def _fill(out: Stamps, rows: Positions, got: Stamps) -> None:
    out.valid[rows], out.wall[rows], out.offset[rows] = got.valid, got.wall, got.offset


def _stamp_at(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Positions:
    """Where the stamp begins in lines of the usual layout; -1 in others."""
    at = np.full(len(start), -1)
    left = np.flatnonzero((buffer[stop - 1] == ord("}")) & (buffer[stop - 2] == ord('"')) & (stop - start >= _SHORTEST))
    word = vector.word(_TIME)
    for width in _WIDTHS:
        if not left.size:
            break
        place = stop[left] - (2 + width + len(_TIME))
        named = view[place] == word
        at[left[named]] = place[named] + len(_TIME)
        left = left[~named]
    known = np.flatnonzero(at >= 0)
    end = at[known] - _TAIL
    fits = (end >= start[known] + len(_HEAD)) & (buffer[at[known] - 10] == ord('"'))
    fits &= vector.starts(view, np.maximum(end, 0), _STREAM)
    at[known[~fits]] = -1
    return at


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    start = np.maximum(at - 1, 0)
    stamp = _stamp_at(buffer, view, start, stop)
    odd = np.flatnonzero((stamp < 0) | ~vector.starts(view, start, _HEAD))
    if odd.size == len(at):
        return json_columns.split(buffer, view, at, stop)
    none = np.full(len(at), -1, np.int64)
    text_at = np.minimum(start + len(_HEAD), stop)
    text_end = json_columns.before_line_ends(buffer, text_at, np.maximum(stamp - _TAIL, text_at))
    escaped = json_columns.holds(buffer, ord("\\"), text_at, text_end)
    columns = Columns(at, at, at, at, none, none.copy(), text_at, None, text_end, escaped)
    return json_columns.mixed(columns, odd, buffer, view, at, stop) if odd.size else columns


FORMAT = Format(
    name="docker-json",
    about="Docker's json-file driver: the output of a container",
    stamp=_DockerStamp(),
    body=_split,
    spelling=SPELLING,
    samples=(
        rb'{"log":"listening on [::]:8080\n","stream":"stderr","time":"2019-05-06T07:08:09.123456789Z"}',
        rb'{"log":"said \"hello\" to 7 peers\r\n","stream":"stdout","time":"2019-05-06T07:08:09.5Z"}',
        rb'{"log":"no peers left\n","stream":"stderr","attrs":{"tag":"shop"},"time":"2019-05-06T07:08:10.25Z"}',
    ),
)
