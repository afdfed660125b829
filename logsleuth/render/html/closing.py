"""What stands after the incidents: left over, boots, assumptions, files, and the lines themselves."""

from __future__ import annotations

from collections.abc import Callable

from logsleuth.narrative import Pieces
from logsleuth.render import compared
from logsleuth.render.assumptions import grouped
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup, joined, marked, table, tag
from logsleuth.render.html.moments import moments_table
from logsleuth.render.html.story import badge
from logsleuth.report import Boot, Bounds, Comparison, Evidence, Finding, Report

Part = Callable[[Leaf], Markup]


def _unexplained(leaf: Leaf) -> Markup:
    groups = leaf.report.unexplained
    if not groups:
        return tag("p", leaf.say("writeup.all_explained"))
    head = [leaf.say(f"writeup.{key}") for key in ("count", "program", "kind", "new", "first_line", "last_line")]
    rows = [
        (
            leaf.teller.number(g.count),
            tag("code", g.program) if g.program else "-",
            leaf.code(g.pattern),
            leaf.say("writeup.is_new") if g.new else "-",
            leaf.link(g.first),
            leaf.link(g.last),
        )
        for g in groups
    ]
    return table(leaf.say("heading.unexplained"), head, rows)


def _changed(leaf: Leaf) -> Markup:
    return joined([_of_host(leaf, one) for one in leaf.report.compared])


def _of_host(leaf: Leaf, one: Comparison) -> Markup:
    teller = leaf.teller
    out = [tag("p", marked(compared.lead(teller, one)))]
    for sort, own, left in compared.groups(one):
        items = [tag("li", marked(compared.said(teller, d)), leaf.references(d.lines)) for d in own]
        items += [tag("li", leaf.say("compare.more", n=left))] if left else []
        out += [tag("p", leaf.say(f"compare.sort.{sort}")), tag("ul", items)]
    out += [tag("p", marked(leaf.names.cut(said)), class_="note") for said in compared.beside(teller, one)]
    return joined(out)


def _boots(leaf: Leaf) -> Markup:
    shares = [
        tag("li", marked(leaf.teller.closed(leaf.teller.availability_pieces(a)))) for a in leaf.report.availability
    ]
    out = [tag("ul", shares) if shares else tag("p", leaf.say("writeup.no_availability"))]
    if shares:
        out.append(tag("p", leaf.say("writeup.availability_bound"), class_="note"))
    if leaf.report.boots:
        keys = ("host", "boot", "started", "sign", "down")
        head = [*(leaf.say(f"table.{key}") for key in keys), leaf.say("html.ended")]
        out.append(table(leaf.say("html.boots"), head, (_boot(leaf, b) for b in leaf.report.boots)))
    return joined(out)


def _boot(leaf: Leaf, life: Boot) -> tuple[str, ...]:
    clock = leaf.teller.clock
    return (
        tag("code", life.host or "-"),
        str(life.number),
        joined(clock.moment(life.start, "cell"), leaf.references((life.first,))),
        joined(clock.cell(life.last.time), leaf.references((life.last,))),
        clock.between(*life.down) if life.down is not None else "-",
        joined(marked(leaf.teller.ended(life)), leaf.references(life.because.evidence)),
    )


def _assumptions(leaf: Leaf) -> Markup:
    said = grouped(leaf.report.assumptions, leaf.report.files, leaf.names, leaf.teller)
    return _items(said, leaf.say("writeup.no_assumptions"))


def _aside(leaf: Leaf) -> Markup:
    return _items([_one_aside(leaf, f) for f in leaf.report.set_aside], leaf.say("writeup.no_aside"))


def _one_aside(leaf: Leaf, finding: Finding) -> Markup:
    when = leaf.teller.clock.moment(finding.start, "at")
    said = leaf.teller.compose("html.aside", title=leaf.teller.pieces(finding.title), when=when)
    return joined(marked(said), badge(leaf, finding), leaf.references(finding.evidence))


def _skipped(leaf: Leaf) -> Markup:
    said = [
        leaf.say(
            "page.partial" if s.partial else "page.whole",
            name=leaf.names.short(s.name),
            reason=leaf.names.within(leaf.teller.plain(s.reason)),
        )
        for s in leaf.report.skipped
    ]
    return _items(said, leaf.say("writeup.no_skipped"))


def _files(leaf: Leaf) -> Markup:
    clock, number = leaf.teller.clock, leaf.teller.number
    keys = ("file", "host", "format", "lines", "first", "last", "backwards")
    rows = [
        (
            tag("code", leaf.names.short(f.file)),
            tag("code", f.host) if f.host else "-",
            f.format,
            number(f.lines),
            clock.cell(f.first),
            clock.cell(f.last),
            number(f.backwards),
        )
        for f in leaf.report.files
    ]
    said = [tag("p", s) for s in (_looked(leaf), *_told(leaf))]
    notes = [leaf.names.within(leaf.teller.plain(note)) for note in leaf.report.notes]
    return joined(
        said,
        tag("ul", [tag("li", note) for note in notes]) if notes else "",
        table(leaf.say("writeup.files"), [leaf.say(f"table.{key}") for key in keys], rows),
    )


def _looked(leaf: Leaf) -> str:
    report, clock = leaf.report, leaf.teller.clock
    return leaf.say(
        "page.looked" if report.window.earliest is not None else "page.looked_undated",
        lines=leaf.teller.count("line", sum(f.lines for f in report.files)),
        files=leaf.teller.count("file", len(report.files)),
        first=clock.instant(report.window.earliest),
        last=clock.instant(report.window.latest),
        zone=report.zone,
    )


def _told(leaf: Leaf) -> list[str]:
    """The window asked for, and what lies outside it."""
    out, clock = [], leaf.teller.clock
    since, until = leaf.report.told.earliest, leaf.report.told.latest
    if leaf.report.told != Bounds(None, None):
        first = clock.instant(since) if since is not None else leaf.say("page.since_begin")
        last = clock.instant(until) if until is not None else leaf.say("page.until_end")
        out.append(leaf.say("page.told", since=first, until=last))
    if leaf.report.hidden:
        out.append(leaf.say("page.hidden", hidden=leaf.teller.count("hidden", leaf.report.hidden)))
    return out


def _command(leaf: Leaf) -> Markup:
    if not leaf.report.command:
        return tag("p", leaf.say("writeup.no_command"))
    return tag("p", leaf.code(leaf.report.command))


def _lines(leaf: Leaf) -> Markup:
    """Every line that the page cites, by file and number."""
    by_file: dict[str, list[Evidence]] = {}
    for line in sorted(leaf.cited.values(), key=lambda x: (x.file, x.line)):
        by_file.setdefault(line.file, []).append(line)
    return joined([_of_file(leaf, file, lines) for file, lines in by_file.items()])


def _of_file(leaf: Leaf, file: str, lines: list[Evidence]) -> Markup:
    items = [
        tag("li", tag("span", leaf.names.reference(x), class_="ref"), " ", leaf.code(x.text), id=leaf.line_id(x))
        for x in lines
    ]
    return joined(tag("h3", tag("code", leaf.names.short(file) or "-")), tag("ul", items, class_="lines"))


def _items(said: list[str] | list[Markup], none: str) -> Markup:
    return tag("ul", [tag("li", s) for s in said]) if said else tag("p", none)


PARTS: tuple[tuple[str, str, Part], ...] = (
    ("moments", "html.moments", moments_table),
    ("changed", "heading.changed", _changed),
    ("unexplained", "heading.unexplained", _unexplained),
    ("boots", "heading.boots", _boots),
    ("aside", "heading.aside", _aside),
    ("assumptions", "heading.assumptions", _assumptions),
    ("skipped", "heading.skipped", _skipped),
    ("looked", "heading.looked", _files),
    ("lines", "html.lines", _lines),
    ("command", "writeup.command", _command),
)
"""Id, title and content, in the order in which they stand; the lines come after all that cites them."""


def parts(report: Report) -> list[tuple[str, str, Part]]:
    """Those of PARTS that a report has."""
    return [part for part in PARTS if part[0] != "changed" or report.compared]


def close(leaf: Leaf) -> Markup:
    """All sections."""
    out = []
    for name, title, part in parts(leaf.report):
        heading = tag("h2", leaf.say(title), id=f"{name}-title")
        out.append(tag("section", heading, part(leaf), id=name, aria_labelledby=f"{name}-title"))
    return joined(out)


def headline(leaf: Leaf) -> Pieces:
    """The title of the whole page."""
    report = leaf.report
    if len(report.incidents) == 1:
        return leaf.teller.headline_pieces(report.incidents[0])
    named = [h for i in report.incidents for h in i.hosts] or [f.host for f in report.files]
    known = [h for h in dict.fromkeys(named) if h]
    hosts = leaf.teller.listed(known) if known else leaf.teller.compose("writeup.no_hosts")
    if not report.incidents:
        return leaf.teller.compose("writeup.title_none", hosts=hosts)
    count = leaf.teller.count("incident", len(report.incidents))
    return leaf.teller.compose("writeup.title_many", incidents=count, hosts=hosts)
