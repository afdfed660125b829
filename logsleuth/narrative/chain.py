"""An incident's graph as one tree: every finding once, below the surest of its causes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from logsleuth.records import dataclass
from logsleuth.report import CONFIDENCE, Finding, Incident, Link, Statement


@dataclass(frozen=True, slots=True)
class Step:
    """One finding's place in the chain."""

    depth: int
    finding: Finding
    why: str
    """Why the cause above explains it; empty for a root, and where the rule itself says it."""
    also: tuple[Finding, ...]
    """Its other causes, the surest first, which stand elsewhere in the chain."""
    settle: tuple[Statement, ...] = ()
    """With several causes of which none is confirmed: what would settle between them."""


def chain(incident: Incident) -> tuple[Step, ...]:
    """Causes before effects, depth first; effects of one cause in the order of their time."""
    findings = (*incident.causes, *incident.effects)
    by_id = {f.id: f for f in reversed(findings)}
    causes_of: dict[str, list[Link]] = defaultdict(list)
    for link in incident.links:
        if link.cause in by_id and link.effect in by_id and link.cause != link.effect:
            causes_of[link.effect].append(link)
    chosen = {effect: _surest(links, by_id, causes_of) for effect, links in causes_of.items()}
    below: dict[str, list[int]] = defaultdict(list)
    for i, finding in enumerate(findings):
        if finding.id in chosen:
            below[chosen[finding.id].cause].append(i)
    out: list[Step] = []
    seen: set[int] = set()
    # What a circle of links would cut off from every root follows as a root of its own.
    for start in (*(i for i, f in enumerate(findings) if f.id not in chosen), *range(len(findings))):
        todo = [(start, 0)]
        while todo:
            i, depth = todo.pop()
            if i in seen:
                continue
            seen.add(i)
            out.append(_step(findings[i], depth, chosen, causes_of, by_id))
            children = sorted(below[findings[i].id], key=lambda n: (_begin(findings[n]), n), reverse=True)
            todo.extend((n, depth + 1) for n in children)
    return tuple(out)


def cause_unknown(finding: Finding) -> bool:
    """A symptom: it says that something failed, not why."""
    return finding.kind == "symptom"


def _step(
    finding: Finding,
    depth: int,
    chosen: Mapping[str, Link],
    causes_of: Mapping[str, list[Link]],
    by_id: Mapping[str, Finding],
) -> Step:
    link = chosen.get(finding.id)
    if link is None or depth == 0:
        return Step(depth, finding, "", ())
    named = dict.fromkeys(other.cause for other in causes_of[finding.id] if other.cause != link.cause)
    others = sorted((by_id[other] for other in named), key=lambda f: -CONFIDENCE.index(f.confidence))
    rivals = (by_id[link.cause], *others)
    doubtful = len(rivals) > 1 and all(f.confidence != "confirmed" for f in rivals)
    settle = tuple(f.settle for f in rivals if f.settle is not None) if doubtful else ()
    return Step(depth, finding, link.why, tuple(others), settle)


def _surest(links: Sequence[Link], by_id: Mapping[str, Finding], causes_of: Mapping[str, list[Link]]) -> Link:
    """Of causes that are equally sure the nearest: the one that has most causes of its own."""
    if len(links) == 1:
        return links[0]

    def rank(link: Link) -> tuple[int, int]:
        return CONFIDENCE.index(by_id[link.cause].confidence), _above(link.cause, causes_of)

    return max(links, key=rank)


def _above(finding: str, causes_of: Mapping[str, list[Link]]) -> int:
    seen: set[str] = set()
    todo = [finding]
    while todo:
        for link in causes_of.get(todo.pop(), ()):
            if link.cause not in seen:
                seen.add(link.cause)
                todo.append(link.cause)
    return len(seen)


def _begin(finding: Finding) -> int:
    start = finding.start
    known = start.earliest if start.earliest is not None else start.latest
    return known if known is not None else 1 << 63
