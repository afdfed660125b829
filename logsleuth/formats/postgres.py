"""PostgreSQL's log: `STAMP ZONE [PID] user@db LEVEL:  text` (any log_line_prefix with those), and its csvlog.

Layouts: elog.c; the default prefix is `%m [%p] ` since 10, Debian's `%m [%p] %q%u@%d `, and `%t ` before.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.levels import level_words
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Positions, Words

_LONGEST_PREFIX = 200
_COLUMN = 11
"""Of a csvlog's columns behind the stamp that which holds the severity."""


def _prefixed(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The level is the word before the first `:  `; the process the first number in brackets."""
    here = body.skip_spaces(buffer, at, stop)
    limit = np.minimum(stop, here + _LONGEST_PREFIX)
    colon = here - 1
    severity = np.full(len(at), -1, np.int64)
    text = here
    for _ in range(6):
        colon = vector.find_byte(view, np.minimum(colon + 1, limit), limit, ord(":"))
        apart = (severity < 0) & (colon < limit) & vector.starts(view, colon, b":  ")
        word = _word_before(buffer, colon, here)
        level = np.where(apart, level_words(view, word, colon), -1)
        severity = np.where(level >= 0, level, severity)
        text = np.where(level >= 0, np.minimum(colon + 3, stop), text)
    opened = vector.find_byte(view, here, limit, ord("["))
    pid, end = body.numbers(view, np.minimum(opened + 1, stop))
    mark = buffer[np.minimum(end, stop)]
    process = (severity >= 0) & (opened < text) & (pid >= 0) & ((mark == ord("]")) | (mark == ord("-")))
    return Columns(at, at, at, at, np.where(process, pid, -1), severity, text)


def _word_before(buffer: Bytes, end: Positions, start: Positions) -> Positions:
    """Where the word of capitals and digits that ends at `end` begins."""
    at = end
    for _ in range(8):
        byte = buffer[np.maximum(at, 1) - 1]
        more = (at > start) & (((byte >= ord("A")) & (byte <= ord("Z"))) | ((byte >= ord("1")) & (byte <= ord("5"))))
        at = at - more
    return at


def _columns(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The csvlog's: `STAMP,"user","db",PID,...,LEVEL,SQLSTATE,"text",...`."""
    here = np.minimum(at + 1, stop)
    pid = np.full(len(at), -1, np.int64)
    severity = np.full(len(at), -1, np.int64)
    for number in range(1, _COLUMN + 2):
        end = _field_end(buffer, view, here, stop)
        if number == 3:
            pid, _ = body.numbers(view, here)
        if number == _COLUMN:
            severity = level_words(view, here, end)
        here = np.minimum(end + 1, stop)
    quoted = (here < stop) & (buffer[np.minimum(here, stop)] == ord('"'))
    text = np.where(severity >= 0, here + quoted, at)
    return Columns(at, at, at, at, np.where(severity >= 0, pid, -1), severity, np.minimum(text, stop))


def _field_end(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Positions:
    """The comma behind a field, which may be quoted; a quote inside is doubled."""
    quoted = (at < stop) & (buffer[np.minimum(at, stop)] == ord('"'))
    close = np.where(quoted, np.minimum(at + 1, stop), at)
    for _ in range(8):
        close = vector.find_byte(view, close, np.where(quoted, stop, close), ord('"'))
        twice = quoted & (close + 1 < stop) & (buffer[np.minimum(close + 1, stop)] == ord('"'))
        if not twice.any():
            break
        close = np.where(twice, close + 2, close)
    return vector.find_byte(view, np.minimum(close, stop), stop, ord(","))


FORMAT = Format(
    name="postgres",
    about="PostgreSQL's log",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS.fZZZ"),
    body=_prefixed,
    check=severe,
    program="postgres",
    samples=(
        b"2019-05-06 07:08:09.123 UTC [812] LOG:  database system was interrupted",
        b'2019-05-06 07:08:09.124 CEST [813] rika@shop FATAL:  password authentication failed for user "rika"',
        b'2019-05-06 07:08:10 JST ERROR:  could not open file "base/16384/16390": No such file or directory',
        b'2019-05-06 07:08:10 +03 [814-1] PANIC:  could not write to file "pg_wal/x.814": No space left on device',
    ),
)
CSV = Format(
    name="postgres-csv",
    about="PostgreSQL's csvlog",
    stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS.fZZZ"), (b",",)),
    body=_columns,
    check=severe,
    program="postgres",
    samples=(
        b'2019-05-06 07:08:09.123 UTC,,,812,,5ccfdb59.32c,1,,2019-05-06 07:08:09 UTC,,0,LOG,00000,"ready",,,,,,,,,""',
        (
            b'2019-05-06 07:08:09.124 CEST,"rika","shop",813,"pc7:5021",5ccf.32d,2,"SELECT",2019-05-06 07:08:00 CEST,'
            b'3/4,0,ERROR,42P01,"relation ""orders"" does not exist",,,,,,"select 1",15,,"psql"'
        ),
        (
            b'2019-05-06 07:08:10.000 UTC,"rika","shop",814,"[local]",5ccf.32e,1,"auth",2019-05-06 07:08:10 UTC,'
            b',0,FATAL,28P01,"no",,,'
        ),
    ),
)
FORMATS = (FORMAT, CSV)
