"""Time zones by the names that people write, and the zone of this machine."""

import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from logsleuth.errors import UsageError, quoted
from logsleuth.lazy import lazy_pattern

_OFFSET = lazy_pattern(
    r"""
    (?:UTC)?            # UTC+9: east of Greenwich, as people mean it (the Etc/GMT names mean the reverse)
    (?P<sign>[+-])
    (?P<hours>\d{1,2})  # +9, +09
    (?::?(?P<minutes>[0-5]\d))?  # +09:00, +0900
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
# JST-9, CET-1CEST,M3.5.0,M10.5.0/3: letters and an offset, which dateutil does not insist on
_RULE = lazy_pattern(r"[A-Za-z]{3,}[+-]?\d[A-Za-z0-9:,./+-]*", re.ASCII)
# Files that lie beside the zones: they differ by machine, or say nothing.
_NOT_ZONES = {"localtime", "posixrules", "Factory"}
_UTC_NAMES = {"utc", "z"}
# No zone has ever been further from Greenwich: Manila kept -15:56 until 1844.
_FURTHEST = timedelta(hours=16)


def zone_named(text: str) -> tzinfo:
    name = text.strip()
    if name.lower() in _UTC_NAMES:
        return UTC
    if name.lower() == "local":
        return local_zone()[0]
    found = _offset(name) or iana(name)
    if found is None:
        raise UsageError(f"unknown time zone {quoted(text)}: {_advice(name)}")
    return found


def local_zone(*, environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")) -> tuple[tzinfo, str]:
    """The zone of this machine, and a name for it that can be said to a reader."""
    if "TZ" in environ:
        return _from_variable(environ["TZ"])
    for name in _names_in(etc):
        if zone := iana(name):
            return zone, f"{name} (this machine)"
    if zone := _from_file(etc / "localtime"):
        return zone, "the zone in /etc/localtime (this machine)"
    return UTC, "UTC (this machine names no zone)"


def _offset(name: str) -> tzinfo | None:
    match = _OFFSET.fullmatch(name)
    if match is None:
        return None
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if distance > _FURTHEST:
        return None
    return timezone(-distance if match["sign"] == "-" else distance) if distance else UTC


def iana(name: str) -> tzinfo | None:
    """A zone by its name in the IANA database, in any case; None where it has none such."""
    if name in _NOT_ZONES:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no zone file or not a relative path; a folder
        pass
    same = [known for known in _zones() if known.lower() == name.lower()]
    return ZoneInfo(same[0]) if same else None


def _advice(name: str) -> str:
    near = _near(name)
    if re.fullmatch(r"[A-Za-z]{2,4}|[A-Z]{5}", name) and not near:
        return "such short names stand for several zones; write Asia/Tokyo or +09:00"
    if near:
        return f"did you mean {' or '.join(near)}?"
    return "write a name such as Asia/Tokyo or Europe/Berlin, an offset such as +09:00, UTC or local"


def _near(name: str) -> list[str]:
    """Up to three zones with a city that is spelt alike, of the same region if there is such a one."""
    import difflib

    region, _, city = name.lower().replace(" ", "_").rpartition("/")
    zones: dict[str, list[str]] = {}
    for zone in sorted(_zones()):
        # Etc/GMT+9 is nine hours *west*: nobody who mistypes a zone means that.
        if not zone.startswith(("Etc/", "GMT")):
            zones.setdefault(zone.lower().rpartition("/")[2], []).append(zone)
    # Short names are found whole or not at all (JST is as near to EST as to CET); 0.75 forgives two in eight.
    cutoff = 0.75 if len(city) > 4 else 1.0
    found = [zone for near in difflib.get_close_matches(city, zones, cutoff=cutoff) for zone in zones[near]]
    same_region = [zone for zone in found if region and zone.lower().startswith(region + "/")]
    return (same_region or found)[:3]


def _zones() -> set[str]:
    return available_timezones() - _NOT_ZONES


def _from_variable(value: str) -> tuple[tzinfo, str]:
    """TZ as POSIX has it: `Europe/Berlin`, `:Europe/Berlin`, a path, a rule such as `JST-9`, or empty."""
    name = value.removeprefix(":").rpartition("zoneinfo/")[2]
    if not name:
        return UTC, "UTC (TZ of this machine is empty)"
    path = Path(name)
    zone = (_from_file(path) if path.is_absolute() else None) or iana(name) or _from_rule(name)
    if zone is None:  # the C library takes UTC then
        return UTC, f"UTC (TZ={quoted(value)} of this machine cannot be read)"
    return zone, f"{name} (TZ of this machine)"


def _from_rule(rule: str) -> tzinfo | None:
    """The zone that a POSIX rule describes: `JST-9`, `CET-1CEST,M3.5.0,M10.5.0/3`."""
    if not _RULE.fullmatch(rule):
        return None
    from dateutil import tz

    try:
        return tz.tzstr(rule, posix_offset=True)
    except ValueError:
        return None


def _from_file(path: Path) -> tzinfo | None:
    try:
        with path.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (ValueError, OSError):
        return None


def _names_in(etc: Path) -> Iterable[str]:
    """What /etc says, best first: the link (often relative, sometimes by way of another), then the text."""
    link = etc / "localtime"
    if link.is_symlink():
        for target in (link.readlink(), link.resolve()):
            _, found, name = target.as_posix().rpartition("zoneinfo/")
            if found:
                yield name
    try:
        yield (etc / "timezone").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return
