"""A report as one HTML file: whole without scripts and without a network, with a timeline to look around in."""

from __future__ import annotations

from logsleuth.narrative import text_of
from logsleuth.render.html.closing import close, headline, parts
from logsleuth.render.html.events import packed
from logsleuth.render.html.figure import figure
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup, joined, marked, tag
from logsleuth.render.html.shell import shell
from logsleuth.render.html.story import tell_incident
from logsleuth.render.options import Options
from logsleuth.report import Report

__all__ = ["render"]


def render(report: Report, options: Options) -> str:
    """One document for the run; the same report gives the same bytes."""
    leaf = Leaf(report, options)
    title = headline(leaf)
    stories = [tell_incident(leaf, incident, n) for n, incident in enumerate(report.incidents, 1)]
    drawn = figure(leaf, packed(options.events, leaf) if options.events is not None else None)
    main = tag("main", drawn, stories, close(leaf), id="main")
    said = [tag("p", line, class_="note") for line in _notes(leaf)]
    top = tag("header", tag("h1", marked(title)), _contents(leaf), said)
    foot = tag("footer", tag("p", leaf.say("writeup.made", version=report.version)))
    skip = tag("a", leaf.say("html.skip"), href="#main", class_="skip")
    return shell(text_of(title), options.language, joined(skip, top, main, foot))


def _notes(leaf: Leaf) -> list[str]:
    """Zone and folder; where nothing was found, that."""
    report, clock = leaf.report, leaf.teller.clock
    out = [leaf.say("page.zone", zone=report.zone)]
    if leaf.names.folder:
        out.append(leaf.say("page.folder", folder=leaf.names.folder))
    if not report.incidents:
        out.insert(
            0,
            leaf.say(
                "page.nothing" if report.window.earliest is not None else "page.nothing_undated",
                lines=leaf.teller.count("line", sum(f.lines for f in report.files)),
                files=leaf.teller.count("file", len(report.files)),
                first=clock.instant(report.window.earliest),
                last=clock.instant(report.window.latest),
            ),
        )
    return out


def _contents(leaf: Leaf) -> Markup:
    """Links to all parts."""
    incidents = leaf.report.incidents
    many = len(incidents) > 1
    stories = [
        (f"incident-{n}", marked(leaf.teller.headline_pieces(i)) if many else leaf.say("html.story"))
        for n, i in enumerate(incidents, 1)
    ]
    closing = [(name, leaf.say(key)) for name, key, _ in parts(leaf.report)]
    every = [("timeline", leaf.say("html.timeline")), *stories, *closing]
    links = [tag("li", tag("a", said, href=f"#{name}")) for name, said in every]
    return tag("nav", tag("ul", links), aria_label=leaf.say("html.contents"))
