"""What stands after the incidents: left over, boots, assumptions, skipped, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.narrative import safe, text_of
from logsleuth.render import compared
from logsleuth.render.assumptions import grouped, skipped
from logsleuth.render.layout import Run, cells, clipped, padded
from logsleuth.render.page import Page, Said
from logsleuth.report import Bounds, Evidence, Finding, Group, Report

_MOST_GROUPS = 4
_MOST_CHANGED = 8
"""Of each sort: somebody has asked for them."""


def close(page: Page, report: Report) -> None:
    """All sections in order; those that have nothing to say are left out, except the last."""
    _changed(page, report)
    _aside(page, report)
    _unexplained(page, report)
    sections: dict[str, Sequence[Said]] = {
        "heading.boots" if page.options.verbose else "brief.availability": _boots(page, report),
        "heading.assumptions": _assumptions(page, report),
        "heading.skipped": skipped(report.skipped, page.names, page.teller, alike=not page.options.verbose),
        "heading.notes": [page.names.within(page.teller.plain(note)) for note in report.notes],
        "heading.looked": _looked(page, report),
    }
    if not page.options.verbose:
        page.blank()
        page.labelled({key: said for key, said in sections.items() if said})
        return
    for key, said in sections.items():
        if said:
            page.heading(key)
        for one in said:
            page.add(*([one] if isinstance(one, str) else one), indent=2, hang=2)
    for file in report.files:
        lines = page.teller.count("line", file.lines)
        page.add(f"{page.names.short(file.file)}: {safe(file.format)}, {lines}", indent=4, hang=2)


def _changed(page: Page, report: Report) -> None:
    if not report.compared:
        return
    page.heading("changed")
    teller = page.teller
    for one in report.compared:
        page.add(text_of(compared.lead(teller, one)), indent=2, hang=2)
        for sort, own, left in compared.groups(one):
            page.add(teller.say(f"compare.sort.{sort}"), indent=4)
            shown = own if page.options.verbose else own[:_MOST_CHANGED]
            for difference in shown:
                page.sentence(compared.said(teller, difference), difference.lines, indent=6)
                for line in difference.lines if page.options.verbose else ():
                    page.evidence(line, indent=10)
            if len(own) > len(shown):
                page.add(teller.say("compare.more_shown", n=len(own) - len(shown) + left), indent=6)
            elif left:
                page.add(teller.say("compare.more", n=left), indent=6)
        for pieces in compared.beside(teller, one):
            page.add(text_of(page.names.cut(pieces)), indent=4, hang=2)


def _aside(page: Page, report: Report) -> None:
    if report.set_aside and page.options.verbose:
        page.heading("aside")
        for finding in report.set_aside:
            _one_line(page, finding)


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
        pattern = (f"{safe(group.program)}: " if group.program else "") + safe(group.pattern)
        if not page.options.verbose:
            pattern = clipped(pattern, page.options.width - indent - width - 2)
        page.add(
            pattern,
            *(page.references(ends) if page.options.verbose else ()),
            indent=indent,
            first=f"{padded(count, width, right=True)}  ",
            hang=width + 2,
        )
    if len(groups) > most:
        left = page.teller.count("group", len(groups) - most)
        page.add(page.teller.say("page.more_groups", groups=left), indent=indent)


def _boots(page: Page, report: Report) -> list[Said]:
    """Briefly, the share alone: the incidents tell of the ends that matter."""
    shares = [page.teller.availability_pieces(share) for share in report.availability]
    out: list[Said] = [text_of(page.teller.closed(share)) for share in shares]
    for boot in report.boots if page.options.verbose else ():
        said = text_of(page.names.cut(page.teller.boot_pieces(boot)))
        out.append([Run(said), *page.references(boot.because.evidence)])
    return out


def _assumptions(page: Page, report: Report) -> list[str]:
    alike = not page.options.verbose
    return grouped(report.assumptions, report.files, page.names, page.teller, alike=alike)


def _looked(page: Page, report: Report) -> list[str]:
    teller = page.teller
    out = [looked_at(page, report)]
    if report.told != Bounds(None, None):
        since, until = report.told.earliest, report.told.latest
        said = teller.say(
            "page.told",
            since=teller.clock.instant(since) if since is not None else teller.say("page.since_begin"),
            until=teller.clock.instant(until) if until is not None else teller.say("page.until_end"),
        )
        out.append(said)
    if report.set_aside and not page.options.verbose:
        ruled_out = sum(f.confidence == "ruled out" for f in report.set_aside)
        counts = {"harmless": len(report.set_aside) - ruled_out, "ruled_out": ruled_out}
        told = teller.say("page.and").join(teller.count(key, n) for key, n in counts.items() if n)
        out.append(teller.say("brief.aside", counts=told))
    if report.hidden:
        out.append(teller.say("page.hidden", hidden=teller.count("hidden", report.hidden)))
    return out


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
