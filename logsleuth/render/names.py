"""Names of files, cut as short as they can be told apart, and the references made of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from logsleuth.narrative import Pieces, safe
from logsleuth.records import dataclass
from logsleuth.report import Evidence, Report

_MOST_REFS = 3
_HEX = re.compile(r"(?<![0-9A-Fa-f])([0-9a-f]{8})[0-9a-f]{8,}(?![0-9A-Fa-f])")
"""A machine's or a journal's id in a name."""
_SEPARATOR = re.compile(r"/" if os.sep == "/" else r"[/\\]")


def few(lines: Sequence[Evidence], most: int = _MOST_REFS) -> tuple[list[Evidence], int]:
    """The first few lines that a sentence cites, each once, and how many there are more."""
    every = list({(line.file, line.line): line for line in lines}.values())
    # "+1 more" would take the room of the one it hides.
    most = most if len(every) > most + 1 else len(every)
    return every[:most], len(every) - most


@dataclass(frozen=True, slots=True)
class Names:
    """The folder that all files lie in, which is told once and cut off from each."""

    folder: str = ""
    """With its last separator; empty where they share none."""
    brief: bool = False
    """Long ids in the names are cut."""

    def short(self, file: str) -> str:
        """A file's name from the shared folder on."""
        return self._cut(safe(file.removeprefix(self.folder)))

    def within(self, text: str) -> str:
        """A text with the names in it cut short."""
        return self._cut(safe(text.replace(self.folder, "") if self.folder else text))

    def reference(self, line: Evidence) -> str:
        """`file:line`."""
        return f"{self.short(line.file)}:{line.line}"

    def cut(self, pieces: Pieces) -> Pieces:
        """A sentence with the names of files in it cut short."""
        folder = safe(self.folder)
        return [p._replace(text=self._cut(p.text.removeprefix(folder))) if p.kind == "log" else p for p in pieces]

    def _cut(self, text: str) -> str:
        return _HEX.sub(r"\1…", text) if self.brief else text


def names_of(report: Report, *, brief: bool = False) -> Names:
    """The names of all files that a report speaks of; `brief` cuts their ids, if they can be told apart without."""
    findings = [f for i in report.incidents for f in (*i.causes, *i.effects)] + list(report.set_aside)
    files = {f.file for f in report.files} | {line.file for f in findings for line in f.evidence}
    brief = brief and len({_HEX.sub(r"\1", file) for file in files}) == len(files)
    return replace(names(files), brief=brief)


def names(files: Iterable[str]) -> Names:
    """The longest folder that all of some files share."""
    folders = [_folder(file) for file in set(files)]
    if not folders:
        return Names()
    low, high = min(folders), max(folders)
    shared = low[: next((n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))]
    cut = [m.end() for m in _SEPARATOR.finditer(shared)]
    folder = shared[: cut[-1]] if cut else ""
    return Names(folder if _SEPARATOR.sub("", folder) else "")


def _folder(file: str) -> str:
    """Up to the last separator before a member's `!`: an archive is named whole."""
    outer = file.partition("!")[0]
    cut = [m.end() for m in _SEPARATOR.finditer(outer)]
    return outer[: cut[-1]] if cut else ""
