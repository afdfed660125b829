"""One line taken apart, for a reader."""

from __future__ import annotations

import numpy as np

from logsleuth.formats.model import SEVERITIES, Format
from logsleuth.formats.split import lines_of
from logsleuth.formats.stamp import NO_ZONE
from logsleuth.records import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """What a format makes of a line; empty where it says nothing."""

    time: str
    """As stamped, with the zone that the stamp names; the year 2000 where it names none."""
    host: str
    program: str
    pid: str
    severity: str
    message: str


def parts(form: Format, line: bytes) -> Parts | None:
    """The parts of a line (or of a heading and the line below it); None where the format finds no stamp in it."""
    lines = lines_of(line)
    if not len(lines.start):
        return None
    got = form.stamp.decode(lines.buffer, lines.view, lines.start[:1], lines.stop[:1])
    if not got.valid[0]:
        return None
    stop = lines.stop[1:2] if form.heading and len(lines.stop) > 1 else lines.stop[:1]
    columns = form.body(lines.buffer, lines.view, got.end[:1], stop)

    def text(at: int, end: int) -> str:
        return bytes(lines.buffer[at:end]).decode("utf-8", "replace")

    severity, pid = int(columns.severity[0]), int(columns.pid[0])
    lead = "" if columns.lead_end is None else text(int(lines.start[0]), int(columns.lead_end[0]))
    end = int(stop[0]) if columns.text_end is None else int(columns.text_end[0])
    return Parts(
        _clock(int(got.wall[0]), int(got.offset[0])),
        text(int(columns.host_at[0]), int(columns.host_end[0])),
        text(int(columns.program_at[0]), int(columns.program_end[0])) or form.program,
        str(pid) if pid >= 0 else "",
        SEVERITIES[severity] if severity >= 0 else "",
        lead + text(int(columns.text_at[0]), end),
    )


def _clock(wall: int, offset: int) -> str:
    fraction = f".{wall % 10**9:09}".rstrip("0").rstrip(".")
    zone = ""
    if offset != NO_ZONE:
        hours, minutes = divmod(abs(offset) // 60, 60)
        zone = f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
    return f"{np.datetime64(wall // 10**9, 's')}".replace("T", " ") + fraction + zone
