"""How far a stream reaches over two windows: only time in which a log was being written counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth.clock.offsets import SECOND
from logsleuth.incidents.compare.counts import BOOT, REST, STOP, Bins, Counts, Key, Seen, Window
from logsleuth.incidents.compare.spans import Span
from logsleuth.records import dataclass

_ENOUGH = 0.5
"""Share of the earlier window that a log must reach over to be compared."""


@dataclass(slots=True)
class Stream:
    """Two windows of one stream, and how much of them it reaches over."""

    windows: tuple[Window, Window]
    bins: tuple[Bins, Bins]
    written: tuple[int, int]
    """Nanoseconds of each window outside of boots and shutdowns in which it was being written."""
    used: tuple[Counts, Counts]
    """Bins of each window that it reaches over."""
    phases: tuple[bool, bool]
    """Boots are in both windows; orderly ends are."""

    def kinds(self, side: int) -> dict[Key, Seen]:
        """Of the window before (0) or after (1)."""
        return self.windows[side].kinds

    def rest(self, seen: Seen | None) -> int:
        """Lines outside of boots and shutdowns."""
        return 0 if seen is None else int(seen.counts[REST:].sum())

    def comparable(self, seen: Seen | None) -> int:
        """Lines in bins that both windows have."""
        if seen is None:
            return 0
        boots, stops = self.phases
        return self.rest(seen) + int(seen.counts[BOOT]) * boots + int(seen.counts[STOP]) * stops


def reaches_back(reach: Span, before: Span) -> bool:
    """A log with this first and last entry holds enough of a window to be compared with."""
    return min(before[1], reach[1]) - max(before[0], reach[0]) >= _ENOUGH * (before[1] - before[0])


def stream(
    windows: tuple[Window, Window], bins: tuple[Bins, Bins], reach: Span, downs: Sequence[Sequence[Span]]
) -> Stream:
    """The stream. `reach`: its first entry, and the end of the host's logs; `downs`: when it was down, by window."""
    first, last = reach
    written, used = [], []
    for window, binned, down in zip(windows, bins, downs, strict=True):
        span = max(window.span[0], first), min(window.span[1], last)
        # Whole seconds, which a report can hold as they are.
        written.append(_inside(span, [*down, *binned.boots, *binned.stops]) // SECOND * SECOND)
        used.append(_used(binned, span, down))
    # The boot before must stand in it with its first lines.
    boots = bool(bins[0].boots and bins[1].boots) and first <= bins[0].boots[0][1]
    stops = all(b.stops for b in bins)
    return Stream(windows, bins, (written[0], written[1]), (used[0], used[1]), (boots, stops))


def _inside(span: Span, without: Sequence[Span]) -> int:
    """Length of a span without some others, which may overlap."""
    left, at = 0, span[0]
    for low, high in sorted(without):
        left += max(0, min(low, span[1]) - at)
        at = max(at, min(high, span[1]))
    return max(0, left + max(0, span[1] - at))


def _used(bins: Bins, span: Span, downs: Sequence[Span]) -> Counts:
    """Numbers of the bins that a span reaches over, those left out in whose middle the host was down."""
    first = (max(span[0], bins.span[0]) - bins.span[0]) // bins.width
    last = (min(span[1], bins.span[1]) - bins.span[0]) // bins.width
    number = np.arange(first, last + 1, dtype=np.int64)
    middle = bins.span[0] + number * bins.width + bins.width // 2
    up = np.ones(len(number), bool)
    for low, high in downs:
        up &= (middle < low) | (middle > high)
    return REST + number[up]
