"""Why a rule did not hold: which clause nothing fitted, and what came nearest."""

from __future__ import annotations

from logsleuth.errors import UsageError
from logsleuth.nodes import near
from logsleuth.rules.engine import Engine
from logsleuth.rules.match import Match
from logsleuth.rules.model import Clause, Condition, Ref, RuleSet
from logsleuth.signs.model import Fact


def why_not(rules: RuleSet, engine: Engine, name: str) -> str:
    """Lines of text for one rule."""
    if name not in rules.rules:
        raise UsageError(f"no rule {name!r}{near(name, rules.rules)}")
    rule = rules.rules[name]
    found = engine.matches.get(name, [])
    if found:
        return "".join(_holds(match) for match in found[:10])
    trace = engine.traces[name]
    out = [f"{name} does not hold."]
    for index, (bound, clause) in enumerate(rule.bind[: trace.reached + 1]):
        fact = trace.env.get(bound)
        if index < trace.reached and fact is not None:
            out.append(f"  {bound}: {_clause(clause)}\n    fits {_fact(fact)}")
        elif index == trace.reached:
            out.append(f"  {bound}: {_clause(clause)}\n    nothing fits.")
            out.append(
                f"    Nearest: {_fact(trace.near)}" if trace.near is not None else "    There is no such line at all."
            )
    if trace.reached >= len(rule.bind):
        out.append(f"  All clauses fit, but {trace.note or 'it was ruled out'}.")
        if trace.near is not None:
            out.append(f"    That is {_fact(trace.near)}")
    return "\n".join(out) + "\n"


def _holds(match: Match) -> str:
    out = [f"{match.rule.id} holds ({match.confidence})."]
    for bound, clause in match.rule.bind:
        fact = match.env.get(bound)
        out.append(
            f"  {bound}: {_clause(clause)}\n    fits {_fact(fact) if fact is not None else 'nothing, and need not'}"
        )
    out.extend(f"  {r.item.side}: {r.item.say}" for r in match.reasons)
    out.extend(f"  doubt: {d}" for d in match.doubts)
    return "\n".join(out) + "\n"


def _clause(clause: Clause) -> str:
    parts = [f"{clause.source} {' or '.join(clause.names)}"]
    parts += [f"with {_condition(c)}" for c in clause.where]
    for word in ("after", "before", "open_at"):
        moment = getattr(clause, word)
        if moment is not None:
            sign = "-" if moment.offset < 0 else "+"
            by = f" {sign} {abs(moment.offset) // 10**9}s" if moment.offset else ""
            parts.append(f"{word} ${moment.ref.name}.{moment.ref.field}{by}")
    return ", ".join(parts)


def _condition(condition: Condition) -> str:
    sign = {"eq": "=", "ne": "!=", "re": "~", "gt": ">", "lt": "<", "in": "in"}[condition.op]
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    said = ", ".join(f"${v.name}.{v.field}" if isinstance(v, Ref) else str(v) for v in values)
    return f"{condition.field} {sign} {said}"


def _fact(fact: Fact) -> str:
    fields = ", ".join(f"{k}={v}" for k, v in sorted(fact.fields.items())[:8])
    line = fact.lines[0] if fact.lines else None
    where = f" {line.where}: {line.text[:160]}" if line is not None else ""
    return f"{fact.type}{' of ' + fact.host if fact.host else ''}{where}{' (' + fields + ')' if fields else ''}"
