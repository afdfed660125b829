"""Whether all that rules refer to is there: events, spans, facts, fields; and in which order rules can be tried."""

from __future__ import annotations

import re
from collections.abc import Iterable

from logsleuth.errors import RuleError
from logsleuth.nodes import near
from logsleuth.rules.model import Clause, Ref, Rule, RuleSet
from logsleuth.signs.model import IMPLICIT
from logsleuth.templates import PLACEHOLDER

BUILT_IN_EVENTS: dict[str, frozenset[str]] = {
    "log.torn": frozenset({"path"}),
    "line.alike": frozenset({"like", "kin"}),
    "journal.separator": frozenset({"since"}),
    "clock.back": frozenset({"path", "seconds"}),
    "address.changed": frozenset({"old", "new", "ip", "source"}),
}
_SILENT = frozenset({"source", "period", "missed", "of", "request"})
BUILT_IN_SPANS: dict[str, frozenset[str]] = {
    "host.down": frozenset(
        {
            "clean",
            "why",
            "proof",
            "seconds_min",
            "seconds_max",
            "at_most",
            "last_sign",
            "boot",
            "likely_before",
            "boot_seconds",
            "last_beat",
            "missed_beat",
        }
    ),
    "hosts.down": frozenset({"last_sign", "boot", "seconds_max"}),
    "host.up": frozenset({"clean", "why", "proof"}),
    "heartbeat.silent": _SILENT,
    "host.away": _SILENT | {"since_boot", "visitor", "last_beat", "next_beat", "local_first", "local_last"},
}
SPAN_FIELDS = frozenset({"outcome", "seconds", "where"})


def check(rules: RuleSet) -> list[str]:
    """Refuse what refers to nothing; the order in which rules can be tried."""
    for span in rules.spans.values():
        file, _, line = span.where.rpartition(":")
        for name in (*span.opens, *span.closes):
            if name not in rules.events and name not in BUILT_IN_EVENTS:
                raise RuleError(file, int(line), f"span {span.name}", f"no event {name!r}{near(name, rules.events)}")
    for beat in rules.heartbeats:
        if beat.event not in rules.events:
            file, _, line = beat.where.rpartition(":")
            raise RuleError(file, int(line), beat.event, f"no such event{near(beat.event, rules.events)}")
    for rule in rules.rules.values():
        _check_rule(rules, rule)
    for link in rules.links:
        known = {*rules.rules, *(r.cause for r in rules.rules.values()), "symptom"}
        for name in (*link.causes, *link.effects):
            if name not in known and not re.fullmatch(r"[a-z-]+", name):
                raise RuleError(link.file, link.line, "link", f"no rule or cause {name!r}{near(name, known)}")
    return _order(rules)


def fields_of(rules: RuleSet, clause: Clause) -> frozenset[str] | None:
    """Fields that what a clause finds can have; None where that is open (facts of rules)."""
    out: set[str] = set(IMPLICIT)
    for name in clause.names:
        if clause.source == "event":
            known = rules.events[name].fields if name in rules.events else BUILT_IN_EVENTS[name]
            out |= known | {"where"}
        elif clause.source == "span":
            out |= SPAN_FIELDS | (_span_fields(rules, name) if name in rules.spans else BUILT_IN_SPANS[name])
        else:
            return None
    return frozenset(out)


def _span_fields(rules: RuleSet, name: str) -> frozenset[str]:
    span = rules.spans[name]
    out: set[str] = set()
    for event in (*span.opens, *span.closes):
        out |= rules.events[event].fields if event in rules.events else BUILT_IN_EVENTS[event]
    return frozenset(out)


def _check_rule(rules: RuleSet, rule: Rule) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", rule.id):
        raise RuleError(rule.file, rule.line, rule.id, "an id is lower-case words with hyphens")
    if rule.last and (rule.base, rule.cap) != ("possible", "possible"):
        said = "a rule that is tried last rests on words alone; say 'base: possible' and 'cap: possible'"
        raise RuleError(rule.file, rule.line, rule.id, said)
    seen: dict[str, frozenset[str] | None] = {}
    for name, clause in rule.bind:
        _check_clause(rules, rule, clause, seen)
        seen[name] = fields_of(rules, clause)
    for clause in rule.absent:
        _check_clause(rules, rule, clause, seen)
    for item in rule.evidence:
        _check_clause(rules, rule, item.clause, seen)
        _check_text(rule, item.say, seen | {"it": fields_of(rules, item.clause)})
    for text in (rule.title, rule.remedy, rule.settle, *rule.narrative):
        _check_text(rule, text, seen)
    if rule.at is not None:
        _check_ref(rule, rule.line, rule.at.ref, seen)
    if rule.named is not None:
        _check_ref(rule, rule.line, rule.named, seen)
    for _, value in rule.fields:
        if isinstance(value, Ref):
            _check_ref(rule, rule.line, value, seen)


def _check_clause(rules: RuleSet, rule: Rule, clause: Clause, seen: dict[str, frozenset[str] | None]) -> None:
    known: Iterable[str]
    if clause.source == "event":
        known = {*rules.events, *BUILT_IN_EVENTS}
    elif clause.source == "span":
        known = {*rules.spans, *BUILT_IN_SPANS}
    else:
        known = {*rules.rules, *(f"cause:{r.cause}" for r in rules.rules.values())}
    for name in clause.names:
        if name not in known:
            raise RuleError(rule.file, clause.line, rule.id, f"no {clause.source} {name!r}{near(name, list(known))}")
    _check_fields(rules, rule, clause)
    for condition in clause.where:
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        for value in values:
            if isinstance(value, Ref):
                _check_ref(rule, clause.line, value, seen)
    for moment in (clause.after, clause.before, clause.open_at):
        if moment is not None:
            _check_ref(rule, clause.line, moment.ref, seen)
    if clause.during and clause.during not in seen:
        raise RuleError(rule.file, clause.line, rule.id, f"'during' names no earlier binding: {clause.during!r}")


def _check_fields(rules: RuleSet, rule: Rule, clause: Clause) -> None:
    fields = fields_of(rules, clause)
    for field in (*(c.field for c in clause.where), *filter(None, (clause.distinct,))):
        if fields is not None and field not in fields:
            names = ", ".join(clause.names)
            said = f"{names} has no field {field!r}{near(field, fields)}"
            raise RuleError(rule.file, clause.line, rule.id, said)


def _check_ref(rule: Rule, line: int, ref: Ref, seen: dict[str, frozenset[str] | None]) -> None:
    if ref.name not in seen:
        raise RuleError(rule.file, line, rule.id, f"${ref.name} is not bound before this{near(ref.name, seen)}")
    fields = seen[ref.name]
    if fields is not None and ref.field not in fields:
        raise RuleError(rule.file, line, rule.id, f"${ref.name} has no field {ref.field!r}{near(ref.field, fields)}")


def _check_text(rule: Rule, text: str, seen: dict[str, frozenset[str] | None]) -> None:
    for match in PLACEHOLDER.finditer(text):
        _check_ref(rule, rule.line, Ref(match[1], match[2]), seen)
    rest = PLACEHOLDER.sub("", text)
    if re.search(r"\{\w*\}", rest):
        raise RuleError(rule.file, rule.line, rule.id, f"a placeholder is {{name.field}}: {text!r}")


def needs(rules: RuleSet, rule: Rule) -> set[str]:
    """Ids of the rules whose findings a rule looks at."""
    clauses = [c for _, c in rule.bind] + list(rule.absent) + [e.clause for e in rule.evidence]
    out: set[str] = set()
    for clause in clauses:
        if clause.source != "fact":
            continue
        for name in clause.names:
            slug = name.removeprefix("cause:")
            if slug == name:
                out.add(name)
            else:
                # What is tried last is no finding that others could rest on.
                out |= {r.id for r in rules.rules.values() if r.cause == slug and (rule.last or not r.last)}
    return out


def _order(rules: RuleSet) -> list[str]:
    done: dict[str, bool] = {}
    out: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if done.get(name):
            return
        rule = rules.rules[name]
        if name in path:
            circle = " -> ".join((*path[path.index(name) :], name))
            raise RuleError(
                rule.file, rule.line, name, f"rules that wait for each other: {circle}; drop one of the facts"
            )
        for other in sorted(needs(rules, rule)):
            if rules.rules[other].last and not rule.last:
                said = f"{other} is tried last, so no rule before it can look at what it finds"
                raise RuleError(rule.file, rule.line, name, said)
            if other != name or name in needs(rules, rule):
                visit(other, (*path, name))
        done[name] = True
        out.append(name)

    for name in sorted(rules.rules, key=lambda name: rules.rules[name].last):
        visit(name, ())
    return out
