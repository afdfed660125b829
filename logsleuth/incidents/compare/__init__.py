"""What changed: two windows of time compared, host by host, as `explain --compare` tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from logsleuth.clock.logs import Log, Opened
from logsleuth.entries import Tally, streams
from logsleuth.incidents.changes import CHANGE
from logsleuth.incidents.compare.counts import MOST_LINES, Key, Seen, Window, bins_of, count
from logsleuth.incidents.compare.differ import Differ, Found
from logsleuth.incidents.compare.reach import Stream, reaches_back, stream
from logsleuth.incidents.compare.spans import Ask, Pair, Span, known_of, narrowed, pair
from logsleuth.incidents.novel import Kind, look_back, runs_of
from logsleuth.records import dataclass
from logsleuth.report import SORTS, UNKNOWN, Bounds, Comparison, Difference, Evidence, Incident, Uncompared
from logsleuth.signs.boots import Ledger
from logsleuth.signs.message import short_host
from logsleuth.signs.model import Fact

__all__ = ["Ask", "compare"]

MOST_HOSTS = 12
SHOWN = 25
"""Differences of one sort of one host that a report holds."""
_LOOKED_FOR = 300
"""New kinds that are looked for in what is older than both windows."""
_FEWEST = 30
"""Lines of an earlier window with which one can compare."""
_PACKAGERS = {"apt", "dpkg", "yum", "dnf", "zypp", "zypper", "pacman", "emerge"}
"""Programs whose own logs name a package in each line."""
_NO_LOGS = {"access", "document", "history", "statistics"}
_PACKAGE = re.compile(
    r"^(?!status )(?:(?:install|upgrade|remove|purge) [\w.+:-]+ \S+ \S+$|\[ALPM\] "
    r"|(?:Installed|Updated|Upgraded?|Erased|Removed|Downgraded): \S+|[\w.+-]+ (?:upgraded|(?:de|re)?installed):? "
    r"|[\w.+-]*-\d[\w.,+]* (?:de)?installed$)"
)


def compare(
    opened: Opened,
    tallies: Mapping[int, Tally],
    ask: Ask,
    book: Ledger,
    facts: Sequence[Fact],
    told: Sequence[Incident],
    window: tuple[int | None, int | None],
) -> tuple[tuple[Comparison, ...], int]:
    """One for each host, those with incidents first; and how many hosts more there are.

    `window`: --since and --until, UTC nanoseconds.
    """
    hosts: dict[str, list[list[Log]]] = {}
    for files in streams(opened.logs):
        own = hosts.setdefault(short_host(files[-1].host), [])
        if not any(_no_log(log) for log in files):
            own.append(files)
    grave = {host: n for n, incident in reversed(list(enumerate(told))) for host in incident.hosts}
    out = []
    for host in sorted(hosts, key=lambda h: (grave.get(h, len(told)), h))[:MOST_HOSTS]:
        members = [_Member(files, *reach) for files in hosts[host] if (reach := _reach(files, tallies)) is not None]
        if not members:
            out.append(_nothing(host, ask, "undated" if hosts[host] else "requests"))
            continue
        whole = min(m.reach[0] for m in members), max(m.reach[1] for m in members)
        known = known_of(host, book, whole, told, window, opened.settings.zone)
        chosen = pair(ask, known)
        if isinstance(chosen, str):
            out.append(_nothing(host, ask, chosen))
            continue
        shares = _share(members, chosen.before), _share(members, chosen.after)
        narrow = chosen if min(shares) >= 1 else narrowed(chosen, shares, known)
        found = _of_host(host, members, narrow, whole[1])
        if not found.why_not:
            changed = (*found.differences, *_packages(host, facts, chosen))
            notes = found.notes if narrow is chosen else (*found.notes, "cut")
            found = _bounded(replace(found, differences=changed, notes=tuple(dict.fromkeys(notes))))
        out.append(found)
    return tuple(out), max(0, len(hosts) - MOST_HOSTS)


@dataclass(frozen=True, slots=True)
class _Member:
    """The files of one stream, from when to when they reach, and how many entries they hold."""

    files: list[Log]
    reach: Span
    entries: int


def _no_log(log: Log) -> bool:
    """Its lines are requests, log-ins, commands or packages: what differs in them is no other kind of line."""
    form = log.format
    return form.kind in _NO_LOGS or form.program in _PACKAGERS or "login" in log.source.store


def _reach(files: Sequence[Log], tallies: Mapping[int, Tally]) -> tuple[Span, int] | None:
    known = [t for log in files if (t := tallies.get(log.index)) is not None]
    times = [t for tally in known for t in (tally.first, tally.last) if t is not None]
    return ((min(times), max(times)), sum(t.entries for t in known)) if times else None


def _share(members: Sequence[_Member], window: Span) -> float:
    """Of a window as much as the busiest log is looked at for, were its lines spread evenly."""
    most = 0.0
    for member in members:
        low, high = member.reach
        overlap = min(high, window[1]) - max(low, window[0])
        if overlap > 0:
            most = max(most, member.entries * overlap / (high - low))
    return min(1.0, MOST_LINES / most) if most else 1.0


def _nothing(host: str, ask: Ask, why: str) -> Comparison:
    by = "day" if ask.by == "auto" else ask.by
    return Comparison(host, by, UNKNOWN, UNKNOWN, why, (), (0,) * len(SORTS), ())


def _of_host(host: str, members: Sequence[_Member], chosen: Pair, last: int) -> Comparison:
    bins = bins_of(chosen)
    compared: list[Stream] = []
    short: list[Uncompared] = []
    others: tuple[dict[Key, Seen], dict[Key, Seen]] = {}, {}
    for member in members:
        files, reach = member.files, member.reach
        if reach[1] < chosen.before[0] or reach[0] > chosen.after[1]:
            continue
        # What was silent at last was being written all the same, up to the end of the host's logs.
        written = reach[0], last
        reaches = reaches_back(written, chosen.before)
        windows = count(files, bins[0]) if reaches else Window(chosen.before), count(files, bins[1])
        # A log of several programs that ends is one that was written elsewhere from then on, or was copied earlier.
        ends = not windows[1].entries and len({key[0] for key in windows[0].kinds}) > 1
        if reaches and not ends:
            compared.append(stream(windows, bins, written, chosen.downs))
        else:
            short.append(Uncompared(files[-1].source.stream, *reach))
            for side, window in zip(others, windows, strict=True):
                side.update(window.kinds)
    before, after = Bounds(*chosen.before), Bounds(*chosen.after)
    if sum(s.windows[0].entries for s in compared) < _FEWEST:
        why = "few" if compared else "no_logs"
        return Comparison(host, chosen.by, before, after, why, (), (0,) * len(SORTS), tuple(short))
    found = [f for f in Differ(compared, others, chosen).all() if not _PACKAGE.match(f.difference.pattern)]
    crowded = any(s.windows[0].crowded for s in compared)
    found = _with_history(found, [m.files for m in members], chosen, crowded=crowded)
    notes = _notes(compared, chosen)
    ranked = tuple(_ranked(found))
    return Comparison(host, chosen.by, before, after, "", ranked, (0,) * len(SORTS), tuple(short), notes)


def _bounded(one: Comparison) -> Comparison:
    """The most telling of each sort; the others are counted."""
    shown, left = [], []
    for sort in SORTS:
        own = [d for d in one.differences if d.sort == sort]
        shown += own[:SHOWN]
        left.append(max(0, len(own) - SHOWN))
    return replace(one, differences=tuple(shown), left_out=tuple(left))


def _ranked(found: Sequence[Found]) -> list[Difference]:
    return [f.difference for f in sorted(found, key=lambda f: (f.difference.earlier, f.weight, f.key))]


def _with_history(found: Sequence[Found], members: Sequence[list[Log]], chosen: Pair, *, crowded: bool) -> list[Found]:
    """New kinds, those marked that stood in the logs before both windows.

    Where the window before held more kinds than are told apart, it is looked at again too, and what stood in it is
    not new.
    """
    new = sorted((f for f in found if f.difference.sort == "new"), key=lambda f: f.weight)[:_LOOKED_FOR]
    low = chosen.after[0] if crowded else chosen.before[0]
    kinds = [
        Kind(f.key[0], f.text, low, -1, tuple(run.encode() for run in runs_of(f.text)), "", *_ends(f.difference))
        for f in new
    ]
    for machine in {files[0].machine for files in members}:
        own = [kind for kind in kinds if kind.runs]
        for kind in own:
            kind.machine = machine
        look_back(members, own)
    looked_for = {id(f) for f in new}
    known = {id(f) for f, kind in zip(new, kinds, strict=True) if not kind.runs}
    out = []
    for one in found:
        if crowded and one.difference.sort == "new" and (id(one) in known or id(one) not in looked_for):
            continue
        if id(one) in known:
            one.difference = replace(one.difference, earlier=True)
        out.append(one)
    return out


def _ends(one: Difference) -> tuple[Evidence, Evidence]:
    return one.lines[0], one.lines[-1]


def _packages(host: str, facts: Sequence[Fact], chosen: Pair) -> list[Difference]:
    """Changes of packages from the begin of the earlier window on: one may take effect at the boot that follows."""
    out: dict[str, Difference] = {}
    for fact in facts:
        if fact.type != CHANGE.name or not fact.timed or not fact.lines or fact.host != host:
            continue
        if chosen.before[0] <= fact.lo <= chosen.after[1] and _PACKAGE.match(fact.text):
            line: Evidence = fact.lines[0]
            counts = (1, 0) if fact.lo < chosen.after[0] else (0, 1)
            out[fact.text] = Difference("package", fact.program, fact.text, "notice", counts, (0, 0), (line,))
    if any(one.program == "dpkg" for one in out.values()):
        # apt tells of the same packages once more.
        out = {text: one for text, one in out.items() if one.program != "apt"}
    return list(out.values())[::-1]


def _notes(compared: Sequence[Stream], chosen: Pair) -> tuple[str, ...]:
    out = []
    if bool(chosen.boots[0]) != bool(chosen.boots[1]):
        out.append("boots")
    if any(w.cut for s in compared for w in s.windows):
        out.append("cut")
    if any(w.crowded for s in compared for w in s.windows):
        out.append("crowded")
    return tuple(out)
