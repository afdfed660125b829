"""Sigma rule files (detections and correlations), read by pySigma, as events and rules of this language.

A detection becomes an event and a rule that says where it matched, no more than possible; a correlation becomes a rule
with counts or ordered bindings. Nothing is explained by them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logsleuth.rules import sigma_lines as lines
from logsleuth.rules.model import DEFAULT_GAP, Clause, Condition, Moment, Ref, RuleSet
from logsleuth.rules.sigma_documents import Document, clause, documents, event_type, rule

if TYPE_CHECKING:
    from sigma.correlations import SigmaCorrelationRule

_SIGMA = re.compile(r"^(?:detection|logsource|correlation):", re.MULTILINE)
_SECOND = 10**9
Bind = tuple[tuple[str, Clause], ...]


def recognized(text: str) -> bool:
    """Whether a YAML text is a Sigma file; pySigma is not needed to tell."""
    return bool(_SIGMA.search(text))


def from_sigma(text: str, file: str) -> RuleSet:
    """Events and rules of a file's documents."""
    found = list(documents(text, file))
    book = {key: d for d in found for key in d.names}
    for document in found:
        if document.correlation is not None:
            document.told(lambda d=document: _note_uses(d, book))
    out = RuleSet()
    for document in found:
        document.told(lambda d=document: _add(out, d))
    return out


def _note_uses(document: Document, book: dict[str, Document]) -> None:
    """Find the documents that a correlation is about, and which of their fields it groups by."""
    rule = document.correlation
    assert rule is not None  # noqa: S101 - the caller looked
    names = [r.reference for r in rule.rules or rule.referenced_rules]
    for name in names:
        if name not in book:
            raise lines.Refused(f"no rule {name!r} in this file; put a correlation and its rules into one file", name)
        used = book[name]
        if not rule.generate:
            used.shown = False
        document.uses.append(used)
        wanted = [_alias(rule, g, name) for g in rule.group_by or []]
        document.groups.append(tuple(g for w in wanted if (g := _want(used, w)) is not None))
    field_name = _counted(rule)
    if field_name is not None:
        document.wanted = {n: "" for used in document.uses if (n := _want(used, field_name)) is not None}


def _counted(rule: SigmaCorrelationRule) -> str | None:
    """The field whose values a value_count counts."""
    name = getattr(rule.condition, "fieldref", None)
    return name[0] if isinstance(name, list) else name


def _alias(rule: SigmaCorrelationRule, name: str, used: str) -> str:
    alias = rule.aliases.aliases.get(name)
    if alias is None:
        return name
    return next((f for ref, f in alias.mapping.items() if ref.reference == used), name)


def _want(used: Document, name: str) -> str | None:
    if used.correlation is not None:
        return None if name in {"host", "hostname"} else re.sub(r"\W", "_", name)
    found = lines.grouping(used.source, name)
    if found is None:
        return None
    used.wanted[found[0]] = found[1]
    return found[0]


_ONE = (
    'The line "{hit.text}" at {hit.t} is one that the Sigma rule "TITLE" looks for.',
    "Such lines from {hit.t} to {hit.last}: {hit.n}.",
)
_COUNT = (
    'The Sigma rule "TITLE" counts {hits.n} lines from {hits.t} to {hits.last}, at least WANTED of them within SPAN.',
    'The first of them: "{hits.text}".',
)
_VALUES = (
    'The Sigma rule "TITLE" counts {hits.n} different values of FIELD from {hits.t} to {hits.last}.',
    "It asks for WANTED of them within SPAN.",
    'The first of the lines: "{hits.text}".',
)


def _add(out: RuleSet, document: Document) -> None:
    sigma = document.correlation
    if sigma is None:
        out.events[document.event] = event_type(document, [document])
        if document.shown:
            hit = clause(document, document.event, by=(), gap=DEFAULT_GAP)
            out.rules[document.id] = rule(document, (("hit", hit),), _ONE)
        return
    kind = sigma.type.name
    if kind == "EVENT_COUNT":
        _event_count(out, document, sigma)
    elif kind == "VALUE_COUNT":
        _value_count(out, document, sigma)
    elif kind in {"TEMPORAL", "TEMPORAL_ORDERED"}:
        _temporal(out, document, sigma)
    else:
        raise lines.Refused(f"correlation type {kind.lower()!r} is not understood; try event_count or temporal", "type")


def _least(sigma: SigmaCorrelationRule) -> int:
    """How many a condition asks for at least."""
    condition: Any = sigma.condition
    name = condition.op.name if hasattr(condition, "op") else "an expression"
    if name not in {"GT", "GTE"}:
        raise lines.Refused(f"condition {name.lower()} cannot be counted here; use gt or gte", "condition")
    return int(condition.count) + (name == "GT")


def _filled(texts: tuple[str, ...], sigma: SigmaCorrelationRule, least: int, field: str = "") -> tuple[str, ...]:
    words = {"WANTED": str(least), "SPAN": sigma.timespan.spec, "FIELD": field}
    return tuple(re.sub("WANTED|SPAN|FIELD", lambda m: words[m[0]], t) for t in texts)


def _together(out: RuleSet, document: Document) -> str:
    """The event of what a correlation counts; several detections become one event, for groups are of one event."""
    used = document.uses
    if any(d.correlation is not None for d in used):
        raise lines.Refused("counting what another correlation found is not understood; use temporal_ordered", "rules")
    if len(used) == 1:
        return used[0].event
    first = used[0].source
    if any((d.source.program, d.source.kind) != (first.program, first.kind) for d in used):
        raise lines.Refused(
            "rules of different log sources cannot be counted together; make a correlation of each", "rules"
        )
    out.events[document.event] = event_type(document, used)
    return document.event


def _event_count(out: RuleSet, document: Document, sigma: SigmaCorrelationRule) -> None:
    span, least = sigma.timespan.seconds * _SECOND, _least(sigma)
    by = document.groups[0]
    hits = clause(document, _together(out, document), by=by, gap=span, count=least, within=span)
    texts = (*_filled(_COUNT, sigma, least), *_grouped("hits", by))
    out.rules[document.id] = rule(document, (("hits", hits),), texts)


def _grouped(name: str, by: tuple[str, ...]) -> tuple[str, ...]:
    return (f"All of them have {', '.join(f'{b} {{{name}.{b}}}' for b in by)}.",) if by else ()


def _value_count(out: RuleSet, document: Document, sigma: SigmaCorrelationRule) -> None:
    """A finding for each value, then a count of those: the language itself counts lines, not values."""
    span, least = sigma.timespan.seconds * _SECOND, _least(sigma)
    value, by = next(iter(document.wanted), ""), document.groups[0]
    if not value:
        raise lines.Refused("values of the host are not counted; all is grouped by host", "condition")
    each = clause(document, _together(out, document), by=(*by, value), gap=span)
    name = f"{document.id}-value"
    seen = rule(document, (("hit", each),), ('The line "{hit.text}" at {hit.t} has ' + f"{value} {{hit.{value}}}.",))
    own = tuple((f, Ref("hit", f)) for f in dict.fromkeys((*by, value)))
    out.rules[name] = replace(seen, id=name, kind="harmless", title=f"{document.title}: one value", fields=own)
    hits = clause(document, name, source="fact", by=by, gap=span, count=least, within=span, link="none")
    texts = _filled(_VALUES, sigma, least, value)
    out.rules[document.id] = rule(document, (("hits", hits),), texts)


def _temporal(out: RuleSet, document: Document, sigma: SigmaCorrelationRule) -> None:
    """Ordered: one rule. In any order: a rule for each of them as the first."""
    count = len(document.uses)
    if hasattr(sigma.condition, "expression") or (getattr(sigma.condition, "count", count) or count) < min(count, 2):
        raise lines.Refused("a condition on a temporal correlation is not understood; leave it out", "condition")
    orders = [list(range(count))]
    ordered = sigma.type.name == "TEMPORAL_ORDERED"
    if not ordered:
        orders += [[i, *(j for j in range(count) if j != i)] for i in range(1, count)]
    for number, order in enumerate(orders):
        bind = _sequence(document, order, sigma.timespan.seconds * _SECOND, ordered=ordered)
        titles = [document.uses[i].title for i in order]
        said = tuple(f'{t}: "{{{n}.text}}" at {{{n}.t}}.' for t, (n, _) in zip(titles, bind, strict=True))
        texts = (f'All that the Sigma rule "TITLE" looks for came within {sigma.timespan.spec}.', *said)
        made = rule(document, bind, texts)
        name = document.id if not number else f"{document.id}-order-{number + 1}"
        out.rules[name] = replace(made, id=name)


def _sequence(document: Document, order: list[int], span: int, *, ordered: bool) -> Bind:
    names = [re.sub(r"\W", "_", document.uses[i].slug) for i in order]
    names = [f"{n}_{p}" if names.count(n) > 1 else n for p, n in enumerate(names)]
    out: list[tuple[str, Clause]] = []
    for place, index in enumerate(order):
        used, fields = document.uses[index], document.groups[index]
        base = clause(document, used.event)
        if used.correlation is not None:
            base = replace(base, source="fact", names=(used.id,), link="none")
        if not place:
            # Of two, the first ones are taken together: a later one still has one of them within the span before it.
            lead = replace(base, by=fields, gap=span) if len(order) == 2 else base
            out.append((names[0], lead))
            continue
        first = document.groups[order[0]]
        where = tuple(Condition(mine, "eq", Ref(names[0], other)) for mine, other in zip(fields, first, strict=False))
        after = Moment(Ref(names[place - 1] if ordered else names[0], "t"))
        before = Moment(Ref(names[0], "end"), span)
        out.append((names[place], replace(base, where=where, after=after, before=before, pick="first")))
    return tuple(out)
