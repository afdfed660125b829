"""Captures of a kernel's messages without stamps (FreeBSD's dmesg.boot, dmesg.today, a serial console), dated by twins.

The syslogd of the same machine wrote most of these lines too, with stamps. A capture may hold several boots, and the
first lines of all boots are alike: each part of it that begins with a kernel's first words belongs to one boot of the
stamped log, in the same order, none of them begun after the capture was written. syslogd writes some lines on the
console as well, with stamps: these few keep their own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import field
from pathlib import PurePath

import numpy as np

from logsleuth.clock.fitting import Part, fitted, paired, parts_of
from logsleuth.clock.kernel_boots import FIRST, Boot, bare, boots_in, whole_lines
from logsleuth.clock.model import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.clock.ring import utc_of
from logsleuth.clock.survey import Survey
from logsleuth.clock.twins import Twins
from logsleuth.formats import PLAIN
from logsleuth.formats.split import lines_of
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass
from logsleuth.report import Assumption

_LARGEST = 4 << 20
"""Bytes of a capture that are dated, the last ones."""
_ALL = 32 << 20
"""Bytes of all captures of a machine that are, the smallest first: a server of consoles may hold thousands."""
_SHORTEST = 4
"""Bytes of a line that is looked for."""
_BOOTS = 32
"""Boots of a stamped log, the last ones, that a capture may be of."""
_EARLY = 50
"""Lines below a kernel's first words that are as old as the first twin, if that is among them."""
_LATE, _LATE_BOOT = 60 * SECOND, 600 * SECOND
"""syslogd stamps a boot's lines when it starts: a capture written then may be older by so much."""
_AT_BOOT = lazy_pattern(r"(?:^|[._-])boot|^dmesg(?:\.\d+)?(?:\.gz)?$")
"""Written while the machine boots, before its syslogd starts."""
_ASIDE = 2
"""As `sources.rotation` ranks what neither a number nor a date tells the age of."""
_NO_CHANGE = 20 * 365 * 86_400 * SECOND
"""A last change before 1990 is none: see `witness`."""
_FEW = 0.3
"""Share of stamped lines from which a file is syslogd's own."""
_NAMES = lazy_pattern(r"dmesg|msgbuf|console|serial|kernel|boot|tty[A-Z]+\d", re.IGNORECASE)


@dataclass(slots=True)
class _Capture:
    log: Log
    offset: list[int]
    text: list[bytes]
    """Without blanks at the ends and the kernel's own stamp."""
    indented: list[bool]
    parts: list[Part]
    own: dict[int, int]
    """UTC nanoseconds of the lines that have a stamp, by their numbers."""


@dataclass(slots=True)
class _Dated:
    """A capture beside one stamped log."""

    twins: dict[int, tuple[int, str]] = field(default_factory=dict)
    """For a line's number its twin's time and log."""
    boots: dict[int, Boot] = field(default_factory=dict)
    """For a part's number the boot that it is of."""
    alike: int = 1
    """So many boots fit the last dated part equally."""


def date_captures(logs: Sequence[Log], surveys: Sequence[Survey], assumptions: list[Assumption]) -> None:
    """Give `Log.twins` to every capture of which enough lines stand in another log of its machine."""
    found: dict[str, list[Log]] = defaultdict(list)
    for log in logs:
        if _is_capture(log, surveys[log.index]):
            found[log.machine].append(log)
    for machine, own in found.items():
        stamped: dict[str, list[Log]] = defaultdict(list)
        for log in logs:
            if log.machine == machine and log.format.kind == "syslog" and log not in own:
                stamped[log.source.stream].append(log)
        if not stamped:
            continue
        captures = [_capture(log) for log in _some(own)]
        wanted = {text for capture in captures for text in capture.text if len(text) >= _SHORTEST}
        until = max(_written(log) for log in own)
        ordered = [sorted(files, key=lambda log: log.source.rank) for files in stamped.values()]
        boots = [boots_in(files, wanted, until) for files in ordered]
        _date(captures, [some for some in boots if some], assumptions)


def _some(captures: Sequence[Log]) -> list[Log]:
    left, out = _ALL, []
    for log in sorted(captures, key=lambda log: log.source.size):
        left -= min(log.source.size, _LARGEST)
        if left >= 0:
            out.append(log)
    return sorted(out, key=lambda log: log.index)


def _is_capture(log: Log, seen: Survey) -> bool:
    if log.format is PLAIN:
        return bool(_NAMES.search(PurePath(log.name).name) or FIRST.search(seen.head))
    return log.format.kind == "syslog" and not log.source.store and seen.share < _FEW and is_kernels(seen.head)


def is_kernels(head: bytes) -> bool:
    """A line begins with a kernel's first words, no stamp before them."""
    return bool(FIRST.search(head))


def _date(captures: Sequence[_Capture], stamped: Sequence[list[Boot]], assumptions: list[Assumption]) -> None:
    """The newest of a stream first: an older one ends where that begins, or in the same boot before it."""
    newer: dict[str, tuple[_Capture, _Dated]] = {}
    told: dict[tuple[int, bytes], int] = {}
    for capture in sorted(captures, key=lambda c: c.log.source.rank, reverse=True):
        before = newer.get(capture.log.source.stream)
        until = _written(capture.log) if before is None else min(_written(capture.log), _before(*before, capture.log))
        made = [_beside(capture, [b for boot in boots if (b := boot.until(until)).time]) for boots in stamped]
        best = max(made, key=lambda dated: len(dated.twins), default=_Dated())
        if best.twins:
            newer[capture.log.source.stream] = capture, best
            capture.log.twins = _marks(capture, best, told)
            capture.log.format = PLAIN
            assumptions.append(Assumption(capture.log.name, _said(capture, best)))


def _written(log: Log) -> int:
    """The latest stamp that a line of a capture can have in another log."""
    if log.written < _NO_CHANGE:
        return 1 << 62
    return log.written + (_LATE_BOOT if _AT_BOOT.search(PurePath(log.name).name) else _LATE)


def _before(newer: _Capture, dated: _Dated, older: Log) -> int:
    """The latest stamp of a line in a capture that rotated, or was put aside, before a newer one."""
    if older.source.rank[0] == newer.log.source.rank[0] == _ASIDE:
        # periodic's dmesg.yesterday and dmesg.today are the same buffer, one day apart.
        return dated.boots[max(dated.boots)].time[-1]
    return min(time for time, _ in dated.twins.values()) - (1 if newer.parts[min(dated.boots)].firsts else 0)


def _capture(log: Log) -> _Capture:
    start = max(0, log.source.size - _LARGEST) if log.source.seekable else 0
    pieces = list(whole_lines(log.source, start, _LARGEST))
    data = b"".join(piece for _, piece in pieces)
    base = pieces[0][0] if pieces else 0
    lines = lines_of(data)
    spans = list(zip(lines.start.tolist(), lines.stop.tolist(), strict=True))
    text = [bare(data[begin:end]) for begin, end in spans]
    indented = [data[begin:end][:1] in {b" ", b"\t"} for begin, end in spans]
    offset = [base + begin for begin, _ in spans]
    return _Capture(log, offset, text, indented, parts_of(text), _own(log, [data[a:b] for a, b in spans], offset))


def _own(log: Log, lines: Sequence[bytes], offset: Sequence[int]) -> dict[int, int]:
    if log.format is PLAIN:
        return {}
    times = utc_of(log, lines, np.array(offset, np.int64)).tolist()
    return {i: time for i, time in enumerate(times) if time != UNKNOWN}


def _beside(capture: _Capture, boots: Sequence[Boot]) -> _Dated:
    """The twins of a capture in one stamped log."""
    out = _Dated()
    boots = boots[-_BOOTS:]
    for k, which, alike in fitted(capture.parts, boots):
        part, boot = capture.parts[k], boots[which]
        pairs = paired(capture.text[part.begin : part.end], boot)
        if pairs:
            out.boots[k], out.alike = boot, alike
            out.twins.update((part.begin + i, (boot.time[j], boot.log[j])) for i, j in pairs)
    return out


def _marks(capture: _Capture, dated: _Dated, told: dict[tuple[int, bytes], int]) -> Twins:
    """`told` counts lines without a twin, by time, in the captures before: what stands there too is a copy as well."""
    marks: dict[int, tuple[int, bool]] = {}
    seen: Counter[tuple[int, bytes]] = Counter()
    elsewhere = set(dated.twins)
    for k, part in enumerate(capture.parts):
        first = next((i for i in range(part.begin, part.end) if i in dated.twins), None) if k in dated.boots else None
        early = first is not None and bool(part.firsts) and first - part.begin <= _EARLY
        now = dated.twins[first][0] if first is not None and early else UNKNOWN
        marks[part.begin] = now, False
        for i in range(part.begin, part.end):
            if i in dated.twins:
                now = dated.twins[i][0]
                marks[i] = now, True
                continue
            if i in capture.own:
                now = capture.own[i]
                marks[i] = now, True
            if now != UNKNOWN and capture.text[i]:
                key = now, capture.text[i]
                seen[key] += 1
                if seen[key] <= told.get(key, 0):
                    elsewhere.add(i)
                    marks.setdefault(i, (now, False))
    for key, count in seen.items():
        told[key] = max(count, told.get(key, 0))
    copies = _whole(capture, elsewhere)
    lines = sorted(marks)
    return Twins(
        np.array([capture.offset[i] for i in lines], np.int64),
        np.array([marks[i][0] for i in lines], np.int64),
        np.array([marks[i][1] for i in lines], bool),
        np.array([i in copies for i in lines], bool),
        capture.log.format if capture.own else None,
    )


def _whole(capture: _Capture, elsewhere: Collection[int]) -> set[int]:
    """Of lines that stand elsewhere too, those of which all the indented ones below do."""
    out: set[int] = set()
    below = True
    for i in range(len(capture.text) - 1, -1, -1):
        held = i in elsewhere
        if held and below:
            out.add(i)
        # Blanks alone say nothing that could be lost.
        below = (below and (held or not capture.text[i])) if capture.indented[i] else True
    return out


def _said(capture: _Capture, dated: _Dated) -> str:
    lines = sum(map(bool, capture.text))
    name = Counter(where for _, where in dated.twins.values()).most_common(1)[0][0]
    said = "few of its lines carry stamps" if capture.own else "its lines carry no stamps"
    said += (
        f": {len(dated.twins)} of {lines} stand in {name} too and have their time, the others that of the line above"
    )
    others = [part for k, part in enumerate(capture.parts) if k not in dated.boots]
    lost = sum(map(bool, (line for part in others for line in capture.text[part.begin : part.end])))
    if lost:
        said += f"; {lost} lines are of no boot that is found there, and their times are unknown"
    if dated.alike > 1:
        said += f"; of {dated.alike} boots there that fit equally the last is taken"
    return said
