"""RFC 5424 in a file: `<PRI>1 STAMP HOST APP PROCID MSGID SD text`, as FreeBSD 12's syslogd -O rfc5424 writes it."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Positions, Words


def _word(view: Words, at: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """End of the word at `at`, and where the next begins."""
    end = vector.find_byte(view, at, stop, ord(" "))
    return end, np.minimum(end + 1, stop)


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    host_at = body.skip_spaces(buffer, at, stop, 2)
    host_end, app_at = _word(view, host_at, stop)
    app_end, proc_at = _word(view, app_at, stop)
    pid, proc_stop = body.numbers(view, proc_at)
    proc_end, id_at = _word(view, proc_at, stop)
    _, data_at = _word(view, id_at, stop)
    text = _after_data(buffer, view, data_at, stop)
    app_end = np.where((buffer[app_at] == ord("-")) & (app_end == app_at + 1), app_at, app_end)
    pid = np.where(proc_stop == proc_end, pid, -1)
    return Columns(host_at, host_end, app_at, app_end, pid, body.severity_before(buffer, at), text)


def _after_data(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Positions:
    """Where the text begins: after `-`, or after the last `]` of the structured data."""
    _, after = _word(view, at, stop)
    for row in np.flatnonzero((at < stop) & (buffer[at] == ord("["))).tolist():
        line = bytes(buffer.data[int(at[row]) : int(stop[row])])
        after[row] = at[row] + _data_length(line)
    text = body.skip_spaces(buffer, after, stop, 1)
    mark = (view[text] & vector.KEEP[3]) == vector.word(b"\xef\xbb\xbf")
    return np.where(mark & (text + 3 <= stop), text + 3, text)


def _data_length(text: bytes) -> int:
    """Length of the structured data at the start of `text`; a `]` inside quotes does not end an element."""
    quoted = False
    i = 0
    while i < len(text):
        c = text[i : i + 1]
        if quoted and c == b"\\":
            i += 1
        elif c == b'"':
            quoted = not quoted
        elif c == b"]" and not quoted and text[i + 1 : i + 2] != b"[":
            return i + 1
        i += 1
    return 0


FORMAT = Format(
    name="rfc5424",
    about="syslog after RFC 5424 (FreeBSD 12 -O rfc5424, sysklogd 2, relays)",
    stamp=Stamp("1 YYYY-MM-DDTHH:MM:SS.fz", anchor="priority"),
    body=_split,
    kind="syslog",
    samples=(
        b"<34>1 2023-10-11T22:14:15.003Z gate.example.org su 812 ID47 - 'su root' failed for rika on /dev/pts/8",
        b'<165>1 2023-08-24T05:14:15.000003-07:00 gate evntslog - ID47 [ex@32473 iut="3" src="a]b"] an event',
        b"<13>1 2023-08-24T05:14:15+02:00 gate - - - - text alone",
    ),
)
