"""How the lines of one file are read: for somebody who asks which format it is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import field

from logsleuth.clock.logs import Log
from logsleuth.entries.batch import Batch
from logsleuth.formats.own.parts import Parts, parts
from logsleuth.formats.registry import ALL
from logsleuth.records import dataclass

_KEPT = 100


@dataclass(slots=True)
class Trial:
    """What became of a file's lines."""

    name: str
    format: str
    lines: int = 0
    read: int = 0
    """Lines that begin an entry."""
    counts: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, Parts | None]] = field(default_factory=list)
    """Number and parts of its first entries."""
    unread: list[tuple[int, str]] = field(default_factory=list)
    """Number and text of its first lines without a stamp."""

    @property
    def formats(self) -> list[tuple[str, int]]:
        """Formats of its lines and how many are in each, most frequent first."""
        return self.counts.most_common()

    @property
    def without(self) -> int:
        """Lines without a stamp."""
        return self.lines - self.read


def trial(log: Log, batches: Iterable[Batch], most: int) -> Trial:
    """Read a file whole; take its first `most` entries apart."""
    out = Trial(log.name, log.format.name)
    for batch in batches:
        out.lines += batch.lines
        for kind, count in Counter(batch.layout.tolist()).items():
            if kind >= 0:
                out.read += count
                out.counts[ALL[kind].name] += count
        if len(out.first) >= most and len(out.unread) >= _KEPT:
            continue
        for row in range(len(batch)):
            _note(out, batch, row, most)
    return out


def _note(out: Trial, batch: Batch, row: int, most: int) -> None:
    kind, number = int(batch.layout[row]), int(batch.line[row])
    texts = batch.bytes_of(row).split(b"\n")
    if kind >= 0 and len(out.first) < most:
        out.first.append((number, parts(ALL[kind], b"\n".join(texts[:2]))))
    begin = 0 if kind < 0 else 1
    for below, text in enumerate(texts[begin:], begin):
        if len(out.unread) < _KEPT:
            out.unread.append((number + below, text.decode("utf-8", "replace").rstrip("\r")))
