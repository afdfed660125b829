"""What a rule that holds has bound, what speaks for and against it, and how far one got that does not hold."""

from __future__ import annotations

from dataclasses import field

from logsleuth.records import dataclass
from logsleuth.report import Confidence
from logsleuth.rules.model import EvidenceItem, Rule
from logsleuth.signs.model import Fact

Env = dict[str, Fact | None]


@dataclass(slots=True)
class Reason:
    """A piece of evidence that was met."""

    item: EvidenceItem
    fact: Fact | None
    env: Env


@dataclass(slots=True)
class Match:
    """A rule that holds: what it bound, and what speaks for and against it."""

    rule: Rule
    env: Env
    reasons: list[Reason]
    confidence: Confidence
    doubts: tuple[str, ...]
    fact: Fact
    causes: list[Match] = field(default_factory=list)
    effects: list[Match] = field(default_factory=list)


@dataclass(slots=True)
class Trace:
    """How far a rule got, for `--why-not`."""

    reached: int = -1
    """Index of the furthest clause that nothing fitted; the number of clauses where all did."""
    near: Fact | None = None
    """A candidate of that clause's type that did not fit."""
    env: Env = field(default_factory=dict)
    note: str = ""
