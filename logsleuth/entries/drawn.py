"""A sample of the timeline small enough to be drawn: the gravest entries, and of the rest an even spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.arrow import strings, values_of
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged
from logsleuth.entries.select import severities
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.records import dataclass
from logsleuth.report import Report

_BESIDE = 600 * 10**9
"""What is drawn before and after an incident at the least."""
LONGEST = 400
"""Bytes of an entry's text that are kept."""
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Entries in the order of time."""

    time: NDArray[np.int64]
    """UTC nanoseconds."""
    severity: NDArray[np.int64]
    """Index in `formats.model.SEVERITIES`, by a field or by words."""
    line: NDArray[np.int64]
    log: NDArray[np.int64]
    """Index in `files` and `streams`."""
    host: NDArray[np.int64]
    """Index in `hosts`."""
    texts: tuple[str, ...]
    """As they stand in the file, lines of one entry joined by a mark; bytes that are no UTF-8 as escapes."""
    files: tuple[str, ...]
    streams: tuple[str, ...]
    hosts: tuple[str, ...]
    total: int
    """Entries that there were to choose from."""


@dataclass(slots=True)
class _Part:
    columns: NDArray[np.int64]
    """A row for each of: rank, time, severity, line, log, host."""
    texts: list[bytes]


def drawn(stretches: Iterable[Merged], logs: Sequence[Log], spans: Sequence[tuple[int, int]], most: int) -> Drawn:
    """At most so many entries of the time spans (UTC nanoseconds, both ends counted in)."""
    hosts: dict[str, int] = {}
    parts: list[_Part] = []
    total = held = 0
    for merged in stretches:
        for piece in merged.pieces:
            rows = piece.rows[_within(piece.batch.time[piece.rows], spans)]
            if not len(rows):
                continue
            part = _part(piece.batch, rows, logs, hosts, total, most)
            total += len(rows)
            held += part.columns.shape[1]
            parts.append(part)
            if held > 2 * most + 65_536:
                parts = [_thinned(parts, most)]
                held = parts[0].columns.shape[1]
    kept = _thinned(parts, most) if parts else _Part(np.empty((6, 0), np.int64), [])
    order = np.argsort(kept.columns[1], kind="stable")
    _, time, severity, line, log, host = kept.columns[:, order]
    texts = tuple(_shown(kept.texts[i]) for i in order.tolist())
    files, streams = tuple(g.name for g in logs), tuple(g.source.stream for g in logs)
    return Drawn(time, severity, line, log, host, texts, files, streams, tuple(hosts), total)


def _within(time: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(time), bool)
    for low, high in spans:
        inside |= (time >= low) & (time <= high)
    known: NDArray[np.bool_] = inside & (time != UNKNOWN)
    return known


def _part(batch: Batch, rows: Rows, logs: Sequence[Log], hosts: dict[str, int], before: int, most: int) -> _Part:
    time, log = batch.time[rows], np.full(len(rows), batch.log)
    number = batch.line[rows]
    if needs_spelling(batch, rows):
        batch, rows = spelled(batch, rows)
    columns = batch.columns(rows)
    severity = severities(batch, rows, columns)
    coded = strings(batch.buffer, columns.host_at, columns.host_end).dictionary_encode()
    own = logs[batch.log].host
    names = [value.decode("utf-8", "backslashreplace") or own for value in coded.dictionary.to_pylist()]
    codes = np.array([hosts.setdefault(name, len(hosts)) for name in names])
    host = codes[values_of(coded.indices, np.int32)]
    # Multiples of the golden ratio modulo 1: any first so many of them lie evenly among all.
    spread = (np.arange(before, before + len(rows), dtype=np.uint64) * np.uint64(2_654_435_769)) % np.uint64(1 << 32)
    rank = (severity << 32) + spread.astype(np.int64)
    keep = np.arange(len(rows)) if len(rows) <= most else np.sort(np.argpartition(rank, most - 1)[:most])
    chosen = rows[keep]
    stop = np.minimum(batch.stop[chosen], batch.start[chosen] + LONGEST)
    texts = strings(batch.buffer, batch.start[chosen], stop).to_pylist()
    return _Part(np.array([rank, time, severity, number, log, host])[:, keep], texts)


def _thinned(parts: Sequence[_Part], most: int) -> _Part:
    columns = np.concatenate([p.columns for p in parts], axis=1)
    texts = [text for p in parts for text in p.texts]
    if columns.shape[1] <= most:
        return _Part(columns, texts)
    keep = np.sort(np.argpartition(columns[0], most - 1)[:most])
    return _Part(columns[:, keep], [texts[i] for i in keep.tolist()])


def _shown(text: bytes) -> str:
    return text.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\n", " \u21b5 ")


def around(report: Report) -> list[tuple[int, int]]:
    """From somewhat before the start of each incident to somewhat after its end, UTC nanoseconds."""
    out = []
    for one in report.incidents:
        every = (one.start.earliest, one.start.latest, one.end.earliest, one.end.latest)
        known = [t for t in every if t is not None]
        if known:
            beside = max(_BESIDE, (max(known) - min(known)) // 20)
            out.append((min(known) - beside, max(known) + beside))
    return out
