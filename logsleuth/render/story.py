"""One incident in full: headline, chain, and every finding with its sentences, their lines, reasons and advice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from logsleuth.narrative import Step, cause_unknown, safe
from logsleuth.render.layout import Run
from logsleuth.render.page import Page
from logsleuth.report import Confidence, Evidence, Finding, Incident, Statement

_STYLES: dict[Confidence, str] = {
    "confirmed": "green",
    "probable": "yellow",
    "possible": "cyan",
    "ruled out": "dim",
}
SIDES = {"for": "green", "against": "red", "note": "cyan"}


def tell_incident(page: Page, incident: Incident, number: int) -> None:
    """The whole story of one incident."""
    head(page, incident, number)
    steps = page.teller.chain(incident)
    if len(steps) > 1:
        _chain(page, steps)
    roots = {f.id for f in incident.causes}
    quoted: set[tuple[str, int]] = set()
    for step in steps:
        _finding(page, step.finding, root=step.finding.id in roots, quoted=quoted)
    if page.options.verbose > 1:
        _graph(page, incident)


def head(page: Page, incident: Incident, number: int) -> None:
    """What happened, and from when to when."""
    page.blank()
    lead = f"{number}. "
    page.add(Run(page.teller.headline(incident), "bold"), first=lead, hang=len(lead))
    page.blank()
    page.add(page.teller.when(incident), indent=3)


def surety(page: Page, finding: Finding, *, root: bool) -> list[Run]:
    """How sure a finding is, in brackets; of a symptom without a cause, that it is one."""
    word = page.teller.confidence(finding.confidence)
    if root and cause_unknown(finding):
        word = page.teller.say("cause.unknown")
    return [Run(" "), Run("("), Run(word, _STYLES[finding.confidence]), Run(")")]


def titled(page: Page, finding: Finding, *, root: bool, style: str = "") -> list[Run]:
    """What a finding is called, and how sure it is."""
    return [Run(page.teller.named(finding), style), *surety(page, finding, root=root)]


def advice(statement: Statement, page: Page, label: str, indent: int) -> None:
    """A remedy or a next step."""
    said = page.teller.pieces(statement)
    page.sentence(said, (), indent=indent, label=page.teller.say(f"label.{label}"), style="bold")


def _chain(page: Page, steps: Sequence[Step]) -> None:
    page.heading("chain", indent=3)
    for step in steps:
        arrow = "-> " if step.depth else ""
        indent = 5 + 3 * max(0, step.depth - 1)
        title = titled(page, step.finding, root=not step.depth)
        page.add(*title, indent=indent, first=arrow, hang=max(2, len(arrow)))
        if step.why:
            why = page.teller.say("page.because", why=page.names.within(page.teller.plain(step.why)))
            page.add(why, indent=indent + len(arrow), hang=2)
        if step.also:
            page.add(page.teller.say("page.also", titles=rivals(page, step)), indent=indent + len(arrow), hang=2)
        for said in dict.fromkeys(page.teller.tell(s) for s in step.settle):
            page.add(page.teller.say("page.between", settle=said), indent=indent + len(arrow), hang=2)


def rivals(page: Page, step: Step) -> str:
    """The other causes of a finding, and how sure they are."""
    between = page.teller.words.phrases["format.titles"]
    return between.join(f"{page.teller.named(f)} ({page.teller.confidence(f.confidence)})" for f in step.also)


def _finding(page: Page, finding: Finding, *, root: bool, quoted: set[tuple[str, int]]) -> None:
    page.blank()
    bare = finding.narrative == (finding.title,)
    refs = page.references(finding.title.evidence) if bare else []
    page.add(*titled(page, finding, root=root, style="bold"), *refs, indent=3, hang=2)
    if bare:
        _quote(page, finding.title.evidence, quoted)
    told = () if bare else finding.narrative
    for sentence, following in zip_longest(told, told[1:]):
        # Neighbours that rest on the same lines name them once, behind the last of them.
        same = following is not None and following.evidence == sentence.evidence and not page.options.verbose
        page.sentence(page.teller.pieces(sentence), () if same else sentence.evidence, indent=5)
        _quote(page, sentence.evidence, quoted)
    for reason in finding.reasons:
        label = page.teller.say(f"label.{reason.side}")
        page.sentence(page.teller.pieces(reason), reason.evidence, indent=5, label=label, style=SIDES[reason.side])
        _quote(page, reason.evidence, quoted)
    if finding.remedy is not None:
        advice(finding.remedy, page, "remedy", indent=5)
    if finding.settle is not None:
        advice(finding.settle, page, "settle", indent=5)


def _quote(page: Page, lines: Iterable[Evidence], quoted: set[tuple[str, int]]) -> None:
    """The lines themselves, each once in an incident."""
    for line in lines if page.options.verbose else ():
        if (line.file, line.line) not in quoted:
            quoted.add((line.file, line.line))
            page.evidence(line, indent=9)


def _graph(page: Page, incident: Incident) -> None:
    """Every finding by a number, and below it what it explains."""
    page.heading("graph", indent=3)
    findings = (*incident.causes, *incident.effects)
    numbers = {f.id: str(n) for n, f in enumerate(findings, 1)}
    width = len(str(len(findings)))
    for finding in findings:
        said = [finding.rule, finding.cause, page.teller.confidence(finding.confidence), finding.host]
        number = f"{numbers[finding.id]:>{width}}  "
        title = f"{page.teller.title(finding)} ({safe(', '.join(filter(None, said)))})"
        page.add(title, indent=5, first=number, hang=len(number))
        for link in incident.links:
            if link.cause == finding.id and link.effect in numbers:
                key = "page.explains_because" if link.why else "page.explains"
                why = page.names.within(page.teller.plain(link.why))
                page.add(page.teller.say(key, n=numbers[link.effect], why=why), indent=5 + len(number), hang=2)
