"""A report for the terminal: what happened, why, how one knows, and what was looked at."""

from __future__ import annotations

from logsleuth.narrative import safe, text_of
from logsleuth.render.brief import tell_briefly
from logsleuth.render.closing import close
from logsleuth.render.layout import Run
from logsleuth.render.names import names_of
from logsleuth.render.options import Options
from logsleuth.render.page import Page
from logsleuth.render.story import tell_incident
from logsleuth.report import Report

_MOST = 5
"""Incidents that are told without -v; of the others, which are the less grave or sure, the headlines."""


def render(report: Report, options: Options) -> str:
    """Wrapped to the terminal's width; the same report gives the same bytes."""
    page = Page(options, names_of(report, brief=not options.verbose))
    page.teller.meet(report.incidents)
    _open(page, report)
    most = len(report.incidents) if options.verbose or len(report.incidents) <= _MOST + 1 else _MOST
    advised: set[str] = set()
    for number, incident in enumerate(report.incidents[:most], 1):
        if options.verbose:
            tell_incident(page, incident, number)
        else:
            tell_briefly(page, incident, number, advised)
    _others(page, report, most)
    close(page, report)
    return str(page)


def _open(page: Page, report: Report) -> None:
    teller = page.teller
    if report.incidents:
        count = teller.count("incident", len(report.incidents))
        many = len(report.incidents) > 1
        said = teller.say("page.incidents", incidents=count) if many else text_of(teller.closed(count))
    else:
        said = _nothing(page, report)
    more = [teller.say("page.zone", zone=safe(report.zone))]
    if page.names.folder:
        more.append(teller.say("page.folder", folder=safe(page.names.folder)))
    space = teller.words.phrases["format.sentences"]
    page.add(Run(said, "bold"), space + space.join(more))


def _others(page: Page, report: Report, told: int) -> None:
    """The headlines of those that are not told in full."""
    if told == len(report.incidents):
        return
    page.heading("brief.less")
    for number, incident in enumerate(report.incidents[told:], told + 1):
        lead = f"{number}. "
        page.add(page.teller.headline(incident), indent=2, first=lead, hang=len(lead))
    page.add(page.teller.say("brief.less_told"), indent=2)


def _nothing(page: Page, report: Report) -> str:
    clock = page.teller.clock
    return page.teller.say(
        "page.nothing" if report.window.earliest is not None else "page.nothing_undated",
        lines=page.teller.count("line", sum(f.lines for f in report.files)),
        files=page.teller.count("file", len(report.files)),
        first=clock.instant(report.window.earliest),
        last=clock.instant(report.window.latest),
    )
