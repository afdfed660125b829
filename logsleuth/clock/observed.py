"""The zone of a machine from offsets that were seen at some instants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from logsleuth.clock.offsets import SECOND
from logsleuth.clock.zones import iana
from logsleuth.records import dataclass

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FURTHEST = 15 * 3600
_MANY = 400
"""One zone for each way in which offsets change, by how many machines keep it."""
_LIKELY = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver",
    "Australia/Sydney", "Europe/Helsinki", "Europe/Athens", "America/Toronto", "America/Halifax", "America/Anchorage",
    "America/St_Johns", "Pacific/Auckland", "Australia/Adelaide", "America/Sao_Paulo", "America/Santiago",
    "Europe/Moscow", "Europe/Istanbul", "Europe/Lisbon", "Europe/Dublin", "Asia/Jerusalem", "Asia/Tehran",
    "Africa/Cairo", "Africa/Casablanca", "America/Mexico_City", "America/Havana", "America/Asuncion",
    "Australia/Lord_Howe", "Asia/Beirut", "Asia/Amman", "Europe/Chisinau", "Asia/Gaza", "Pacific/Chatham",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Offsets that were seen."""

    at: Sequence[tuple[int, int]]
    """(UTC nanoseconds, seconds east of UTC)."""

    @property
    def offsets(self) -> set[int]:
        """The different ones."""
        return {offset for _, offset in self.at}

    def agree_with(self, zone: dt.tzinfo) -> bool:
        """The zone had these offsets at these instants."""
        return all(_offset(zone, utc) == offset for utc, offset in self.at[:: max(1, len(self.at) // _MANY)])


def zone_of(seen: Seen) -> dt.tzinfo | None:
    """A fixed offset, or where it changed the best known zone that changes so; None where no zone does."""
    offsets = seen.offsets
    if not offsets or any(abs(offset) > _FURTHEST for offset in offsets):
        return None
    if len(offsets) == 1:
        (offset,) = offsets
        return dt.timezone(dt.timedelta(seconds=offset)) if offset else dt.UTC
    for name in _LIKELY:
        zone = iana(name)
        if zone is not None and seen.agree_with(zone):
            return zone
    return None


def _offset(zone: dt.tzinfo, utc: int) -> int:
    try:
        moment = (_EPOCH + dt.timedelta(seconds=utc // SECOND)).astimezone(zone)
    except OverflowError:
        return 0
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset else 0
