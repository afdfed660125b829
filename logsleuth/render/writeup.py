"""The parts of a write-up that tell of one incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from logsleuth.narrative import cause_unknown
from logsleuth.render.chart import graph, outage
from logsleuth.render.marks import clipped, code, escaped, marked, table
from logsleuth.render.sheet import Sheet
from logsleuth.report import Evidence, Finding, Incident, Report

_ENTITIES = ("user", "mailbox", "service", "unit", "iface", "device", "database", "queue", "mount", "domain")
"""Fields whose values name what was hit; rules share these names."""
_MOST_NAMED = 20
_LEAD = 7 * 86_400 * 10**9
_MOST_CHANGES = 40
_SUMMARY = 3
"""Sentences: more is not a summary."""


def write_up(sheet: Sheet, incident: Incident, report: Report, depth: int) -> None:
    """All sections of one incident, in the order in which post-mortems have them."""
    _dates(sheet, incident)
    for name, section in _SECTIONS:
        sheet.heading(name, depth)
        sheet.begin(f"{name} {incident.id}")
        section(sheet, incident, report)
        sheet.end()
        if name != "timeline":
            sheet.prompt(name)
    sheet.heading("lessons", depth)
    sheet.prompt("well", "badly", "lucky")


def _dates(sheet: Sheet, incident: Incident) -> None:
    clock = sheet.teller.clock
    least, most = clock.lasted(incident.start, incident.end)
    hosts = sheet.listed(filter(None, incident.hosts)) or "-"
    sheet.begin(f"dates {incident.id}")
    sheet.add(
        *table(
            [sheet.say("date"), sheet.say("duration"), sheet.say("hosts")],
            [(escaped(clock.moment(incident.start, "cell")), escaped(clock.between(least, most)), hosts)],
        )
    )
    sheet.end()


def _summary(sheet: Sheet, incident: Incident, _: Report) -> None:
    roots = incident.causes or incident.effects
    sentences = [s for f in roots[:1] for s in f.narrative[:_SUMMARY]]
    sheet.add(" ".join(sheet.sentence(s) for s in sentences), "")
    if incident.effects:
        followed = (f"- {titled(sheet, f)}" for f in incident.effects)
        sheet.add(f"{escaped(sheet.say('effects'))}:", "", *followed, "")


def _impact(sheet: Sheet, incident: Incident, _: Report) -> None:
    clock = sheet.teller.clock
    hosts = sheet.listed(filter(None, incident.hosts))
    length = clock.between(*clock.lasted(incident.start, incident.end))
    if hosts:
        sheet.add(f"- {sheet.say('impact_hosts', hosts=hosts)}")
    sheet.add(f"- {escaped(sheet.say('impact_time', length=length))}")
    named = _named(_findings(incident))
    if named:
        sheet.add(f"- {sheet.say('impact_named', names=sheet.teller.words.phrases['format.list'].join(named))}")
    sheet.add("")


def _timeline(sheet: Sheet, incident: Incident, report: Report) -> None:
    clock = sheet.teller.clock
    time = sheet.say("time", zone=escaped(sheet.zone))
    head = [time, sheet.say("utc"), sheet.say("source"), sheet.say("line")]
    rows = [
        (clock.cell(x.time), clock.utc(x.time), code(sheet.names.reference(x)), clipped(x.text))
        for x in cited_lines(_findings(incident))
    ]
    sheet.add(*table(head, rows))
    sheet.add(*outage(sheet, incident, report))


def _lead_up(sheet: Sheet, incident: Incident, report: Report) -> None:
    begin = incident.start.earliest
    before = [x for x in report.changes if begin is not None and x.time is not None and x.time < begin]
    before = [x for x in before if begin is not None and x.time is not None and x.time >= begin - _LEAD][
        -_MOST_CHANGES:
    ]
    if not before:
        sheet.add(escaped(sheet.say("no_changes")), "")
        return
    sheet.add(escaped(sheet.say("changes")), "")
    head = [sheet.say("time", zone=escaped(sheet.zone)), sheet.say("source"), sheet.say("line")]
    clock = sheet.teller.clock
    sheet.add(*table(head, [(clock.cell(x.time), code(sheet.names.reference(x)), clipped(x.text)) for x in before]))


def _acted(incident: Incident, report: Report) -> Evidence | None:
    """The first line of somebody who acted once the incident had begun."""
    begin = incident.start.latest
    later = [x for x in report.changes if begin is not None and x.time is not None and x.time >= begin]
    return next((x for x in later if incident.end.latest is None or (x.time or 0) <= incident.end.latest), None)


def _detection(sheet: Sheet, incident: Incident, report: Report) -> None:
    first = next((x for x in cited_lines(_findings(incident)) if x.time is not None), None)
    if first is None:
        sheet.add(escaped(sheet.say("detection_none")), "")
        return
    time = escaped(f"({sheet.teller.clock.instant(first.time)})")
    said = sheet.say("detection_first", time=time, text=clipped(first.text))
    sheet.add(said + sheet.references((first,)), "")
    acted = _acted(incident, report)
    if acted is None or acted.time is None or first.time is None:
        return
    after = max(0, acted.time - first.time)
    said = sheet.say(
        "detection_acted",
        time=escaped(f"({sheet.teller.clock.instant(acted.time)})"),
        after=escaped(sheet.teller.clock.duration(after)),
        text=clipped(acted.text),
    )
    sheet.add(said + sheet.references((acted,)), "")


def _trigger(sheet: Sheet, incident: Incident, _: Report) -> None:
    known = [f for f in incident.causes if f.start.latest is not None]
    for first in sorted(known, key=lambda f: (f.start.latest or 0, f.id))[:1]:
        said = sheet.say(
            "trigger_first",
            title=marked(sheet.teller.pieces(first.title)),
            confidence=sheet.teller.confidence(first.confidence),
            time=escaped(sheet.teller.clock.moment(first.start, "at")),
        )
        sheet.add(said + sheet.references(first.title.evidence), "")


def _causes(sheet: Sheet, incident: Incident, _: Report) -> None:
    sheet.add(*graph(sheet, incident))
    for n, finding in enumerate(incident.causes, 1):
        sheet.add(f"{n}. **{titled(sheet, finding, root=True)}**", "", *_details(sheet, finding, "    "), "")
    if not incident.effects:
        return
    sheet.add(f"**{escaped(sheet.say('effects'))}:**", "")
    by_id = {f.id: f for f in _findings(incident)}
    for finding in incident.effects:
        titles = [
            marked(sheet.teller.named_pieces(by_id[link.cause]))
            for link in incident.links
            if link.effect == finding.id and link.cause in by_id
        ]
        between = sheet.teller.words.phrases["format.titles"]
        because = f"{between}{sheet.say('effect_of', titles=between.join(titles))}" if titles else ""
        sheet.add(f"- {titled(sheet, finding)}{because}", *_details(sheet, finding, "  "))
    sheet.add("")


def _details(sheet: Sheet, finding: Finding, indent: str) -> list[str]:
    """Sentences, reasons and what would settle the doubt, as an inner list."""
    out = [f"{indent}- {sheet.sentence(s)}" for s in finding.narrative]
    out += [f"{indent}- {sheet.teller.say(f'label.{r.side}')} {sheet.sentence(r)}" for r in finding.reasons]
    if finding.settle is not None:
        out.append(f"{indent}- {sheet.teller.say('label.settle')} {sheet.sentence(finding.settle)}")
    return out


def _factors(sheet: Sheet, incident: Incident, _: Report) -> None:
    against = [r for f in incident.causes for r in f.reasons if r.side == "note"]
    sheet.add(*([f"- {sheet.sentence(r)}" for r in against] or [escaped(sheet.say("no_factors"))]), "")


def _resolution(sheet: Sheet, incident: Incident, report: Report) -> None:
    for finding in _findings(incident):
        time = escaped(sheet.teller.clock.moment(finding.end, "at"))
        title = marked(sheet.teller.named_pieces(finding))
        sheet.add(f"- {sheet.say('resolution_last', title=title, time=time)}")
    acted = _acted(incident, report)
    if acted is not None:
        time = escaped(sheet.teller.clock.instant(acted.time))
        sheet.add(f"- {sheet.say('resolution_acted', time=time, text=clipped(acted.text))}{sheet.references((acted,))}")
    sheet.add("")


def _actions(sheet: Sheet, incident: Incident, _: Report) -> None:
    known = [(f.remedy, f.rule) for f in _findings(incident) if f.remedy is not None]
    said = [f"- [ ] {sheet.sentence(remedy)} ({code(rule)})" for remedy, rule in known]
    sheet.add(*(dict.fromkeys(said) or [escaped(sheet.say("no_actions"))]), "")


_SECTIONS: tuple[tuple[str, Callable[[Sheet, Incident, Report], None]], ...] = (
    ("summary", _summary),
    ("impact", _impact),
    ("timeline", _timeline),
    ("lead_up", _lead_up),
    ("detection", _detection),
    ("trigger", _trigger),
    ("causes", _causes),
    ("factors", _factors),
    ("resolution", _resolution),
    ("actions", _actions),
)
"""In the order in which they stand."""


def titled(sheet: Sheet, finding: Finding, *, root: bool = False) -> str:
    """A title and how sure it is."""
    title = marked(sheet.teller.named_pieces(finding))
    if root and cause_unknown(finding):
        return sheet.say("unknown_cause", title=title)
    return sheet.say("cause", title=title, confidence=sheet.teller.confidence(finding.confidence))


def _findings(incident: Incident) -> tuple[Finding, ...]:
    return (*incident.causes, *incident.effects)


def _named(findings: Iterable[Finding]) -> list[str]:
    """What the findings' sentences name: users, mailboxes, services."""
    out: dict[str, None] = {}
    for finding in findings:
        for said in (finding.title, *finding.narrative):
            for key, value in said.values.items():
                if key.partition(".")[2] in _ENTITIES and isinstance(value, str):
                    out[code(value)] = None
    return list(out)[:_MOST_NAMED]


def cited_lines(findings: Iterable[Finding]) -> list[Evidence]:
    """Every line of evidence once, by time, file and line; those without a time last."""
    every = {(x.file, x.line): x for f in findings for x in f.evidence}
    return sorted(every.values(), key=lambda x: (x.time is None, x.time or 0, x.file, x.line))
