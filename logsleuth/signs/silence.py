"""What heartbeats that another machine heard say of the host that sent them: silences, and changes of address."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from itertools import pairwise

from logsleuth.clock.offsets import SECOND
from logsleuth.report import Bounds, Evidence
from logsleuth.signs.beats import Beats
from logsleuth.signs.boots import Ledger
from logsleuth.signs.collect import Signs
from logsleuth.signs.message import short_host
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place

_BOOTING = 15 * 60 * SECOND
_MISSED = 2
"""Beats that must be missing in a row: one may be lost on the way."""
_LOOKS = 8
_EXAMPLES = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
"""Addresses of documentation (RFC 5737): they stand for those of the world, not for neighbours'."""


def sender(signs: Signs, beat: Beats, book: Ledger) -> tuple[str, str]:
    """The host that sends a heartbeat, and why one thinks so; ('', '') where nothing tells.

    Best witness first: the request names the host; the host's cron runs something at that period and the request's
    name is in it; it is the only other host whose logs were given.
    """
    hearing = signs.host_of(beat.log)
    others = sorted({signs.host_of(log.index) for log in signs.logs} - {hearing, ""})
    request = beat.request.decode("utf-8", "replace").lower()
    for host in others:
        if re.search(rf"(?<![a-z0-9]){re.escape(host)}(?![a-z0-9])", request):
            return host, "the request names it"
    known = [h for h in others if h in book.lives]
    if len(known) == 1:
        return known[0], "it is the only other host whose logs were given"
    return "", ""


def silences(signs: Signs, beat: Beats, of: str) -> list[Fact]:
    """heartbeat.silent: every stretch in which at least two beats in a row were missing."""
    out = []
    times = beat.times
    for i, (a, b) in enumerate(pairwise(times)):
        missed = round((b - a) / beat.period) - 1
        if missed >= _MISSED:
            lines = (_beat_line(signs, beat, i), _beat_line(signs, beat, i + 1))
            out.append(_silence(signs, beat, of, a, b, missed, lines))
    pulse = signs.pulses.get(beat.lines[-1][0]) if times else None
    if times and pulse is not None and pulse.last is not None:
        missed = (pulse.last.time - times[-1]) // beat.period
        if missed > _MISSED:
            lines = (_beat_line(signs, beat, len(times) - 1), signs.line(pulse.last))
            out.append(_silence(signs, beat, of, times[-1], None, int(missed), lines))
    return out


def _silence(
    signs: Signs, beat: Beats, of: str, start: int, end: int | None, missed: int, lines: tuple[Evidence, ...]
) -> Fact:
    fields = {
        "source": signs.logs[beat.log].name,
        "period": str(beat.period // SECOND),
        "missed": str(missed),
        "of": of,
        "request": beat.request.decode("utf-8", "replace").strip('"'),
    }
    fact = Fact("heartbeat.silent", start, start, of, fields, lines, log=beat.log)
    fact.end_lo = fact.end_hi = end if end is not None else -(1 << 63)
    fact.outcome = "closed" if end is not None else "open"
    return fact


def away(signs: Signs, silent: Fact, downs: Sequence[Fact], logs: Sequence[int]) -> Fact | None:
    """host.away: the part of a silence in which the host itself was up, as its own lines show.

    A silence that begins with the host going down is one of the host until it is back; the rest is the network's.
    """
    start, end = silent.lo, silent.end.latest
    limit = end if end is not None else max((p.time for log in logs if (p := signs.pulses[log].last)), default=start)
    inside = [d for d in downs if d.host == silent.host and d.lo < limit and (d.end.earliest or 0) > start]
    period = int(silent.fields["period"]) * SECOND
    begin = start
    cause = None
    for down in inside:
        if down.lo < begin + _MISSED * period:
            begin, cause = max(begin, down.end.earliest or begin), down
    # After a boot, services and what sends the heartbeat take their time before any of it is the network's fault.
    if limit - begin < max(_MISSED * period, _BOOTING if cause is not None else 0):
        return None
    first = _edge([p for log in logs if (p := signs.pulses[log].first_after(begin + 1))], begin, limit, earliest=True)
    last = _edge([p for log in logs if (p := signs.pulses[log].last_before(limit))], begin, limit, earliest=False)
    if first is None or last is None or last.time - first.time < period:
        return None
    lines = (silent.lines[0], *((signs.line(first), signs.line(last))), *silent.lines[1:])
    fact = Fact("host.away", begin, begin, silent.host, dict(silent.fields), lines, log=silent.log)
    fact.end_lo, fact.end_hi, fact.outcome = silent.end_lo, silent.end_hi, silent.outcome
    fact.fields["since_boot"] = "yes" if cause is not None else "no"
    fact.fields["visitor"] = _visitor(signs, logs, begin + period, limit - period, period)
    fact.values["last_beat"] = Bounds(start, start)
    fact.values["next_beat"] = silent.end
    fact.values["local_first"] = Bounds(first.time, first.time)
    fact.values["local_last"] = Bounds(last.time, last.time)
    return fact


def _visitor(signs: Signs, logs: Sequence[int], low: int, high: int, period: int) -> str:
    """Who reached the host's web server from outside, all through a silence; '' where nobody is known to have.

    Between the first beat that was missed and the last one whatever kept them away was at work; a web server that was
    asked all that time was not cut off. A few requests are looked at for an address that is no neighbour's.
    """
    for index in logs:
        if signs.logs[index].format.kind != "access" or high - low < period:
            continue
        pulse = signs.pulses[index]
        if pulse.longest_pause(low, high) > max(period, (high - low) // 4):
            continue
        seen = set()
        for step in range(1, _LOOKS):
            place = pulse.first_after(low + (high - low) * step // _LOOKS)
            if place is not None and low < place.time < high:
                seen.add(signs.line(place).text.split(" ", 1)[0])
        if outside := sorted(a for a in seen if _is_outside(a)):
            return outside[0]
    return ""


def _is_outside(address: str) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return known.is_global or any(known in net for net in _EXAMPLES if net.version == known.version)


def alone(aways: Sequence[Fact], senders: Sequence[tuple[Beats, str, str]]) -> list[Fact]:
    """host.away, each stretch once, and none in which another heartbeat of the host was heard: one job may fail."""
    out: list[Fact] = []
    for fact in sorted(aways, key=lambda f: f.lo):
        slack = int(fact.fields["period"]) * SECOND // 2
        low, high = fact.lo + slack, (fact.end.latest or 1 << 62) - slack
        heard = any(of == fact.host and _within(beat.times, low, high) for beat, of, _ in senders)
        told = any(f.host == fact.host and f.lo < low and (f.end.latest or 1 << 62) > high for f in out)
        if not heard and not told:
            out.append(fact)
    return out


def _within(times: Sequence[int], low: int, high: int) -> bool:
    """Whether one of the times, in order, lies between."""
    at = bisect_right(times, low)
    return at < len(times) and times[at] < high


def _edge(places: Sequence[Place], low: int, high: int, *, earliest: bool) -> Place | None:
    inside = [p for p in places if low < p.time < high]
    if not inside:
        return None
    return min(inside, key=lambda p: p.time) if earliest else max(inside, key=lambda p: p.time)


def address_changes(signs: Signs, beat: Beats, of: str) -> list[Fact]:
    """address.changed: a heartbeat that came from another address than the one before."""
    out = []
    for i in range(1, len(beat.times)):
        old, new = beat.addresses[i - 1], beat.addresses[i]
        if old != new:
            lines = (_beat_line(signs, beat, i - 1), _beat_line(signs, beat, i))
            fields = {"old": old, "new": new, "ip": new, "source": signs.logs[beat.log].name}
            out.append(Fact("address.changed", beat.times[i - 1], beat.times[i], of, fields, lines, log=beat.log))
    return out


def _beat_line(signs: Signs, beat: Beats, index: int) -> Evidence:
    log, line, offset = beat.lines[index]
    return signs.line(Place(log, beat.times[index], line, offset))


def logs_of(signs: Signs, host: str) -> list[int]:
    """Logs that tell of a host's life."""
    return [log for log, pulse in signs.pulses.items() if pulse.first and signs.host_of(log) == short_host(host)]
