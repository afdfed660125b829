"""Matches of rules to findings: templates with their values, and the lines that back every sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from logsleuth.report import UNKNOWN, Bounds, Evidence, Finding, Statement, Value
from logsleuth.rules.match import Match, Reason
from logsleuth.rules.model import Rule
from logsleuth.signs.model import Fact
from logsleuth.templates import PLACEHOLDER, bare

_MOST_LINES = 24
"""Lines that one finding shows; its sentences cite all of theirs."""


def finding(match: Match) -> Finding:
    """A match as a leaf of the report."""
    rule = match.rule
    everything = _all_lines(match)
    title = _statement(rule.title, match.env, everything, rule.id) or _partly(rule, match.env, everything)
    narrative = [s for line in rule.narrative if (s := _statement(line, match.env, everything, rule.id)) is not None]
    return Finding(
        id=identity(match),
        rule=rule.id,
        cause=rule.cause,
        kind=rule.kind,
        confidence=match.confidence,
        host=match.fact.host,
        title=title,
        narrative=tuple(narrative) or (title,),
        reasons=tuple(_reason(r, rule.id) for r in match.reasons) + tuple(Statement(d, {}, ()) for d in match.doubts),
        remedy=_advice(rule.remedy, match.env, everything, rule.id),
        settle=_advice(rule.settle, match.env, everything, rule.id),
        evidence=everything,
        start=match.fact.start,
        end=match.fact.end,
    )


def identity(match: Match) -> str:
    """Stable for the same logs: the rule, the host and the first lines of all that it bound."""
    lines = "|".join(f.lines[0].where for f in match.env.values() if f is not None and f.lines)
    fields = "|".join(f"{k}={v}" for k, v in sorted(match.fact.fields.items()))
    digest = hashlib.sha256(f"{match.rule.id}|{match.fact.host}|{lines}|{fields}".encode()).hexdigest()
    return f"{match.rule.id}-{digest[:8]}"


def _all_lines(match: Match) -> tuple[Evidence, ...]:
    own = [line for fact in match.env.values() if fact is not None for line in fact.lines]
    reasons = [line for r in match.reasons if r.fact is not None for line in r.fact.lines]
    return unique((*own, *reasons))[:_MOST_LINES]


def unique(lines: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Without repeats, in the order given."""
    out: dict[tuple[str, int], Evidence] = {}
    for line in lines:
        out.setdefault((line.file, line.line), line)
    return tuple(out.values())


def _statement(
    template: str, env: Mapping[str, Fact | None], fallback: tuple[Evidence, ...], rule: str
) -> Statement | None:
    """A template with its values and the lines of the bindings that it names; None if one of them has no value."""
    values: dict[str, Value] = {}
    lines: list[Evidence] = []
    for name, field in PLACEHOLDER.findall(template):
        fact = env.get(name)
        value = fact.get(field) if fact is not None else None
        if fact is None or value is None or value in ("", UNKNOWN):
            return None
        values[f"{name}.{field}"] = value
        lines.extend(fact.lines)
    return Statement(template, values, unique(lines) or fallback, rule=rule)


def _partly(rule: Rule, env: Mapping[str, Fact | None], lines: tuple[Evidence, ...]) -> Statement:
    """A title of which some values are missing, without those."""
    missing = {m[0] for m in PLACEHOLDER.finditer(rule.title) if _statement(m[0], env, lines, rule.id) is None}
    short = bare(rule.title, missing)
    return _statement(short, env, lines, rule.id) or Statement(bare(rule.title), {}, lines, rule=rule.id)


def _advice(template: str, env: Mapping[str, Fact | None], lines: tuple[Evidence, ...], rule: str) -> Statement | None:
    """Remedies and next steps, line by line: those whose values are missing drop out, the rest stays."""
    kept = [
        s
        for line in template.splitlines()
        if line.strip() and (s := _statement(line.strip(), env, lines, rule)) is not None
    ]
    if not kept:
        return None
    values = {k: v for s in kept for k, v in s.values.items()}
    return Statement("\n".join(s.template for s in kept), values, (), rule=rule)


def _reason(reason: Reason, rule: str) -> Statement:
    env: dict[str, Fact | None] = {**reason.env, "it": reason.fact}
    said = _statement(reason.item.say, env, reason.fact.lines if reason.fact is not None else (), rule)
    if said is None:
        said = Statement(bare(reason.item.say), {}, reason.fact.lines if reason.fact is not None else ())
    lines = reason.fact.lines if reason.fact is not None else said.evidence
    return Statement(said.template, said.values, lines, reason.item.side, rule)


def bounds_of(facts: Iterable[Bounds], *, start: bool) -> Bounds:
    """When the first of several began, or the last of them ended, each known within bounds."""
    known = list(facts)
    low = [b.earliest for b in known if b.earliest is not None]
    high = [b.latest for b in known if b.latest is not None]
    pick = min if start else max
    return Bounds(pick(low, default=None), pick(high, default=None))
