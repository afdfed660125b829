"""A Markdown document in blocks that lie between marks: text outside them can outlast a new run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from logsleuth.narrative import Teller
from logsleuth.render.marks import code, escaped, marked
from logsleuth.render.names import Names, few
from logsleuth.render.options import Options
from logsleuth.render.renew import digest
from logsleuth.report import Evidence, Statement


class Sheet:
    """Lines so far, and what is needed to write more."""

    def __init__(self, options: Options, names: Names, zone: str) -> None:
        self.teller = Teller(options.zone, options.language)
        self.names = names
        self.zone = zone
        self._lines: list[str] = []
        self._open = ""
        self._from = 0

    def __str__(self) -> str:
        return "\n".join(self._lines).strip("\n") + "\n"

    def say(self, key: str, **parts: str | int) -> str:
        """A phrase of the write-up."""
        return self.teller.say(f"writeup.{key}", **parts)

    def add(self, *lines: str) -> None:
        """Lines that are Markdown already."""
        self._lines += lines

    def listed(self, names: Iterable[str]) -> str:
        """Names in code, one after the other."""
        return self.teller.words.phrases["format.list"].join(map(code, names))

    def heading(self, key: str, depth: int) -> None:
        """A title of the write-up."""
        self.add(f"{'#' * depth} {escaped(self.say(key))}", "")

    def prompt(self, *keys: str) -> None:
        """What a person has to say; several questions make one quotation."""
        for n, key in enumerate(keys):
            what = self.teller.say(f"todo.{key}")
            self.add(*([">"] if n else []), f"> {self.teller.say('todo.prompt', what=what)}")
        self.add("")

    def begin(self, name: str) -> None:
        """A generated block; nothing in its name can end the comment."""
        self._open = re.sub(r"[^A-Za-z0-9_ ]+", "-", name).strip()
        self.add(f"<!-- logsleuth: {self._open} -->", "")
        self._from = len(self._lines) - 1

    def end(self) -> None:
        """The end of the generated block, with a digest that tells whether somebody wrote in it."""
        while self._lines[-2:] == ["", ""]:
            self._lines.pop()
        self.add(f"<!-- /logsleuth: {self._open} {digest(self._lines[self._from :])} -->", "")

    def references(self, lines: Sequence[Evidence]) -> str:
        """` (file:line, file:line +4 more)`, or nothing."""
        shown, more = few(lines)
        if not shown:
            return ""
        text = ", ".join(code(self.names.reference(line)) for line in shown)
        return f" ({text} {self.teller.say('refs.more', n=more)})" if more else f" ({text})"

    def sentence(self, said: Statement) -> str:
        """A sentence with its references."""
        return marked(self.names.cut(self.teller.pieces(said))) + self.references(said.evidence)
