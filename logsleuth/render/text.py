"""A report for the terminal: what happened, why, how one knows, and what was looked at."""

from __future__ import annotations

from logsleuth.narrative import safe, text_of
from logsleuth.render.closing import close
from logsleuth.render.layout import Run
from logsleuth.render.names import names_of
from logsleuth.render.options import Options
from logsleuth.render.page import Page
from logsleuth.render.story import tell_incident
from logsleuth.report import Report


def render(report: Report, options: Options) -> str:
    """Wrapped to the terminal's width; the same report gives the same bytes."""
    page = Page(options, names_of(report))
    _open(page, report)
    for number, incident in enumerate(report.incidents, 1):
        tell_incident(page, incident, number)
    close(page, report)
    return str(page)


def _open(page: Page, report: Report) -> None:
    teller = page.teller
    if report.incidents:
        count = teller.count("incident", len(report.incidents))
        said = (
            teller.say("page.incidents", incidents=count)
            if len(report.incidents) > 1
            else text_of(teller.closed(count))
        )
        page.add(Run(said, "bold"))
    else:
        page.add(Run(_nothing(page, report), "bold"))
    page.add(teller.say("page.zone", zone=safe(report.zone)))
    if page.names.folder:
        page.add(teller.say("page.folder", folder=safe(page.names.folder)), hang=2)


def _nothing(page: Page, report: Report) -> str:
    clock = page.teller.clock
    return page.teller.say(
        "page.nothing" if report.window.earliest is not None else "page.nothing_undated",
        lines=page.teller.count("line", sum(f.lines for f in report.files)),
        files=page.teller.count("file", len(report.files)),
        first=clock.instant(report.window.earliest),
        last=clock.instant(report.window.latest),
    )
