"""An entry that was wrapped over several lines is one text to a pattern; the lines that bear the match are cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import regex

from logsleuth.entries import Batch
from logsleuth.records import dataclass
from logsleuth.report import Evidence

COLOUR = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
"""What colours a word on a terminal."""
_LONGEST = 4096
"""Bytes of the further lines that are looked at."""
_FEW = 6
"""Lines of a wrapped message; what has more is a trace or a table, whose lines each speak for themselves."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An entry's lines as one text, the breaks between them made spaces."""

    text: str
    lines: tuple[tuple[int, int, int, int], ...]
    """Of each further line: where it begins in `text`, its number, and its bytes from, to."""

    @property
    def short(self) -> bool:
        """As long as a message that a mail program or a terminal has wrapped."""
        return len(self.lines) < _FEW

    def cited(self, batch: Batch, match: regex.Match[str], head: Evidence) -> tuple[Evidence, ...]:
        """The head of the entry, which bears its stamp, and the further lines that hold the match.

        Of a match over many lines those count that hold its ends or a field.
        """
        spans = [match.span()] if self.short else [(match.start(),) * 2, (match.end() - 1,) * 2]
        spans += [match.span(name) for name, value in match.groupdict().items() if value is not None]
        held = [line for line, (low, high) in zip(self.lines, self._reach(), strict=True) if _any(spans, low, high)]
        return (head, *(_evidence(batch, head, number, start, stop) for _, number, start, stop in held))

    def _reach(self) -> list[tuple[int, int]]:
        """Where each further line begins and ends in `text`."""
        begins = [at for at, _, _, _ in self.lines]
        return list(zip(begins, [*begins[1:], len(self.text)], strict=True))


def _any(spans: Sequence[tuple[int, int]], low: int, high: int) -> bool:
    return any(start < high and (stop > low or start == stop == low) for start, stop in spans)


def _evidence(batch: Batch, head: Evidence, number: int, start: int, stop: int) -> Evidence:
    return replace(head, line=number, text=bytes(batch.buffer.data[start:stop]).decode("utf-8", "replace"))


def wrapped(batch: Batch, row: int, text: str) -> Wrapped | None:
    """An entry's text with its further lines; None where it has none."""
    first, stop = int(batch.line_stop[row]), int(batch.stop[row])
    if stop <= first or len(text) >= _LONGEST:
        return None
    data = bytes(batch.buffer.data[first : min(stop, first + _LONGEST)])
    number = int(batch.line[row]) + bytes(batch.buffer.data[int(batch.start[row]) : first]).count(b"\n")
    at, whole, begins, lines = first, [text], len(text), []
    for line in data.split(b"\n"):
        words = " ".join(COLOUR.sub(b"", line).decode("utf-8", "replace").split())
        if words and at > first:
            lines.append((begins + 1, number, at, at + len(line.rstrip(b"\r"))))
            whole.append(words)
            begins += 1 + len(words)
        at += len(line) + 1
        number += 1
    return Wrapped(" ".join(whole), tuple(lines)) if lines else None
