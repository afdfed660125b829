"""GitHub's Markdown, such that no text of a log can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from logsleuth.narrative import Pieces, safe

_SPECIAL = re.compile(r"([\\`*_\[\]<>~&$#]|(?<=[A-Za-z]):(?=//)|(?<=www)\.)", re.IGNORECASE)
"""The last two: GitHub makes links of bare addresses."""
_PLAIN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_LONGEST = 400
"""Characters of a log's line in a table."""


def escaped(text: str) -> str:
    """Our own words, with what Markdown would act on escaped. Pipes are left to `row`."""
    return _SPECIAL.sub(r"\\\1", safe(text))


def code(text: str) -> str:
    """A span of code: a fence longer than any run of backticks inside."""
    inside = safe(text)
    if not inside.strip():
        return "` `" if inside else ""
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", inside)), default=0))
    pad = " " if inside[0] in "` " or inside[-1] in "` " else ""
    return f"{fence}{pad}{inside}{pad}{fence}"


def clipped(text: str) -> str:
    """A line of a log for a table."""
    return code(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def marked(pieces: Pieces) -> str:
    """A sentence; what comes from a log stands in code, but for plain words and numbers."""
    return "".join(
        code(p.text) if p.kind == "log" and not _PLAIN.fullmatch(p.text) else escaped(p.text) for p in pieces
    )


def row(cells: Iterable[str]) -> str:
    """A row of a table. Renderers disagree on a pipe after a backslash, so that one is shown as an escape."""
    shown = (cell.replace("\\|", "\\\\x7c").replace("|", "\\|") for cell in cells)
    return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in shown)}|"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A whole table, with the empty line that must follow it."""
    return [row(head), row("---" for _ in head), *map(row, rows), ""]


def fenced(lines: Sequence[str]) -> list[str]:
    """A block of code with a fence longer than any run of backticks inside."""
    inside = [safe(line) for line in lines]
    longest = max((len(run) for line in inside for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *inside, fence, ""]
