"""The zone that the files beside a machine's logs name: /etc/localtime, /etc/timezone, what date(1) printed there."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from logsleuth.clock.zones import iana
from logsleuth.lazy import lazy_pattern
from logsleuth.sources import Source
from logsleuth.sources.companions import Companion, companion

Found = tuple[dt.tzinfo, str]
Fetch = Callable[[str], Companion | None]

_NAMED = ("etc/timezone", "var/db/zoneinfo", "etc/sysconfig/clock", "etc/conf.d/clock", "etc/TIMEZONE")
"""Debian; FreeBSD; Red Hat and SUSE; Gentoo; Solaris."""
_TIMEDATECTL = ("sos_commands/systemd/timedatectl", "sos_commands/ntp/timedatectl")
_DATES = ("sos_commands/date/date", "sos_commands/general/date", "sos_commands/host/date", "date")
_DATE_UTC = "sos_commands/date/date_--utc"
_ASSIGNED = lazy_pattern(r"""^\s*(?:export\s+)?(?:ZONE|TIMEZONE|TZ)=["']?([A-Za-z0-9_+/-]+)["']?\s*$""", re.MULTILINE)
_TIME_ZONE = lazy_pattern(r"^\s*Time ?zone:\s*([A-Za-z0-9_+/-]+)", re.MULTILINE)
_DATE = lazy_pattern(
    r"[A-Z][a-z]{2},? (?:(?P<m1>[A-Z][a-z]{2}) {1,2}(?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2}) (?P<m2>[A-Z][a-z]{2})(?: (?P<y2>\d{4}))?)"
    r",? (?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)(?: (?P<half>[AP]M))?"
    r" (?P<zone>[A-Z]{2,5}|[+-]\d{4})(?: (?P<y1>\d{4}))?"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ABBREVIATED = {
    # Only those that stand for one offset wherever they are used; IST, CST and BST stand for several.
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "HST": -10,
    "NZST": 12, "NZDT": 13, "AEST": 10, "AEDT": 11, "AWST": 8, "HKT": 8, "SAST": 2, "PKT": 5,
}  # fmt: skip


def zone_in(source: Source, folder: str) -> Found | None:
    """The zone of the machine whose root is `folder` and how it is known; None where nothing there tells."""
    return zone_by(lambda name: companion(source, folder, name))


def zone_by(fetch: Fetch) -> Found | None:
    """As `zone_in`, of files by their names below the root. What C programs use, /etc/localtime, is believed first."""
    for read in (_localtime, _names, _timedatectl, _date):
        found = read(fetch)
        if found is not None:
            return found
    return None


def _localtime(fetch: Fetch) -> Found | None:
    found = fetch("etc/localtime")
    if found is None:
        return None
    _, below, name = found.link.rpartition("zoneinfo/")
    zone = iana(name) if below else None
    if zone is not None:
        return zone, "the zone that its etc/localtime links to"
    zone = zone_file(found.content)
    if zone is None:
        return None
    # A copy of a zone's file bears no name; the text beside it may.
    named = _names(fetch)
    if named is not None and _alike(named[0], zone):
        return named
    return zone, "the zone in its etc/localtime"


def zone_file(content: bytes) -> dt.tzinfo | None:
    """The zone of a TZif file (RFC 8536), the rules for later years in its footer included; None if it is none."""
    if not content.startswith(b"TZif"):
        return None
    try:
        zone = ZoneInfo.from_file(io.BytesIO(content))
        for year in (1970, 2020, 2050):
            dt.datetime(year, 1, 1, tzinfo=dt.UTC).astimezone(zone)
    except Exception:  # noqa: BLE001 - zoneinfo raises whatever its reading of a damaged file comes to
        return None
    return zone


def _names(fetch: Fetch) -> Found | None:
    for name in _NAMED:
        found = fetch(name)
        if found is None:
            continue
        for text in _candidates(found.content):
            zone = iana(text)
            if zone is not None:
                return zone, f"the zone that its {name} names"
    return None


def _candidates(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", "replace")
    yield from _ASSIGNED.findall(text)
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
            return


def _timedatectl(fetch: Fetch) -> Found | None:
    for name in _TIMEDATECTL:
        found = fetch(name)
        match = _TIME_ZONE.search(found.content.decode("utf-8", "replace")) if found is not None else None
        zone = iana(match[1]) if match else None
        if zone is not None:
            return zone, f"the zone that its {name} names"
    return None


def _date(fetch: Fetch) -> Found | None:
    for name in _DATES:
        found = fetch(name)
        if found is None:
            continue
        local, other = found.content.decode("utf-8", "replace"), fetch(_DATE_UTC)
        zone = date_zone(local, other.content.decode("utf-8", "replace") if other is not None else "")
        if zone is not None:
            return zone, f"the offset that its {name} shows (in the other half of the year it may be another)"
    return None


def date_zone(local: str, utc: str = "") -> dt.tzinfo | None:
    """The offset that date(1) shows: in figures, by a known short name, or beside what `date --utc` printed then."""
    match = _DATE.search(local)
    if match is None:
        return None
    zone = match["zone"]
    if zone[0] in "+-":
        seconds = (int(zone[1:3]) * 3600 + int(zone[3:]) * 60) * (-1 if zone[0] == "-" else 1)
        return dt.timezone(dt.timedelta(seconds=seconds)) if abs(seconds) < 86_400 else None
    other = _DATE.search(utc)
    here, there = _moment(match), _moment(other) if other is not None else None
    if here is not None and there is not None:
        quarters = round((here - there) / dt.timedelta(minutes=15))
        apart = quarters * dt.timedelta(minutes=15)
        if abs((here - there) - apart) < dt.timedelta(minutes=1) and abs(apart) <= dt.timedelta(hours=14):
            return dt.timezone(apart)
    hours = _ABBREVIATED.get(zone)
    return None if hours is None else dt.timezone(dt.timedelta(hours=hours))


def _moment(match: re.Match[str]) -> dt.datetime | None:
    year = match["y1"] or match["y2"]
    month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
    if year is None or month not in _MONTHS:
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "PM" else 0)
    try:
        return dt.datetime(  # noqa: DTZ001 - a wall clock
            int(year), _MONTHS.index(month) + 1, int(day), hour, int(match["minute"]), int(match["second"])
        )
    except ValueError:
        return None


def _alike(one: dt.tzinfo, other: dt.tzinfo) -> bool:
    moments = [dt.datetime(year, month, 15, tzinfo=dt.UTC) for year in (1995, 2010, 2025) for month in (1, 4, 7, 10)]
    return all(moment.astimezone(one).utcoffset() == moment.astimezone(other).utcoffset() for moment in moments)
