"""A write-up in GitHub's Markdown: what the logs tell is filled in, what they cannot is left as a prompt."""

from __future__ import annotations

from logsleuth.narrative import Pieces
from logsleuth.render.appendix import append
from logsleuth.render.marks import escaped, marked, table
from logsleuth.render.names import names_of
from logsleuth.render.options import Options
from logsleuth.render.sheet import Sheet
from logsleuth.render.writeup import write_up
from logsleuth.report import Report


def render(report: Report, options: Options) -> str:
    """One document for the run, with a part for each incident."""
    sheet = Sheet(options, names_of(report), report.zone)
    sheet.teller.meet(report.incidents)
    sheet.add(f"# {marked(_title(sheet, report))}", "")
    _about(sheet, report)
    for number, incident in enumerate(report.incidents, 1):
        if len(report.incidents) > 1:
            headline = marked(sheet.teller.headline_pieces(incident))
            sheet.add(f"## {sheet.say('incident', n=number, headline='')}{headline}", "")
        write_up(sheet, incident, report, depth=3 if len(report.incidents) > 1 else 2)
    append(sheet, report)
    return str(sheet)


def _title(sheet: Sheet, report: Report) -> Pieces:
    if len(report.incidents) == 1:
        return sheet.teller.headline_pieces(report.incidents[0])
    hosts = [h for i in report.incidents for h in i.hosts] or [f.host for f in report.files]
    known = [h for h in dict.fromkeys(hosts) if h]
    named = sheet.teller.listed(known) if known else sheet.teller.compose("writeup.no_hosts")
    if not report.incidents:
        return sheet.teller.compose("writeup.title_none", hosts=named)
    count = sheet.teller.count("incident", len(report.incidents))
    return sheet.teller.compose("writeup.title_many", incidents=count, hosts=named)


def _about(sheet: Sheet, report: Report) -> None:
    clock = sheet.teller.clock
    window = sheet.say(
        "range",
        first=clock.instant(report.window.earliest),
        last=clock.instant(report.window.latest),
        zone=report.zone,
    )
    hosts = dict.fromkeys(f.host for f in report.files if f.host)
    rows = [
        (sheet.say("hosts"), sheet.listed(hosts) or "-"),
        (sheet.say("window"), escaped(window)),
        (sheet.say("version"), escaped(sheet.say("made", version=report.version))),
    ]
    sheet.heading("about", 2)
    sheet.begin("about")
    sheet.add(*table(["", ""], rows))
    if not report.incidents:
        sheet.add(escaped(nothing(sheet, report)), "")
    sheet.end()
    sheet.prompt("status")


def nothing(sheet: Sheet, report: Report) -> str:
    """That there is nothing to explain, and in how much."""
    clock = sheet.teller.clock
    return sheet.teller.say(
        "page.nothing" if report.window.earliest is not None else "page.nothing_undated",
        lines=sheet.teller.count("line", sum(f.lines for f in report.files)),
        files=sheet.teller.count("file", len(report.files)),
        first=clock.instant(report.window.earliest),
        last=clock.instant(report.window.latest),
    )
