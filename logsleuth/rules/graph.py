"""Which finding explains which: links bound by rules, links by kind, place and time, and lines that two share."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field

from logsleuth.clock.offsets import SECOND
from logsleuth.records import dataclass
from logsleuth.report import CONFIDENCE, SAME_LINE, SAME_MESSAGE
from logsleuth.rules.match import Match
from logsleuth.rules.model import LinkRule
from logsleuth.signs.message import host_named
from logsleuth.signs.model import Fact

_COPIED = 3 * SECOND
"""Two logs get copies of one message within this time."""
_COPIES = 8
"""With so many that follow, a finding is compared."""
_SHORTEST = 16
"""Characters of a message that is no chance."""
_KIND_ORDER = {"fault": 2, "symptom": 1, "harmless": 0}
_SAYS_WHAT_FAILED = frozenset({"job-failure", "start-limit", "dependency-failure"})
"""Causes that say what failed rather than why: of two that read one line equally surely, the other one leads."""


@dataclass(slots=True)
class Graph:
    """Matches as points, explanations as arrows."""

    nodes: list[Match]
    arrows: dict[tuple[int, int], str] = field(default_factory=dict)
    """(index of the cause, index of the effect) to why."""
    below: dict[int, dict[int, None]] = field(default_factory=lambda: defaultdict(dict))
    """The effects of every cause, in the order in which they were found."""

    def add(self, cause: int, effect: int, why: str) -> None:
        """An arrow, unless it would close a circle: what explains a thing is not explained by it."""
        if cause != effect and (cause, effect) not in self.arrows and not self.reaches(effect, cause):
            self.arrows[cause, effect] = why
            self.below[cause][effect] = None

    def reaches(self, start: int, goal: int) -> bool:
        """Whether one explains another, directly or over others."""
        seen = {start}
        todo = [start]
        while todo:
            here = todo.pop()
            if here == goal:
                return True
            for effect in self.below.get(here, ()):
                if effect not in seen:
                    seen.add(effect)
                    todo.append(effect)
        return False


def build(matches: Sequence[Match], links: Sequence[LinkRule]) -> Graph:
    """All arrows between the findings of one run."""
    graph = Graph(list(matches))
    index = {id(m): i for i, m in enumerate(graph.nodes)}
    for i, match in enumerate(graph.nodes):
        for cause in match.causes:
            if id(cause) in index:
                graph.add(index[id(cause)], i, "")
        for effect in match.effects:
            if id(effect) in index:
                graph.add(i, index[id(effect)], "")
    _shared_lines(graph)
    _copied_lines(graph)
    by_name: dict[str, list[int]] = defaultdict(list)
    for i, match in enumerate(graph.nodes):
        by_name[match.rule.id].append(i)
        by_name[match.rule.cause].append(i)
        if match.rule.kind == "symptom":
            by_name["symptom"].append(i)
    for link in links:
        _apply(graph, link, by_name)
    _reduce(graph)
    return graph


def _reduce(graph: Graph) -> None:
    """Drop an arrow where a longer way leads from the same cause to the same effect: it says less than that does."""
    for cause, effect in list(graph.arrows):
        del graph.below[cause][effect]
        if graph.reaches(cause, effect):
            del graph.arrows[cause, effect]
        else:
            graph.below[cause][effect] = None


def _apply(graph: Graph, link: LinkRule, by_name: dict[str, list[int]]) -> None:
    effects = sorted({i for name in link.effects for i in by_name.get(name, ())}, key=lambda i: graph.nodes[i].fact.lo)
    starts = [graph.nodes[i].fact.lo for i in effects]
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for cause in sorted({i for name in link.causes for i in by_name.get(name, ())}):
        fact = graph.nodes[cause].fact
        if graph.nodes[cause].confidence == "ruled out":
            continue
        end = fact.end.latest if fact.end.latest is not None else fact.hi
        low = bisect_left(starts, fact.lo - link.before) if fact.timed else 0
        high = bisect_right(starts, max(fact.hi, end) + link.within) if fact.timed else len(starts)
        untimed = range(bisect_left(starts, -(1 << 62)))
        for place in {*untimed, *range(low, high)}:
            effect = effects[place]
            if effect != cause and _related(link, fact, graph.nodes[effect].fact):
                found[effect, graph.nodes[cause].rule.id].append(cause)
    for (effect, _), causes in found.items():
        graph.add(_nearest(graph, causes, effect), effect, link.because)


def _nearest(graph: Graph, causes: Sequence[int], effect: int) -> int:
    """Of several findings of one rule the last that began before the effect."""
    at = graph.nodes[effect].fact.hi
    before = [c for c in causes if graph.nodes[c].fact.lo <= at]
    return max(before, key=lambda c: graph.nodes[c].fact.lo) if before else causes[0]


def _related(link: LinkRule, cause: Fact, effect: Fact) -> bool:
    if not link.any_host and cause.host and effect.host and cause.host != effect.host:
        return False
    if not (cause.timed and effect.timed) and cause.log != effect.log and cause.timed != effect.timed:
        return False
    if not link.before and _written_later(cause, effect):
        return False
    if not link.where:
        return True
    return any(all(_equal(effect, e, cause, c) for e, c in ways) for ways in link.where)


def _written_later(one: Fact, other: Fact) -> bool:
    """A program wrote a line after another of the same second: stamps do not tell, their order in the file does."""
    alike = one.log == other.log >= 0 and one.program and one.program == other.program and one.timed
    return bool(alike) and one.lo // SECOND == other.lo // SECOND and one.line > other.line


def _equal(effect: Fact, name: str, cause: Fact, other: str) -> bool:
    word = effect.word(name)
    if word is None or other not in {"host", "hosts"}:
        return word is not None and word == cause.word(other)
    return host_named(word) in {host_named(part) for part in (cause.word(other) or "").split(", ")}


def _shared_lines(graph: Graph) -> None:
    """A line that two findings rest on: the fault explains the symptom; of two faults the surer one leads."""
    owners: dict[tuple[str, int], list[int]] = defaultdict(list)
    for i, match in enumerate(graph.nodes):
        lead = _lead(match)
        if match.confidence != "ruled out" and lead is not None:
            for line in lead.lines[:4]:
                owners[line.file, line.line].append(i)
    for sharing in owners.values():
        ranked = sorted(set(sharing), key=lambda i: rank(graph.nodes[i]), reverse=True)
        for other in ranked[1:]:
            if graph.nodes[other].rule.kind != "harmless" and not (
                _before(graph, other, ranked[0]) or competing(graph, other, ranked[0])
            ):
                graph.add(ranked[0], other, SAME_LINE)


def _copied_lines(graph: Graph) -> None:
    """Findings of one rule on copies of one message: a daemon's own log, and the journal that kept its output."""
    groups: dict[tuple[str, str], list[tuple[int, str, int]]] = defaultdict(list)
    for i, match in enumerate(graph.nodes):
        lead = _lead(match)
        if lead is not None and lead.timed and lead.program and match.confidence != "ruled out":
            groups[match.rule.id, lead.host].append((lead.lo, lead.text, i))
    for group in groups.values():
        group.sort()
        for place, (at, text, one) in enumerate(group):
            for later, other_text, other in group[place + 1 : place + 1 + _COPIES]:
                if later - at > _COPIED:
                    break
                if _copy(text, other_text) and not competing(graph, one, other):
                    first, second = sorted((one, other), key=lambda i: (*rank(graph.nodes[i]), -i), reverse=True)
                    graph.add(first, second, SAME_MESSAGE)


def _copy(one: str, other: str) -> bool:
    """Whether one of two texts is the other with a head before it, a stamp or a level."""
    short, long = sorted((one.rstrip(), other.rstrip()), key=len)
    return len(short) >= _SHORTEST and long.endswith(short)


def competing(graph: Graph, one: int, other: int) -> bool:
    """One rule read the same lines in two ways, of which one at most is right."""
    first, second = graph.nodes[one], graph.nodes[other]
    same = first.rule.id == second.rule.id and first.fact.lines == second.fact.lines
    return same and first.rule.cause != second.rule.cause


def _before(graph: Graph, one: int, other: int) -> bool:
    """A finding began before another did, though a later line of it is the other's: it cannot be its effect."""
    first, second = graph.nodes[one].fact, graph.nodes[other].fact
    return first.timed and second.timed and first.hi < second.lo - SECOND


def _lead(match: Match) -> Fact | None:
    """The event that a finding is about; None where it is about a span."""
    for name, clause in match.rule.bind:
        fact = match.env.get(name)
        if clause.source == "event" and fact is not None:
            return fact
    return None


def rank(match: Match) -> tuple[int, int, int, int, int, int]:
    """Which is more credible: kind, confidence, whether it says why, how many hosts, how much it joins, how narrow."""
    return (
        _KIND_ORDER[match.rule.kind],
        CONFIDENCE.index(match.confidence),
        match.rule.cause not in _SAYS_WHAT_FAILED,
        (match.fact.word("hosts") or "").count(","),
        len(match.env),
        sum(len(c.where) for _, c in match.rule.bind),
    )
