"""What a format is: where its stamp lies, and how the rest of a line divides into columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats.stamp import Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
"""syslog(3)'s priorities, 0 the worst."""
NO_SEVERITY = -1
_HINTED = 64 << 10
"""So far a file is searched for a format's hint."""


class Columns(NamedTuple):
    """Where the parts of every line lie: positions in the buffer, [at, end); empty where a part is missing."""

    host_at: Positions
    host_end: Positions
    program_at: Positions
    program_end: Positions
    pid: NDArray[np.int64]
    """-1 where the line names none."""
    severity: NDArray[np.int64]
    """Index in SEVERITIES; NO_SEVERITY where the line names none."""
    text_at: Positions
    lead_end: Positions | None = None
    """Where a message begins before its stamp (an access log's address), that part ends here; else None."""
    text_end: Positions | None = None
    """Where the message ends, if that may be before the line's end (as in a JSON object); else None."""
    escaped: Mask | None = None
    """With `text_end`: messages that the format's `Spelling` has to read."""
    rest: tuple[tuple[Positions, Positions], ...] = ()
    """With `text_end`: what else the line says, [at, end) in its order, shown behind the message."""


Body = Callable[[Bytes, Words, Positions, Positions], Columns]
"""(buffer, view, first byte after the stamp, line's end) to columns, all lines at once."""


Check = Callable[[Bytes, Words, Columns, Positions], Mask]
"""(buffer, view, columns, line's end): lines that are in the format for sure, where other formats' stamps are alike."""


class Decoder(Protocol):
    """What finds and reads a stamp: see `Stamp` and `Uptime`."""

    @property
    def yearless(self) -> bool:
        """Its stamps name no year."""

    @property
    def relative(self) -> bool:
        """Its stamps count from the boot, not from a date."""

    @property
    def first_bytes(self) -> bytes:
        """The bytes with which a line that carries it can begin; empty for any."""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""


@dataclass(frozen=True)
class Spelling:
    """How the lines of a format are written out for a reader, where a message is not what stands up to a line's end."""

    read: Callable[[bytes], bytes]
    """A message without its escapes."""
    opened: bytes
    """Stands between the message and the rest of the line."""
    between: bytes
    """Stands between two parts of the rest."""
    closed: bytes
    """Stands behind the rest."""
    values: Callable[[str], tuple[str, ...]]
    """The texts in a line, without their escapes."""


@dataclass(frozen=True)
class Format:
    """One layout of a line."""

    name: str
    about: str
    """Who writes it."""
    stamp: Decoder
    body: Body
    samples: tuple[bytes, ...]
    """Lines in it, for the tests and for `logsleuth formats`."""
    program: str = ""
    """The program whose log it is, where lines do not name one."""
    ordered: bool = True
    """Lines stand in the order of their stamps (an access log's do not: it stamps the request's start)."""
    named: bool = False
    """Most of its lines must name a program, or it is another format that begins alike."""
    check: Check | None = None
    """Most of its lines must pass it, or it is another format that begins alike."""
    heading: bool = False
    """A stamped line only heads an entry: its message begins on the line that follows."""
    preamble: tuple[bytes, ...] = ()
    """How the lines begin that stand before a file's first entry and only say how it is laid out: they are no entry."""
    dates: bool = False
    """Its stamps tell the year of the lines without one that follow."""
    hint: re.Pattern[bytes] | None = None
    """What the first bytes of every file in it hold, where its lines alone do not tell it from others; a line begins
    behind a `\\n`, the first one too."""
    kind: str = "log"
    """What rules call its files: `access`, `error`, `kernel` ..."""
    spelling: Spelling | None = None
    """Given where columns have a `text_end`."""

    def hinted(self, head: bytes) -> bool:
        """A file with these first bytes may be in it."""
        return self.hint is None or self.hint.search(b"\n" + head[:_HINTED]) is not None


def severe(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """A `Check`: lines that name a severity."""
    found: Mask = columns.severity >= 0
    return found


def severe_process(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """A `Check`: lines that name a severity and a process."""
    found: Mask = (columns.severity >= 0) & (columns.pid >= 0)
    return found


def columns_of(columns: Columns, rows: NDArray[np.int64]) -> Columns:
    """The first seven columns of some rows."""
    a, b, c, d, e, f, g = (column[rows] for column in columns[:7])
    return Columns(a, b, c, d, e, f, g)


def empty_columns(at: Positions) -> Columns:
    """Columns of lines that name nothing: the whole rest is text."""
    none = np.full(len(at), -1, np.int64)
    return Columns(at, at, at, at, none, none, at)
