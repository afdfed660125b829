"""What stands after the incidents: left over, boots, assumptions, skipped, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.narrative import safe, text_of
from logsleuth.render.assumptions import grouped
from logsleuth.render.layout import cells, padded
from logsleuth.render.page import Page
from logsleuth.report import Bounds, Evidence, Finding, Group, Report

_MOST_GROUPS = 8
_MOST_BOOTS = 6


def close(page: Page, report: Report) -> None:
    """All sections in order; those that have nothing to say are left out, except the last."""
    _aside(page, report)
    _unexplained(page, report)
    _boots(page, report)
    _assumptions(page, report)
    _skipped(page, report)
    _notes(page, report)
    _looked(page, report)


def _aside(page: Page, report: Report) -> None:
    if not report.set_aside:
        return
    page.heading("aside")
    if page.options.verbose:
        for finding in report.set_aside:
            _one_line(page, finding)
        return
    ruled_out = sum(f.confidence == "ruled out" for f in report.set_aside)
    counts = {"harmless": len(report.set_aside) - ruled_out, "ruled_out": ruled_out}
    said = page.teller.say("page.and").join(page.teller.count(key, n) for key, n in counts.items() if n)
    page.add(page.teller.say("page.aside", counts=said), indent=2)


def _one_line(page: Page, finding: Finding) -> None:
    said = page.teller.say(
        "page.aside_one",
        title=page.teller.title(finding),
        when=page.teller.clock.moment(finding.start, "at"),
        confidence=page.teller.confidence(finding.confidence),
    )
    page.add(said, *page.references(finding.evidence), indent=2, hang=2)


def _unexplained(page: Page, report: Report) -> None:
    if not report.unexplained:
        return
    page.heading("unexplained")
    new = [g for g in report.unexplained if g.new]
    rest = [g for g in report.unexplained if not g.new]
    for key, groups in (("page.new_kinds", new), ("page.trouble", rest)):
        if groups and new:
            page.add(page.teller.say(key), indent=2)
        if groups:
            _kinds(page, groups, indent=4 if new else 2)


def _kinds(page: Page, groups: Sequence[Group], indent: int) -> None:
    most = len(groups) if page.options.verbose else _MOST_GROUPS
    shown = groups[:most]
    counts = [page.teller.say("page.times", n=g.count) for g in shown]
    width = max(map(cells, counts))
    for group, count in zip(shown, counts, strict=True):
        ends: tuple[Evidence, ...] = (group.first, group.last) if group.count > 1 else (group.first,)
        program = f"{safe(group.program)}: " if group.program else ""
        page.add(
            program + safe(group.pattern),
            *page.references(ends),
            indent=indent,
            first=f"{padded(count, width, right=True)}  ",
            hang=width + 2,
        )
    if len(groups) > most:
        left = page.teller.count("group", len(groups) - most)
        page.add(page.teller.say("page.more_groups", groups=left), indent=indent)


def _boots(page: Page, report: Report) -> None:
    if not report.boots and not report.availability:
        return
    page.heading("boots")
    for share in report.availability:
        page.add(text_of(page.teller.closed(page.teller.availability_pieces(share))), indent=2, hang=2)
    told = [b for b in report.boots if page.options.verbose or b.how in {"unclean", "unknown"}]
    shown = told if page.options.verbose else told[-_MOST_BOOTS:]
    for boot in shown:
        page.sentence(page.teller.boot_pieces(boot), boot.because.evidence, indent=2)


def _assumptions(page: Page, report: Report) -> None:
    if report.assumptions:
        page.heading("assumptions")
        for sentence in grouped(report.assumptions, report.files, page.names, page.teller):
            page.add(sentence, indent=2, hang=2)


def _skipped(page: Page, report: Report) -> None:
    if report.skipped:
        page.heading("skipped")
        for one in report.skipped:
            key = "page.partial" if one.partial else "page.whole"
            said = page.teller.say(
                key, name=page.names.short(one.name), reason=page.names.within(page.teller.plain(one.reason))
            )
            page.add(said, indent=2, hang=2)


def _notes(page: Page, report: Report) -> None:
    if report.notes:
        page.heading("notes")
        for note in report.notes:
            page.add(page.names.within(page.teller.plain(note)), indent=2, hang=2)


def _looked(page: Page, report: Report) -> None:
    page.heading("looked")
    teller = page.teller
    page.add(looked_at(page, report), indent=2, hang=2)
    if report.told != Bounds(None, None):
        since, until = report.told.earliest, report.told.latest
        said = teller.say(
            "page.told",
            since=teller.clock.instant(since) if since is not None else teller.say("page.since_begin"),
            until=teller.clock.instant(until) if until is not None else teller.say("page.until_end"),
        )
        page.add(said, indent=2, hang=2)
    if report.hidden:
        page.add(teller.say("page.hidden", hidden=teller.count("hidden", report.hidden)), indent=2, hang=2)
    for file in report.files if page.options.verbose else ():
        lines = teller.count("line", file.lines)
        page.add(f"{page.names.short(file.file)}: {safe(file.format)}, {lines}", indent=4, hang=2)


def looked_at(page: Page, report: Report) -> str:
    """Files, lines, window and zone in one sentence."""
    dated = report.window.earliest is not None
    return page.teller.say(
        "page.looked" if dated else "page.looked_undated",
        lines=page.teller.count("line", sum(f.lines for f in report.files)),
        files=page.teller.count("file", len(report.files)),
        first=page.teller.clock.instant(report.window.earliest),
        last=page.teller.clock.instant(report.window.latest),
        zone=safe(report.zone),
    )
