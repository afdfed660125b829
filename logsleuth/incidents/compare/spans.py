"""Which stretch of time is compared with which earlier one, on one host."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from logsleuth.clock.offsets import SECOND
from logsleuth.records import dataclass
from logsleuth.report import By, Incident
from logsleuth.signs.boots import Ledger, Life

DAY = 86_400 * SECOND
PHASE = 600 * SECOND
"""So long after a boot begins, what is written is of the boot."""
STOPPING = 180 * SECOND
"""So long before an orderly end, what is written is of the shutdown."""
SHORTEST = 60 * SECOND
"""Windows shorter than this tell nothing."""
_EARLY = 30 * SECOND
"""Lines of a boot can be stamped so much before the line that it is known by."""
_FEW_HOURS = 6 * 3600 * SECOND

Span = tuple[int, int]
"""First and last instant, UTC nanoseconds."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be compared."""

    by: Literal["auto", "boot", "day", "window"] = "auto"
    low: int | None = None
    """Of the earlier window, where one was asked for; UTC nanoseconds."""
    high: int | None = None
    """None: as long as the later window."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two windows of one host, and the boots and orderly ends in each."""

    by: By
    before: Span
    after: Span
    boots: tuple[tuple[Span, ...], tuple[Span, ...]]
    """(before, after): the first minutes of the boots that lie in each."""
    stops: tuple[tuple[Span, ...], tuple[Span, ...]]
    downs: tuple[tuple[Span, ...], tuple[Span, ...]]
    """When the host was down."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a host when windows are chosen."""

    lives: Sequence[Life]
    first: int
    """First and last instant in its logs."""
    last: int
    incident: Incident | None
    """The gravest one told of the host."""
    since: int | None
    until: int | None
    zone: dt.tzinfo


def known_of(
    host: str,
    book: Ledger,
    reach: Span,
    told: Sequence[Incident],
    window: tuple[int | None, int | None],
    zone: dt.tzinfo,
) -> Known:
    """What is known of a host whose logs reach from one instant to another."""
    incident = next((i for i in told if host in i.hosts and _begun(i) is not None), None)
    return Known(book.lives.get(host, []), *reach, incident, *window, zone)


def pair(ask: Ask, known: Known) -> Pair | str:
    """The two windows; or why there are none, as a key of the catalogue."""
    if ask.by == "boot":
        return _boots(known)
    if ask.by == "auto" and known.since is None and known.until is None and _just_booted(known):
        found = _boots(known)
        if isinstance(found, Pair):
            return found
    after = _later(known)
    if after[1] - after[0] < SHORTEST:
        return "short"
    if ask.by == "window" and ask.low is not None:
        high = ask.high if ask.high is not None else ask.low + after[1] - after[0]
        before: Span = (ask.low, min(high, after[0] - 1))
    else:
        days = -(-(after[1] - after[0]) // DAY) * DAY
        before = (after[0] - days, after[1] - days)
    if before[1] - before[0] < SHORTEST:
        return "overlap"
    if before[1] < known.first:
        return "no_earlier"
    return _with_lives("window" if ask.by == "window" else "day", before, after, known.lives)


def narrowed(found: Pair, shares: tuple[float, float], known: Known) -> Pair:
    """A share of each window: boots from their beginning, others up to shortly after the incident, both alike."""
    (low, high), (begin, end) = found.before, found.after
    if found.by == "boot":
        before = low, low + round(shares[0] * (high - low))
        after = begin, begin + round(shares[1] * (end - begin))
    else:
        length = round(min(shares) * (end - begin))
        at = _begun(known.incident) if known.incident is not None and known.since is None else None
        last = end if at is None else min(end, at + length // 4)
        first = max(begin, last - length)
        after = first, first + length
        scaled = [low + (t - begin) * (high - low) // (end - begin) for t in after]
        before = scaled[0], scaled[1]
    return _with_lives(found.by, before, after, known.lives)


def _begun(incident: Incident) -> int | None:
    return incident.start.earliest if incident.start.earliest is not None else incident.start.latest


def _chosen(known: Known) -> int | None:
    """Number of the life that is to be compared with the one before it; None where there is none before."""
    lives = known.lives
    if len(lives) < 2:
        return None
    chosen = len(lives) - 1
    at = known.until if known.until is not None else known.since
    if at is not None:
        chosen = _life_at(lives, at)
    elif known.incident is not None:
        begin, end = _begun(known.incident) or 0, known.incident.end.latest
        # An outage ends with a boot: that one is of the incident, not the one that it cut off.
        inside = [
            n for n, x in enumerate(lives) if x.seen and begin <= _start(x) <= (end if end is not None else begin)
        ]
        chosen = inside[0] if inside else _life_at(lives, begin)
        chosen = chosen or len(lives) - 1
    return chosen or None


def _just_booted(known: Known) -> bool:
    """The boot is at most a day older than what is to be explained."""
    chosen = _chosen(known)
    if chosen is None or not known.lives[chosen].seen:
        return False
    at = known.last if known.incident is None else _begun(known.incident) or known.last
    return _start(known.lives[chosen]) >= at - DAY


def _boots(known: Known) -> Pair | str:
    chosen = _chosen(known)
    if chosen is None:
        if len(known.lives) > 1:
            return "first_boot"
        return "one_boot" if any(life.seen for life in known.lives) else "no_boot"
    former, life = known.lives[chosen - 1], known.lives[chosen]
    before = (_start(former) - (_EARLY if former.seen else 0), former.last_time)
    after = (max(_start(life) - _EARLY, former.last_time + 1), life.last_time)
    if min(before[1] - before[0], after[1] - after[0]) < SHORTEST:
        return "short"
    return _with_lives("boot", before, after, [former, life])


def _later(known: Known) -> Span:
    """The window asked for; else the day on which the incident began; else the last day."""
    last = known.last if known.until is None else min(known.until, known.last)
    if known.since is not None:
        return known.since, last
    if known.until is None and known.incident is not None:
        begin = _begun(known.incident) or last
        midnight = _midnight(begin, known.zone)
        end = min(midnight + DAY - 1, last)
        if end - midnight >= _FEW_HOURS:
            return midnight, end
    return last - DAY + 1, last


def _midnight(time: int, zone: dt.tzinfo) -> int:
    local = dt.datetime.fromtimestamp(time // SECOND, zone)
    return int(local.replace(hour=0, minute=0, second=0, fold=0).timestamp()) * SECOND


def _start(life: Life) -> int:
    known = life.start.earliest if life.seen else life.first.time
    return known if known is not None else life.start.latest or 0


def _life_at(lives: Sequence[Life], time: int) -> int:
    return max((n for n, life in enumerate(lives) if _start(life) <= time), default=0)


def _with_lives(by: By, before: Span, after: Span, lives: Sequence[Life]) -> Pair:
    begun = [(_start(x) - _EARLY, _start(x) + PHASE) for x in lives if x.seen]
    stopped = [(x.last_time - STOPPING, x.last_time) for x in lives if x.clean == "yes" and not x.up]
    down = [(a.last_time, _start(b)) for a, b in pairwise(lives)]
    return Pair(
        by,
        before,
        after,
        (_whole(begun, before), _whole(begun, after)),
        (_whole(stopped, before), _whole(stopped, after)),
        (_touching(down, before), _touching(down, after)),
    )


def _whole(spans: Sequence[Span], window: Span) -> tuple[Span, ...]:
    """Those that begin in a window."""
    return tuple((a, b) for a, b in spans if window[0] <= a + _EARLY <= window[1])


def _touching(spans: Sequence[Span], window: Span) -> tuple[Span, ...]:
    return tuple((max(a, window[0]), min(b, window[1])) for a, b in spans if a < window[1] and b > window[0])
