"""Logs of IRC clients: lines without a year between lines that open and close the log with one."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_CTIME = "Www Mmm dd HH:MM:SS YYYY"
_OPENED = Stamp(_CTIME)


@dataclass(frozen=True)
class _AtEnd:
    """`lead`, words in the user's language, and at the line's end a stamp as ctime(3) writes it."""

    lead: bytes
    yearless: bool = False
    relative: bool = False

    @property
    def first_bytes(self) -> bytes:
        return self.lead[:1]

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        good = vector.starts(view, start, self.lead) & (stop - start > len(self.lead) + len(_CTIME))
        got = _OPENED.decode(buffer, view, np.where(good, stop - len(_CTIME), stop), stop)
        good &= got.valid
        return Stamps(good, np.where(good, got.wall, 0), got.offset, np.where(good, stop, start))


def _opening(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    return body.plain(buffer, view, at, stop)._replace(lead_end=np.maximum(at - len(_CTIME), 0))


FORMATS = (
    Format(
        name="xchat",
        about="XChat and HexChat; a year stands only where the log was opened or closed",
        stamp=Stamp("mmm dd HH:MM:SS", anchor="blank"),
        body=body.plain,
        hint=lazy_pattern(rb"\n\*\*\*\* \S.* \d\d:\d\d:\d\d [12]\d{3}\r?\n"),
        kind="chat",
        samples=(b"mar 04 05:06:07 <rika> the mail server is down again", b"Mar 04 05:06:08 *\tjun has joined #office"),
    ),
    Format(
        name="xchat-opened",
        about="the lines with which XChat and HexChat open and close a log",
        stamp=_AtEnd(b"**** "),
        body=_opening,
        dates=True,
        kind="chat",
        samples=(b"**** BEGIN LOGGING AT Thu Mar  4 05:06:07 2021",),
    ),
    Format(
        name="xchat-scrollback",
        about="XChat's scrollback",
        stamp=Epoch(b"T ", b" "),
        body=layout("{message}"),
        kind="chat",
        samples=(b"T 1614834368 <rika>\tthe mail server is down again",),
    ),
)
