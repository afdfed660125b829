"""What lines can mean (definitions, from the knowledge files) and what they did mean (facts)."""

from __future__ import annotations

import re
from dataclasses import field
from typing import Literal

import regex

from logsleuth.clock.offsets import UNKNOWN
from logsleuth.records import dataclass
from logsleuth.report import Bounds, Evidence

Role = Literal["boot", "start", "order", "stop", "dirty", "crash"]
ROLES: tuple[Role, ...] = ("boot", "start", "order", "stop", "dirty", "crash")
GRAVE = ("emerg", "alert", "crit")
"""Levels that an event may ask for: graver ones are few, so lines of them can be looked for by their words."""
IMPLICIT = frozenset(
    {"t", "host", "program", "pid", "text", "file", "line", "boot", "start", "end", "n", "last", "hosts"}
)
"""Fields that every fact has."""


_GROUP = re.compile(r"\(\?P<(\w+)>")


class LazyPattern:
    """A regular expression that is compiled when the first line needs it: most never do."""

    __slots__ = ("_compiled", "flags", "pattern", "strikes")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = int(flags)
        self._compiled: regex.Pattern[str] | None = None
        self.strikes = 0
        """How often it took too long on a line."""

    @property
    def compiled(self) -> regex.Pattern[str]:
        """Raises regex.error where it is none."""
        if self._compiled is None:
            self._compiled = regex.compile(self.pattern, self.flags)
        return self._compiled

    @property
    def groups(self) -> list[str]:
        """Names of its groups."""
        return _GROUP.findall(self.pattern)

    @property
    def ignore_case(self) -> bool:
        """Letters match in either case."""
        return bool(self.flags & regex.IGNORECASE) or self.pattern.startswith("(?i)")


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of line."""

    name: str
    match: tuple[LazyPattern, ...]
    program: LazyPattern | None = None
    veto: tuple[LazyPattern, ...] = ()
    derive: tuple[tuple[str, str], ...] = ()
    """(field, template) pairs: fields made of others."""
    kind: str = ""
    severity: int | None = None
    """Index in `formats.model.SEVERITIES`: only lines whose own level is so grave, or graver."""
    role: Role | None = None
    ordinary: bool = False
    """It stands in many lines of any day: unless a rule binds it, it is looked for when a rule that holds asks."""
    where: str = ""
    """file:line of its definition."""

    @property
    def fields(self) -> frozenset[str]:
        """Names that a fact of this type can hold."""
        named = {name for pattern in self.match for name in pattern.groups}
        return frozenset(named | {name for name, _ in self.derive})


@dataclass(frozen=True, slots=True)
class SpanType:
    """A stretch from one event to another, or for a fixed time."""

    name: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    key: tuple[str, ...]
    scope: Literal["boot", "host"] = "boot"
    restart: bool = False
    longest: int | None = None
    lasts: int | None = None
    """Closed by the clock after so many nanoseconds."""
    fades: int | None = None
    """Weakly open until then."""
    where: str = ""


@dataclass(frozen=True, slots=True)
class HeartbeatType:
    """An event that comes every so often."""

    event: str
    period: int | None
    """Nanoseconds; None: learn it."""
    where: str = ""
    """file:line of its definition."""


@dataclass(slots=True, eq=False)
class Fact:
    """A point or a span: what some lines say, with fields. Instants are bounds in UTC nanoseconds."""

    type: str
    lo: int
    hi: int
    host: str
    fields: dict[str, str]
    lines: tuple[Evidence, ...]
    program: str = ""
    pid: int = -1
    text: str = ""
    log: int = -1
    boot: int = -1
    """Which life of its host it lies in, counted from 0; -1 where that is not known."""
    end_lo: int | None = None
    """None for a point; UNKNOWN where the end is not known."""
    end_hi: int | None = None
    fade: int | None = None
    outcome: str = ""
    n: int = 1
    members: tuple[Fact, ...] = ()
    values: dict[str, Bounds] = field(default_factory=dict)
    """Fields that are instants."""

    @property
    def timed(self) -> bool:
        """Its time is known."""
        return self.lo != UNKNOWN

    @property
    def is_span(self) -> bool:
        """It has an end of its own."""
        return self.end_lo is not None

    @property
    def line(self) -> int:
        """Line of the first evidence, 0 without."""
        return self.lines[0].line if self.lines else 0

    @property
    def start(self) -> Bounds:
        """When it was or began."""
        return Bounds(self.lo, self.hi) if self.timed else Bounds(None, None)

    @property
    def end(self) -> Bounds:
        """When it ended; a point ends where it is."""
        if self.end_lo is None:
            last = self.members[-1] if self.members else self
            return Bounds(last.lo, last.hi) if last.timed else Bounds(None, None)
        low = None if self.end_lo == UNKNOWN else self.end_lo
        high = None if self.end_hi in {UNKNOWN, None} else self.end_hi
        return Bounds(low, high)

    def get(self, name: str) -> str | int | Bounds | None:  # noqa: PLR0911, PLR0912 - one line a field
        """A field by the name that rules use; None where it has none."""
        if name in self.fields:
            return self.fields[name]
        if name in self.values:
            return self.values[name]
        if name in {"t", "start"}:
            return self.start
        if name == "end":
            return self.end
        if name == "last":
            return self.members[-1].start if self.members else self.start
        if name == "n":
            return self.n
        if name == "hosts":
            return ", ".join(dict.fromkeys(m.host for m in self.members or (self,) if m.host)) or None
        if name == "seconds" and self.end_lo is not None and self.end_lo != UNKNOWN and self.timed:
            return max(0, self.end_lo - self.lo) // 1_000_000_000
        if name == "pid":
            return str(self.pid) if self.pid >= 0 else None
        if name in {"host", "program", "text", "outcome"}:
            return str(getattr(self, name)) or None
        if name == "where":
            return self.lines[0].where if self.lines else None
        if name == "file":
            return self.lines[0].file if self.lines else None
        if name == "line":
            return self.lines[0].line if self.lines else None
        return None

    def word(self, name: str) -> str | None:
        """A field as text, for joins; None where it has none or it is an instant."""
        value = self.get(name)
        return None if value is None or isinstance(value, Bounds) else str(value)
