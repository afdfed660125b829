"""Files of records of one size: whole ones from any block, and what lies between them where a file is damaged."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores.layouts import (
    Layout,
    Mask,
    Records,
    blank,
    everywhere,
    fits,
    numbers_fit,
    slots,
    tidy,
    view,
)

_BLOCK = 1 << 20


@dataclass(slots=True)
class Damage:
    """What of a file could not be read as records."""

    size: int = 0
    """Bytes that belong to no record."""
    stretches: int = 0
    first: int = 0
    """Where the first of them begins."""
    blank: int = 0
    """Records of NUL bytes alone."""
    first_blank: int = 0
    """Where the first of those begins."""
    torn: int = 0
    """Bytes of a last record that is not whole."""
    end: int = -1
    """Where the last stretch ends."""

    def add(self, at: int, size: int) -> None:
        """So many bytes that fit no record."""
        if not self.stretches:
            self.first = at
        self.stretches += at != self.end
        self.size += size
        self.end = at + size

    def told(self, source: Source, layout: Layout) -> Iterator[Skipped]:
        """In the words of a report."""
        if self.size:
            where = f"at byte {self.first:,}" if self.stretches == 1 else f"in {self.stretches:,} places"
            where += "" if self.stretches == 1 else f", the first at byte {self.first:,}"
            reason = f"{self.size:,} bytes {where} are no records of {layout.name}; what follows them is read"
            yield Skipped(source.name, reason, partial=True)
        if self.blank:
            reason = f"{self.blank:,} records of nothing but NUL bytes, the first at byte {self.first_blank:,}"
            yield Skipped(source.name, f"{reason}, as an unclean stop leaves them", partial=True)
        if self.torn:
            reason = f"the last record is torn: {self.torn:,} of {layout.size:,} bytes are there"
            yield Skipped(source.name, reason, partial=True)


def records(source: Source, layout: Layout, problems: list[Skipped], damage: Damage) -> Iterator[Records]:
    """Good records in the order of the file, some at a time; `damage` is filled while reading."""
    rest, base = b"", 0
    for block in stream.blocks(source, problems, _BLOCK):
        data = rest + block
        # A record more stays behind, so that a resumption can be checked by what follows it.
        used = yield from _piece(data, base, layout, damage, keep=layout.size)
        rest, base = data[used:], base + used
    used = yield from _piece(rest, base, layout, damage, keep=0)
    damage.torn = len(rest) - used


def _piece(data: bytes, base: int, layout: Layout, damage: Damage, keep: int) -> Generator[Records, None, int]:
    """The records of one piece; returns how many of its bytes are done with."""
    at, size = 0, layout.size
    anywhere: Mask | None = None
    while len(data) - at >= size + keep:
        some = view(memoryview(data)[at : len(data) - keep], layout.record)
        empty = blank(some)
        good = fits(some, layout) | slots(some, layout)
        bad = np.flatnonzero(~good & ~empty)
        count = int(bad[0]) if len(bad) else len(some)
        if empty[:count].any():
            if not damage.blank:
                damage.first_blank = base + at + int(np.argmax(empty)) * size
            damage.blank += int(empty[:count].sum())
        yield some[:count][~empty[:count]]
        at += count * size
        if len(bad):
            anywhere = _starts(data, layout) if anywhere is None else anywhere
            found = np.flatnonzero(anywhere[at + 1 : max(at + 1, len(data) - size - keep + 1)])
            resumed = at + 1 + int(found[0]) if len(found) else max(at + 1, len(data) - size - keep + 1)
            damage.add(base + at, resumed - at)
            at = resumed
    return at


def _starts(data: bytes, layout: Layout) -> Mask:
    """Bytes at which a record begins, and another after it, as far as one can see."""
    all_ = everywhere(data, layout.record)
    out = numbers_fit(all_, layout)
    rows = np.flatnonzero(out)
    some = all_[rows]
    # Shifted by a few bytes a record still looks like a free slot, but its texts do not.
    out[rows] = fits(some, layout) & tidy(some, layout)
    after = rows + layout.size
    seen = after < len(out)
    out[rows[seen]] &= out[after[seen]]
    return out
