"""Stamps that count from the boot, tied to the wall clock."""

from __future__ import annotations

import re

from logsleuth.clock.model import Settings
from logsleuth.clock.offsets import FoldState, Offsets
from logsleuth.clock.survey import Survey
from logsleuth.formats.split import lines_of
from logsleuth.formats.stamp import Stamp
from logsleuth.report import Assumption

_CTIME = Stamp("Www Mmm dd HH:MM:SS YYYY")


# The X server: `[    12.345] (==) Log file: "/var/log/Xorg.0.log", Time: Wed Jul 10 16:38:08 2019`.
_CLOCKED = re.compile(rb"\[ *(?P<uptime>\d+\.\d+)\] [^\n]{0,200}\bTime: (?P<clock>\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})")


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


def booted(seen: Survey, settings: Settings, offsets: Offsets, assumptions: list[Assumption]) -> int | None:
    """The boot from which a ring buffer's stamps count: its last line is taken to be as old as the file.

    None where they count from several boots, as in journalctl's short-monotonic: only one can be as old as the file.
    """
    if seen.format.stamp.relative and seen.last_uptime is not None:
        if seen.restarts:
            told = f"its stamps count from the boot, and it tells of {seen.restarts + 1} boots: its times are not known"
            assumptions.append(Assumption(seen.source.name, told))
            return None
        start = _clocked(seen.head, offsets)
        if start is not None:
            told = "its stamps count from the boot: that is worked out from a line that says what the clock was"
            assumptions.append(Assumption(seen.source.name, told))
            return start
        at = seen.source.mtime if seen.source.mtime is not None else settings.now
        assumptions.append(
            Assumption(
                seen.source.name,
                "its stamps count from the boot: its last line is put at the file's last change",
            )
        )
        return at - seen.last_uptime
    return None
