"""What the parts of a page need: words, short names, and an id for every line that is cited."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.narrative import Teller, safe
from logsleuth.render.html.markup import Markup, joined, marked, tag
from logsleuth.render.names import names_of
from logsleuth.render.options import Options
from logsleuth.report import Evidence, Finding, Report, Statement

_MOST = 12
"""References behind one sentence; the table of moments holds the others."""
LONGEST = 2000
"""Characters of a log's line that are shown."""


class Leaf:
    """A report on its way to a page."""

    def __init__(self, report: Report, options: Options) -> None:
        self.report = report
        self.options = options
        self.teller = Teller(options.zone, options.language)
        self.teller.meet(report.incidents)
        self.names = names_of(report)
        self.cited: dict[tuple[str, int], Evidence] = {}
        """Every line that the page refers to, in the order in which it is first met."""
        self._ids: dict[tuple[str, int], str] = {}
        self._findings: dict[tuple[int, str], str] = {}

    def say(self, key: str, **parts: str | int) -> str:
        """A phrase of the catalogue."""
        return self.teller.say(key, **parts)

    def line_id(self, line: Evidence) -> str:
        """Where the page shows a line."""
        key = (line.file, line.line)
        self.cited.setdefault(key, line)
        return self._ids.setdefault(key, f"line-{len(self._ids) + 1}")

    def finding_id(self, incident: int, finding: Finding) -> str:
        """Where the page tells of a finding of the incident of that number."""
        return self._findings.setdefault((incident, finding.id), f"finding-{len(self._findings) + 1}")

    def link(self, line: Evidence, *, short: bool = False) -> Markup:
        """`file:line`, or `:line` after another of the same file."""
        reference = self.names.reference(line)
        said = f":{line.line}" if short else reference
        return tag("a", said, href=f"#{self.line_id(line)}", aria_label=reference if short else None)

    def references(self, lines: Sequence[Evidence]) -> Markup:
        """` [file:line, :line, other:line]`, or nothing."""
        every = list({(line.file, line.line): line for line in lines}.values())
        if not every:
            return Markup()
        out: list[str] = []
        for n, line in enumerate(every[:_MOST]):
            same = n > 0 and every[n - 1].file == line.file
            out += [", "] if n else []
            out.append(self.link(line, short=same))
        for line in every[_MOST:]:
            self.line_id(line)
        if len(every) > _MOST:
            more = self.say("refs.more", n=len(every) - _MOST)
            out += [" ", tag("a", more, href=f"#{self.line_id(every[_MOST])}")]
        return joined(" ", tag("span", "[", out, "]", class_="refs"))

    def sentence(self, said: Statement) -> Markup:
        """A statement with what backs it."""
        return joined(marked(self.names.cut(self.teller.pieces(said))), self.references(said.evidence))

    def code(self, raw: str) -> Markup:
        """Text of a log, long ones cut with a word."""
        if len(raw) <= LONGEST:
            return tag("code", raw)
        return tag("code", self.say("page.clipped", text=safe(raw[:LONGEST]), n=len(raw)))
