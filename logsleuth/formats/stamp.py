"""A stamp's layout, written as a template, compiled to one vectorized decoder.

The template spells the stamp: `YYYY` or `YY` (70 to 99 are of the last century), `MM`, `DD`, `dd` (day, space or zero
padded, always two wide), `Mmm` (month's name; `mmm` in any case), `Www` (weekday's name), the time of day as
`HH:MM:SS`, `HH.MM.SS`, `HHMMSS` or `HH:MM`, everything else literal. Behind the time of day `.f` says that a fraction
may follow, `.F` that it must, `:f` that it may behind a colon, `z` that a zone may, `Z` that one must, `ZZZ` that it
may be a short name (`CEST`), `Area/City` that it may be a place (`Europe/Berlin`); a year or literals may follow there
too. The date changes seldom, so its bytes are read once for every run of equal ones; the time of day is decoded for all
lines at once.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.formats import compiled, vector, zone
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

NO_ZONE = zone.NO_ZONE
"""Offset of a stamp that names no zone."""
YEARLESS = 2000
"""The year that stands in for a missing one: a leap year, so that 29 February has a place in it."""
DAY = 86_400_000_000_000

_MONTHS = {
    m: i + 1 for i, m in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
}
_PIECES = {
    "YYYY": r"(?P<year>1[7-9]\d\d|2[01]\d\d)",  # int64 nanoseconds reach from 1678 to 2261
    "YY": r"(?P<short>\d\d)",
    "MM": r"(?P<month>\d\d)",
    "DD": r"(?P<day>\d\d)",
    "dd": r"(?P<day>[ \d]\d)",
    "D": r"(?P<day> ?\d{1,2})",
    "M": r"(?P<month> ?\d{1,2})",
    "Mmm": r"(?P<name>[A-Z][a-z]{2})",
    "mmm": r"(?P<name>[A-Za-z]{3})",
    "Www": r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
    "HH:MM:SS": r"[ -~]{8}",
    "HH.MM.SS": r"[ -~]{8}",
    "HHMMSS": r"[ -~]{6}",
    "HH:MM": r"[ -~]{5}",
}
_FIRST = {
    "YYYY": b"12", "YY": b"0123456789", "MM": b"01", "DD": b"0123", "dd": b" 0123", "D": b" 123456789",
    "M": b" 123456789", "Mmm": b"JFMASOND", "mmm": b"JFMASONDjfmasond", "Www": b"MTWFS",
}  # fmt: skip
"""The bytes with which each piece can begin."""
_CLOCK = lazy_pattern(r"HH:MM:SS|HH\.MM\.SS|HHMMSS|HH:MM")
_TOKEN = lazy_pattern(r"HH:MM:SS|HH\.MM\.SS|HHMMSS|HH:MM|YYYY|YY|MM|DD|dd|D|Mmm|mmm|Www|M")
_TAIL = lazy_pattern(r"\.f|\.F|:f|ZZZ|Area/City|z|Z|YYYY")
_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Stamps:
    """What was decoded for every row: one value a line."""

    valid: Mask
    wall: NDArray[np.int64]
    """Nanoseconds since 1970 as the stamp reads, its zone not applied; in the year 2000 where it names none."""
    offset: NDArray[np.int64]
    """Seconds east of UTC; NO_ZONE where the stamp says nothing."""
    end: Positions
    """First byte after the stamp."""


@dataclass(frozen=True)
class Stamp:
    """Where a layout's stamp lies and how it is spelled."""

    template: str
    """As above: `Mmm dd HH:MM:SS`; the tail after the seconds may hold `.f` and `z`."""
    anchor: Literal["start", "priority", "bracket", "word", "letter", "blank"] = "start"
    """At the line's start; after a `<34>` or `<34>1 ` there; from the line's first `[` on; after its first word;
    after a letter and a blank; behind a blank or none."""
    optional_priority: bool = False
    lead: bytes = b""
    """What stands before it at the line's start, word for word."""
    cache: dict[bytes, int] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def clock(self) -> str:
        """How the time of day is spelled."""
        found = _CLOCK.search(self.template)
        if not found:
            raise ValueError(f"no time of day in {self.template!r}")
        return found[0]

    @cached_property
    def time_at(self) -> int:
        """Offset of the time of day; templates and stamps are equally wide up to there."""
        return self.template.index(self.clock)

    @cached_property
    def fixed(self) -> str:
        """The part up to the seconds."""
        return self.template[: self.time_at + len(self.clock)]

    @cached_property
    def tail(self) -> tuple[str, ...]:
        """What follows the seconds: `.f`, `.F`, `z`, `Z`, `YYYY` and literals."""
        text = self.template[len(self.fixed) :]
        out, last = [], 0
        for piece in _TAIL.finditer(text):
            out += [text[last : piece.start()], piece[0]]
            last = piece.end()
        return tuple(filter(None, (*out, text[last:])))

    @cached_property
    def yearless(self) -> bool:
        """The stamp names no year."""
        return "YY" not in self.template

    @cached_property
    def colons(self) -> tuple[int, ...]:
        """Offsets from the line's start at which a colon stands in every line that carries it, where they are fixed."""
        if ":" not in self.clock or (self.anchor not in {"start", "letter"} and not self.lead):
            return ()
        first = self.time_at + 2 + (len(self.lead) if self.lead else 2 * (self.anchor == "letter"))
        return (first, first + 3) if self.clock == "HH:MM:SS" else (first,)

    @cached_property
    def separator(self) -> bytes:
        """The byte behind the letters or digits that every line begins with; empty where that is left open."""
        head = _TOKEN.match(self.template) if self.anchor == "start" and not self.lead else None
        after = self.template[head.end() : head.end() + 1] if head and not _CLOCK.match(head[0]) else ""
        return b"" if after == "_" or after.isalnum() else after.encode()

    @cached_property
    def native(self) -> compiled.Template | None:
        """The template as the native loop takes it; None where it holds what that does not know."""
        return compiled.template(self.time_at, len(self.fixed), self.clock, self.tail)

    @property
    def relative(self) -> bool:
        """Stamps of a template are dates."""
        return False

    @cached_property
    def first_bytes(self) -> bytes:
        """The bytes with which a line that carries the stamp can begin; empty for any."""
        if self.lead:
            return self.lead[:1]
        if self.anchor == "letter":
            return b"ABCDEFGHIJKLMNOPQRSTUVWXYZd"
        if self.anchor in {"bracket", "word"}:
            return b""
        if self.anchor == "priority" and not self.optional_priority:
            return b"<"
        head = _TOKEN.match(self.template)
        first = _FIRST[head[0]] if head else self.template[:1].encode()
        return first + (b"<" if self.optional_priority else b"") + (b" " if self.anchor == "blank" else b"")

    @cached_property
    def date(self) -> re.Pattern[bytes]:
        """The fixed part as a pattern, read once for every run of equal dates."""
        return re.compile(date_pattern(self.fixed[: self.time_at]))

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        at, good = self._anchor(buffer, view, start, stop)
        if native.lib is not None and self.native is not None:
            made = compiled.decode(native.lib, self.native, self.date_of, buffer, at, good, stop, start)
            if made is not None:
                return Stamps(*made)
        good &= at + len(self.fixed) <= stop
        right, seconds = vector.clock_time(_spread(view[np.where(good, at + self.time_at, start)], self.clock))
        good &= right
        rows = np.flatnonzero(good)
        if len(rows) == len(start):
            return self._read(buffer, view, at, stop, seconds, at + len(self.fixed))
        # Lines without a time of day at that place are the rest of a message: nothing more is done with them.
        at = at[rows]
        some = self._read(buffer, view, at, stop[rows], seconds[rows], at + len(self.fixed))
        return self._of_all(some, rows, good, start)

    @staticmethod
    def _of_all(some: Stamps, rows: NDArray[np.int64], good: Mask, start: Positions) -> Stamps:
        """The stamps of all lines, from those of the rows that have a time of day."""
        wall, offset, end = (
            np.zeros(len(start), np.int64),
            np.full(len(start), NO_ZONE, np.int64),
            start.copy(),
        )
        good[rows] = some.valid
        wall[rows], offset[rows] = some.wall, some.offset
        end[rows] = np.where(some.valid, some.end, start[rows])
        return Stamps(good, wall, offset, end)

    def _read(
        self,
        buffer: Bytes,
        view: Words,
        at: Positions,
        stop: Positions,
        seconds: NDArray[np.int64],
        end: Positions,
        more: Positions | int = 0,
    ) -> Stamps:
        """The rest of stamps whose time of day has been read, up to `end`; `more` bytes of that follow the clock."""
        time_at = end - more - len(self.clock)
        good = np.ones(len(at), bool)
        fraction, years = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
        offset = np.full(len(at), NO_ZONE, np.int64)
        places: list[Positions] = []
        for piece in self.tail:
            if piece in {".f", ".F", ":f"}:
                before = end
                fraction, end = fraction_at(buffer, view, end, stop, b":" if piece == ":f" else b".,")
                good &= (piece != ".F") | (end > before)
            elif piece in {"z", "Z", "ZZZ"}:
                offset, end = zone.named(buffer, view, end, good & (end < stop), names=piece == "ZZZ")
                good &= (piece != "Z") | (offset != NO_ZONE)
            elif piece == "Area/City":
                places.append(end)
                end = zone.place(buffer, view, end, good & (end < stop))
            elif piece == "YYYY":
                years, end, right = _year(view, end)
                good &= right
            else:
                good &= vector.starts(view, np.minimum(end, stop), piece.encode())
                end = end + len(piece)
        good &= end <= stop
        days = self._days(buffer, view, at, time_at, years)
        good &= days > -(1 << 40)
        wall = days * DAY + seconds * 1_000_000_000 + fraction
        for behind in places:
            offset = zone.in_place(buffer, view, behind, good, wall, offset)
        return Stamps(good, np.where(good, wall, 0), offset, np.where(good, end, at))

    def _anchor(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
        at, good = start, np.ones(len(start), bool)
        if self.lead:
            at, good = np.minimum(start + len(self.lead), stop), vector.starts(view, start, self.lead)
        elif self.anchor == "letter":
            at, good = np.minimum(start + 2, stop), buffer[np.minimum(start + 1, stop)] == ord(" ")
        elif self.anchor == "blank":
            at = start + (buffer[start] == ord(" "))
        elif self.anchor == "word":
            at = vector.find_byte(view, start, np.minimum(stop, start + 40), ord(" "))
            at, good = at + 1, (at < stop) & (at > start)
        elif self.anchor == "bracket":
            at, good = self._in_brackets(buffer, view, start, stop)
        elif self.anchor == "priority":
            at, good = self._after_priority(buffer, view, start, stop)
        return at, good

    @staticmethod
    def _in_brackets(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
        limit = np.minimum(stop, start + 512)
        at = vector.find_byte(view, start, limit, ord("["))
        other = np.flatnonzero((at + 4 < limit) & (buffer[np.minimum(at + 3, stop)] != ord("/")))
        if other.size:
            # An address in brackets stands before the stamp.
            at[other] = vector.find_byte(view, at[other] + 1, limit[other], ord("["))
        return at, at < stop

    def _after_priority(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
        opened = buffer[start] == ord("<")
        if self.optional_priority and not opened.any():
            return start, np.ones(len(start), bool)
        closing = vector.find_byte(view, start, np.minimum(stop, start + 5), ord(">"))
        good = opened & (buffer[closing] == ord(">"))
        if self.optional_priority:
            return np.where(good, closing + 1, start), np.ones(len(start), bool)
        return np.where(good, closing + 1, start), good

    def _days(
        self,
        buffer: Bytes,
        view: Words,
        at: Positions,
        time_at: Positions,  # noqa: ARG002 - equally far in all lines
        years: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Days since 1970 of the dates [at, time_at)."""
        if not len(at):
            return np.empty(0, np.int64)
        width = self.time_at
        keys = [view[at + k] & vector.KEEP[min(8, width - k)] for k in range(0, width, 8)]
        return self._by_runs(buffer, at, np.full(len(at), width, np.int64), years, keys)

    def _by_runs(
        self, buffer: Bytes, at: Positions, width: NDArray[np.int64], years: NDArray[np.int64], keys: list[Words]
    ) -> NDArray[np.int64]:
        """The date of every line, read once for each run of equal keys."""
        keys.append(years.astype(np.uint64))
        heads = vector.runs(*keys)
        values = np.empty(len(heads), np.int64)
        data = buffer.data
        for i, row in enumerate(heads.tolist()):
            begin = int(at[row])
            values[i] = self.date_of(bytes(data[begin : begin + int(width[row])]), int(years[row]))
        lengths = np.diff(np.append(heads, len(at)))
        return np.repeat(values, lengths)

    def date_of(self, text: bytes, year: int) -> int:
        """As `_read_date`, read once."""
        key = text + b"%d" % year
        value = self.cache.get(key)
        if value is None:
            value = self._read_date(text, year)
            if len(self.cache) < 100_000:
                self.cache[key] = value
        return value

    def _read_date(self, text: bytes, year: int) -> int:
        """Days since 1970; a value below any date where it is none."""
        match = self.date.fullmatch(text)
        if not match:
            return -(1 << 41)
        part = match.groupdict()
        month = _MONTHS.get(part["name"].decode().capitalize()) if part.get("name") else int(part["month"])
        if "year" in part:
            year = int(part["year"])
        elif "short" in part:
            year = int(part["short"])
            year += 1900 if year >= 70 else 2000
        try:
            return dt.date(year or YEARLESS, month or 0, int(part["day"])).toordinal() - _EPOCH
        except ValueError:
            return -(1 << 41)


def _spread(words: Words, clock: str) -> Words:
    """Times of day spelled otherwise, as `HH:MM:SS`."""
    out = words
    if clock == "HHMMSS":
        pair = vector.KEEP[2]
        out = words & pair | (words >> np.uint64(16) & pair) << np.uint64(24)
        out = out | (words >> np.uint64(32) & pair) << np.uint64(48) | vector.word(b"\0\0:\0\0:")
    elif clock == "HH.MM.SS":
        # Dots become colons, and colons what is none.
        out = words ^ vector.word(b"\0\0\x14\0\0\x14")
    elif clock == "HH:MM":
        out = words & vector.KEEP[5] | vector.word(b"\0\0\0\0\0:00")
    return out


def _year(view: Words, at: Positions) -> tuple[NDArray[np.int64], Positions, Mask]:
    """A year that follows the time of day, as ctime(3) writes it."""
    count, digits = vector.leading_digits(view[at] & vector.KEEP[4])
    year = vector.eight_digits(digits << np.uint64(32))
    good: Mask = (count == 4) & (year >= 1700) & (year < 2200)
    return np.where(good, year, 0), at + 4, good


def date_pattern(template: str) -> bytes:
    """A template as a regular expression."""
    out, last = "", 0
    for token in _TOKEN.finditer(template):
        out += re.escape(template[last : token.start()]) + _PIECES[token[0]]
        last = token.end()
    return (out + re.escape(template[last:])).replace("_", "[T _]").encode()


def fraction_at(
    buffer: Bytes, view: Words, end: Positions, stop: Positions, marks: bytes = b".,"
) -> tuple[NDArray[np.int64], Positions]:
    """Nanoseconds of a fraction (one of the marks and digits) at `end`, where one stands."""
    mark = buffer[end]
    has = ((mark == marks[0]) | (mark == marks[-1])) & (end + 1 < stop)
    if not has.any():
        return np.zeros(len(end), np.int64), end
    count, digits = vector.leading_digits(view[end + 1])
    value = vector.eight_digits(digits) * 10
    ninth = buffer[end + 9].astype(np.int64) - 48
    nine = (count == 8) & (ninth >= 0) & (ninth <= 9)
    value += np.where(nine, ninth, 0)
    has &= count > 0
    return np.where(has, value, 0), np.where(has, end + 1 + count + nine, end)
