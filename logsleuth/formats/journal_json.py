"""The systemd journal as `journalctl -o json` prints it: an entry a line, `__REALTIME_TIMESTAMP` in microseconds.

Fields: systemd.journal-fields(7). The fields that syslog has are shown, as journalctl's own short form does; the others
(`_BOOT_ID`, `_CMDLINE`, `CODE_FILE` ...) stay in the line.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import json_columns, moments
from logsleuth.formats.json_keys import NUMBER
from logsleuth.formats.json_lines import SPELLING
from logsleuth.formats.json_scan import members
from logsleuth.formats.json_stamp import JsonStamp, best
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_KEY = NUMBER["__realtime_timestamp"]


@dataclass(frozen=True)
class _JournalStamp(JsonStamp):
    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        valid = np.zeros(len(start), bool)
        wall = np.zeros(len(start), np.int64)
        rows = np.flatnonzero((buffer[start] == ord("{")) & (stop - start >= 10))
        found = members(buffer, view, start[rows], stop[rows])
        found = found.some((found.key == _KEY) & ~found.deep)
        got = moments.counts(buffer, view, found.value, found.value_end)
        chosen = best(found.row, found.rank, got.valid, len(rows))
        has = chosen >= 0
        valid[rows[has]], wall[rows[has]] = True, got.wall[chosen[has]]
        return Stamps(valid, wall, np.zeros(len(start), np.int64), np.where(valid, start + 1, start))


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    return json_columns.split(buffer, view, at, stop)._replace(rest=())


FORMAT = Format(
    name="journal-json",
    about="the systemd journal by journalctl -o json",
    stamp=_JournalStamp(),
    body=_split,
    kind="syslog",
    spelling=SPELLING,
    samples=(
        (
            b'{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1557126489123456","_HOSTNAME":"gate","PRIORITY":"3",'
            b'"SYSLOG_IDENTIFIER":"sshd","_PID":"812","_COMM":"sshd","MESSAGE":"error: no \\"moduli\\" file"}'
        ),
        (
            b'{"_HOSTNAME":"gate","MESSAGE":[99,97,102,195,169,32,27],"__REALTIME_TIMESTAMP":"1557126490000000",'
            b'"_COMM":"menu","_PID":"9","PRIORITY":"6"}'
        ),
    ),
)
