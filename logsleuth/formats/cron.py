"""Logs of cron where it does not use syslog: Solaris, AIX, HP-UX; and Vixie's own file."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_CTIME = "Www Mmm dd HH:MM:SS YYYY"
_STAMP = Stamp(_CTIME)
_COMMAND, _BEGINS, _ENDS = b">  CMD: ", b">  ", b"<  "
_WORDS = 3
"""`root 812 c` stands before the stamp."""


@dataclass(frozen=True)
class _SystemV:
    """`>  CMD: ...` with its stamp on the line below, `>  root 812 c STAMP`; at its end `<  root 812 c STAMP rc=1`."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"<>"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        command = vector.starts(view, start, _COMMAND)
        ends = vector.starts(view, start, _ENDS)
        # The buffer goes on behind this line, with the next one or with its padding.
        limit = np.full(len(start), len(buffer) - vector.PAD, np.int64)
        below = np.minimum(stop + (buffer[stop] == ord("\r")) + 1, limit)
        good = ends | (command & vector.starts(view, below, _BEGINS))
        at = np.where(command, below, start) + len(_BEGINS)
        for _ in range(_WORDS):
            at = body.skip_spaces(buffer, vector.find_byte(view, at, np.minimum(limit, at + 64), ord(" ")), limit)
        got = _STAMP.decode(buffer, view, np.where(good, np.minimum(at, limit), limit), limit)
        good &= got.valid & (command | (got.end <= stop))
        end = np.where(command, start + len(_COMMAND), got.end)
        return Stamps(good, np.where(good, got.wall, 0), got.offset, np.where(good, np.minimum(end, stop), start))


def _job(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """Of an end the job is the beginning of the message: `<  root 812 c rc=1`."""
    ended = buffer[np.maximum(at - 1, 0)] != ord(" ")
    lead = np.where(ended, np.maximum(at - len(_CTIME), 0), np.maximum(at - len(_COMMAND), 0))
    return body.plain(buffer, view, at, stop)._replace(lead_end=lead)


FORMATS = (
    Format(
        name="cron-system-v",
        about="cron of Solaris, AIX and HP-UX",
        stamp=_SystemV(),
        body=_job,
        program="cron",
        ordered=False,
        samples=(
            b">  CMD: /usr/lib/sa/sa1\n>  root 812 c Thu Mar  4 05:06:00 2021",
            b"<  root 812 c Thu Mar  4 05:06:02 2021 rc=1",
        ),
    ),
    Format(
        name="cron-vixie",
        about="Vixie's cron with a log file of its own",
        stamp=Stamp("(MM/DD-HH:MM:SS", anchor="word"),
        body=layout("-{pid}) {message}"),
        program="cron",
        samples=(b"rika (03/04-05:06:00-812) CMD (/usr/local/bin/sync.sh)",),
    ),
)
