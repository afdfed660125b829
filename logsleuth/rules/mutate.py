"""Rules with one clause dropped at a time: if no sample notices, the clause is decoration or its test is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from logsleuth.rules.check import needs
from logsleuth.rules.infer import infer
from logsleuth.rules.model import Clause, Rule, RuleSet, Sample
from logsleuth.rules.trial import Trial, judge
from logsleuth.signs.collect import Signs


def survivors(rules: RuleSet, names: Sequence[str] | None = None) -> Iterator[tuple[Rule, str]]:
    """(rule, what was dropped) of every change that no sample notices."""
    trial = Trial(rules)
    samples: dict[str, list[Sample]] = {}
    for sample in rules.samples:
        for name in sample.rules:
            samples.setdefault(name, []).append(sample)
    for rule in rules.rules.values():
        if names is not None and rule.id not in names:
            continue
        own = [(s, trial.signs(s)) for s in samples.get(rule.id, [])]
        for what, changed in mutants(rule):
            if not _noticed(rules, changed, own):
                yield rule, what


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule with one thing dropped, and what that was."""
    for index, (name, clause) in enumerate(rule.bind):
        for what, changed in _clauses(clause):
            bind = (*rule.bind[:index], (name, changed), *rule.bind[index + 1 :])
            yield f"bind {name}: {what}", replace(rule, bind=bind)
        if clause.optional or (index and not _used_later(rule, name)):
            yield f"bind {name}", replace(rule, bind=rule.bind[:index] + rule.bind[index + 1 :])
    for index, clause in enumerate(rule.absent):
        yield f"absent {', '.join(clause.names)}", replace(rule, absent=rule.absent[:index] + rule.absent[index + 1 :])
    for index, item in enumerate(rule.evidence):
        rest = rule.evidence[:index] + rule.evidence[index + 1 :]
        yield f"evidence {item.say[:50]!r}", replace(rule, evidence=rest)


def _clauses(clause: Clause) -> Iterator[tuple[str, Clause]]:
    for index, condition in enumerate(clause.where):
        yield f"where {condition.field}", replace(clause, where=clause.where[:index] + clause.where[index + 1 :])
    moments = (
        ("after", clause.after, replace(clause, after=None)),
        ("before", clause.before, replace(clause, before=None)),
        ("open_at", clause.open_at, replace(clause, open_at=None)),
    )
    for word, moment, without in moments:
        if moment is not None:
            yield f"{word} ${moment.ref.name}.{moment.ref.field}", without
    if clause.during:
        yield f"during ${clause.during}", replace(clause, during="")
    if clause.count > 1:
        yield f"count {clause.count}", replace(clause, count=1)
        if clause.distinct:
            yield f"distinct {clause.distinct}", replace(clause, distinct="")
        if clause.within is not None:
            yield "within", replace(clause, within=None)
    if len(clause.names) > 1:
        for name in clause.names:
            yield f"{clause.source} {name}", replace(clause, names=tuple(n for n in clause.names if n != name))


def _used_later(rule: Rule, name: str) -> bool:
    """A binding that texts or other clauses refer to cannot simply be left out."""
    texts = " ".join((rule.title, rule.remedy, rule.settle, *rule.narrative, *(e.say for e in rule.evidence)))
    clauses = [c for _, c in rule.bind] + list(rule.absent) + [e.clause for e in rule.evidence]
    moments = [m for c in clauses for m in (c.after, c.before, c.open_at) if m is not None]
    refs = [str(c.value) for clause in clauses for c in clause.where] + [str(v) for _, v in rule.fields]
    return (
        f"{{{name}." in texts
        or any(m.ref.name == name for m in moments)
        or any(f"name='{name}'" in ref for ref in refs)
        or any(c.during == name for c in clauses)
    )


def _noticed(rules: RuleSet, changed: Rule, own: Sequence[tuple[Sample, Signs]]) -> bool:
    small = _closure(rules, changed)
    return any(judge(small, sample, changed.id, infer(small, signs).matches) for sample, signs in own)


def _closure(rules: RuleSet, changed: Rule) -> RuleSet:
    """The changed rule and those whose findings it looks at."""
    wanted: set[str] = set()
    todo = [changed.id]
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo.extend(needs(rules, changed if name == changed.id else rules.rules[name]))
    kept = {name: rules.rules[name] for name in rules.rules if name in wanted}
    kept[changed.id] = changed
    order = [name for name in rules.order if name in wanted]
    return RuleSet(rules.events, rules.spans, rules.heartbeats, kept, rules.links, [], order)
