"""Tables of OPNsense's log viewer, copied or exported: instant, severity, process, text; newest first."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.levels import level_words
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Positions, Words

_TAB = ord("\t")
_LONGEST = 64


def _cell(view: Words, at: Positions, stop: Positions) -> Positions:
    return vector.find_byte(view, at, np.minimum(stop, at + _LONGEST), _TAB)


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    r"""`\tNotice\tkernel\t<6>text`."""
    level = np.minimum(at + 1, stop)
    level_end = _cell(view, level, stop)
    severity = np.where(buffer[np.minimum(at, stop)] == _TAB, level_words(view, level, level_end), -1)
    name = np.minimum(level_end + 1, stop)
    name_end = _cell(view, name, stop)
    text = np.minimum(name_end + 1, stop)
    # The kernel's priority stands in its text.
    ranked = (buffer[text] == ord("<")) & (buffer[np.minimum(text + 2, stop)] == ord(">")) & (text + 3 < stop)
    text = body.skip_spaces(buffer, np.where(ranked, text + 3, text), stop)
    known = severity >= 0
    empty = np.where(known, name, at)
    none = np.full(len(at), -1, np.int64)
    return Columns(empty, empty, empty, np.where(known, name_end, at), none, severity, np.where(known, text, at))


FORMAT = Format(
    name="opnsense",
    about="tables of OPNsense's log viewer: columns between tabs",
    stamp=Marked(Stamp("YYYY-MM-DDTHH:MM:SS.fz"), (b"\t",)),
    body=_split,
    check=severe,
    ordered=False,
    kind="syslog",
    samples=(
        b"2021-03-04T05:06:08\tNotice\tkernel\t<6>em0: link state changed to DOWN\t",
        b"2021-03-04T05:06:07+01:00\tError\tdhclient\tconnection closed",
    ),
)
