"""The table of sources: which files were read, from when to when, on what assumptions; what was skipped."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.narrative import Teller, safe
from logsleuth.render import leaves
from logsleuth.render.assumptions import grouped
from logsleuth.render.names import names
from logsleuth.render.options import Options, zone_name
from logsleuth.render.page import Page
from logsleuth.report import Assumption, FileRead, Skipped


def sources_table(
    files: Sequence[FileRead], assumptions: Sequence[Assumption], skipped: Sequence[Skipped], options: Options
) -> str:
    """For a terminal."""
    page = Page(options, names(f.file for f in files))
    say = page.teller.say
    page.add(say("table.zone", zone=safe(zone_name(options.zone))))
    if page.names.folder:
        page.add(say("page.folder", folder=safe(page.names.folder)), hang=2)
    page.blank()
    if files:
        head = [say(f"table.{key}") for key in ("file", "format", "lines", "first", "last")]
        page.table([head, *(_row(page, f) for f in files)], right=(2,))
    else:
        page.add(say("table.none"))
    if assumptions:
        page.heading("assumptions")
        for sentence in grouped(assumptions, files, page.names, page.teller):
            page.add(sentence, indent=2, hang=2)
    if skipped:
        page.heading("skipped")
        for one in skipped:
            key = "page.partial" if one.partial else "page.whole"
            said = say(key, name=page.names.short(one.name), reason=page.names.within(page.teller.plain(one.reason)))
            page.add(said, indent=2, hang=2)
    return str(page)


def sources_json(
    files: Sequence[FileRead], assumptions: Sequence[Assumption], skipped: Sequence[Skipped], options: Options
) -> str:
    """The same rows as in the report's JSON."""
    teller = Teller(options.zone, options.language)
    return leaves.dumps(
        {
            "language": options.language,
            "files": [leaves.file(f) for f in files],
            "assumptions": [leaves.assumption(a, teller) for a in assumptions],
            "skipped": [leaves.skipped(s, teller) for s in skipped],
        }
    )


def _row(page: Page, file: FileRead) -> list[str]:
    clock = page.teller.clock
    return [
        page.names.short(file.file),
        safe(file.format),
        page.teller.number(file.lines),
        clock.cell(file.first) if file.first is not None else "-",
        clock.cell(file.last) if file.last is not None else "-",
    ]
