"""The ledger of boots: every life of a host, from its first line to how it ended, and how one knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Literal

from logsleuth.clock.offsets import SECOND
from logsleuth.records import dataclass
from logsleuth.report import Bounds, Evidence
from logsleuth.signs.beats import Beats
from logsleuth.signs.captures import wide
from logsleuth.signs.collect import Signs
from logsleuth.signs.model import EventType, Fact, Role
from logsleuth.signs.pulse import Place
from logsleuth.signs.separators import SEPARATOR, boots_between

MINUTE = 60 * SECOND
_ONE_BOOT = 180 * SECOND
"""Boot lines in several files closer than this tell of one boot: syslogd may start minutes after the kernel."""
_SLOW_BOOT = 60 * MINUTE
"""So long, while file systems are checked, syslogd's first lines can come after the login record of the same boot."""
_RECORDED = frozenset({"wtmp.boot", "wtmp.shutdown"})
"""Events of login records. A forced reboot records its `shutdown` as well."""
_STOP_NEAR = 15 * MINUTE
"""An order to shut down counts if the host fell silent within this."""
_LIVES_ON = 2 * MINUTE
"""Ordinary lines so long after syslogd's exit show that only syslogd was restarted."""
_AFTER_BOOT = 15 * MINUTE
"""Recovery of file systems is logged within this of the boot's first line."""
_IN_NO_ORDER = 3 * SECOND
"""Lines of a boot that syslogd kept differ by no more than this; no machine stops and boots in less."""

Clean = Literal["yes", "no", "unknown"]


@dataclass(slots=True)
class Life:
    """One boot of one host."""

    host: str
    number: int
    """Counted from 0, the first one seen."""
    start: Bounds
    first: Evidence
    seen: bool
    """Its boot was seen; False for what was up when the log begins."""
    last: Evidence | None = None
    last_time: int = 0
    """The last sign of life."""
    end: Bounds = field(default_factory=lambda: Bounds(None, None))
    clean: Clean = "unknown"
    reason: str = ""
    """One of the keys of REASONS."""
    proof: tuple[Evidence, ...] = ()
    up: bool = False
    """It is the host's last, and nothing says that it ended."""


REASONS = {
    "stop": "the log's last lines before the boot are an orderly shutdown",
    "order": "a shutdown or reboot had been ordered just before",
    "crash": "the system itself reported that it had crashed",
    "dirty": "what was found at the next boot shows that it was not shut down in order",
    "silence": "no line of a shutdown stands before the next boot",
    "separator": "what was printed of the journal shows that a boot lies between, not how the one before it ended",
    "unknown": "the log does not reach back to before this boot",
    "up": "the log ends while the host is up",
    "off": "the log ends with an orderly shutdown",
}
"""Why a life's end is called what it is called; sentences, for output."""


@dataclass(slots=True)
class Ledger:
    """The lives of all hosts."""

    lives: dict[str, list[Life]] = field(default_factory=dict)
    boot_seconds: dict[str, tuple[int, Evidence]] = field(default_factory=dict)
    """Shortest time a host took from the end of an orderly shutdown to its next boot's first line, nanoseconds."""

    def life_at(self, host: str, time: int) -> int:
        """Which life of a host an instant lies in, -1 where none is known."""
        lives = self.lives.get(host, [])
        number = -1
        for life in lives:
            # What is up when a log begins has no beginning of its own.
            if life.start.earliest is not None and time < life.start.earliest:
                break
            number = life.number
        return number


def ledger(signs: Signs, types: Iterable[EventType]) -> Ledger:
    """Put the lives of every host together from the lines that bear a role."""
    roles: dict[str, Role] = {t.name: t.role for t in types if t.role is not None}
    by_host: dict[str, dict[Role, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    separators: dict[str, list[Fact]] = defaultdict(list)
    for fact in signs.facts:
        role = roles.get(fact.type)
        if role is not None and fact.timed:
            by_host[fact.host][role].append(fact)
        elif fact.type == SEPARATOR:
            separators[fact.host].append(fact)
    for host, some in separators.items():
        by_host[host]["boot"] += boots_between(some, by_host[host]["boot"])
    out = Ledger()
    logs_of: dict[str, list[int]] = defaultdict(list)
    for log, pulse in signs.pulses.items():
        if pulse.first is not None and signs.logs[log].booted is None:
            logs_of[signs.host_of(log)].append(log)
    for host in sorted(logs_of):
        lives = _lives(signs, host, logs_of[host], by_host[host])
        if lives:
            out.lives[host] = lives
            _note_boot_time(out, host, lives)
    return out


def _lives(signs: Signs, host: str, logs: Sequence[int], roles: dict[Role, list[Fact]]) -> list[Life]:
    boots = _boots(signs, logs, roles)
    first = min((p for log in logs if (p := signs.pulses[log].first)), key=lambda p: (p.time, p.log))
    last = max((p for log in logs if (p := signs.pulses[log].last)), key=lambda p: (p.time, -p.log))
    lives: list[Life] = []
    if not boots or first.time < boots[0][0] - SECOND:
        evidence = signs.line(first)
        lives.append(Life(host, 0, Bounds(None, first.time), evidence, seen=False))
    marks: dict[int, list[Fact]] = {}
    for time, evidence, told in boots:
        marks[len(lives)] = told
        lives.append(Life(host, len(lives), Bounds(time, time + SECOND), evidence, seen=True))
    for life, following in pairwise(lives):
        assert following.start.earliest is not None  # noqa: S101 - every boot but the first of a log was seen
        _end(signs, life, following, logs, roles, marks[following.number])
    _still_up(signs, lives[-1], last, roles)
    return lives


def _boots(signs: Signs, logs: Sequence[int], roles: dict[Role, list[Fact]]) -> list[tuple[int, Evidence, list[Fact]]]:
    """(instant, first line, the lines that tell of it) of every boot, one for all files."""
    marks = sorted(roles.get("boot", ()), key=lambda f: (f.lo, f.log, f.line))
    groups: list[list[Fact]] = []
    for fact in marks:
        group = groups[-1] if groups else None
        if group is not None and (_near(group, fact) or _late(signs, logs, group, fact)):
            group.append(fact)
        else:
            groups.append([fact])
    starts = roles.get("start", ())
    out = []
    for group in groups:
        # A capture has its times from another log, which is cited.
        head = min(group, key=lambda f: (signs.logs[f.log].twins is not None, f.lo, f.line))
        # syslogd's own first line stands just before the kernel's in the same file.
        near = [f for f in starts if f.log == head.log and 0 <= head.lo - f.lo <= 5 * SECOND and f.line < head.line]
        head = min([head, *near], key=lambda f: (f.lo, f.line))
        out.append((head.lo, head.lines[0], group))
    return out


def _near(group: Sequence[Fact], fact: Fact) -> bool:
    return fact.lo - group[0].lo <= _ONE_BOOT and not _again(group, fact)


def _late(signs: Signs, logs: Sequence[int], group: Sequence[Fact], fact: Fact) -> bool:
    """The kernel's lines of a boot of which the login record stands alone: nothing was written in between."""
    if not all(f.type in _RECORDED for f in group) or fact.type in _RECORDED or fact.lo - group[0].lo > _SLOW_BOOT:
        return False
    told = {f.log for f in group}
    others = [log for log in logs if log not in told and "login" not in signs.logs[log].source.store]
    return not any(
        (p := signs.pulses[log].first_after(group[0].lo + SECOND)) is not None and p.time < fact.lo - 5 * SECOND
        for log in others
    )


def _again(group: Sequence[Fact], fact: Fact) -> bool:
    """The same kind of line again in the same file, later: a host that boots over and over."""
    return any(
        f.type == fact.type and f.log == fact.log and f.text == fact.text and fact.lo - f.lo > SECOND for f in group
    )


def _last_sign(signs: Signs, logs: Sequence[int], boot: int, born: int, marks: Sequence[Fact]) -> Place | None:
    """The last entry of a host before a boot's first second, in any of its logs.

    What stands in a file behind the line that tells of the boot is of the new life, even if its stamp is earlier; in
    files without that line, what is stamped just before it: syslogd writes what it kept during the boot in no order.
    """
    places = []
    for log in logs:
        head = min((f.line for f in marks if f.log == log), default=None)
        place = signs.pulses[log].last_before(boot - (SECOND if head is not None else _IN_NO_ORDER) + 1)
        if place is not None and head is not None and place.line >= head:
            place = signs.before.get((log, head))
        if place is not None and place.time >= born:
            places.append(place)
    near = [p for p in signs.before.values() if p.log in logs and born <= p.time < boot]
    return max((*places, *near), key=lambda p: (p.time, p.line), default=None)


def _end(
    signs: Signs, life: Life, following: Life, logs: Sequence[int], roles: dict[Role, list[Fact]], marks: Sequence[Fact]
) -> None:
    """Settle when and how a life ended, given the boot after it."""
    boot = following.start.earliest or 0
    born = life.start.earliest if life.start.earliest is not None else -(1 << 62)
    place = _last_sign(signs, logs, boot, born, marks)
    if place is None:
        life.reason = "unknown"
        return
    life.last_time, life.last = place.time, signs.line(place)
    life.end = Bounds(place.time, boot)
    crashes = _within(roles, "crash", max(born, place.time - _STOP_NEAR), boot + _AFTER_BOOT, born)
    dirty = _within(roles, "dirty", boot - SECOND, boot + _AFTER_BOOT, boot - SECOND)
    stops = _within(roles, "stop", max(born, place.time - _LIVES_ON), boot, born)
    orders = _within(roles, "order", max(born, place.time - _STOP_NEAR), boot, born)
    stops += _kept(roles.get("stop", ()), marks)
    firm = [f for f in stops if f.type not in _RECORDED]
    if crashes:
        life.clean, life.reason, life.proof = "no", "crash", _lines(crashes)
    elif firm or (stops and not dirty):
        life.clean, life.reason, life.proof = "yes", "stop", _lines([*orders[-2:], *stops[-3:]])
    elif orders and not dirty:
        life.clean, life.reason, life.proof = "yes", "order", _lines(orders[-2:])
    elif dirty:
        life.clean, life.reason, life.proof = "no", "dirty", _lines(dirty)
    elif all(f.type == SEPARATOR for f in marks):
        life.reason = "separator"
    else:
        life.clean, life.reason = "no", "silence"


def _kept(stops: Iterable[Fact], marks: Sequence[Fact]) -> list[Fact]:
    """A warm reset keeps the former kernel's last messages, which then stand after the boot's first line."""
    return [
        f
        for f in stops
        if any(m.log == f.log and abs(f.lo - m.lo) <= 5 * SECOND and f.line < m.line + 40 for m in marks)
    ]


def _within(roles: dict[Role, list[Fact]], role: Role, low: int, high: int, born: int) -> list[Fact]:
    """What was within two instants; what is known within bounds only, if it may have been and was so in this life."""
    return [
        f for f in roles.get(role, ()) if (born <= f.lo and low <= f.hi <= high if wide(f) else low <= f.lo <= high)
    ]


def _still_up(signs: Signs, life: Life, last: Place, roles: dict[Role, list[Fact]]) -> None:
    life.last_time, life.last = last.time, signs.line(last)
    life.end = Bounds(last.time, None)
    stops = [f for f in roles.get("stop", ()) if last.time - 10 * SECOND <= f.lo]
    life.up = not stops
    life.reason = "off" if stops else "up"
    life.clean = "yes" if stops else "unknown"
    life.proof = _lines(stops[-3:])


def _lines(facts: Iterable[Fact]) -> tuple[Evidence, ...]:
    out: dict[tuple[str, int], Evidence] = {}
    for fact in facts:
        for line in fact.lines:
            out.setdefault((line.file, line.line), line)
    return tuple(out.values())[:12]


def _note_boot_time(out: Ledger, host: str, lives: Sequence[Life]) -> None:
    """How long the host takes to boot: the shortest pause over an orderly reboot that brought it back at once."""
    for life, following in pairwise(lives):
        if life.clean != "yes" or following.start.earliest is None:
            continue
        pause = following.start.earliest - life.last_time
        if 0 < pause <= 10 * MINUTE and (host not in out.boot_seconds or pause < out.boot_seconds[host][0]):
            out.boot_seconds[host] = (pause, following.first)


def down_spans(book: Ledger, beats: Sequence[tuple[Beats, str, str]]) -> list[Fact]:
    """host.down for every pair of lives, its start tightened by heartbeats that others heard.

    `beats`: (heartbeat, host that sends it, why one thinks so).
    """
    out = []
    for host, lives in book.lives.items():
        for life, following in pairwise(lives):
            if life.last is None or following.start.earliest is None:
                continue
            low, high = life.last_time, following.start.earliest
            lines: list[Evidence] = [life.last]
            fields = {"clean": life.clean, "why": REASONS[life.reason], "proof": life.reason}
            heard = [b for b, of, _ in beats if of == host]
            low, high, fields = _tighten(heard, low, high, fields)
            lines.append(following.first)
            fact = Fact(
                "host.down",
                low,
                high,
                host,
                fields,
                tuple(lines),
                log=-1,
                end_lo=following.start.earliest,
                end_hi=following.start.latest,
                outcome="closed",
                boot=life.number,
            )
            fact.values["last_sign"] = Bounds(life.last_time, life.last_time)
            fact.values["boot"] = following.start
            least = max(0, (following.start.earliest - high) // SECOND)
            most = str((following.start.earliest - low) // SECOND)
            fields["seconds_max"] = most
            # "At least 0 s" says nothing: one of the two is there, for one of two sentences.
            fields["seconds_min" if least else "at_most"] = str(least) if least else most
            fact.lines += life.proof
            _boot_time(fact, book, host, high)
            out.append(fact)
    return out


def _tighten(heard: Sequence[Beats], low: int, high: int, fields: dict[str, str]) -> tuple[int, int, dict[str, str]]:
    """Bounds of the stop by heartbeats: one that was heard, one that was due and was not."""
    for beat in heard:
        times = beat.times
        last = max((t for t in times if t <= high), default=None)
        if last is None:
            continue
        if last > low:
            low = last
            fields["last_beat"] = "yes"
        due = last + beat.period + beat.period // 4
        missed = low <= due < high and not any(last < t <= due for t in times)
        # Only a host that was heard until then is known by its silence.
        if missed and last >= low - beat.period:
            high = due
            fields["missed_beat"] = "yes"
    return low, high, fields


def _boot_time(fact: Fact, book: Ledger, host: str, high: int) -> None:
    """The stop lies before the boot's first line by at least as long as a boot takes."""
    known = book.boot_seconds.get(host)
    if known is None:
        return
    pause, line = known
    likely = (fact.end_lo or 0) - pause
    if fact.lo < likely < high:
        fact.values["likely_before"] = Bounds(likely, likely)
        fact.fields["boot_seconds"] = str(pause // SECOND)
        fact.lines += (line,)
