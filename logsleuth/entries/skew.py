"""How far the clocks of two hosts lie apart, by mail that one handed to the other: both logs name its queue id.

Postfix writes `ID: to=<...>, status=sent (250 2.0.0 Ok: queued as QID)` where it sends, and where it receives
`QID: client=...` (smtp_proto.c, smtpd.c). A mail is received no later than it is sent, and no more than a few seconds
sooner. It is said only where nearly all hand-overs agree; no line is moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import median

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries.read import BLOCK, batches
from logsleuth.entries.reading import Reading
from logsleuth.report import Assumption

_READ = 1 << 20
"""Bytes of each mail log, its last ones."""
_MOST = 20_000
_LEAST = 3
_AGREE = 5 * SECOND
_SHORTEST, _LONGEST = 10 * SECOND, 15 * 3600 * SECOND
"""Less is how long a hand-over takes; more is no clock that runs wrong, but a year or a day."""
_QUARTER = 900 * SECOND
_SENT = re.compile(rb"status=sent \(250 2\.0\.0 Ok: queued as (\w{8,20})\)")
_RECEIVED = re.compile(rb"/smtpd\[\d+\]: (\w{8,20}): client=")

Moments = dict[str, int | None]
"""By queue id; None where it stands there more than once."""


def skews(logs: Sequence[Log]) -> Iterator[Assumption]:
    """What is to be said of pairs of hosts; files are looked at only where there are several machines."""
    machines = list(dict.fromkeys(log.machine for log in logs))
    if len(machines) < 2:
        return
    sent: dict[str, Moments] = {}
    received: dict[str, Moments] = {}
    for log in logs:
        if log.format.kind == "syslog" and log.source.seekable and not log.source.store:
            _look(log, sent.setdefault(log.machine, {}), received.setdefault(log.machine, {}))
    names = {log.machine: log.host or log.machine for log in logs}
    for one, other in combinations(machines, 2):
        for giver, taker in ((one, other), (other, one)):
            said = _said(sent.get(giver, {}), received.get(taker, {}), names[giver])
            if said is not None:
                yield Assumption(names[taker], said)
                break


def _look(log: Log, sent: Moments, received: Moments) -> None:
    """Note the hand-overs near a file's end."""
    end = sources.tail(log.source, _READ)
    if b": client=" not in end and b"queued as" not in end:
        return
    state = Reading(log, [], base=max(0, log.source.size - _READ))
    for batch in batches(state, BLOCK):
        # Behind the last entry there may be one that the next batch begins with.
        text = bytes(batch.buffer.data[: int(batch.stop[-1]) if len(batch) else 0])
        for pattern, known in ((_SENT, sent), (_RECEIVED, received)):
            for match in pattern.finditer(text):
                time = int(batch.time[batch.entry_at(match.start())])
                name = match[1].decode()
                if time != UNKNOWN and len(known) < _MOST:
                    # Several recipients of one mail are sent at once.
                    again = name in known and known[name] != time
                    known[name] = None if again else time


def _said(sent: Moments, received: Moments, giver: str) -> str | None:
    apart = {
        name: there - here
        for name, here in sent.items()
        if here is not None and (there := received.get(name)) is not None
    }
    if len(apart) < _LEAST:
        return None
    middle = int(median(apart.values()))
    agreed = {name: by for name, by in apart.items() if abs(by - middle) <= _AGREE}
    if len(agreed) < max(_LEAST, 0.8 * len(apart)) or not _SHORTEST <= abs(middle) <= _LONGEST:
        return None
    low, high = sorted((min(map(abs, agreed.values())) // SECOND, max(map(abs, agreed.values())) // SECOND))
    way = "behind" if middle < 0 else "ahead of"
    zone = abs(middle - round(middle / _QUARTER) * _QUARTER) <= 2 * _AGREE
    return (
        f"its clock runs about {abs(middle) // SECOND} s ({low}..{high}) {way} that of {giver}"
        f"{', or its zone is another' if zone and abs(middle) > _QUARTER // 2 else ''}, "
        f"by {len(agreed)} mails that {giver} handed to it, such as {min(agreed)}; its stamps are kept as they are"
    )
