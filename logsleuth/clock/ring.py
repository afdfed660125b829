"""Stamps that count from the boot, tied to the wall clock: by the same lines in a log that names it, or by the file.

A ring buffer may hold several boots (a serial console's capture does): each begins where the stamps fall back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth import sources
from logsleuth.clock.model import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN, FoldState, Offsets
from logsleuth.clock.survey import Survey
from logsleuth.clock.years import in_year
from logsleuth.formats.registry import table
from logsleuth.formats.split import decode, lines_of
from logsleuth.formats.stamp import NO_ZONE, Stamp
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass
from logsleuth.report import Assumption

_FALL = 5 * SECOND
"""Processors write a little out of order; only a new boot falls further."""
_LARGEST = 16 << 20
_SEARCHED = 64 << 20
"""Bytes of each other log, from its end on."""
_HITS = 5000
_SETTLED = 120 * SECOND
"""Lines of the boot itself are stamped when the logger has come up, all at once."""
_DRIFT = 10 * SECOND
_WRONG = 3600 * SECOND
"""A clock that was set by more was wrong before; later lines are stamped by a better one."""
_RING = lazy_pattern(rb"^(?:<\d{1,3}>)?\[ *(\d+)\.(\d{6,7})\] ([^\r\n]*)", re.MULTILINE)
_LOGGED = {
    # Linux writes microseconds; NetBSD seven digits.
    b"kernel: [": lazy_pattern(rb"kernel: \[ *(\d+)\.(\d{6})\] ([^\r\n]*)"),
    b"/netbsd: [": lazy_pattern(rb"/netbsd: \[ *(\d+)\.(\d{6,7})\] ([^\r\n]*)"),
}

_CTIME = Stamp("Www Mmm dd HH:MM:SS YYYY")
# The X server: `[    12.345] (==) Log file: "/var/log/Xorg.0.log", Time: Wed Jul 10 16:38:08 2019`.
_CLOCKED = lazy_pattern(
    rb"\[ *(?P<uptime>\d+\.\d+)\] [^\n]{0,200}\bTime: (?P<clock>\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})"
)

Key = tuple[int, bytes]
"""Nanoseconds since the boot, and the text."""


@dataclass(slots=True)
class _Boot:
    """One boot in a ring buffer."""

    offset: int
    last: int = 0
    """Nanoseconds from the boot to the last line."""
    hits: list[tuple[int, int]] = field(default_factory=list)
    """(since the boot, UTC nanoseconds) of lines that stand in another log too."""
    where: str = ""


def tie(log: Log, logs: Sequence[Log], seen: Survey, assumptions: list[Assumption]) -> tuple[tuple[int, int], ...]:
    """For each boot in a ring buffer: where in the file it begins, and UTC nanoseconds of it, UNKNOWN if not told."""
    boots, keys = _boots(log)
    if not boots:
        return _tie_other(log, seen, assumptions)
    for other in logs:
        if other.machine == log.machine and not other.format.stamp.relative:
            _look_up(other, keys)
    out = []
    for boot in boots:
        at, said = _instant(boot, log, last=boot is boots[-1])
        if said:
            which = "its stamps count" if len(boots) == 1 else f"the stamps of boot {boots.index(boot) + 1} in it count"
            assumptions.append(Assumption(log.name, f"{which} from the boot: {said}"))
        out.append((boot.offset, at))
    return tuple(out)


def _tie_other(log: Log, seen: Survey, assumptions: list[Assumption]) -> tuple[tuple[int, int], ...]:
    """As `tie`, of a log that is none of the kernel's."""
    if seen.last_uptime is None:
        return ()
    if seen.restarts:
        at, said = UNKNOWN, f"there are {seen.restarts + 1} of them, so its times are unknown"
    elif (start := _clocked(seen.head, log.offsets)) is not None:
        at, said = start, "that is worked out from a line that says what the clock was"
    else:
        at, said = _instant(_Boot(0, seen.last_uptime), log, last=True)
    assumptions.append(Assumption(log.name, f"its stamps count from the boot: {said}"))
    return ((0, at),)


def _clocked(head: bytes, offsets: Offsets) -> int | None:
    """UTC nanoseconds of the boot, from a line with both the seconds since then and the local time."""
    match = _CLOCKED.search(head)
    if not match:
        return None
    lines = lines_of(match["clock"])
    got = _CTIME.decode(lines.buffer, lines.view, lines.start, lines.stop)
    if not got.valid[0]:
        return None
    return int(offsets.to_utc(got.wall, FoldState())[0]) - round(float(match["uptime"]) * 10**9)


def _boots(log: Log) -> tuple[list[_Boot], dict[Key, _Boot]]:
    boots: list[_Boot] = []
    keys: dict[Key, _Boot] = {}
    data = b"".join(_first(log, _LARGEST))
    for match in _RING.finditer(data):
        since = _nanoseconds(match)
        if not boots or since < boots[-1].last - _FALL:
            boots.append(_Boot(match.start()))
        boots[-1].last = max(boots[-1].last, since)
        keys[since, match[3]] = boots[-1]
    return boots, keys


def _first(log: Log, most: int) -> Iterator[bytes]:
    size = 0
    for block in sources.blocks(log.source, []):
        yield block
        size += len(block)
        if size >= most:
            return


def _nanoseconds(match: re.Match[bytes]) -> int:
    return int(match[1]) * SECOND + int(match[2].ljust(9, b"0"))


def _look_up(log: Log, keys: dict[Key, _Boot]) -> None:
    """Lines of a log that stand in the ring buffer too, at the same distance from the boot."""
    # The text of records is shorter than they are.
    entered = log.source.seekable and not log.source.store
    base = max(0, log.source.size - _SEARCHED) if entered else 0
    found: list[tuple[int, bytes, int, _Boot]] = []
    searched = 0
    for block in sources.blocks(log.source, [], start=base):
        for pattern in (pattern for tag, pattern in _LOGGED.items() if tag in block):
            for match in pattern.finditer(block):
                boot = keys.get((_nanoseconds(match), match[3]))
                if boot is not None and len(found) < _HITS:
                    begin = block.rfind(b"\n", 0, match.start()) + 1
                    found.append((base + begin, block[begin : match.end()], _nanoseconds(match), boot))
        base += len(block)
        searched += len(block)
        if searched >= _SEARCHED or len(found) >= _HITS:
            break
    if not found:
        return
    # The first line of a block has lost its head; it is read as one without a stamp.
    times = utc_of(log, [line for _, line, *_ in found], np.array([offset for offset, *_ in found], np.int64))
    for (_, _, since, boot), at in zip(found, times.tolist(), strict=True):
        if at != UNKNOWN:
            boot.hits.append((since, at))
            boot.where = boot.where or log.name


def utc_of(log: Log, found: Sequence[bytes], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """UTC nanoseconds of single lines of a log, and where in it they begin; UNKNOWN where their stamps do not tell."""
    lines = lines_of(b"\n".join(found) + b"\n")
    stamped = decode(lines, log.format)
    out = np.full(len(found), UNKNOWN, np.int64)
    if len(lines.start) != len(found):
        return out
    wall = stamped.wall.copy()
    yearless = table("yearless")[stamped.layout]
    if log.years is not None:
        wall[yearless] = in_year(wall[yearless], log.years.at(offsets[yearless]))
        yearless[:] = False
    good = (stamped.layout >= 0) & ~yearless & ~table("relative")[stamped.layout]
    zoned = good & (stamped.offset != NO_ZONE)
    local = good & ~zoned
    out[zoned] = wall[zoned] - stamped.offset[zoned] * SECOND
    out[local] = log.offsets.to_utc(wall[local], FoldState())
    return out


def _instant(boot: _Boot, log: Log, *, last: bool) -> tuple[int, str]:
    """UTC nanoseconds of a boot, and what is assumed to say so."""
    if boot.hits:
        # A line is logged when it is written or, at the boot, later: never before.
        starts = {since: at - since for since, at in sorted(boot.hits)}
        newest = starts[max(starts)]
        good = {since: start for since, start in starts.items() if abs(start - newest) < _WRONG}
        begin = min(good.values())
        said = f"{len(boot.hits)} lines of it stand in {boot.where} too"
        wrong = max((abs(start - newest) for start in starts.values()), default=0) // SECOND
        if len(good) < len(starts):
            said += (
                f", of which {len(starts) - len(good)} are stamped by a clock that was wrong by {wrong} s until then"
            )
        late = [start - begin for since, start in good.items() if since >= _SETTLED]
        if late and max(late) > _DRIFT:
            said += (
                f"; by their stamps the kernel's clock fell behind by up to {max(late) // SECOND} s (a suspend, or "
                "the clock was set), so later lines may be as much later"
            )
        return begin, said
    if last and log.source.mtime is not None:
        return log.source.mtime - boot.last, "its last line is put at the file's last change"
    return UNKNOWN, "nothing tells when that was, so their times are unknown"
