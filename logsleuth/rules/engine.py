"""Rules tried on facts: what holds, how surely, by which lines, and for `--why-not` where it failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from logsleuth.clock.offsets import SECOND
from logsleuth.records import dataclass
from logsleuth.report import CONFIDENCE, Bounds
from logsleuth.rules.match import Env, Match, Reason, Trace
from logsleuth.rules.model import Clause, Condition, EvidenceItem, Moment, Ref, Rule, RuleSet
from logsleuth.rules.store import Store, joined
from logsleuth.rules.times import Answer, contains, during, least, not_before, weakest
from logsleuth.rules.used import Spare
from logsleuth.rules.values import holds, moment_of, value_of
from logsleuth.signs.collect import Signs
from logsleuth.signs.model import Fact

_MINUTE = 60 * SECOND
MOST = 10_000
"""Findings of one rule, and candidates of one clause, that are looked at; more is cut off and said."""
MOST_WORK = 5_000_000
"""Facts that the clauses of one rule are compared with: joins without a field in common end here, which is said."""


@dataclass(slots=True)
class Engine:
    """One run of a rule set."""

    rules: RuleSet
    store: Store
    signs: Signs
    matches: dict[str, list[Match]] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _by_fact: dict[int, Match] = field(default_factory=dict)
    _spare: Spare | None = None
    """From the first rule on that is tried last."""
    _work: int = 0
    """Facts that the clauses of the rule at hand were compared with."""

    def run(self, event: str = "") -> list[Match]:
        """Try every rule, each after those whose findings it looks at; with `event` only those that bind it, again."""
        for name in self.rules.order:
            if event and not any(event in clause.names for _, clause in self.rules.rules[name].bind):
                continue
            rule = self.rules.rules[name]
            if rule.last and self._spare is None:
                self._spare = Spare()
                self._spare.add(m for found in self.matches.values() for m in found)
            found = self._try(rule)
            if self._spare is not None:
                found = self._spare.latest(found)
            self.matches[name] = found
            self.store.add(m.fact for m in found if m.confidence != "ruled out")
        return [m for name in self.rules.order for m in self.matches[name]]

    def _try(self, rule: Rule) -> list[Match]:
        trace = self.traces[rule.id] = Trace()
        out: list[Match] = []
        seen: set[tuple[object, ...]] = set()
        self._work = 0
        for env, answer in self._bind(rule, 0, {}, Answer.YES, trace):
            key = tuple(
                (id(f) if not f.members or f.is_span else id(f.members[0])) for f in env.values() if f is not None
            )
            if key in seen:
                continue
            seen.add(key)
            if len(out) >= MOST:
                self._note(f"{rule.id}: more than {MOST:,} matches; the rest is left out")
                break
            match = self._judge(rule, env, answer, trace)
            if match is not None:
                out.append(match)
        return out

    def _bind(self, rule: Rule, index: int, env: Env, answer: Answer, trace: Trace) -> Iterator[tuple[Env, Answer]]:
        if index == len(rule.bind):
            trace.reached = max(trace.reached, index)
            yield env, answer
            return
        name, clause = rule.bind[index]
        if self._work > MOST_WORK:
            self._note(f"{rule.id}: given up after {MOST_WORK:,} comparisons; what it would still find is left out")
            return
        found = self.candidates(clause, env, self._spare if not index else None)
        if not found:
            if clause.optional:
                yield from self._bind(rule, index + 1, {**env, name: None}, answer, trace)
            elif index > trace.reached:
                trace.reached, trace.env, trace.near = index, env, self._nearest_miss(clause, env)
            return
        if len(found) > MOST:
            self._note(f"{rule.id}: more than {MOST:,} candidates for {name!r}; the rest is left out")
            found = found[:MOST]
        for fact, fits in found:
            yield from self._bind(rule, index + 1, {**env, name: fact}, weakest(answer, fits), trace)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def candidates(self, clause: Clause, env: Env, spare: Spare | None = None) -> list[tuple[Fact, Answer]]:
        """What fits a clause, given what is bound already, with how surely; picked as the clause says."""
        facts = [f for f in self._raw(clause, env) if spare is None or spare.left(f)]
        self._work += len(facts)
        asked = [(f, self._fits(clause, f, env)) for f in facts]
        fitting: list[tuple[Fact, Answer]] = [(f, a) for f, a in asked if a is not Answer.NO]
        if clause.by is not None:
            groups = self.store.groups(clause, [f for f, _ in fitting])
            doubtful = {id(f) for f, a in fitting if a is Answer.MAYBE}
            fitting = [(g, least(g, doubtful)) for g in groups]
        if clause.pick == "each" or not fitting:
            return fitting
        if clause.pick == "all":
            return [
                (
                    joined([f for f, _ in fitting]) if len(fitting) > 1 else fitting[0][0],
                    min(a for _, a in fitting),
                )
            ]
        if clause.pick == "first":
            return [min(fitting, key=lambda p: (p[0].lo, p[0].log, p[0].line))]
        if clause.pick == "last":
            return [max(fitting, key=lambda p: (p[0].lo, -p[0].log, p[0].line))]
        anchor = moment_of(clause.after or clause.before, env)
        middle = anchor[0] if anchor else 0
        return [min(fitting, key=lambda p: abs(p[0].lo - middle))]

    def _raw(self, clause: Clause, env: Env) -> list[Fact]:
        """Facts that an index and the window leave to be looked at."""
        equal = next((c for c in clause.where if c.op == "eq"), None)
        value = value_of(equal.value, env) if equal is not None else None
        if equal is not None and equal.field == "host":
            # A host may be written with its domain or a port, or be one of several: see `holds`.
            equal = None
        low, high = self._window(clause, env)
        out: list[Fact] = []
        for name in self._names(clause):
            facts = self.store.all(name)
            if equal is not None and isinstance(value, str):
                facts = self.store.equal(name, equal.field, value)
            moment = moment_of(clause.open_at, env)
            if clause.open_at is None:
                out.extend(self.store.between(name, facts, low, high))
            else:
                out.extend(facts if moment is None else self.store.spanning(facts, *moment))
        return out

    def _names(self, clause: Clause) -> list[str]:
        if clause.source != "fact":
            return list(clause.names)
        out = []
        for name in clause.names:
            slug = name.removeprefix("cause:")
            out += [name] if slug == name else [r.id for r in self.rules.rules.values() if r.cause == slug]
        return out

    def _window(self, clause: Clause, env: Env) -> tuple[int | None, int | None]:
        after, before = moment_of(clause.after, env), moment_of(clause.before, env)
        low = after[0] if after else None
        high = before[1] if before else None
        if clause.during:
            outer = env.get(clause.during)
            if outer is not None and outer.timed:
                low = outer.lo if low is None else max(low, outer.lo)
                end = outer.end.latest
                high = end if high is None or (end is not None and end < high) else high
        return low, high

    def _fits(self, clause: Clause, fact: Fact, env: Env) -> Answer:
        first = next((f for f in env.values() if f is not None), None)
        if first is not None:
            if fact is first and len(env) == 1 and clause.source != "fact":
                pass
            if not clause.any_host and first.host and fact.host and fact.host != first.host:
                return Answer.NO
            # A process id means something only within one life of a host.
            same = [first] if clause.same_boot else []
            same += [
                other
                for c in clause.where
                if c.field == "pid"
                and isinstance(c.value, Ref)
                and c.value.field == "pid"
                and (other := env.get(c.value.name)) is not None
            ]
            if any(fact.boot >= 0 and other.boot >= 0 and fact.boot != other.boot for other in same):
                return Answer.NO
        if not all(holds(c, fact, env) for c in clause.where):
            return Answer.NO
        answers = [Answer.YES]
        if clause.after is not None:
            answers.append(self._side(fact, clause.after, env, later=True))
        if clause.before is not None:
            answers.append(self._side(fact, clause.before, env, later=False))
        if clause.open_at is not None:
            moment = moment_of(clause.open_at, env)
            answers.append(contains(fact, moment) if moment else Answer.MAYBE)
        if clause.during:
            outer = env.get(clause.during)
            answers.append(during(fact, outer) if outer is not None else Answer.NO)
        return weakest(*answers)

    def _side(self, fact: Fact, moment: Moment, env: Env, *, later: bool) -> Answer:
        """Whether a fact lies on the right side of a moment."""
        other = env.get(moment.ref.name)
        if other is None:
            return Answer.NO
        bounds = moment_of(moment, env)
        if (
            fact.log == other.log
            and fact.log >= 0
            and not (other.is_span and moment.ref.field == "end")
            and (moment.offset == 0 or not fact.timed or bounds is None)
        ):
            # One file keeps its order, whatever the clock did. An offset says nothing without a clock.
            here, there = (
                fact.line,
                other.members[-1].line if moment.ref.field in {"last", "end"} and other.members else other.line,
            )
            if moment.offset == 0:
                return Answer.YES if (here >= there if later else here <= there) else Answer.NO
            return Answer.YES
        if bounds is None or not fact.timed:
            return Answer.MAYBE
        place = (fact.lo, fact.hi)
        return not_before(place, bounds) if later else not_before(bounds, place)

    def _judge(self, rule: Rule, env: Env, answer: Answer, trace: Trace) -> Match | None:
        steps = CONFIDENCE.index(rule.base)
        cap = CONFIDENCE.index(rule.cap)
        doubts: list[str] = []
        if answer is Answer.MAYBE:
            steps -= 1
            doubts.append("times that are only known within bounds may not fit")
        if not rule.joined:
            cap = min(cap, CONFIDENCE.index("probable"))
        for clause in rule.absent:
            found = self.candidates(clause, env)
            if found and not any(a is Answer.YES for _, a in found):
                steps -= 1
                doubts.append(f"{', '.join(clause.names)} may have been there")
            if any(a is Answer.YES for _, a in found):
                trace.note = f"{', '.join(clause.names)} is there"
                trace.near = found[0][0]
                return None
            if not self._covered(clause, env, to_the_end=True):
                cap = min(cap, CONFIDENCE.index("possible"))
                doubts.append(f"no log that would hold {', '.join(clause.names)} was being written all the time")
        reasons = []
        for item in rule.evidence:
            reason = self._weigh(item, env)
            if reason is not None:
                steps += item.steps if item.side == "for" else -item.steps
                reasons.append(reason)
        word = CONFIDENCE[max(0, min(steps, cap))]
        fact = self._finding(rule, env)
        if rule.named is not None:
            rule = replace(rule, cause=value_of(rule.named, env) or rule.cause)
        match = Match(rule, env, reasons, word, tuple(doubts), fact)
        self._by_fact[id(fact)] = match
        self._join(match)
        return match

    def _join(self, match: Match) -> None:
        """Causes and effects among the findings that a rule binds."""
        for name, clause in match.rule.bind:
            bound = match.env.get(name)
            if clause.source == "fact" and bound is not None:
                for member in bound.members or (bound,):
                    other = self._by_fact.get(id(member))
                    if other is not None and clause.link == "cause":
                        match.causes.append(other)
                    elif other is not None and clause.link == "effect":
                        match.effects.append(other)

    def _weigh(self, item: EvidenceItem, env: Env) -> Reason | None:
        fact = self._any(item.clause, env)
        if item.absent:
            return Reason(item, None, env) if fact is None and self._covered(item.clause, env) else None
        return Reason(item, fact, env) if fact is not None else None

    def _any(self, clause: Clause, env: Env) -> Fact | None:
        """The first that fits a clause, of as many as there may be."""
        if clause.by is not None or clause.pick != "each":
            return next((f for f, _ in self.candidates(clause, env)), None)
        return next((f for f in self._raw(clause, env) if self._fits(clause, f, env) is not Answer.NO), None)

    def _covered(self, clause: Clause, env: Env, *, to_the_end: bool = False) -> bool:
        """Whether the logs that would hold what a clause looks for were being written in its window.

        Those are the ones that hold such lines at another time; where none does, the one the first binding is in.
        """
        if clause.source != "event":
            return True
        first = next((f for f in env.values() if f is not None), None)
        host = first.host if first is not None else ""
        names = clause.coverage or clause.names
        logs = {log for name in names for log, other in self.store.logs(name) if clause.any_host or other == host}
        if not logs and first is not None:
            logs = {f.log for f in env.values() if f is not None and f.log >= 0}
        pulses = [self.signs.pulses[log] for log in logs if log in self.signs.pulses]
        if not pulses:
            return first is None or not first.timed
        low, high = self._window(clause, env)
        start = min((p.first.time for p in pulses if p.first), default=0)
        end = max((p.last.time for p in pulses if p.last), default=0)
        if to_the_end and high is not None and high > end + _MINUTE and low is not None:
            # The log stops before the window does: what came after that is not known.
            return False
        low = start if low is None else low
        high = end if high is None else min(high, end)
        if low >= high:
            return high >= low - 2 * SECOND
        # Written "all the time" means no pause of more than half of the window.
        return any(p.first is not None and p.longest_pause(max(low, start), high) <= (high - low) / 2 for p in pulses)

    def _finding(self, rule: Rule, env: Env) -> Fact:
        facts = [f for f in env.values() if f is not None]
        own = [f for name, c in rule.bind if (f := env.get(name)) is not None and c.source != "fact"] or facts
        timed = [f for f in own if f.timed]
        fields: dict[str, str] = {}
        values: dict[str, Bounds] = {}
        if rule.fields:
            for name, value in rule.fields:
                word = value_of(value, env)
                if word is not None:
                    fields[name] = word
        else:
            for fact in facts:
                for name, text in fact.fields.items():
                    fields.setdefault(name, text)
                if fact.program:
                    fields.setdefault("program", fact.program)
        hosts = next((str(h) for f in own if ", " in str(h := f.get("hosts"))), None)
        if hosts is not None:
            fields["hosts"] = hosts
        for fact in own:
            for key, bounds in fact.values.items():
                values.setdefault(key, bounds)
        lead = min(timed, key=lambda f: f.lo, default=own[0])
        lines = tuple(dict.fromkeys(line for f in own for line in f.lines))
        out = Fact(
            rule.id,
            lead.lo,
            lead.hi,
            facts[0].host,
            fields,
            lines,
            lead.program,
            lead.pid,
            lead.text,
            own[0].log,
            lead.boot,
            values=values,
        )
        dated = moment_of(rule.at, env)
        if dated is not None:
            out.lo, out.hi = dated
        ends = [f.end for f in timed]
        known = [e for e in ends if e.latest is not None]
        if known:
            last = max(known, key=lambda e: e.latest or 0)
            out.end_lo = last.earliest if last.earliest is not None else last.latest
            out.end_hi = last.latest
        return out

    def _nearest_miss(self, clause: Clause, env: Env) -> Fact | None:
        """A fact of the clause's type that comes closest: what least speaks against it, then the nearest in time."""
        anchor = next((f for f in env.values() if f is not None and f.timed), None)
        facts: Sequence[Fact] = [f for name in self._names(clause) for f in self.store.all(name)]
        if not facts:
            return None
        near = facts[:MOST]
        if anchor is None:
            return min(near, key=lambda f: len(self.misses(clause, f, env)))
        return min(near, key=lambda f: (len(self.misses(clause, f, env)), abs(f.lo - anchor.lo)))

    def misses(self, clause: Clause, fact: Fact, env: Env) -> list[str | Condition]:
        """What of a clause a fact does not meet: its conditions, `host`, `boot`, and names of times."""
        out: list[str | Condition] = [c for c in clause.where if not holds(c, fact, env)]
        first = next((f for f in env.values() if f is not None), None)
        if first is not None and not clause.any_host and first.host and fact.host and fact.host != first.host:
            out.append("host")
        if clause.after is not None and self._side(fact, clause.after, env, later=True) is Answer.NO:
            out.append("after")
        if clause.before is not None and self._side(fact, clause.before, env, later=False) is Answer.NO:
            out.append("before")
        moment = moment_of(clause.open_at, env)
        if moment is not None and contains(fact, moment) is Answer.NO:
            out.append("open_at")
        outer = env.get(clause.during) if clause.during else None
        if outer is not None and during(fact, outer) is Answer.NO:
            out.append("during")
        return out or ([] if self._fits(clause, fact, env) is not Answer.NO else ["boot"])
