"""One incident on a page: when, what led to what, and every finding with its sentences, reasons and advice."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.narrative import Step, cause_unknown
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup, joined, marked, tag
from logsleuth.report import Finding, Incident, Statement


def tell_incident(leaf: Leaf, incident: Incident, number: int) -> Markup:
    """The whole story of one incident."""
    title = leaf.say("html.story")
    if len(leaf.report.incidents) > 1:
        headline = marked(leaf.teller.headline_pieces(incident))
        title = joined(leaf.say("writeup.incident", n=number, headline=""), headline)
    steps = leaf.teller.chain(incident)
    roots = {f.id for f in incident.causes}
    heading = f"incident-{number}-title"
    return tag(
        "article",
        tag("h2", title, id=heading),
        tag("p", leaf.teller.when(incident), class_="when"),
        _chain(leaf, steps, number) if len(steps) > 1 else "",
        [_finding(leaf, step.finding, number, root=step.finding.id in roots) for step in steps],
        id=f"incident-{number}",
        aria_labelledby=heading,
    )


def badge(leaf: Leaf, finding: Finding, *, root: bool = False) -> Markup:
    """How sure a finding is; of a symptom without a cause, that it is one."""
    word = leaf.teller.confidence(finding.confidence)
    if root and cause_unknown(finding):
        word = leaf.say("cause.unknown")
    return joined(" ", tag("span", word, class_=f"badge {finding.confidence.replace(' ', '-')}"))


def _chain(leaf: Leaf, steps: Sequence[Step], number: int) -> Markup:
    heading = tag("h3", leaf.say("heading.chain"))
    return joined(heading, tag("div", _level(leaf, list(steps), 0, number), class_="chain"))


def _level(leaf: Leaf, steps: list[Step], depth: int, number: int) -> Markup:
    """A list of the steps at one depth, each with the list of those below it."""
    items: list[Markup] = []
    while steps and steps[0].depth >= depth:
        step = steps.pop(0)
        below = _level(leaf, steps, step.depth + 1, number) if steps and steps[0].depth > step.depth else ""
        items.append(tag("li", _step(leaf, step, number), below))
    return tag("ul", items)


def _step(leaf: Leaf, step: Step, number: int) -> Markup:
    title = marked(leaf.teller.named_pieces(step.finding))
    link = tag("a", title, href=f"#{leaf.finding_id(number, step.finding)}")
    out = [link, badge(leaf, step.finding, root=not step.depth)]
    if step.why:
        because = leaf.say("page.because", why=leaf.names.within(leaf.teller.plain(step.why)))
        out.append(tag("span", " ", because, class_="why"))
    if step.also:
        out.append(tag("span", " ", leaf.say("page.also", titles=leaf.teller.titled(step.also)), class_="why"))
    return joined(out)


def _finding(leaf: Leaf, finding: Finding, number: int, *, root: bool) -> Markup:
    bare = finding.narrative == (finding.title,)
    name = leaf.finding_id(number, finding)
    title = marked(leaf.teller.named_pieces(finding))
    refs = leaf.references(finding.title.evidence) if bare else ""
    for line in finding.evidence:
        leaf.line_id(line)
    return tag(
        "section",
        tag("h3", title, badge(leaf, finding, root=root)),
        tag("p", refs) if refs else "",
        [tag("p", leaf.sentence(s)) for s in finding.narrative] if not bare else "",
        _reasons(leaf, finding),
        _advice(leaf, finding.remedy, "remedy"),
        _advice(leaf, finding.settle, "settle"),
        id=name,
        class_="finding",
    )


def _reasons(leaf: Leaf, finding: Finding) -> Markup:
    if not finding.reasons:
        return Markup()
    said = [
        tag("li", tag("b", leaf.say(f"label.{r.side}")), " ", leaf.sentence(r), class_=r.side) for r in finding.reasons
    ]
    return tag("ul", said, class_="reasons")


def _advice(leaf: Leaf, said: Statement | None, label: str) -> Markup:
    if said is None:
        return Markup()
    return tag("p", tag("b", leaf.say(f"label.{label}")), " ", leaf.sentence(said), class_=f"advice {label}")
