"""Lines of a terminal: cells that characters take, words that wrap with a hanging indent, colours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

_ANSI = {
    "bold": "1",
    "dim": "38;5;243",
    "red": "38;5;160",
    "green": "38;5;28",
    "yellow": "38;5;130",
    "cyan": "38;5;30",
}
"""Styles by the name of what they look like. The shades of the 256-colour cube keep a contrast of about 4.5 on black
and on white alike; of the sixteen named colours, yellow and cyan fade on white, blue on black."""

_TOKEN = re.compile(
    r" +|(?:[^ ]*?(?:\d{4}-\d\d-\d\d|\d{4}年\d+月\d+日) \d\d:\d\d:\d\d)+[^ ]*"
    r"|[^ ]*\d (?:days?|h|min|s|%)(?![^ .,;:)])[^ ]*|[^ ]+(?: [」』][^ ]*)*"
)
"""Spaces, a date with its time of day, a number with its unit, or a word, with a quote's end behind a space."""
_PIECE = re.compile(r"\d{4}年\d+月\d+日 \d\d:\d\d:\d\d|.", re.DOTALL)
# Of the rules of JIS X 4051 (kinsoku) those for the marks that sentences have.
_NO_BEGIN = frozenset(
    "、。，．」』）】〕〉》！？：；・…ーゝゞ々〜～％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ)]},.:;!?%"  # noqa: RUF001 - the wide ones are meant
)
_NO_END = frozenset("「『（【〔〈《([{")  # noqa: RUF001


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    style: str = ""
    solid: bool = False
    """It is never broken, spaces or not."""


class _Unit(NamedTuple):
    """What stands on one line: parts of words that nothing separates."""

    gap: str
    """Spaces before it, left out where a line begins."""
    parts: list[Run]
    width: int


def code(style: str) -> str:
    """What switches a style on."""
    return f"\x1b[{_ANSI[style]}m"


def paint(text: str, style: str, *, color: bool) -> str:
    """A text in a style, if colours are wanted."""
    return f"{code(style)}{text}\x1b[0m" if color and style and text else text


def cells(text: str) -> int:
    """Columns that a text takes: two for wide characters, none for combining ones."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def clipped(text: str, width: int) -> str:
    """The text in so many columns; `…` stands for what is left out before its last third."""
    if cells(text) <= width:
        return text
    head = _first(text, width - 1 - width // 3)
    tail = _first(text[::-1], width // 3)[::-1]
    return f"{head.rstrip()}…{tail}"


def _first(text: str, room: int) -> str:
    for n, char in enumerate(text):
        room -= _cells(char)
        if room < 0:
            return text[:n]
    return text


def fill(runs: Iterable[Run], width: int, *, first: str = "", rest: str = "", color: bool = False) -> list[str]:
    """Wrap; the first line begins with `first`, the others with `rest`. Longer words stay whole."""
    lines: list[list[Run]] = [[]]
    room = width - cells(first)
    for unit in _units(runs):
        gap = unit.gap if lines[-1] else ""
        if lines[-1] and cells(gap) + unit.width > room:
            lines.append([])
            room, gap = width - cells(rest), ""
        # A gap takes the style of what it joins, so that equal neighbours share one pair of codes.
        lines[-1] += [Run(gap, lines[-1][-1].style)] if gap else []
        lines[-1] += unit.parts
        room -= cells(gap) + unit.width
    return [((first if n == 0 else rest) + _line(parts, color=color)).rstrip() for n, parts in enumerate(lines)]


def columns(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows with their columns aligned, two spaces apart."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    to_right = set(right)
    out = []
    for row in rows:
        cut = [padded(cell, w, right=i in to_right) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        out.append("  ".join(cut).rstrip())
    return out


def padded(text: str, width: int, *, right: bool = False) -> str:
    """A text filled up to so many columns."""
    room = " " * (width - cells(text))
    return room + text if right else text + room


def _line(parts: Iterable[Run], *, color: bool) -> str:
    return "".join(
        paint("".join(p.text for p in same), style, color=color)
        for style, same in groupby(parts, key=lambda p: p.style)
    )


def _units(runs: Iterable[Run]) -> Iterable[_Unit]:
    gap = ""
    parts: list[Run] = []
    for run in runs:
        for token in [run.text] if run.solid else _TOKEN.findall(run.text):
            if token.startswith(" ") and not run.solid:
                if parts:
                    yield _unit(gap, parts)
                    gap, parts = "", []
                gap += token
                continue
            for part in [token] if run.solid else _breakable(token):
                if parts and _may_break(parts[-1].text[-1], part[0]):
                    yield _unit(gap, parts)
                    gap, parts = "", []
                parts = [*parts, Run(part, run.style)]
    if parts:
        yield _unit(gap, parts)


def _unit(gap: str, parts: list[Run]) -> _Unit:
    return _Unit(gap, parts, sum(cells(p.text) for p in parts))


def _breakable(word: str) -> list[str]:
    """Pieces between which a line may end: Japanese and Chinese have no spaces."""
    if word.isascii():
        return [word]
    out: list[str] = []
    for piece in _PIECE.findall(word):
        if out and not _may_break(out[-1][-1], piece[0]):
            out[-1] += piece
        else:
            out.append(piece)
    return out


def _may_break(last: str, first: str) -> bool:
    """Whether a line may end between two characters without a space: beside a wide one, where no rule forbids it."""
    if last in _NO_END or first in _NO_BEGIN or not _cells(first):
        return False
    # A number stays with what it counts.
    return (_cells(last) == 2 or _cells(first) == 2) and not last.isdigit()


def _cells(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
