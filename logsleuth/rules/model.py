"""Rules as data: what a knowledge file says, checked and with every reference resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import regex

from logsleuth.report import Confidence
from logsleuth.signs.model import EventType, HeartbeatType, SpanType

Kind = Literal["fault", "symptom", "harmless"]


@dataclass(frozen=True, slots=True)
class Ref:
    """`$name.field` of an earlier binding."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Moment:
    """`$name.field + 5m`: an instant of an earlier binding, moved by nanoseconds."""

    ref: Ref
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One entry of a `where`."""

    field: str
    op: Literal["eq", "ne", "re", "gt", "lt", "in"]
    value: str | Ref | float | tuple[str | Ref, ...]
    pattern: regex.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """What to look for, and how it has to stand to what was found before."""

    source: Literal["event", "span", "fact"]
    names: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    after: Moment | None = None
    before: Moment | None = None
    open_at: Moment | None = None
    during: str = ""
    pick: Literal["each", "first", "last", "nearest", "all"] = "each"
    by: tuple[str, ...] | None = None
    gap: int = 3_600_000_000_000
    count: int = 1
    within: int | None = None
    any_host: bool = False
    same_boot: bool = False
    optional: bool = False
    link: Literal["cause", "none", "effect"] = "cause"
    coverage: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """Something that raises or lowers a rule's confidence."""

    side: Literal["for", "against"]
    clause: Clause
    absent: bool
    steps: int
    say: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What explains what, and how surely."""

    id: str
    cause: str
    kind: Kind
    bind: tuple[tuple[str, Clause], ...]
    absent: tuple[Clause, ...]
    evidence: tuple[EvidenceItem, ...]
    base: Confidence
    cap: Confidence
    title: str
    narrative: tuple[str, ...]
    remedy: str
    settle: str
    fields: tuple[tuple[str, str | Ref], ...]
    file: str
    line: int

    @property
    def joined(self) -> bool:
        """Some clause is tied to another by a field, or there is one clause only."""
        tied = any(
            isinstance(c.value, Ref) or (isinstance(c.value, tuple) and any(isinstance(v, Ref) for v in c.value))
            for _, clause in self.bind
            for c in clause.where
        )
        return tied or sum(not clause.optional for _, clause in self.bind) == 1


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Which findings can explain which others."""

    causes: tuple[str, ...]
    effects: tuple[str, ...]
    within: int
    before: int
    where: tuple[tuple[tuple[str, str], ...], ...]
    any_host: bool
    because: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A log by which a rule is tested."""

    rules: tuple[str, ...]
    name: str
    logs: tuple[tuple[str, str], ...]
    year: int
    expect: str
    text: str
    fields: tuple[tuple[str, str], ...]
    explained_by: str
    file: str
    line: int


@dataclass(slots=True)
class RuleSet:
    """All that was loaded, later files overriding earlier ones by name."""

    events: dict[str, EventType] = field(default_factory=dict)
    spans: dict[str, SpanType] = field(default_factory=dict)
    heartbeats: list[HeartbeatType] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    links: list[LinkRule] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    """Ids of rules, each after the ones whose findings it binds."""
