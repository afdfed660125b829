"""Histories of shells: what was done before it stopped working.

A command that no stamp belongs to was given at an unknown time.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import Epoch, read_epoch, stamps
from logsleuth.formats.layout import layout
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.records import dataclass

_COMMAND, _WHEN = b"- cmd: ", b"  when: "


@dataclass(frozen=True)
class _Fish:
    """`- cmd: ...`, and the stamp on the line below: `  when: 1562776688`."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"-"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        good = vector.starts(view, start, _COMMAND) & (start + len(_COMMAND) <= stop)
        below = stop + (buffer[stop] == ord("\r")) + 1
        good &= vector.starts(view, below, _WHEN)
        at = np.where(good, below + len(_WHEN), stop)
        # The buffer goes on behind this line, with the next one or with its padding.
        end = np.full(len(at), len(buffer) - vector.PAD, np.int64)
        wall, _, right = read_epoch(buffer, view, np.minimum(at, end), end)
        good &= right
        return stamps(good, wall, np.where(good, start + len(_COMMAND), start))


_STAMP_FIELD = {b"|2,": 2, b"|3,": 6, b"|4,": 4}
"""viminfo.c: how many commas stand before the stamp in the lines of a history, a register and a mark."""


@dataclass(frozen=True)
class _Vim:
    """`|2,0,1614834368,,"wq"`: numbers between commas, one of them the stamp."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"|"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        at, good = stop.copy(), np.zeros(len(start), bool)
        for mark, commas in _STAMP_FIELD.items():
            rows = np.flatnonzero(vector.starts(view, start, mark))
            place = start[rows]
            for _ in range(commas):
                place = np.minimum(vector.find_byte(view, place, stop[rows], ord(",")) + 1, stop[rows])
            at[rows], good[rows] = place, True
        wall, end, right = read_epoch(buffer, view, at, stop)
        good &= right & (buffer[end] == ord(",")) & (end < stop)
        return stamps(good, wall, np.where(good, end + 1, start))


FORMATS = (
    Format(
        name="bash-history",
        about="a history of bash with HISTTIMEFORMAT set: each command below its stamp",
        stamp=Epoch(b"#", alone=True),
        body=layout("\n{message}"),
        program="bash",
        heading=True,
        kind="history",
        samples=(b"#1614834368\nmount -o remount,ro /srv", b"#1614834371\nreboot"),
    ),
    Format(
        name="tcsh-history",
        about="a history of tcsh: each command below its stamp",
        stamp=Epoch(b"#+", alone=True),
        body=layout("\n{message}"),
        program="tcsh",
        heading=True,
        kind="history",
        samples=(b"#+1614834368\nmount -o remount,ro /srv", b"#+1614834371\nreboot"),
    ),
    Format(
        name="zsh-history",
        about="a history of zsh with EXTENDED_HISTORY set",
        stamp=Epoch(b": ", b":"),
        body=layout("{};{message}"),
        program="zsh",
        kind="history",
        samples=(b": 1614834368:0;mount -o remount,ro /srv", b": 1614834371:12;make && \\\nmake install"),
    ),
    Format(
        name="fish-history",
        about="a history of fish: each command above its stamp",
        stamp=_Fish(),
        body=body.plain,
        program="fish",
        kind="history",
        samples=(b"- cmd: mount -o remount,ro /srv\n  when: 1614834368\n  paths:\n    - /srv",),
    ),
    Format(
        name="viminfo",
        about="Vim's viminfo: commands, registers and marks with the time of their use",
        stamp=_Vim(),
        body=body.plain,
        program="vim",
        ordered=False,
        kind="history",
        # What stands before its first stamp are settings, and a command that the stamp's own line repeats.
        preamble=(b"",),
        samples=(b'|2,0,1614834368,,"wq"', b'|4,48,12,0,1614834371,"/etc/fstab"', b'|3,0,0,0,1,0,1614834371,"/srv"'),
    ),
)
