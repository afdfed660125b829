"""A report as JSON: a contract with other programs, see FORMAT_VERSION."""

from __future__ import annotations

from logsleuth.narrative import Teller
from logsleuth.render import leaves
from logsleuth.render.compared import comparison
from logsleuth.render.options import Options
from logsleuth.report import FORMAT_VERSION, Report


def render(report: Report, options: Options) -> str:
    """Instants are UTC; only the sentences tell times in the zone asked for. Looks do not matter."""
    teller = Teller(options.zone, options.language)
    known: leaves.Known = {}
    return leaves.dumps(
        {
            "format_version": FORMAT_VERSION,
            "version": report.version,
            "command": report.command,
            "language": options.language,
            "zone": report.zone,
            "window": leaves.bounds(report.window),
            "told": leaves.bounds(report.told),
            "hidden": report.hidden,
            "incidents": [leaves.incident(i, teller, known) for i in report.incidents],
            "set_aside": [leaves.finding(f, teller, known) for f in report.set_aside],
            "unexplained": [leaves.group(g) for g in report.unexplained],
            "boots": [leaves.boot(b, teller, known) for b in report.boots],
            "availability": [leaves.availability(a) for a in report.availability],
            "files": [leaves.file(f) for f in report.files],
            "assumptions": [leaves.assumption(a, teller) for a in report.assumptions],
            "skipped": [leaves.skipped(s, teller) for s in report.skipped],
            "notes": [teller.plain(note) for note in report.notes],
            "changes": [leaves.evidence(line) for line in report.changes],
            "digested": report.digested,
            "compared": [comparison(c, teller, known) for c in report.compared],
            # Last: by now all sentences have said what they cite, and what they are in English.
            "originals": teller.originals,
            "lines": [leaves.evidence(line) for line in known.values()],
        }
    )
