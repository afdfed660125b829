"""Lines that last(1) and lastb(1) print, one by one: of util-linux, sysvinit, the BSDs, macOS and Solaris."""

from __future__ import annotations

import datetime as dt
import re

from logsleuth.records import dataclass
from logsleuth.sources.stores.layouts import Kind

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_WHEN = (
    r"(?:(?P<{0}day>Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<{0}month>[A-Z][a-z]{{2}}) (?P<{0}date>[ \d]\d)"
    r"(?: (?P<{0}early>\d{{4}}))? (?P<{0}clock>\d\d:\d\d(?::\d\d)?)(?:(?: [A-Z]{{3,5}})? (?P<{0}year>\d{{4}}))?"
    r"|(?P<{0}iso>\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d))"
)
_LINE = re.compile(
    # rika     pts/0        192.0.2.7        Thu Dec 17 04:50 - 05:41  (00:50)
    r"(?P<head>\S.*?) +" + _WHEN.format("") + r"(?P<tail>"
    r" *(?: +\([\d+:]+\))? *| +-? *(?:still (?:logged in|running)|gone - no logout|crash|down)(?: +\([\d+:]+\))? *"
    r"| +- +(?:" + _WHEN.format("end") + r"|(?P<until>\d\d:\d\d(?::\d\d)?)|crash|down)"
    r"(?: +\((?:(?P<days>\d+)\+)?(?P<lasted>\d\d:\d\d(?::\d\d)?)\))? *)"
)
_BEGINS = re.compile(r"(?P<what>\S+) begins " + _WHEN.format(""))
_YEARS = 28
"""After so many the weekdays of all dates come again."""


@dataclass(slots=True)
class When:
    """An instant as it is printed: without a zone, perhaps without a year."""

    moment: dt.datetime
    weekday: int | None
    """Monday is 0; known where the year is not."""

    @property
    def whole(self) -> bool:
        """It names its year."""
        return self.weekday is None

    def in_year(self, year: int) -> When | None:
        """The nearest year from this one on in which the weekday is right."""
        for candidate in range(year, year + _YEARS):
            try:
                moved = self.moment.replace(year=candidate)
            except ValueError:
                continue
            if moved.weekday() == self.weekday:
                return When(moved, None)
        return None


@dataclass(slots=True)
class Printed:
    """One line taken apart."""

    kind: Kind
    user: str
    tty: str
    host: str
    start: When
    until: When | None
    """The end, where it is printed in full."""
    clock: dt.time | None
    """The end, where only its time of day is printed."""
    lasted: dt.timedelta | None

    def end(self, start: dt.datetime) -> dt.datetime | None:
        """When it ended, given when it began; None where nothing tells."""
        if self.until is not None:
            return self.until.moment if self.until.whole else None
        if self.clock is None or self.lasted is None:
            return None
        about = start + self.lasted
        days = [about.date() + dt.timedelta(days=n) for n in (-1, 0, 1)]
        return min((dt.datetime.combine(day, self.clock) for day in days), key=lambda at: abs(at - about))


def read(line: str) -> Printed | None:
    """A line of such a listing; None if it is none."""
    match = _LINE.fullmatch(line)
    if match is None or _BEGINS.match(line):
        return None
    start = _when(match.groupdict(), "")
    if start is None:
        return None
    kind, user, tty, host = _head(match["head"])
    part = match.groupdict()
    lasted = None
    if part["lasted"]:
        hours, minutes, *seconds = map(int, part["lasted"].split(":"))
        lasted = dt.timedelta(
            days=int(part["days"] or 0), hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0
        )
    until = _when(part, "end") if part["endmonth"] or part["endiso"] else None
    clock = _clock(part["until"]) if part["until"] else None
    return Printed(kind, user, tty, host, start, until, clock, lasted)


def begins(line: str) -> tuple[str, When] | None:
    """`wtmp begins Thu Dec 17 04:50:36 2026`: the file that was listed, and the time of its oldest record."""
    match = _BEGINS.match(line)
    when = _when(match.groupdict(), "") if match else None
    return (match["what"], when) if match and when else None


def _when(part: dict[str, str | None], name: str) -> When | None:
    if iso := part[f"{name}iso"]:
        return When(dt.datetime.fromisoformat(iso), None)
    month, clock = part[f"{name}month"], _clock(part[f"{name}clock"] or "")
    if month not in _MONTHS or clock is None:
        return None
    year = part[f"{name}year"] or part[f"{name}early"]
    try:
        moment = dt.datetime.combine(
            dt.date(int(year or 2000), _MONTHS.index(month) + 1, int(part[f"{name}date"] or 0)), clock
        )
    except ValueError:
        return None
    return When(moment, None if year else _DAYS.index(part[f"{name}day"] or "Mon"))


def _clock(text: str) -> dt.time | None:
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        return None


def _head(head: str) -> tuple[Kind, str, str, str]:
    """(kind, user, terminal, host) of what stands before the stamp."""
    words = head.split()
    plain = " ".join(words)
    for start, kind in _MACHINE:
        if plain == start or plain.startswith(f"{start} "):
            rest = plain[len(start) :].strip()
            # `runlevel (to lvl 5) 6.1.0-18-amd64`: the level stands where a login has its terminal.
            level, _, after = rest.partition(")") if kind == "runlevel" else ("", "", rest)
            return kind, "", level.strip(), after.strip()
    user, tty, *host = [*words, ""] if len(words) == 1 else words
    return "login", user, tty, " ".join(host)


_MACHINE: tuple[tuple[str, Kind], ...] = (
    ("reboot system down", "shutdown"), ("reboot system boot", "boot"), ("reboot ~", "boot"), ("boot time", "boot"),
    ("shutdown system down", "shutdown"), ("shutdown ~", "shutdown"), ("shutdown runlevel", "shutdown"),
    ("shutdown time", "shutdown"), ("runlevel (to lvl", "runlevel"), ("date old time", "old time"),
    ("date new time", "new time"), ("old time", "old time"), ("new time", "new time"), ("date |", "old time"),
    ("date {", "new time"), ("date }", "new time"), ("reboot", "boot"), ("shutdown", "shutdown"),
)  # fmt: skip
"""What `last` calls the machine's own records, the longer names first."""
