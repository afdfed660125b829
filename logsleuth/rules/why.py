"""Why a rule did not hold: which clause nothing fitted, and what came nearest."""

from __future__ import annotations

from logsleuth.errors import UsageError
from logsleuth.nodes import near
from logsleuth.rules.engine import Engine
from logsleuth.rules.match import Env, Match, Trace
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
            out.extend(_nearest(engine, clause, trace))
    if trace.reached >= len(rule.bind):
        out.append(f"  All clauses fit, but {trace.note or 'it was ruled out'}.")
        if trace.near is not None:
            out.append(f"    That is {_fact(trace.near)}")
    return "\n".join(out) + "\n"


def _nearest(engine: Engine, clause: Clause, trace: Trace) -> list[str]:
    """What came nearest to a clause, and what of it was missing."""
    if trace.near is None:
        return ["    There is no such line at all."]
    out = [f"    Nearest: {_fact(trace.near)}"]
    missed = engine.misses(clause, trace.near, trace.env)
    out.extend(f"      but {_missed(miss, clause, trace)}" for miss in missed)
    if not missed and clause.count > 1:
        what = f"different values of {clause.distinct}" if clause.distinct else "such lines"
        within = f" within {clause.within // 10**9}s" if clause.within is not None else ""
        out.append(f"      but there are not {clause.count} {what}{within}")
    return out


def _missed(miss: str | Condition, clause: Clause, trace: Trace) -> str:
    near = trace.near
    assert near is not None  # noqa: S101 - the caller has looked
    if isinstance(miss, Condition):
        values = miss.value if isinstance(miss.value, tuple) else (miss.value,)
        wanted = ", ".join(_value(v, trace.env) for v in values)
        sign = {"eq": "is not", "in": "is none of", "ne": "is", "re": "does not match", "gt": "is not more than",
                "lt": "is not less than"}[miss.op]  # fmt: skip
        return f"its {miss.field} ({near.word(miss.field) or 'none'}) {sign} {wanted}"
    if miss == "host":
        first = next(f for f in trace.env.values() if f is not None)
        return f"it is of {near.host}, not of {first.host}"
    if miss == "boot":
        return "it is of another life of the host"
    if miss == "during":
        return f"it lies outside ${clause.during}"
    return f"it is not {_moment(miss, clause)}"


def _value(value: str | Ref | float, env: Env) -> str:
    if not isinstance(value, Ref):
        return str(value)
    fact = env.get(value.name)
    word = fact.word(value.field) if fact is not None else None
    return f"${value.name}.{value.field} ({word or 'none'})"


def _moment(word: str, clause: Clause) -> str:
    moment = getattr(clause, word)
    sign = "-" if moment.offset < 0 else "+"
    by = f" {sign} {abs(moment.offset) // 10**9}s" if moment.offset else ""
    return f"{word.replace('open_at', 'open at')} ${moment.ref.name}.{moment.ref.field}{by}"


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
        if getattr(clause, word) is not None:
            parts.append(_moment(word, clause))
    if clause.count > 1:
        parts.append(f"at least {clause.count}" + (f" with different {clause.distinct}" if clause.distinct else ""))
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
