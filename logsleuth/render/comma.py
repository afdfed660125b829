"""The lines of the incidents as CSV: a row for each line that a finding rests on, in the order of time."""

from __future__ import annotations

import csv
import io

from logsleuth.narrative import Teller, safe, whole
from logsleuth.render.leaves import instant
from logsleuth.render.options import Options
from logsleuth.report import Evidence, Finding, Report

_HEAD = ("incident", "time_utc", "time_local", "host", "file", "line", "text", "causes", "confidences", "findings")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would work out instead of showing it."""


def render(report: Report, options: Options) -> str:
    """RFC 4180, with line feeds; several causes of a line are separated by blanks."""
    clock = Teller(options.zone, options.language).clock
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_HEAD)
    for incident in report.incidents:
        told: dict[tuple[str, int], tuple[Evidence, list[Finding]]] = {}
        for finding in (*incident.causes, *incident.effects):
            for line in finding.evidence:
                told.setdefault((line.file, line.line), (line, []))[1].append(finding)
        ordered = sorted(told.values(), key=lambda x: (x[0].time is None, x[0].time or 0, x[0].file, x[0].line))
        for line, found in ordered:
            local = clock.cell(line.time) if line.time is not None else ""
            hosts = " ".join(dict.fromkeys(f.host for f in found if f.host))
            cells = (incident.id, instant(line.time) or "", local, hosts, line.file, str(line.line), line.text)
            rest = (" ".join(dict.fromkeys(f.cause for f in found)), " ".join(f.confidence for f in found))
            rows.writerow([_cell(c) for c in (*cells, *rest, " ".join(f.id for f in found))])
    return out.getvalue()


def _cell(text: str) -> str:
    shown = safe(whole(text))
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
