"""New kinds of lines: what stands in the time of an incident, and never stood in the logs before it.

What is new is told by words, not by whole lines: the runs of plain words of a line are looked for in the bytes that
were written before. A line is of a new kind where fewer than half of its runs stood there; so a name or a path that
was not seen before makes no new kind of a line that otherwise was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch, Tally, read, streams
from logsleuth.entries.shapes import shapes
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.entries.window import back_from, first_instant
from logsleuth.records import dataclass
from logsleuth.report import Evidence, Group, Incident
from logsleuth.rules.used import mask
from logsleuth.scan import Pattern, Scanner
from logsleuth.signs.boots import Ledger
from logsleuth.signs.message import short_host

AROUND = 300 * SECOND
"""Before and after an incident."""
LONGEST = 3600 * SECOND
"""What is new so long after an incident began is not of its beginning."""
MOST_WINDOWS = 8
"""Incidents, the gravest first, around which new kinds are looked for."""
MOST_LINES = 100_000
"""Entries of one stream in one window that are looked at."""
MOST_KINDS = 1_000
"""Kinds of lines of one stream in one window that are looked for in what was before."""
SHOWN = 40
"""New kinds that a report holds."""
HISTORY = 64 << 20
"""Bytes of one stream's files, the last ones before an incident, in which kinds are looked for."""
_LEAST_TIME = 3600 * SECOND
_LEAST_ENTRIES = 100
"""A log that began less than this before an incident does not tell what is new."""
_BLOCK = 256 << 10
_BOOT = 300 * SECOND
_NO_LOGS = {"access", "document"}
_WARNING = 4
_LONGEST_TEXT = 2048
_SHORTEST = 9
"""Letters of a run: what is shorter stands anywhere."""
_UPTIME = re.compile(r"^\[ *\d+\.\d+\] ?")
_RUN = re.compile(r"(?<![^\s(\"'\[:=])[A-Za-z][a-z]+(?:,? [a-z]{2,})*(?![\w@/\\=.-]\w)")

Window = tuple[int, int]
Booting = Callable[[str, int], bool]


@dataclass(slots=True)
class Kind:
    """Lines of one kind in one window."""

    program: str
    text: str
    low: int
    severity: int
    runs: tuple[bytes, ...]
    machine: str
    first: Evidence
    last: Evidence
    count: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """By log: a line that several files hold counts once."""


def windows(told: Sequence[Incident], since: int | None, until: int | None) -> list[Window]:
    """Where new kinds are looked for: from `since` on if that was asked for, else around the incidents; disjoint."""
    if since is not None:
        return [(since, until if until is not None else 1 << 62)]
    found: list[Window] = []
    for incident in told:
        start = incident.start.earliest if incident.start.earliest is not None else incident.start.latest
        if start is not None and len(found) < MOST_WINDOWS:
            begun = incident.start.latest if incident.start.latest is not None else start
            end = incident.end.latest if incident.end.latest is not None else begun
            found.append((start - AROUND, min(max(begun, end), begun + LONGEST) + AROUND))
    out: list[Window] = []
    for low, high in sorted(found):
        if out and low <= out[-1][1]:
            out[-1] = out[-1][0], max(high, out[-1][1])
        else:
            out.append((low, high))
    return out


def new_kinds(
    logs: Sequence[Log],
    tallies: Mapping[int, Tally],
    where: Sequence[Window],
    used: Collection[str],
    booting: Booting,
) -> tuple[list[Group], int]:
    """Groups of lines of new kinds, and how many more there are than a report holds.

    `used`: masked texts of lines that findings rest on; they are left out. `booting`: whether a host was, at an
    instant, in a boot that is the first its logs show, all lines of which would be new.
    """
    kinds: list[Kind] = []
    members = [m for m in streams(logs) if not any(log.format.kind in _NO_LOGS for log in m)]
    for window in where:
        for files in members:
            if _tells(files, tallies, window[0]):
                kinds.extend(_in_window(files, window, used, booting))
    look_back(members, kinds)
    groups = _groups([k for k in kinds if k.runs])
    return groups[:SHOWN], max(0, len(groups) - SHOWN)


def _tells(files: Sequence[Log], tallies: Mapping[int, Tally], low: int) -> bool:
    known = [t for log in files if (t := tallies.get(log.index)) is not None and t.first is not None]
    first = min((t.first for t in known if t.first is not None), default=None)
    return first is not None and first <= low - _LEAST_TIME and sum(t.entries for t in known) >= _LEAST_ENTRIES


def _in_window(files: list[Log], window: Window, used: Collection[str], booting: Booting) -> list[Kind]:
    """The kinds of lines of one stream in a window."""
    low, high = window
    found: dict[tuple[str, str], Kind] = {}
    seen = 0
    by_index = {log.index: log for log in files}
    for batch in read(files, [], {}, _BLOCK, low):
        if len(batch) and int(batch.key[0]) > high:
            break
        rows = np.flatnonzero((batch.time >= low) & (batch.time <= high) & (batch.layout >= 0))
        log = by_index[batch.log]
        if not len(rows):
            continue
        seen += len(rows)
        for kind in _kinds(batch, log, rows, low):
            if booting(log.host, kind.first.time or 0):
                continue
            key = kind.program, mask(kind.text)
            if key[1] in used:
                continue
            known = found.get(key)
            if known is None:
                if len(found) >= MOST_KINDS:
                    continue
                known = found[key] = kind
            else:
                known.last = kind.last
                known.count[log.index] += kind.count[log.index]
        if seen > MOST_LINES:
            break
    return list(found.values())


def _kinds(batch: Batch, log: Log, rows: NDArray[np.int64], low: int) -> Iterator[Kind]:
    """One for every shape among some entries; nothing is made for the lines between the first and the last of one."""
    made, place = spelled(batch, rows, flat=True) if needs_spelling(batch, rows) else (batch, rows)
    columns = made.columns(place)
    stop = made.line_stop[place] if columns.text_end is None else columns.text_end
    number = shapes(made.buffer, made.view, columns.text_at, stop)
    # The program is part of the kind, which is told apart below: a shape alone is enough to find one line of each.
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], number[order][1:] != number[order][:-1])))
    ends = np.append(starts[1:], len(order))
    for begin, end in zip(starts.tolist(), ends.tolist(), strict=True):
        one, last = int(order[begin]), int(order[end - 1])
        at = int(columns.text_at[one])
        text = bytes(made.buffer.data[at : min(int(stop[one]), at + _LONGEST_TEXT)]).decode("utf-8", "replace")
        text = _UPTIME.sub("", text)
        runs = runs_of(text)
        if not runs:
            continue
        program = bytes(made.buffer.data[int(columns.program_at[one]) : int(columns.program_end[one])])
        kind = Kind(
            program.decode("utf-8", "replace") or log.format.program,
            text,
            low,
            int(columns.severity[one]),
            tuple(run.encode() for run in runs),
            log.machine,
            _evidence(batch, log, int(rows[one])),
            _evidence(batch, log, int(rows[last])),
        )
        kind.count[log.index] = end - begin
        yield kind


def _evidence(batch: Batch, log: Log, row: int) -> Evidence:
    raw = bytes(batch.buffer.data[int(batch.start[row]) : int(batch.line_stop[row])]).decode("utf-8", "replace")
    time = int(batch.time[row])
    return Evidence(log.name, int(batch.line[row]), raw, None if time == UNKNOWN else time)


def runs_of(text: str) -> list[str]:
    """The runs of plain words of a text, in pieces of two or three words; a long word alone is one too."""
    out: list[str] = []
    for match in _RUN.finditer(text):
        words = match[0].split(" ")
        while words:
            take = 2 if len(words) in {2, 4} else 3
            piece = " ".join(words[:take])
            words = words[take:]
            if len(piece) >= _SHORTEST:
                out.append(piece)
    return list(dict.fromkeys(out))


def look_back(members: Sequence[list[Log]], kinds: Sequence[Kind]) -> None:
    """Leave `runs` only to kinds that are new: fewer than half of them stood in the machine's logs before."""
    for machine in {k.machine for k in kinds}:
        own = [k for k in kinds if k.machine == machine]
        first: dict[bytes, int] = {}
        for files in members:
            if any(log.machine == machine for log in files):
                _sightings(files, own, first)
        for kind in own:
            known = sum(first.get(run, 1 << 62) < kind.low for run in kind.runs)
            if 2 * known >= len(kind.runs):
                kind.runs = ()


def _recent(files: Sequence[Log], limit: int) -> tuple[list[Log], int | None]:
    """Of a stream's files before an instant, the oldest first, those in which one looks back, and from when on.

    They are the last ones up to the bytes in which one looks back; of a single larger one, its last such bytes.
    """
    begun = [log for log in files if (first := first_instant(log)) is None or first < limit]
    out: list[Log] = []
    for log in reversed(begun):
        if out and sum(k.source.size for k in out) + log.source.size > HISTORY:
            break
        out.insert(0, log)
    return out, back_from(out[0], limit, HISTORY) if len(out) == 1 else None


def _sightings(files: Sequence[Log], kinds: Sequence[Kind], first: dict[bytes, int]) -> None:
    """Note when each run stood in a stream first, as far as that matters."""
    needed: dict[bytes, int] = {}
    for kind in kinds:
        for run in kind.runs:
            needed[run] = min(kind.low, needed.get(run, kind.low))
    left = {run for run, low in needed.items() if first.get(run, 1 << 62) >= low}
    limit = max((k.low for k in kinds), default=0)
    scanner: Scanner | None = None
    order: list[bytes] = []
    recent, begin = _recent(files, limit)
    for number, batch in enumerate(read(recent, [], {}, since=begin, numbered=False)):
        if not left or (len(batch) and int(batch.key[0]) >= limit):
            return
        if not len(batch):
            continue
        hits: dict[bytes, int] = {}
        # What is common stands in the first block, and is found there at once.
        if number == 0:
            data = bytes(batch.buffer.data)
            hits = {run: place for run in left if (place := data.find(run)) >= 0}
        else:
            if scanner is None:
                order = sorted(left)
                scanner = Scanner([Pattern(re.escape(run.decode()).replace("\\ ", " ")) for run in order])
            for i, end in zip(*(a.tolist() for a in scanner.scan(batch.buffer.data)), strict=True):
                if order[i] not in hits and order[i] in batch.bytes_of(batch.entry_at(end)):
                    hits[order[i]] = end
        for run, place in hits.items():
            time = int(batch.key[batch.entry_at(place)])
            first[run] = min(time, first.get(run, time))
            left.discard(run)
        if hits:
            scanner = None


def _groups(kinds: Sequence[Kind]) -> list[Group]:
    """Warnings and worse first, then in the order in which they came."""
    merged: dict[tuple[str, str], list[Kind]] = defaultdict(list)
    for kind in kinds:
        merged[kind.program, mask(kind.text)].append(kind)
    out = []
    for (program, pattern), same in merged.items():
        counts: dict[int, int] = defaultdict(int)
        for kind in same:
            for log, n in kind.count.items():
                counts[log] += n
        first = min((k.first for k in same), key=lambda e: e.time or 0)
        last = max((k.last for k in same), key=lambda e: e.time or 0)
        worst = min((k.severity for k in same if k.severity >= 0), default=7)
        word = "error" if worst < _WARNING else "warning" if worst == _WARNING else "notice"
        out.append(Group(pattern, max(counts.values()), first, last, word, program, new=True))
    ranks = {"error": 0, "warning": 1, "notice": 2}
    return sorted(out, key=lambda g: (ranks[g.severity], g.first.time or 0))


def first_boots(book: Ledger) -> Booting:
    """Whether a host was in the first boot that its logs show: none of its lines can have stood there before."""
    starts = {
        host: next((life.start.earliest for life in lives if life.seen), None) for host, lives in book.lives.items()
    }

    def booting(host: str, time: int) -> bool:
        start = starts.get(short_host(host))
        return start is not None and start - _BOOT <= time <= start + _BOOT

    return booting


def together(troubles: Sequence[Group], new: Sequence[Group]) -> list[Group]:
    """Both in one list: trouble that is new first, then what else is new, then trouble of old."""
    fresh = {(g.program, g.pattern) for g in new}
    known = {(g.program, g.pattern) for g in troubles}
    marked = [replace(g, new=(g.program, g.pattern) in fresh) for g in troubles]
    rest = [g for g in new if (g.program, g.pattern) not in known]
    return [g for g in marked if g.new] + rest + [g for g in marked if not g.new]
