"""Findings and links to incidents: what hangs together is one story, and its sources are the root causes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from logsleuth.clock.offsets import SECOND
from logsleuth.incidents.findings import bounds_of, finding
from logsleuth.report import CONFIDENCE, Bounds, Finding, Incident, Link
from logsleuth.rules.graph import Graph, build, competing
from logsleuth.rules.match import Match
from logsleuth.rules.model import LinkRule

_HOST_LEVEL = frozenset({"host.down", "host.away"})
"""Outages of a whole host: two that overlap on one host are one story."""
_LATENT = "latent-fault"
_APART = 60 * SECOND


def incidents(matches: Sequence[Match], links: Sequence[LinkRule]) -> tuple[list[Incident], list[Finding]]:
    """Incidents, the gravest and surest first; and findings that are none (harmless, ruled out)."""
    graph = build(matches, links)
    groups = _groups(graph)
    out: list[tuple[tuple[int, ...], Incident]] = []
    aside: list[Finding] = []
    for members in groups:
        kept = [i for i in members if graph.nodes[i].confidence != "ruled out"]
        if not any(graph.nodes[i].rule.kind != "harmless" for i in kept):
            aside.extend(finding(graph.nodes[i]) for i in members)
            continue
        aside.extend(finding(graph.nodes[i]) for i in members if i not in kept)
        incident, weight = _incident(graph, kept)
        out.append((weight, incident))
    out.sort(key=lambda pair: pair[0], reverse=True)
    return [incident for _, incident in out], aside


def _groups(graph: Graph) -> list[list[int]]:
    parent = list(range(len(graph.nodes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for cause, effect in graph.arrows:
        # What was ruled out explains nothing and is explained by nothing.
        if "ruled out" not in {graph.nodes[cause].confidence, graph.nodes[effect].confidence}:
            parent[root(cause)] = root(effect)
    for a, b in (*_overlapping_outages(graph), *_readings(graph)):
        parent[root(a)] = root(b)
    out: dict[int, list[int]] = defaultdict(list)
    for i in range(len(graph.nodes)):
        out[root(i)].append(i)
    return list(out.values())


def _readings(graph: Graph) -> list[tuple[int, int]]:
    """Findings of one rule that read the same line in several ways: each may be the cause of one incident."""
    last = [i for i, m in enumerate(graph.nodes) if m.rule.last and m.confidence != "ruled out"]
    return [(a, b) for n, a in enumerate(last) for b in last[n + 1 :] if competing(graph, a, b)]


def _overlapping_outages(graph: Graph) -> list[tuple[int, int]]:
    outages = [
        i
        for i, m in enumerate(graph.nodes)
        if m.rule.kind == "fault"
        and m.confidence != "ruled out"
        and m.fact.timed
        and any(set(c.names) & _HOST_LEVEL for _, c in m.rule.bind)
    ]
    outages.sort(key=lambda i: graph.nodes[i].fact.lo)
    pairs = []
    for n, a in enumerate(outages):
        end = graph.nodes[a].fact.end.latest
        for b in outages[n + 1 :]:
            if end is not None and graph.nodes[b].fact.lo > end + _APART:
                break
            if graph.nodes[a].fact.host == graph.nodes[b].fact.host:
                pairs.append((a, b))
    return pairs


def _incident(graph: Graph, members: Sequence[int]) -> tuple[Incident, tuple[int, ...]]:
    inside = set(members)
    arrows = {pair: why for pair, why in graph.arrows.items() if pair[0] in inside and pair[1] in inside}
    explained = {effect for _, effect in arrows}
    roots = [i for i in members if i not in explained and graph.nodes[i].rule.kind != "harmless"]
    roots = roots or [i for i in members if i not in explained]
    reach = _reach(arrows, roots)
    roots.sort(key=lambda i: _weight(graph.nodes[i], len(reach[i])), reverse=True)
    first = set(roots)
    effects = sorted((i for i in members if i not in first), key=lambda i: (graph.nodes[i].fact.lo, i))
    made = {i: _finding(graph, i, root=i in first) for i in members}
    all_made = [made[i] for i in members]
    digest = hashlib.sha256("|".join(sorted(f.id for f in all_made)).encode()).hexdigest()[:10]
    hosts = tuple(dict.fromkeys(f.host for f in [made[i] for i in roots] + all_made if f.host))
    incident = Incident(
        id=f"incident-{digest}",
        hosts=hosts,
        causes=tuple(made[i] for i in roots),
        effects=tuple(made[i] for i in effects),
        links=tuple(Link(made[a].id, made[b].id, why) for (a, b), why in sorted(arrows.items())),
        # A fault that lay unnoticed for weeks is part of the story, but the incident began when it was needed.
        start=bounds_of(_when_needed(all_made), start=True),
        end=bounds_of([f.end for f in all_made], start=False),
    )
    best = graph.nodes[roots[0]]
    return incident, (*_weight(best, len(reach[roots[0]])), len(members))


def _when_needed(found: Sequence[Finding]) -> list[Bounds]:
    """Starts of findings, but of those that lay unnoticed until another one made them matter."""
    latent = {f.start.earliest for f in found if f.cause == _LATENT}
    return [f.start for f in found if f.start.earliest not in latent] or [f.start for f in found]


def _finding(graph: Graph, index: int, *, root: bool) -> Finding:
    """A symptom that nothing explains says only that something failed: it is never more than possible as a cause."""
    made = finding(graph.nodes[index])
    if root and graph.nodes[index].rule.kind == "symptom" and CONFIDENCE.index(made.confidence) > 1:
        return replace(made, confidence="possible")
    return made


def _weight(match: Match, explains: int) -> tuple[int, ...]:
    kind = {"fault": 2, "symptom": 1, "harmless": 0}[match.rule.kind]
    said = not match.rule.last
    return kind, CONFIDENCE.index(match.confidence), said, explains, min(match.fact.n, 1000), match.fact.lo // SECOND


def _reach(arrows: dict[tuple[int, int], str], members: Sequence[int]) -> dict[int, set[int]]:
    """For each finding, all that it explains over any number of hops."""
    below: dict[int, list[int]] = defaultdict(list)
    for a, b in arrows:
        below[a].append(b)
    out: dict[int, set[int]] = {}
    for start in members:
        seen: set[int] = set()
        todo = [start]
        while todo:
            for nxt in below[todo.pop()]:
                if nxt not in seen:
                    seen.add(nxt)
                    todo.append(nxt)
        out[start] = seen
    return out
