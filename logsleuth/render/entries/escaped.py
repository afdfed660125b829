"""The fields of lines written for a notation in which some bytes mean something: quotes, separators, line ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from logsleuth.formats.vector import Mask
from logsleuth.render.entries.hostile import holding, hostile, rows_at
from logsleuth.render.entries.lay import Fields, Write, fields, replaced, reworded
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Pool


@dataclass(frozen=True, slots=True)
class Escapes:
    """How a notation writes texts."""

    in_names: bytes
    """Bytes that cannot stand in a host or a program as they are."""
    in_texts: bytes
    """The same of a message; line breaks need not be named."""
    replaced: tuple[tuple[str, str], ...]
    """What stands for them and for line breaks in a message without anything hostile, one after the other."""
    name: Write
    """Writes any host or program."""
    text: Write
    """Writes any message."""


class Escaped(NamedTuple):
    """Fields that can be laid into lines, and the rows of which they were written one by one."""

    fields: Fields
    odd: Mask


def escaped(pool: Pool, part: Part, how: Escapes, unnamed: Callable[[str], str] | None = None) -> Escaped:
    """The fields of a part; `unnamed` writes a host or program that no line names (default: as any other)."""
    write = unnamed or how.name
    f = fields(pool, part, lambda name: write(name).encode())
    text_at = f.columns.text_at
    found = holding(part, how.in_texts)
    inside = found if set(how.in_names) == set(how.in_texts) else holding(part, how.in_names)
    odd = hostile(part) | rows_at(part, inside, text_at)
    marked = (part.folded | rows_at(part, found)) & ~odd
    if marked.any():
        f.text[marked] = replaced(part, text_at, marked, how.replaced, pool)
    return Escaped(reworded(pool, part, f, odd, how.name, how.text), odd)
