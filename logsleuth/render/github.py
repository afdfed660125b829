"""A body for an issue: what matters in the open, evidence folded, never longer than GitHub takes."""

from __future__ import annotations

from logsleuth.render.appendix import changed, files_read
from logsleuth.render.chart import graph
from logsleuth.render.marks import clipped, code, escaped, marked, table
from logsleuth.render.names import names_of
from logsleuth.render.options import Options
from logsleuth.render.sheet import Sheet
from logsleuth.render.writeup import cited_lines, titled
from logsleuth.report import Finding, Incident, Report

LIMIT = 65_536
"""Characters of an issue's body."""
_ROOM = 300
"""For the words that something was left out."""


def render(report: Report, options: Options) -> str:
    """GitHub's Markdown. Parts that do not fit any more are left out whole, the last first, and that is said."""
    parts = _parts(report, options)
    out, left = "", False
    for part in parts:
        if len(out) + len(part) + _ROOM > LIMIT:
            left = True
            continue
        out += part
    if left:
        out += f"\n{escaped(_sheet(report, options).say('more_cut'))}"
    return out.rstrip("\n") + "\n"


def _sheet(report: Report, options: Options) -> Sheet:
    sheet = Sheet(options, names_of(report), report.zone)
    sheet.teller.meet(report.incidents)
    return sheet


def _parts(report: Report, options: Options) -> list[str]:
    """Most important first: all that stands open, then what is folded."""
    opened, folded = [], []
    if not report.incidents:
        from logsleuth.render.markdown import nothing

        opened.append(f"{escaped(nothing(_sheet(report, options), report))}\n")
    for incident in report.incidents:
        sheet = _sheet(report, options)
        sheet.add(f"### {marked(sheet.teller.headline_pieces(incident))}", "")
        sheet.add(escaped(sheet.teller.when(incident)), "")
        _steps(sheet, incident)
        opened.append(f"{sheet}\n")
        folded += [_folded(report, options, finding) for finding in (*incident.causes, *incident.effects)]
        folded += _timeline(report, options, incident)
    if report.compared:
        sheet = _sheet(report, options)
        sheet.add(*_fold(escaped(sheet.say("changed"))))
        changed(sheet, report)
        sheet.add("</details>", "")
        folded.insert(0, f"{sheet}\n")
    sheet = _sheet(report, options)
    sheet.add(*_fold(escaped(sheet.say("files"))))
    files_read(sheet, report)
    sheet.add("</details>", "")
    made = escaped(sheet.say("made", version=report.version))
    return [*opened, f"{made} {code(report.command)}".rstrip() + "\n\n", *folded, f"{sheet}\n"]


def _steps(sheet: Sheet, incident: Incident) -> None:
    for step in sheet.teller.chain(incident):
        root = not step.depth
        sheet.add(f"{'  ' * min(step.depth, 6)}- {titled(sheet, step.finding, root=root)}")
    sheet.add("")
    remedies = [f.remedy for f in (*incident.causes, *incident.effects) if f.remedy is not None]
    sheet.add(*dict.fromkeys(f"- [ ] {sheet.sentence(r)}" for r in remedies), "")
    sheet.add(*graph(sheet, incident))


def _folded(report: Report, options: Options, finding: Finding) -> str:
    sheet = _sheet(report, options)
    # GitHub reads Markdown again behind the empty line, so the summary alone has to be plain.
    sheet.add("<details>", f"<summary>{_plain(sheet, finding)}</summary>", "")
    sheet.add(*(f"- {sheet.sentence(s)}" for s in finding.narrative))
    sheet.add(*(f"- {sheet.teller.say(f'label.{r.side}')} {sheet.sentence(r)}" for r in finding.reasons))
    if finding.settle is not None:
        sheet.add(f"- {sheet.teller.say('label.settle')} {sheet.sentence(finding.settle)}")
    sheet.add("", "</details>", "")
    return f"{sheet}\n"


def _plain(sheet: Sheet, finding: Finding) -> str:
    """Within HTML: every character that HTML or Markdown could act on as a reference."""
    text = f"{sheet.teller.named(finding)} ({sheet.teller.confidence(finding.confidence)})"
    return "".join(c if c.isalnum() or c in " .,:-/()'" else f"&#{ord(c)};" for c in text)


def _fold(summary: str) -> list[str]:
    return ["<details>", f"<summary>{summary}</summary>", ""]


def _timeline(report: Report, options: Options, incident: Incident) -> list[str]:
    sheet = _sheet(report, options)
    sheet.add(*_fold(escaped(sheet.say("timeline"))))
    head = [sheet.say("time", zone=escaped(sheet.zone)), sheet.say("source"), sheet.say("line")]
    rows = [
        (sheet.teller.clock.cell(x.time), code(sheet.names.reference(x)), clipped(x.text))
        for x in cited_lines((*incident.causes, *incident.effects))
    ]
    sheet.add(*table(head, rows), "</details>", "")
    return [f"{sheet}\n"]
