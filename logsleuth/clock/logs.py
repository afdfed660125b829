"""Every source as a `Log`: which format, host, zone and year its lines have, and what was assumed to say so."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from logsleuth.clock import years
from logsleuth.clock.machines import host_names, machines_of, unmet
from logsleuth.clock.offsets import Offsets
from logsleuth.clock.survey import Survey, survey
from logsleuth.formats import PLAIN, Format
from logsleuth.formats.stamp import DAY
from logsleuth.report import Assumption, Skipped
from logsleuth.sources import Source, unpacked_anew

_FEW_STAMPS, _MANY_STAMPS = 0.01, 0.3
"""Shares of stamped lines from which a file with a log's name, or with another, is taken for a log."""
_LIKELY = ("log", "messages", "dmesg", "boot", "console", "journal", ".out", ".err")
_KERNEL_BANNERS = (b"Linux version ", b"The FreeBSD Project", b"OpenBSD ", b"NetBSD ")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user said of time and hosts, and what this machine adds."""

    zone: dt.tzinfo
    """For stamps that name none."""
    zone_said: str
    """The zone's name and who named it: 'Asia/Tokyo (--tz)'."""
    now: int
    """UTC nanoseconds."""
    zone_given: bool = False
    """The user named the zone; otherwise what a machine's own stamps name goes before it."""
    zones: dict[str, dt.tzinfo] = field(default_factory=dict)
    """Zones of single hosts."""
    year: int | None = None
    """Year of the newest line of every file whose stamps name none."""
    hosts: dict[str, str] = field(default_factory=dict)
    """Folder or file to the name of the host it comes from."""


@dataclass(slots=True)
class Log:
    """A source, and how to read its lines."""

    index: int
    source: Source
    format: Format
    machine: str
    """The folder that holds the logs of one machine."""
    host: str
    """For lines that name none; empty if nothing tells."""
    offsets: Offsets
    year: int
    """Year of its first line without a year, if there is one."""
    booted: int | None
    """UTC nanoseconds of the boot from which its stamps count, if they do."""
    marks: tuple[tuple[int, int, int], ...] = ()
    """As `Survey.marks`: where a reader may begin in the middle."""

    @property
    def name(self) -> str:
        """As every output shows it."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Opened:
    """All logs, in the order of their streams and oldest first in each."""

    logs: tuple[Log, ...]
    skipped: tuple[Skipped, ...]
    assumptions: tuple[Assumption, ...]
    settings: Settings


def open_logs(found: Sequence[Source], settings: Settings) -> Opened:
    """Look at every source once and settle what its lines leave open."""
    skipped: list[Skipped] = []
    surveys: list[Survey] = []
    for source in found:
        seen = survey(source)
        if _is_log(seen):
            surveys.append(seen)
        else:
            how = "name the file itself" if source.tree is None else "unpack it and name it"
            what = "a document, not a log" if seen.format.kind == "document" else "text without time stamps"
            skipped.append(Skipped(source.name, f"{what} ({how} to read it)"))
    assumptions: list[Assumption] = []
    skipped += [
        Skipped(path, "named with --host, but no log was read there") for path in unmet(surveys, settings.hosts)
    ]
    assumptions += _unpacked_anew(surveys)
    machines = machines_of(surveys, settings.hosts)
    hosts = host_names(surveys, machines, settings.hosts)
    first_years = _years(surveys, machines, settings, assumptions)
    own_zones = {} if settings.zone_given else _own_zones(surveys, machines, settings, assumptions)
    zones: dict[int, Offsets] = {}
    logs = []
    for index, seen in enumerate(surveys):
        host = hosts[machines[index]]
        zone = settings.zones.get(host) or own_zones.get(machines[index]) or settings.zone
        offsets = zones.setdefault(id(zone), Offsets(zone))
        booted = _booted(seen, settings, assumptions) if seen.last_uptime is not None else None
        logs.append(
            Log(
                index,
                seen.source,
                seen.format,
                machines[index],
                host,
                offsets,
                first_years.get(index, _last_resort(seen, settings)),
                booted,
                tuple(seen.marks),
            )
        )
    if any(_needs_zone(s) and m not in own_zones for s, m in zip(surveys, machines, strict=True)):
        assumptions.insert(0, Assumption("zone", f"stamps without a zone are read as {settings.zone_said}"))
    return Opened(tuple(logs), tuple(skipped), tuple(assumptions), settings)


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
    if "sos_commands" in path.parts and not likely:
        return False  # what commands printed may begin with a stamp, as `date` and lists of timers do
    if seen.format is not PLAIN:
        # A text that is no log can hold a line or two that begin like one.
        return seen.share >= (_FEW_STAMPS if likely else _MANY_STAMPS)
    return likely or any(banner in seen.head for banner in _KERNEL_BANNERS)


def _own_zones(
    surveys: Sequence[Survey], machines: Sequence[str], settings: Settings, assumptions: list[Assumption]
) -> dict[str, dt.tzinfo]:
    """The zone of each machine some of whose logs name theirs: an access log's `+0100` is the machine's local time.

    UTC alone says nothing: many programs write it whatever the machine's zone is.
    """
    out: dict[str, dt.tzinfo] = {}
    for seen, machine in zip(surveys, machines, strict=True):
        if machine in out or len(seen.offsets) != 1 or seen.format.kind not in {"access", "syslog"}:
            continue
        seconds = next(iter(seen.offsets))
        needed = any(_needs_zone(s) for s, m in zip(surveys, machines, strict=True) if m == machine)
        if not needed or (seconds == 0 and seen.format.kind != "access"):
            continue
        at = seen.last_dated if seen.last_dated is not None else settings.now
        if Offsets(settings.zone).at(at) == seconds:
            continue
        zone = dt.timezone(dt.timedelta(seconds=seconds))
        out[machine] = zone
        assumptions.append(
            Assumption(
                machine,
                f"stamps without a zone are read as {zone}, the zone that the stamps in {seen.source.name} name",
            )
        )
    return out


def _needs_zone(seen: Survey) -> bool:
    stamp = seen.format.stamp
    zoned = getattr(stamp, "zoned", False) or getattr(stamp, "template", "").rstrip("]").endswith(("z", "Z"))
    return seen.format is not PLAIN and not seen.format.stamp.relative and not zoned


def _years(
    surveys: Sequence[Survey], machines: Sequence[str], settings: Settings, assumptions: list[Assumption]
) -> dict[int, int]:
    """Year of the first line of every source that has lines without one."""
    out: dict[int, int] = {}
    streams: dict[str, list[int]] = {}
    for index, seen in enumerate(surveys):
        if seen.last_wall is not None:
            streams.setdefault(seen.source.stream, []).append(index)
    for stream, members in streams.items():
        newer: tuple[int, int] | None = None
        for index in sorted(members, key=lambda i: surveys[i].source.rank, reverse=True):
            seen = surveys[index]
            assert seen.last_wall is not None and seen.first_wall is not None  # noqa: S101, PT018 - selected above
            own = [w for w in _witnesses(surveys, machines, index, settings) if newer is None or w.kind == "rotation"]
            if newer is not None and not own:
                # The newer file goes on where this one ends.
                last = newer[0] - (1 if seen.last_wall > newer[1] + 2 * DAY else 0)
            else:
                last, witness = years.choose(seen.last_wall, own)
                assumptions.append(Assumption(stream, f"year {last} for its last line, {witness.say}"))
            out[index] = last - seen.turns
            newer = (out[index], seen.first_wall)
    return out


def _last_resort(seen: Survey, settings: Settings) -> int:
    """The year of lines without one that the first look did not meet: that of the file's last change."""
    if settings.year is not None:
        return settings.year
    at = seen.source.mtime if seen.source.mtime is not None else settings.now
    return dt.datetime.fromtimestamp(at // 10**9, dt.UTC).year


def _witnesses(
    surveys: Sequence[Survey], machines: Sequence[str], index: int, settings: Settings
) -> Iterable[years.Witness]:
    seen = surveys[index]
    if settings.year is not None:
        at = int(dt.datetime(settings.year, 7, 1, tzinfo=dt.UTC).timestamp()) * 10**9
        yield years.Witness("given", at, "as given with --year")
        return
    date = _name_date(seen.source)
    if date is not None:
        yield years.Witness("rotation", date, "from the date in its name")
    for other, machine in zip(surveys, machines, strict=True):
        if other.last_dated is not None:
            kind = "neighbour" if machine == machines[index] else "run"
            at = other.last_dated
            yield years.Witness(kind, at, f"as in {other.source.name}, whose stamps name it")
    if seen.source.mtime is not None:
        yield years.Witness("mtime-close", seen.source.mtime, "which puts it within a day of the file's last change")
        yield years.Witness("mtime", seen.source.mtime, "the last that is not after the file's last change")
    builds = [s.build for s, m in zip(surveys, machines, strict=True) if m == machines[index] and s.build]
    if builds:
        yield years.Witness("build", max(builds), "the first after the build of the kernel that it names")
    yield years.Witness("now", settings.now, "the last that is not in the future")


def _name_date(source: Source) -> int | None:
    """UTC nanoseconds of the date in a rotated file's name, as `sources.rotation` ranks it: (0, YYYYMMDD, ...)."""
    if len(source.rank) < 2 or source.rank[0] != 0:
        return None
    day = source.rank[1]
    try:
        when = dt.datetime(day // 10_000, day // 100 % 100, max(1, day % 100), tzinfo=dt.UTC)
    except ValueError:
        return None
    return int(when.timestamp()) * 10**9


def _booted(seen: Survey, settings: Settings, assumptions: list[Assumption]) -> int | None:
    """The boot from which a ring buffer's stamps count: its last line is taken to be as old as the file."""
    if seen.format.stamp.relative and seen.last_uptime is not None:
        at = seen.source.mtime if seen.source.mtime is not None else settings.now
        assumptions.append(
            Assumption(
                seen.source.name,
                "its stamps count from the boot: its last line is put at the file's last change",
            )
        )
        return at - seen.last_uptime
    return None
