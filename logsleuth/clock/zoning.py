"""The zone of stamps that name none: as the user said, as the machine's own files say, or as its stamps show."""

from __future__ import annotations

import datetime as dt
import fnmatch
import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from logsleuth.clock.align import aligned
from logsleuth.clock.model import Settings
from logsleuth.clock.observed import Seen, zone_of
from logsleuth.clock.survey import Survey
from logsleuth.clock.tree import zone_in
from logsleuth.formats import PLAIN
from logsleuth.report import Assumption
from logsleuth.sources import Source

_NAMED_BY = frozenset({"access", "syslog"})
"""Kinds of logs whose stamps name the machine's own zone."""


def zones_of(
    surveys: Sequence[Survey],
    machines: Sequence[str],
    hosts: Mapping[str, str],
    settings: Settings,
    assumptions: list[Assumption],
) -> list[dt.tzinfo]:
    """The zone of every source."""
    own = {} if settings.zone_given else _own_zones(surveys, machines, settings, assumptions)
    out: list[dt.tzinfo] = []
    used: set[str] = set()
    general = False
    for seen, machine in zip(surveys, machines, strict=True):
        key = _told(seen.source, machine, hosts[machine], settings.zones)
        if key is not None:
            used.add(key)
            out.append(settings.zones[key])
            continue
        out.append(own.get(machine, settings.zone))
        general = general or (needs_zone(seen) and machine not in own)
    if general:
        assumptions.insert(0, Assumption("zone", f"stamps without a zone are read as {settings.zone_said}"))
    unused = [key for key in settings.zones if key not in used]
    assumptions.extend(
        Assumption("zone", f"--tz {key}=...: no host, file or folder of that name was read") for key in unused
    )
    return out


def _told(source: Source, machine: str, host: str, zones: Mapping[str, dt.tzinfo]) -> str | None:
    """The key under which the user named a zone for a source, the most particular first: file, folder, host."""
    name = PurePath(source.name)
    for key in zones:
        path = PurePath(os.path.normpath(key))
        if path in {name, PurePath(source.stream)} or fnmatch.fnmatchcase(str(name), str(path)):
            return key
    for key in zones:
        path = PurePath(os.path.normpath(key))
        if path in name.parents or ("/" not in key and key != host and name.match(key)):
            return key
    return next((key for key in (host, machine) if key in zones), None)


def _own_zones(
    surveys: Sequence[Survey], machines: Sequence[str], settings: Settings, assumptions: list[Assumption]
) -> dict[str, dt.tzinfo]:
    """The zone of each machine that has stamps without one and tells it otherwise."""
    out: dict[str, dt.tzinfo] = {}
    for machine in dict.fromkeys(machines):
        mine = [s for s, m in zip(surveys, machines, strict=True) if m == machine]
        if not any(needs_zone(s) for s in mine):
            continue
        zone, said = _from_tree(mine, machine) or _from_stamps(mine, settings) or aligned(mine) or (None, "")
        if zone is None or _same(zone, settings.zone):
            continue
        out[machine] = zone
        assumptions.append(Assumption(machine, f"stamps without a zone are read as {zone}, {said}"))
    return out


def _same(one: dt.tzinfo, other: dt.tzinfo) -> bool:
    return one is other or (getattr(one, "key", None) or str(one)) == (getattr(other, "key", None) or str(other))


def _from_tree(mine: Sequence[Survey], machine: str) -> tuple[dt.tzinfo, str] | None:
    for source in {s.source.root: s.source for s in mine}.values():
        found = zone_in(source, machine)
        if found is not None:
            return found
    return None


def _from_stamps(mine: Sequence[Survey], settings: Settings) -> tuple[dt.tzinfo, str] | None:
    """An access log's `+0100` is the machine's local time.

    UTC in another log says nothing: many programs write it whatever the machine's zone is.
    """
    for seen in mine:
        if seen.format.kind not in _NAMED_BY or not seen.zones:
            continue
        if seen.offsets == {0} and seen.format.kind != "access":
            continue
        told = Seen(seen.zones)
        if told.agree_with(settings.zone):
            return settings.zone, ""
        zone = zone_of(told)
        if zone is not None:
            several = len(seen.offsets) > 1
            how = f"which has the offsets that the stamps in {seen.source.name} name"
            return zone, how if several else f"the zone that the stamps in {seen.source.name} name"
    return None


def needs_zone(seen: Survey) -> bool:
    """Its stamps name no zone."""
    stamp = seen.format.stamp
    if seen.format is PLAIN or stamp.relative:
        return False
    if seen.zones and seen.turns is None:
        return False
    zoned = getattr(stamp, "zoned", False) or getattr(stamp, "template", "").rstrip("]").endswith(("z", "Z"))
    return seen.zoneless or not zoned
