"""Rules as data: what a knowledge file says, checked and with every reference resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from typing import Literal

from logsleuth.records import dataclass
from logsleuth.report import Confidence
from logsleuth.signs.model import EventType, HeartbeatType, LazyPattern, SpanType

DEFAULT_GAP = 3_600_000_000_000
"""An hour: a longer pause begins a new group."""
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
    pattern: LazyPattern | None = None


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
    gap: int = DEFAULT_GAP
    count: int = 1
    distinct: str = ""
    """Not lines but values of this field are counted."""
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
    at: Moment | None
    """When the finding is dated, if not by the first of what it bound."""
    file: str
    line: int
    last: bool = False
    """Tried after all others, on lines that none of them speaks for."""

    @property
    def named(self) -> Ref | None:
        """The field that names the cause, where what is bound does: `cause: $it.like`."""
        name, _, field = self.cause.removeprefix("$").partition(".")
        return Ref(name, field) if self.cause.startswith("$") else None

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
    not_text: str = ""
    not_explained_by: str = ""


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

    def needed_first(self) -> frozenset[str]:
        """Events without which no rule can hold: what binds, roles and heartbeats.

        The others only weigh a rule that holds already, so they are looked for when one does.
        """
        names = {e.name for e in self.events.values() if e.role is not None} | {h.event for h in self.heartbeats}
        for rule in self.rules.values():
            for _, clause in rule.bind:
                if not clause.optional:
                    names |= self.events_of(clause)
        return frozenset(names & set(self.events))

    def events_of(self, clause: Clause) -> set[str]:
        """Events that a clause looks at, those of its spans included."""
        if clause.source == "event":
            return set(clause.names)
        if clause.source == "span":
            kinds = [self.spans[n] for n in clause.names if n in self.spans]
            return {name for kind in kinds for name in (*kind.opens, *kind.closes)}
        return set()

    def weighed_by(self, ids: Iterable[str]) -> frozenset[str]:
        """Events that only the evidence, absences and optional clauses of some rules look at."""
        names: set[str] = set()
        for name in ids:
            rule = self.rules[name]
            clauses = [c for _, c in rule.bind if c.optional] + list(rule.absent) + [e.clause for e in rule.evidence]
            for clause in clauses:
                names |= self.events_of(clause)
                names |= set(clause.coverage)
        return frozenset(names & set(self.events)) - self.needed_first()

    def bare(self) -> RuleSet:
        """The same rules without what only weighs them: whatever holds with it holds without."""
        rules = {
            name: replace(
                rule,
                absent=(),
                evidence=(),
                bind=tuple((n, c) for n, c in rule.bind if not c.optional),
                base="possible",
                fields=(),
            )
            for name, rule in self.rules.items()
        }
        return RuleSet(self.events, self.spans, self.heartbeats, rules, self.links, [], self.order)
