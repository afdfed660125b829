"""The parts of a write-up that tell of the run: availability, what is left over, files, excerpts."""

from __future__ import annotations

from logsleuth.render import compared
from logsleuth.render.assumptions import grouped
from logsleuth.render.marks import code, escaped, fenced, marked, table
from logsleuth.render.sheet import Sheet
from logsleuth.report import FileRead, Report


def append(sheet: Sheet, report: Report) -> None:
    """All of them; a section without content says so."""
    for name, section in _SECTIONS:
        if name == "changed" and not report.compared:
            continue
        sheet.heading(name, 2)
        sheet.begin(name)
        section(sheet, report)
        sheet.end()
        if name == "unexplained" and report.unexplained:
            sheet.prompt("unexplained")


def _availability(sheet: Sheet, report: Report) -> None:
    shares = [f"- {marked(sheet.teller.closed(sheet.teller.availability_pieces(a)))}" for a in report.availability]
    ends = [
        f"- {marked(sheet.teller.boot_pieces(b))}{sheet.references(b.because.evidence)}"
        for b in report.boots
        if b.how in {"unclean", "unknown"}
    ]
    sheet.add(*(shares or [escaped(sheet.say("no_availability"))]), *ends, "")
    if shares:
        sheet.add(escaped(sheet.say("availability_bound")), "")


def _aside(sheet: Sheet, report: Report) -> None:
    for finding in report.set_aside:
        said = sheet.teller.say(
            "page.aside_one",
            title=marked(sheet.teller.pieces(finding.title)),
            when=escaped(sheet.teller.clock.moment(finding.start, "at")),
            confidence=sheet.teller.confidence(finding.confidence),
        )
        sheet.add(f"- {said}{sheet.references(finding.evidence)}")
    sheet.add(*([] if report.set_aside else [escaped(sheet.say("no_aside"))]), "")


def _unexplained(sheet: Sheet, report: Report) -> None:
    if not report.unexplained:
        sheet.add(escaped(sheet.say("all_explained")), "")
        return
    head = [sheet.say(key) for key in ("count", "program", "kind", "new", "first_line", "last_line")]
    rows = [
        (
            sheet.teller.number(g.count),
            code(g.program) or "-",
            code(g.pattern),
            escaped(sheet.say("is_new")) if g.new else "-",
            code(sheet.names.reference(g.first)),
            code(sheet.names.reference(g.last)),
        )
        for g in report.unexplained
    ]
    sheet.add(*table(head, rows))


def changed(sheet: Sheet, report: Report) -> None:
    """What differs from an earlier time, host by host."""
    teller = sheet.teller
    for one in report.compared:
        sheet.add(marked(compared.lead(teller, one)), "")
        for sort, own, left in compared.groups(one):
            sheet.add(escaped(teller.say(f"compare.sort.{sort}")), "")
            sheet.add(*(f"- {marked(compared.said(teller, d))}{sheet.references(d.lines)}" for d in own))
            sheet.add(*([f"- {escaped(teller.say('compare.more', n=left))}"] if left else []), "")
        for pieces in compared.beside(teller, one):
            sheet.add(marked(sheet.names.cut(pieces)), "")


def _assumptions(sheet: Sheet, report: Report) -> None:
    said = grouped(report.assumptions, report.files, sheet.names, sheet.teller)
    sheet.add(*([f"- {escaped(s)}" for s in said] or [escaped(sheet.say("no_assumptions"))]), "")


def _skipped(sheet: Sheet, report: Report) -> None:
    said = [
        sheet.teller.say(
            "page.partial" if s.partial else "page.whole",
            name=code(sheet.names.short(s.name)),
            reason=escaped(sheet.names.within(sheet.teller.plain(s.reason))),
        )
        for s in report.skipped
    ]
    sheet.add(*([f"- {s}" for s in said] or [escaped(sheet.say("no_skipped"))]), "")


def files_read(sheet: Sheet, report: Report) -> None:
    """The table of files, their digests, and what came up while they were read."""
    if sheet.names.folder:
        sheet.add(sheet.teller.say("page.folder", folder=code(sheet.names.folder)), "")
    keys = ("file", "host", "format", "lines", "first", "last", "backwards")
    head = [sheet.teller.say(f"table.{key}") for key in keys]
    sheet.add(*table(head, (_file(sheet, f) for f in report.files)))
    if report.digested:
        unknown = escaped(sheet.say("no_digest"))
        rows = [(code(sheet.names.short(f.file)), code(f.sha256) or unknown) for f in report.files]
        sheet.add(*table([head[0], "SHA-256"], rows))
    for note in report.notes:
        sheet.add(f"- {escaped(sheet.names.within(sheet.teller.plain(note)))}", "")


def _file(sheet: Sheet, file: FileRead) -> tuple[str, ...]:
    clock, number = sheet.teller.clock, sheet.teller.number
    return (
        code(sheet.names.short(file.file)),
        code(file.host) or "-",
        escaped(file.format),
        number(file.lines),
        escaped(clock.cell(file.first)),
        escaped(clock.cell(file.last)),
        number(file.backwards),
    )


def _appendix(sheet: Sheet, report: Report) -> None:
    findings = [f for i in report.incidents for f in (*i.causes, *i.effects)]
    if findings:
        sheet.heading("excerpts", 3)
    for finding in findings:
        sheet.add(f"{marked(sheet.teller.pieces(finding.title))} ({code(finding.id)}):", "")
        sheet.add(*fenced([f"{sheet.names.reference(x)}: {x.text}" for x in finding.evidence]))
    if findings:
        sheet.heading("rules", 3)
        rules = sorted({(f.rule, f.cause) for f in findings})
        sheet.add(*(f"- {code(rule)} ({code(cause)})" for rule, cause in rules), "")
    sheet.heading("command", 3)
    sheet.add(*(fenced([report.command]) if report.command else [escaped(sheet.say("no_command")), ""]))


_SECTIONS = (
    ("changed", changed),
    ("availability", _availability),
    ("unexplained", _unexplained),
    ("assumptions", _assumptions),
    ("aside", _aside),
    ("skipped", _skipped),
    ("files", files_read),
    ("appendix", _appendix),
)
"""In the order in which they stand."""
