"""Heartbeats in access logs: a request that one client makes every so often, learned from the log itself.

They are another machine's record that a host was alive and could reach it, and of the address it came from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from itertools import pairwise

import numpy as np

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch
from logsleuth.records import dataclass

_LEAST_BEATS = 8
_SHORTEST = 30 * SECOND
"""More frequent than this is load, not a heartbeat."""
_REGULAR = 0.7
"""Share of pauses that lie near the middle one: a script's requests do, people's do not."""
_REQUEST = re.compile(rb'^\S+ \S+ [^\n]*?\[[^\]\n]{20,30}\] (?P<request>"[A-Z]+ [^"\n]+")', re.MULTILINE)
_LEARN_LINES = 6000


@dataclass(slots=True)
class Beats:
    """One heartbeat: every time it was heard."""

    log: int
    request: bytes
    """The quoted request line."""
    period: int
    """Nanoseconds between two, usually."""
    times: list[int] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    lines: list[tuple[int, int, int]] = field(default_factory=list)
    """(log, line number, offset in the unpacked file): a heartbeat goes on from one rotated file to the next."""


def learn(log: Log, batch: Batch) -> list[Beats]:
    """Requests in a batch of an access log that come at even intervals."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    starts = batch.start[:_LEARN_LINES]
    end = int(batch.stop[len(starts) - 1]) if len(starts) else 0
    found = [(m.start(), m["request"]) for m in _REQUEST.finditer(bytes(batch.buffer.data[:end]))]
    places = np.array([place for place, _ in found], np.int64)
    rows = np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)
    begins = (starts[rows] == places) & (batch.time[rows] != UNKNOWN)
    for (_, request), time, good in zip(found, batch.time[rows].tolist(), begins.tolist(), strict=True):
        if good:
            groups[request].append(time)
    return [
        Beats(log.index, request, period)
        for request, times in groups.items()
        if (period := _period(sorted(times))) is not None
    ]


def _period(times: Sequence[int]) -> int | None:
    if len(times) < _LEAST_BEATS:
        return None
    pauses = [b - a for a, b in pairwise(times)]
    from statistics import median

    middle = int(median(pauses))
    if middle < _SHORTEST:
        return None
    # Minutely jobs are started on the minute, and take a few seconds more or less.
    slack = max(5 * SECOND, middle // 8)
    near = sum(abs(p - middle) <= slack for p in pauses)
    return middle if near >= _REGULAR * len(pauses) else None


def listen(beats: Sequence[Beats], batch: Batch) -> None:
    """Take up the heartbeats of one more batch."""
    if not beats:
        return
    data = bytes(batch.buffer.data)
    for beat in beats:
        at = data.find(beat.request)
        while at >= 0:
            row = batch.entry_at(at)
            start = int(batch.start[row])
            time = int(batch.time[row])
            if at < int(batch.line_stop[row]) and time != UNKNOWN:
                beat.times.append(time)
                beat.addresses.append(data[start : data.find(b" ", start)].decode("utf-8", "replace"))
                beat.lines.append((batch.log, int(batch.line[row]), start + batch.base))
            at = data.find(beat.request, at + 1)


def in_order(beat: Beats) -> None:
    """Sort the beats by time: an access log's lines need not be."""
    order = np.argsort(np.array(beat.times, np.int64), kind="stable").tolist()
    beat.times = [beat.times[i] for i in order]
    beat.addresses = [beat.addresses[i] for i in order]
    beat.lines = [beat.lines[i] for i in order]
