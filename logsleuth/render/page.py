"""A page of terminal text that is written line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logsleuth.narrative import Pieces, Teller, safe, text_of
from logsleuth.render.layout import Run, cells, columns, fill
from logsleuth.render.names import Names, few
from logsleuth.render.options import Options
from logsleuth.report import Evidence

Said = str | list[Run]
"""A paragraph: plain, or with references and styles."""
_LONGEST = 1000
"""Characters of a line of evidence that are shown."""


class Page:
    """Lines so far, and what is needed to write more."""

    def __init__(self, options: Options, names: Names | None = None) -> None:
        self.options = options
        self.teller = Teller(options.zone, options.language)
        self.names = names or Names()
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines).strip("\n") + "\n"

    def blank(self) -> None:
        """An empty line, never two."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def add(self, *runs: Run | str, indent: int = 0, hang: int = 0, first: str = "") -> None:
        """A paragraph; its further lines stand `hang` columns deeper than its first one."""
        lead = " " * indent
        self._lines += fill(
            [Run(r) if isinstance(r, str) else r for r in runs],
            self.options.width,
            first=lead + first,
            rest=lead + " " * hang,
            color=self.options.color,
        )

    def heading(self, key: str, indent: int = 0) -> None:
        """A title of the catalogue, with an empty line before it."""
        self.blank()
        self.add(Run(self.teller.say(key if "." in key else f"heading.{key}"), "bold"), indent=indent)

    def labelled(self, sections: Mapping[str, Sequence[Said]]) -> None:
        """Short sections beside their titles (keys of the catalogue) rather than below them."""
        labels = {key: self.teller.say(key) for key in sections}
        column = max(map(cells, labels.values()), default=0) + 2
        if column > self.options.width // 3:
            column = 2
        for key, section in sections.items():
            label = labels[key]
            if column == 2:
                self.add(Run(label, "bold"))
            for n, said in enumerate(section):
                runs = [Run(said)] if isinstance(said, str) else said
                if n or column == 2:
                    self.add(*runs, indent=column, hang=2)
                else:
                    gap = Run(" " * (column - cells(label)))
                    self.add(Run(label, "bold", solid=True), gap, *runs, hang=column + 2)

    def sentence(
        self, pieces: Pieces, lines: Sequence[Evidence], *, indent: int, label: str = "", style: str = ""
    ) -> None:
        """A sentence with its references, the label before it in the style given."""
        said = [Run(label, style), Run(" ")] if label else []
        self.add(*said, Run(text_of(self.names.cut(pieces))), *self.references(lines), indent=indent, hang=2)

    def references(self, lines: Sequence[Evidence]) -> list[Run]:
        """` [file:line, :line, other:line +4 more]`, or nothing; a file is named once for lines in a row."""
        return self.cite(*few(lines))

    def cite(self, shown: Sequence[Evidence], more: int = 0) -> list[Run]:
        """As `references`, for lines that were chosen."""
        if not shown:
            return []
        out = [Run(" "), Run("[", "dim")]
        for n, line in enumerate(shown):
            same = n > 0 and shown[n - 1].file == line.file
            if n:
                out.append(Run(", ", "dim"))
            ref = f":{line.line}" if same else self.names.reference(line)
            out.append(Run(ref, "dim", solid=True))
        if more:
            out += [Run(" ", "dim"), Run(self.teller.say("refs.more", n=more), "dim", solid=True)]
        return [*out, Run("]", "dim")]

    def evidence(self, line: Evidence, indent: int) -> None:
        """A line of a log, with its reference."""
        text = safe(line.text)
        if len(text) > _LONGEST:
            text = self.teller.say("page.clipped", text=text[:_LONGEST], n=len(line.text))
        reference = Run(f"{self.names.reference(line)}:", "dim", solid=True)
        self.add(reference, Run(" "), Run(text), indent=indent, hang=2)

    def table(self, rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        """Rows under a head; where they are too wide, the first column gets lines of its own."""
        lines = columns(rows, right)
        styles = ["dim", *[""] * (len(rows) - 1)]
        if max(map(cells, lines)) <= self.options.width:
            for line, style in zip(lines, styles, strict=True):
                self.add(Run(line, style, solid=True))
            return
        moved = [i - 1 for i in right if i > 0]
        for row, others, style in zip(rows, columns([row[1:] for row in rows], moved), styles, strict=True):
            self.add(Run(row[0], style), hang=2)
            self.add(Run(others, style, solid=True), indent=2)
