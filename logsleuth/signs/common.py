"""hosts.down: several hosts that went down unclean in the same bounds, and came back together."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.clock.offsets import SECOND
from logsleuth.report import Bounds
from logsleuth.signs.model import Fact

_BACK = 180 * SECOND
"""What lost one mains starts within this when it is back: firmware takes its time, here more and there less."""
_MOST_LINES = 4


def together(downs: Sequence[Fact]) -> list[Fact]:
    """A span for every set of hosts with one moment at which all may have stopped, and starts close to each other.

    Its start is that moment, in the bounds that all of them leave: no later sign of life, no earlier boot.
    """
    unclean = sorted(
        (d for d in downs if d.fields["clean"] == "no" and d.end_lo is not None), key=lambda d: d.end_lo or 0
    )
    out: list[Fact] = []
    group: list[Fact] = []
    for down in unclean:
        if group and not _fits(group, down):
            out += _made(group)
            group = []
        group.append(down)
    return out + _made(group)


def _fits(group: Sequence[Fact], down: Fact) -> bool:
    back = (down.end_lo or 0) - (group[0].end_lo or 0) <= _BACK
    latest, earliest = max(d.lo for d in (*group, down)), min(d.hi for d in (*group, down))
    return back and latest <= earliest and down.host not in {d.host for d in group}


def _made(group: Sequence[Fact]) -> list[Fact]:
    if len(group) < 2:
        return []
    lines = tuple(line for down in group for line in down.lines[:_MOST_LINES])
    low, high = max(d.lo for d in group), min(d.hi for d in group)
    last = group[-1]
    fields = {"hosts": ", ".join(d.host for d in group), "seconds_max": str(((last.end_lo or 0) - low) // SECOND)}
    fact = Fact("hosts.down", low, high, group[0].host, fields, lines, boot=group[0].boot)
    fact.end_lo, fact.end_hi, fact.outcome, fact.n, fact.members = last.end_lo, last.end_hi, "closed", len(group), ()
    fact.values["last_sign"] = Bounds(low, low)
    fact.values["boot"] = Bounds(group[0].end_lo, last.end_hi)
    return [fact]
