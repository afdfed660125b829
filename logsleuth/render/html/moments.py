"""All that the timeline draws as one table in the order of time: its form for those who cannot see or run it."""

from __future__ import annotations

from typing import NamedTuple

from logsleuth.entries.select import worded
from logsleuth.formats.model import SEVERITIES
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup, joined, marked, scrollable, tag
from logsleuth.report import Bounds, Evidence


class Moment(NamedTuple):
    """A row, sorted by time; those of unknown time come last."""

    at: int | None
    when: str
    host: str
    kind: str
    """`line` (told by its severity), `boot`, `end`, `finding`."""
    said: Markup
    severity: int | None = None


def moments_table(leaf: Leaf) -> Markup:
    """Boots, ends, findings and lines of evidence, one below the other."""
    rows = sorted(_moments(leaf), key=lambda m: (m.at is None, m.at or 0))
    caption = leaf.say("html.rows", n=len(rows))
    if not rows:
        return tag("p", leaf.say("html.no_moments"))
    keys = ("html.when", "table.host", "html.kind", "html.what")
    head = tag("tr", [tag("th", leaf.say(key), scope="col") for key in keys])
    body = [_row(leaf, m) for m in rows]
    inside = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body), class_="moments")
    return tag("details", tag("summary", caption), scrollable(caption, inside))


def _row(leaf: Leaf, moment: Moment) -> Markup:
    kind = leaf.say(f"html.kind_{moment.kind}") if moment.severity is None else SEVERITIES[moment.severity]
    cells = (moment.when, tag("code", moment.host) if moment.host else "-", kind, moment.said)
    return tag("tr", [tag("td", cell) for cell in cells], class_=moment.kind, data_severity=moment.severity)


def _moments(leaf: Leaf) -> list[Moment]:
    clock, report = leaf.teller.clock, leaf.report
    out = []
    for life in report.boots:
        if life.seen:
            said = joined(leaf.say("html.boot", n=str(life.number)), leaf.references((life.first,)))
            out.append(Moment(begin(life.start), clock.moment(life.start, "cell"), life.host, "boot", said))
        if life.how != "still up":
            said = joined(marked(leaf.teller.ended(life)), leaf.references(life.because.evidence))
            out.append(Moment(begin(life.end), clock.moment(life.end, "cell"), life.host, "end", said))
    lines: dict[tuple[str, int], Evidence] = {}
    for number, incident in enumerate(report.incidents, 1):
        for finding in (*incident.causes, *incident.effects):
            title = marked(leaf.teller.pieces(finding.title))
            link = tag("a", title, href=f"#{leaf.finding_id(number, finding)}")
            when = clock.moment(finding.start, "cell")
            out.append(Moment(begin(finding.start), when, finding.host, "finding", link))
            lines.update({(x.file, x.line): x for x in finding.evidence})
    hosts = {f.file: f.host for f in report.files}
    for line in lines.values():
        said = joined(leaf.link(line), " ", leaf.code(line.text))
        when, host = clock.cell(line.time), hosts.get(line.file, "")
        out.append(Moment(line.time, when, host, "line", said, worded(line.text)))
    return out


def begin(bounds: Bounds) -> int | None:
    """The earliest instant that is known of it."""
    return bounds.earliest if bounds.earliest is not None else bounds.latest
