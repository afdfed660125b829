"""Every source as a `Log`: which format, host, zone and year its lines have, and what was assumed to say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from logsleuth.cache import Shelf
from logsleuth.clock.captures import date_captures, is_kernels
from logsleuth.clock.dating import chosen_until, years_of
from logsleuth.clock.days import tie_days
from logsleuth.clock.kept import surveyed
from logsleuth.clock.machines import host_names, machines_of, unmet
from logsleuth.clock.model import Log, Opened, Settings
from logsleuth.clock.offsets import Offsets
from logsleuth.clock.ring import tie
from logsleuth.clock.survey import Survey, ordered
from logsleuth.clock.zoning import zones_of
from logsleuth.formats import PLAIN
from logsleuth.formats.daily import Daily
from logsleuth.formats.day_first import doubt
from logsleuth.report import Assumption, Skipped
from logsleuth.sources import Source, unpacked_anew

__all__ = ["Log", "Opened", "Settings", "open_logs"]

_FEW_STAMPS, _MANY_STAMPS = 0.01, 0.3
"""Shares of stamped lines from which a file with a log's name, or with another, is taken for a log."""
_LIKELY = ("log", "messages", "dmesg", "boot", "console", "serial", "journal", ".out", ".err")
_OUTPUTS = "sos_commands"
_MOST_ALONE = 8
"""So many texts without stamps are read if nothing else was given; a folder of more is no log's."""
_KERNEL_BANNERS = (
    *(b"Linux version ", b"The FreeBSD Project", b"OpenBSD ", b"NetBSD ", b"SunOS Release ", b"Darwin Kernel Version"),
    *(b"  OK  \x1b[0m] ", b"[  OK  ] ", b"[FAILED] ", b"Kernel panic - not syncing"),
)
"""What a capture of a console holds, whatever its name is: a kernel's first words, systemd's marks, a kernel's last."""


def open_logs(found: Sequence[Source], settings: Settings, shelf: Shelf | None = None) -> Opened:
    """Look at every source once and settle what its lines leave open; on the shelf lies what earlier looks found."""
    skipped: list[Skipped] = []
    surveys: list[Survey] = []
    doubtful: list[Survey] = []
    for source in found:
        seen = surveyed(source, shelf)
        (surveys if _is_log(seen) else doubtful).append(seen)
    if not surveys and len(doubtful) <= _MOST_ALONE:
        # Somebody gave a folder of nothing but snippets: they are what he wants to have read.
        surveys = [seen for seen in doubtful if seen.format.kind != "document"]
        doubtful = [seen for seen in doubtful if seen.format.kind == "document"]
    skipped += _outputs_counted([_not_a_log(seen) for seen in doubtful])
    skipped += [
        Skipped(path, "named with --host, but no log was read there") for path in unmet(surveys, settings.hosts)
    ]
    assumptions = _unpacked_anew(surveys)
    machines = machines_of(surveys, settings.hosts)
    hosts = host_names(surveys, machines, settings.hosts)
    years = years_of(surveys, machines, settings, assumptions)
    zones = zones_of(surveys, machines, hosts, settings, assumptions)
    offsets = {id(zone): Offsets(zone) for zone in zones}
    logs = [
        Log(
            index,
            seen.source,
            seen.format,
            machines[index],
            hosts[machines[index]],
            offsets[id(zones[index])],
            years.get(index),
            written=settings.now if seen.source.mtime is None else seen.source.mtime,
            marks=tuple(seen.marks),
        )
        for index, seen in enumerate(surveys)
    ]
    assumptions += [Assumption(seen.source.name, doubt(seen.format)) for seen in surveys if not _told_apart(seen)]
    for log in logs:
        if log.format.stamp.relative:
            daily = isinstance(log.format.stamp, Daily)
            log.boots = tie_days(log, assumptions) if daily else tie(log, logs, surveys[log.index], assumptions)
    date_captures(logs, surveys, assumptions)
    until = chosen_until(surveys, settings.now)
    return Opened(tuple(logs), tuple(skipped), tuple(assumptions), settings, until)


def _told_apart(seen: Survey) -> bool:
    """Nothing is left open of which of a stamp's numbers is the day."""
    return ordered(seen.source, seen.format, seen.head).sure


def _outputs_counted(skipped: Sequence[Skipped]) -> list[Skipped]:
    """A sosreport holds what a thousand commands printed: one word for those that are no logs."""
    outputs: Counter[str] = Counter()
    rest = []
    for one in skipped:
        parts = PurePath(one.name).parts
        if _OUTPUTS in parts:
            outputs[str(PurePath(*parts[: parts.index(_OUTPUTS) + 1]))] += 1
        else:
            rest.append(one)
    return [*rest, *(Skipped(name, f"{n:,} outputs of commands in it are no logs") for name, n in outputs.items())]


def _not_a_log(seen: Survey) -> Skipped:
    how = "name the file itself" if seen.source.tree is None else "unpack it and name it"
    what = "a document, not a log" if seen.format.kind == "document" else "text without time stamps"
    return Skipped(seen.source.name, f"{what} ({how} to read it)")


def _unpacked_anew(surveys: Sequence[Survey]) -> list[Assumption]:
    counts = Counter(str(s.source.path or s.source.root) for s in surveys if unpacked_anew(s.source))
    text = "holds more text than is kept in memory: the largest of its members ({}) are unpacked anew for each reading"
    return [Assumption(name, text.format(count)) for name, count in counts.items()]


def _is_log(seen: Survey) -> bool:
    if seen.source.given:
        return True
    if seen.format.kind == "document":
        return False
    path = PurePath(seen.source.name)
    likely = any(word in path.name for word in _LIKELY)
    if _OUTPUTS in path.parts and not likely:
        return False  # what commands printed may begin with a stamp, as `date` and lists of timers do
    if seen.format is not PLAIN:
        # A text that is no log can hold a line or two that begin like one.
        return seen.share >= (_FEW_STAMPS if likely else _MANY_STAMPS) or is_kernels(seen.head)
    return likely or any(banner in seen.head for banner in _KERNEL_BANNERS)
