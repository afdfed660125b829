"""The table of boots: every life of every host, how it ended and how one knows; and how long it was up."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.narrative import Teller, safe, text_of
from logsleuth.render import leaves
from logsleuth.render.layout import Run, cells, columns
from logsleuth.render.names import names
from logsleuth.render.options import Options, zone_name
from logsleuth.render.page import Page
from logsleuth.report import Availability, Boot


def boots_table(boots: Sequence[Boot], availability: Sequence[Availability], options: Options) -> str:
    """For a terminal."""
    cited = [line.file for b in boots for line in (b.first, b.last, *b.because.evidence)]
    page = Page(options, names(cited))
    say = page.teller.say
    page.add(say("table.zone", zone=safe(zone_name(options.zone))))
    if page.names.folder:
        page.add(say("page.folder", folder=safe(page.names.folder)), hang=2)
    if not boots:
        page.blank()
        page.add(say("table.no_boots"))
    for host in dict.fromkeys(b.host for b in boots):
        _host(page, host, [b for b in boots if b.host == host])
    page.blank()
    for share in availability:
        page.add(text_of(page.teller.closed(page.teller.availability_pieces(share))), hang=2)
    return str(page)


def boots_json(boots: Sequence[Boot], availability: Sequence[Availability], options: Options) -> str:
    """The same rows as in the report's JSON."""
    teller = Teller(options.zone, options.language)
    known: leaves.Known = {}
    return leaves.dumps(
        {
            "language": options.language,
            "boots": [leaves.boot(b, teller, known) for b in boots],
            "availability": [leaves.availability(a) for a in availability],
        }
    )


def _host(page: Page, host: str, lives: Sequence[Boot]) -> None:
    page.blank()
    page.add(Run(safe(host) or "-", "bold"))
    head = [page.teller.say(f"table.{key}") for key in ("boot", "started", "sign", "down")]
    rows = [head, *(_row(page, life) for life in lives)]
    lines = columns(rows, right=(0,))
    narrow = max(map(cells, lines)) + 2 <= page.options.width
    if not narrow:
        lines = columns([row[:-1] for row in rows], right=(0,))
    page.add(Run(lines[0], "dim", solid=True), indent=2)
    for line, life in zip(lines[1:], lives, strict=True):
        page.add(Run(line, solid=True), indent=2)
        # Where the table has no room for it, the sentence tells the down-time.
        said = page.teller.ended(life) if narrow else page.teller.ended_down(life)
        refs = page.references(life.because.evidence)
        page.add(Run(text_of(said), "red" if life.how == "unclean" else ""), *refs, indent=8, hang=2)


def _row(page: Page, life: Boot) -> list[str]:
    clock = page.teller.clock
    return [
        str(life.number),
        clock.moment(life.start, "cell"),
        clock.cell(life.last.time),
        clock.between(*life.down) if life.down is not None else "-",
    ]
