"""How far the clocks of two hosts lie apart, by events that both log: a mail, a lease, a connection, a forwarded line.

It is said, within bounds, only where nearly all events agree; no line is moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND
from logsleuth.entries.read import BLOCK, batches
from logsleuth.entries.reading import Reading
from logsleuth.entries.shared import COPIES, KINDS, Key, Moments, Shared, copies, events
from logsleuth.records import dataclass
from logsleuth.report import Assumption

_READ = 1 << 20
"""Bytes of each log, its last ones."""
_FILES = 60
"""So many logs of each machine are looked at, the newest of each stream first."""
_MOST = 20_000
_AGREE = 5 * SECOND
_SLOW = 60 * SECOND
"""So long people type a password."""
_SHORTEST, _LONGEST = 10 * SECOND, 15 * 3600 * SECOND
"""Less is how long a hand-over takes; more is no clock that runs wrong, but a year or a day."""
_QUARTER = 900 * SECOND
_OFTEN = 200

Known = dict[tuple[str, bool, str], Moments]
"""By the name of a kind, whether that is the first one's side, and the host that a forwarded line names."""


def skews(logs: Sequence[Log]) -> Iterator[Assumption]:
    """What is to be said of pairs of hosts; files are looked at only where there are several machines."""
    machines = list(dict.fromkeys(log.machine for log in logs))
    if len(machines) < 2:
        return
    names = {log.machine: log.host or log.machine for log in logs}
    known: dict[str, Known] = {machine: defaultdict(dict) for machine in machines}
    looks = [_look(log, names) for machine in machines for log in _newest(logs, machine)]
    forwarded = {host for look in looks for host in look.hosts}
    for look in looks:
        own = names[look.log.machine]
        if look.kinds or look.hosts or own in forwarded:
            _read(look, known[look.log.machine], own if own in forwarded else "")
    for pair in combinations(machines, 2):
        said = next(filter(None, (_of_pair(*order, known, names) for order in (pair, pair[::-1]))), None)
        if said is not None:
            yield said


def _of_pair(giver: str, taker: str, known: dict[str, Known], names: dict[str, str]) -> Assumption | None:
    """What the first kind of event that is sure tells of the second machine's clock."""
    for kind in (COPIES, *KINDS):
        about = names[giver] if kind is COPIES else ""
        given = known[giver].get((kind.name, True, about), {})
        said = _said(kind, given, known[taker].get((kind.name, False, about), {}), names[giver])
        if said is not None:
            return Assumption(names[taker], said)
    return None


@dataclass(frozen=True, slots=True)
class _Look:
    """What the end of a log may hold."""

    log: Log
    kinds: tuple[tuple[Shared, bool], ...]
    """With whether it is the first one's side."""
    hosts: tuple[str, ...]
    """Other machines, whose lines were forwarded here."""


def _newest(logs: Sequence[Log], machine: str) -> list[Log]:
    fit = [log for log in logs if log.machine == machine and log.format.kind == "syslog"]
    fit = [log for log in fit if log.source.seekable and not log.source.store]
    return sorted(fit, key=lambda log: log.source.rank, reverse=True)[:_FILES]


def _look(log: Log, names: dict[str, str]) -> _Look:
    end = sources.tail(log.source, _READ)
    kinds = [(kind, True) for kind in KINDS if any(sign in end for sign in kind.signs)]
    kinds += [(kind, False) for kind in KINDS if any(mark in end for mark in kind.marks)]
    own = names[log.machine]
    hosts = {name for name in names.values() if name != own and b" %b " % name.encode() in end}
    return _Look(log, tuple(kinds), tuple(sorted(hosts)))


def _read(look: _Look, known: Known, own: str) -> None:
    """Note the events near a log's end; `own`: the host's name, if its lines were forwarded to another."""
    state = Reading(look.log, [], base=max(0, look.log.source.size - _READ))
    for batch in batches(state, BLOCK):
        if not len(batch):
            continue
        # Behind the last entry there may be one that the next batch begins with.
        text = bytes(batch.buffer.data[: int(batch.stop[-1])])
        for kind, given in look.kinds:
            _note(known[kind.name, given, ""], events(kind, batch, text, given=given))
        for host in filter(None, (own, *look.hosts)):
            _note(known[COPIES.name, host == own, host], copies(batch, host))


def _note(moments: Moments, found: Iterator[tuple[Key, int]]) -> None:
    for key, time in found:
        if len(moments) < _MOST or key in moments:
            times = moments.setdefault(key, [])
            # A file that holds the same as another (syslog, mail.log) is no second event.
            if time not in times and len(times) < _OFTEN:
                times.append(time)


def _said(kind: Shared, given: Moments, taken: Moments, giver: str) -> str | None:
    apart = {
        (key, number): by
        for key, here in given.items()
        if (there := taken.get(key)) is not None
        for number, by in enumerate(_apart(sorted(here), sorted(there), again=kind.again))
    }
    if len(apart) < kind.least:
        return None
    from statistics import median

    middle = int(median(apart.values()))
    reach = _SLOW if kind.slow else _AGREE
    agreed = {name: by for name, by in apart.items() if abs(by - middle) <= reach}
    shortest = max(_SHORTEST, 2 * reach) if kind.slow else _SHORTEST
    if len(agreed) < max(kind.least, 0.8 * len(apart)) or not shortest <= abs(middle) <= _LONGEST:
        return None
    low, high = sorted((min(map(abs, agreed.values())) // SECOND, max(map(abs, agreed.values())) // SECOND))
    way = "behind" if middle < 0 else "ahead of"
    zone = abs(middle - round(middle / _QUARTER) * _QUARTER) <= 2 * _AGREE
    key = b" port ".join(min(agreed)[0][:2] if kind.name == "connection" else min(agreed)[0][:1]).decode()
    return (
        f"its clock runs about {abs(middle) // SECOND} s ({low}..{high}) {way} that of {giver}"
        f"{', or its zone is another' if zone and abs(middle) > _QUARTER // 2 else ''}, "
        f"by {kind.words.format(count=len(agreed), giver=giver, key=key)}; its stamps are kept as they are"
    )


def _apart(here: list[int], there: list[int], *, again: bool) -> list[int]:
    """How much later the other host stamped each of the events with one key; nothing where that is not sure.

    Events that come again (a lease is renewed) are paired in their order: where one log begins earlier, so that the
    distances are most alike, and only if they are shorter than half of what lies between two events.
    """
    if len(here) == len(there) == 1:
        return [there[0] - here[0]]
    count = min(len(here), len(there))
    if count < 2 or not again:
        return []
    best: list[int] = []
    for skip in range(max(len(here), len(there)) - count + 1):
        ours = here[skip : skip + count] if len(here) > count else here
        theirs = there[skip : skip + count] if len(there) > count else there
        by = [b - a for a, b in zip(ours, theirs, strict=True)]
        if not best or max(by) - min(by) < max(best) - min(best):
            best = by
    between = min(b - a for times in (here, there) for a, b in pairwise(times))
    return best if max(map(abs, best)) * 2 < between else []
