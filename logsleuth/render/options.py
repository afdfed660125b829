"""What a user can say about the looks of a report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from logsleuth.records import dataclass

if TYPE_CHECKING:
    from logsleuth.entries.drawn import Drawn


@dataclass(frozen=True, slots=True)
class Options:
    """How a report is to be shown; every renderer takes what concerns it."""

    width: int = 80
    """Columns of the terminal; text is wrapped to it."""
    color: bool = False
    """ANSI colours; only for a terminal."""
    verbose: int = 0
    """1: the lines of evidence, everything that is else cut short; 2: the graph too."""
    zone: dt.tzinfo = dt.UTC
    """Times are shown in it."""
    language: str = "en"
    events: Drawn | None = None
    """Entries for outputs that draw them beside what the report tells of."""


def zone_name(zone: dt.tzinfo) -> str:
    """A name to tell a reader; zones that were read from a file or a rule have none but their offsets."""
    name = str(zone)
    if "(" not in name and "<" not in name:
        return name
    seen = {dt.datetime(2000, month, 1, tzinfo=zone).tzname() or "" for month in (1, 7)}
    return "/".join(sorted(seen))
